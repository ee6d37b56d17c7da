// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checks the chain of one architecture by both roads, with any number of workers.
//
// One thread walks the reference road through the scripts. Each worker replays the whole chain in the
// machine, interpreters included, from the seeds on (chain_worker.h). At each step it either is the first to
// come there and really runs the program, or it puts the step's result in place and goes on: the result of
// the worker that ran it, or, where that one is not ready yet, what the reference road says it will be. So
// every step runs exactly once, in the very surroundings it has in a real bootstrap, on files that the
// reference road predicted. If all steps are equal, so is the chain, by induction. The first step that is not
// is run again from the proven steps before it, by one worker: what the report says of it depends on nothing
// else.
#pragma once

#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/check/chain_worker.h"
#include "bootstrap/check/preflight.h"
#include "bootstrap/check/step_board.h"

namespace assay::bootstrap {

class ChainCheck {
 public:
  ChainCheck(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
             std::mutex& progress_mutex);
  ~ChainCheck();

  /// Works until no step is left to begin. Several threads may be in here.
  void work();
  // After all workers have come back:
  /// What every command did; nothing if something is not as it should be.
  std::optional<CommandRuns> runs();
  /// The whole chain, where there are runs.
  [[nodiscard]] const Chain& chain() const { return chain_; }
  [[nodiscard]] const Architecture& architecture() const { return arch_; }
  /// Findings of further checks.
  void add(std::vector<Finding> findings);
  ChainResult finish();

 private:
  [[nodiscard]] double now() const { return options_.clock ? options_.clock() : 0; }
  void progress(std::string_view phase, std::size_t done);
  void prepare();
  void begin_walker();
  void walk();
  [[nodiscard]] const ChainEnd* until() const { return options_.until ? &*options_.until : nullptr; }
  void cut_chain(std::size_t bad);
  void collect_steps();
  void ask_for_roles();
  void collect_pins();
  void say_reliances(const Slot& slot);
  void judge_agreed_failures();
  void check_fixed_points();
  void check_program(const Command& command, const FileTree& files);
  void compare_trees();
  void check_end();
  [[nodiscard]] bool has_unknown_sources() const;
  void warn_strictly(std::optional<std::size_t> bad);

  const Tree& tree_;
  const Architecture& arch_;
  const PreflightOptions& options_;
  std::mutex& progress_mutex_;
  double start_ = 0;

  std::once_flag prepared_;
  std::optional<ReferenceRoad> reference_;
  StepBoard board_;
  Chain chain_;  ///< the walk's own
  std::thread walker_;
  std::exception_ptr trouble_;         ///< what ended the walk, if it was not the chain
  Chain predicted_;                    ///< as the scripts say before anything runs
  std::size_t expected_ = 0;           ///< steps of it
  std::vector<std::string> left_out_;  ///< products that are expected to differ

  std::mutex mutex_;  ///< guards the following
  ChainResult result_;
  std::vector<Finding> found_;         ///< by workers
  std::shared_ptr<MemoryTree> files_;  ///< as the seed road leaves them
  bool began_ = false;
  std::uint64_t interpreters_ = 0;  ///< instructions
};

}  // namespace assay::bootstrap
