// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One replay of a chain on the seed road. At each step the worker either is the first to come there and
// really runs the program, or it puts the step's result in place and goes on. Interpreters run every time:
// they may start what their scripts say, and change nothing themselves.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "bootstrap/check/preflight.h"
#include "bootstrap/check/step_board.h"
#include "bootstrap/roads/step_cache.h"
#include "bootstrap/roads/step_recorder.h"

namespace assay::bootstrap {

/// What a replay found besides what the board knows.
struct Replayed {
  bool ran = false;  ///< else it could not: no memory, say
  std::vector<Finding> findings;
  std::uint64_t interpreters = 0;     ///< instructions
  std::uint64_t peak_memory = 0;      ///< bytes
  std::shared_ptr<MemoryTree> files;  ///< as it left them; null if it did not come to the end
};

class ChainWorker {
 public:
  /// `on_judged` is called after each step that this worker ran.
  ChainWorker(const Tree& tree, StepBoard& board, const PreflightOptions& options,
              std::function<void()> on_judged)
      : tree_(tree), board_(board), options_(options), on_judged_(std::move(on_judged)) {}

  Replayed run();

  /// Instructions that a command may take on its inputs (most_instructions), fewer where it is sure to hang.
  static std::uint64_t budget(const Command& command, const MemoryTree& tree, bool hangs);

 private:
  std::optional<machine::KnownRun> known(std::size_t step, const machine::ImageRecord& image,
                                         MemoryTree& tree);
  void begin(std::size_t index);
  bool end(std::size_t index, const machine::ImageRecord& image);
  void end_interpreter(std::size_t index, const machine::ImageRecord& image);
  void end_step(std::size_t index, const machine::ImageRecord& image);
  void begin_part(std::size_t step, const machine::ImageRecord& part);
  bool judge_kept(std::size_t step, const KnownStep& kept);
  void close_segment();
  void open_segment();
  void report(std::string_view id, std::size_t index, std::string message, std::string help);
  [[nodiscard]] double now() const { return options_.clock ? options_.clock() : 0; }

  const Tree& tree_;
  StepBoard& board_;
  const PreflightOptions& options_;
  std::function<void()> on_judged_;
  std::stop_source stop_;
  machine::Limits limits_;  ///< of what is kept: that of any run that comes to an end is the same
  MemoryTree* files_ = nullptr;
  /// A step that runs.
  struct Running {
    std::size_t step = 0;
    std::unique_ptr<StepRecorder> recorder;
    std::vector<machine::ImageRecord> parts;  ///< those that ended
    bool complete = true;                     ///< it can be kept: no part has parts of its own
    bool grows = false;                       ///< its parts are known as they begin: each is kept by itself
    std::size_t begun = 0;                    ///< programs that it has started itself
    double started = 0;
  };
  std::vector<Running> running_;
  /// Interpreters that have not ended, and what the innermost one does by itself.
  std::vector<std::size_t> interpreters_;
  std::unique_ptr<StepRecorder> segment_;
  bool lost_ = false;  ///< a program ran that the chain does not have: nobody knows what it changes
  Replayed result_;
};

}  // namespace assay::bootstrap
