// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checks the chain of one architecture by both roads, with any number of workers.
//
// Each worker replays the whole chain in the machine, interpreters included, from the seeds on. At each step
// it either is the first to come there and really runs the program, or it puts the step's result in place and
// goes on: the result of the worker that ran it, or, where that one is not ready yet, what the reference road
// says it will be. So every step runs exactly once, in the very surroundings it has in a real bootstrap, on
// files that the reference road predicted. If all steps are equal, so is the chain, by induction. The first
// step that is not is run again from the proven steps before it, by one worker: what the report says of it
// depends on nothing else.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "bootstrap/check/preflight.h"
#include "bootstrap/roads/reference_road.h"
#include "bootstrap/roads/reference_run.h"
#include "bootstrap/roads/step_cache.h"
#include "bootstrap/roads/step_recorder.h"

namespace assay::bootstrap {

class ChainCheck {
 public:
  ChainCheck(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
             std::mutex& progress_mutex);

  /// Works until no step is left to begin. Several threads may be in here.
  void work();
  /// After all workers have come back.
  ChainResult finish();

 private:
  /// What is known of a step so far.
  struct Slot {
    enum class State { open, running, done } state = State::open;
    machine::KnownRun run;             ///< what the program did, once done
    std::optional<Computed> computed;  ///< what the reference road says it does
  };
  class Worker;

  [[nodiscard]] double now() const { return options_.clock ? options_.clock() : 0; }
  void progress(std::string_view phase, std::size_t done);
  void prepare();
  void judge_reference(std::size_t step, const Result<Computed>& computed);
  std::optional<std::size_t> step_of(std::size_t command) const;
  const Command& command_of(std::size_t step) const {
    return result_.chain.commands[result_.steps[step].command];
  }
  /// Whether the two roads are compared at this step.
  [[nodiscard]] bool compares() const;
  [[nodiscard]] std::size_t parts_of(std::size_t step) const;
  [[nodiscard]] Finding not_computed_finding(std::size_t step, const Error& error) const;
  bool claim(std::size_t step);
  bool judge_kept(std::size_t step, const machine::ImageRecord& image, const KnownStep& kept);
  void judge(std::size_t step, const machine::ImageRecord& image, PathStates changes, double seconds);
  static void describe_failure(const machine::ImageRecord& image, const ReferenceRoad& road,
                               StepResult& step);
  bool compute_up_to(std::size_t step);
  std::optional<machine::KnownRun> known_result(std::size_t step);
  void explain_failure();
  void check_fixed_points();
  void decide();

  const Tree& tree_;
  const Architecture& arch_;
  const PreflightOptions& options_;
  std::mutex& progress_mutex_;
  double start_ = 0;

  std::once_flag prepared_;
  std::vector<std::optional<std::size_t>> step_of_;  ///< by command
  std::vector<Finding> static_findings_;             ///< of the chain, before anything ran

  std::mutex mutex_;  ///< guards the following; a step's result is its worker's until it is done
  std::condition_variable done_;
  ChainResult result_;
  std::vector<Slot> slots_;    ///< by step
  std::size_t first_bad_ = 0;  ///< step; the number of steps if there is none
  std::size_t judged_ = 0;     ///< steps
  bool began_ = false;
  bool interpreters_counted_ = false;

  std::mutex reference_mutex_;  ///< guards the two below; taken before mutex_
  ReferenceRoad reference_;
  std::optional<ReferenceRun> reference_run_;  ///< where it is the only road
  std::size_t computed_ = 0;                   ///< steps
  /// A step that the reference road could not compute.
  std::size_t not_computed_ = static_cast<std::size_t>(-1);
};

}  // namespace assay::bootstrap
