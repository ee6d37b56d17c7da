// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of a chain while both roads go through it: the commands so far, what the reference road says
// of each, and which worker of the seed road runs which step. One thread walks the reference road; any number
// of workers ask, and wait where it has not come yet.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/check/step_judgement.h"
#include "bootstrap/roads/reference_walk.h"
#include "bootstrap/roads/seed_road.h"

namespace assay::bootstrap {

/// What is known of a command.
struct Slot {
  enum class State { open, running, done, never } state = State::open;
  Command command;
  bool closed = false;               ///< it starts no further command
  std::size_t started = 0;           ///< commands that it has started in the walk
  std::optional<Computed> computed;  ///< a step: what the reference road says it does
  std::optional<Error> unknown;      ///< a step: why that road cannot say
  std::optional<Computed> room;      ///< then: what the room of its role says
  std::optional<Interpretation> interpretation;
  machine::KnownRun run;  ///< a step: what the program did, once done
  RunEnd end;             ///< and how it ended
  /// An interpreter: it ended on the seed road before this command. That road is the same for every worker.
  std::size_t passed = 0;
  bool ran = false;     ///< a step: its program has ended on the seed road
  bool judged = false;  ///< result is whole
  /// A step that is not derived: what it has started, and left before that, for the walk to begin.
  struct Part {
    PartStart start;
    PathStates so_far;
  };
  std::deque<Part> parts;
  StepResult result;
};

class StepBoard final : public WalkObserver, public CommandFeed {
 public:
  // The walk. Called from one thread.
  void on_begin(const Command& command) override;
  void on_derived(std::size_t index, Computed computed) override;
  std::optional<TakenOver> on_unknown(std::size_t index, const Error& error, std::optional<Computed> room,
                                      const StartPart& start) override;
  void on_interpreted(std::size_t index, const Interpretation& done) override;
  bool is_over() override;
  /// `as_asked`: where the user wanted the chain to end.
  void end_walk(bool as_asked = false);
  /// Nobody will run another step: a walk that waits for one ends.
  void end_work();
  /// Products that are expected to differ: a step in which only they do is as good as one road's.
  void leave_out(std::vector<std::string> paths) { left_out_ = std::move(paths); }
  /// What steps start that are not derived becomes commands of their own.
  void let_steps_grow() { grows_ = true; }
  /// Nothing is compared: the walk has what the seed road tells it.
  void compare_nothing() { compares_ = false; }
  /// All commands at once: no reference road goes through them.
  void take_chain(const Chain& chain);

  // The seed road's workers.
  const Command* at(std::size_t index) override;
  void on_interpreter_end(std::size_t interpreter, std::size_t next) override;
  const Command* started_by(std::size_t parent, std::size_t index) override;
  std::size_t end_of(std::size_t index) override;
  bool has_ended() override;
  /// True if the caller is to run the step.
  bool claim(std::size_t step);
  /// The result of a step that another worker runs or ran; nothing if the caller's way ends here.
  std::optional<machine::KnownRun> known_result(std::size_t step);
  /// Whether only the seed road will know what a step that runs does.
  bool is_unknown(std::size_t step);
  /// Whether the reference road says that a program written by hand, which it soon knows, does not end.
  bool is_to_hang(std::size_t step);
  /// Whether the next program that a step starts, which has started so many, is to be announced.
  bool grows(std::size_t step, std::size_t started);
  /// Whether the reference road waits for the seed road to run a step or what it starts.
  bool rests_on_seed(std::size_t step);
  /// A step that runs is about to start a program.
  void announce(std::size_t step, PartStart start, PathStates so_far);
  /// The caller claimed the step and will not run it to its end.
  void abandon(std::size_t step);
  /// Keeps what a program did, and says what it is worth.
  void judge(std::size_t step, machine::KnownRun run, RunEnd end, double seconds);
  /// The same, of what the cache says that it did.
  void judge_kept(std::size_t step, machine::KnownRun run);
  /// What an interpreter did besides starting commands; nothing if the reference road does not say.
  std::optional<Interpretation> interpretation(std::size_t index);
  /// The tree's interpreter has ended without running the command: nothing counts that comes after it.
  void never_runs(std::size_t command);

  // Afterwards, and for progress.
  [[nodiscard]] bool has_open_steps();
  [[nodiscard]] std::optional<std::size_t> first_bad();
  [[nodiscard]] std::size_t judged();
  // Nobody may be in here any more:
  /// Whether a step ends behind the first bad one.
  [[nodiscard]] bool is_past(std::size_t step) const;
  [[nodiscard]] Slot& slot(std::size_t index) { return slots_[index]; }
  [[nodiscard]] std::size_t size() const { return slots_.size(); }

 private:
  [[nodiscard]] bool is_within(std::size_t command, std::size_t whole) const;
  [[nodiscard]] bool ends_before(std::size_t one, std::size_t other) const;
  void note_bad(std::size_t step);
  template <class Condition>
  void wait(std::unique_lock<std::mutex>& lock, Condition condition) {
    changed_.wait(lock, condition);
  }

  std::mutex mutex_;  ///< guards all
  std::condition_variable changed_;
  std::deque<Slot> slots_;  ///< by command; references stay
  bool over_ = false;       ///< the walk
  bool ended_ = false;      ///< where the user wanted it to
  bool idle_ = false;       ///< no worker is left
  bool compares_ = true;
  bool grows_ = false;
  std::vector<std::string> left_out_;
  std::optional<std::size_t> first_bad_;
  std::size_t judged_ = 0;  ///< steps
};

}  // namespace assay::bootstrap
