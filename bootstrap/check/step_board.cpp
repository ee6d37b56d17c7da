// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/step_board.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/check/compare.h"

namespace assay::bootstrap {

using machine::KnownRun;
using machine::Stop;

bool StepBoard::is_within(std::size_t command, std::size_t whole) const {
  for (std::optional<std::size_t> at = command; at; at = slots_[*at].command.parent) {
    if (*at == whole) return true;
  }
  return false;
}

bool StepBoard::ends_before(std::size_t one, std::size_t other) const {
  if (one == other) return false;
  if (is_within(one, other)) return true;
  return one < other && !is_within(other, one);
}

bool StepBoard::is_past(std::size_t step) const { return first_bad_ && ends_before(*first_bad_, step); }

void StepBoard::note_bad(std::size_t step) {
  if (!first_bad_ || ends_before(step, *first_bad_)) first_bad_ = step;
}

void StepBoard::on_begin(const Command& command) {
  const std::lock_guard lock(mutex_);
  // Whoever started it has begun to start commands, and all before it have ended.
  for (std::size_t at = slots_.size(); at-- > 0 && slots_[at].command.parent != command.parent;) {
    if (command.parent == at) break;
    slots_[at].closed = true;
  }
  slots_.emplace_back().command = command;
  if (command.parent) ++slots_[*command.parent].started;
  changed_.notify_all();
}

void StepBoard::on_derived(std::size_t index, Computed computed) {
  const std::lock_guard lock(mutex_);
  slots_[index].computed = std::move(computed);
  slots_[index].closed = true;
  changed_.notify_all();
}

std::optional<TakenOver> StepBoard::on_unknown(std::size_t index, const Error& error,
                                               std::optional<Computed> room, const StartPart& start) {
  std::unique_lock lock(mutex_);
  Slot& slot = slots_[index];
  slot.unknown = error;
  slot.room = std::move(room);
  slot.closed = !grows_;
  changed_.notify_all();
  // Where the roads part, the seed road may come to the end of what started this without it.
  const auto never_comes = [&] {
    if (over_ || idle_) return true;
    for (std::optional<std::size_t> at = slots_[index].command.parent; at; at = slots_[*at].command.parent) {
      if (slots_[*at].ran || slots_[*at].passed > index) return true;
    }
    return false;
  };
  for (;;) {
    wait(lock, [&] {
      return !slot.parts.empty() || slot.state == Slot::State::done || is_past(index) ||
             first_bad_ == index || never_comes();
    });
    if (slot.parts.empty()) break;
    const Slot::Part part = std::move(slot.parts.front());
    slot.parts.pop_front();
    lock.unlock();
    const bool goes_on = start(part.start, part.so_far);
    lock.lock();
    if (!goes_on) break;
  }
  slot.closed = true;
  changed_.notify_all();
  if (slot.state != Slot::State::done) return std::nullopt;
  TakenOver taken;
  taken.changes = slot.run.changes;
  for (const machine::FileUse& file : slot.run.inputs) taken.reads.push_back(file.path);
  taken.status = slot.run.status;
  if (slot.end.stop != Stop::exited) taken.signal = kCrashSignal;
  taken.confirmed = slot.result.verdict == Verdict::equal;
  return taken;
}

void StepBoard::on_interpreted(std::size_t index, const Interpretation& done) {
  const std::lock_guard lock(mutex_);
  slots_[index].interpretation = done;
  slots_[index].closed = true;
  changed_.notify_all();
}

bool StepBoard::is_over() {
  const std::lock_guard lock(mutex_);
  return over_ || first_bad_;
}

void StepBoard::end_walk(bool as_asked) {
  const std::lock_guard lock(mutex_);
  over_ = true;
  ended_ |= as_asked;
  changed_.notify_all();
}

void StepBoard::end_work() {
  const std::lock_guard lock(mutex_);
  idle_ = true;
  changed_.notify_all();
}

void StepBoard::abandon(std::size_t step) {
  const std::lock_guard lock(mutex_);
  if (slots_[step].state == Slot::State::running) slots_[step].state = Slot::State::open;
  changed_.notify_all();
}

void StepBoard::take_chain(const Chain& chain) {
  const std::lock_guard lock(mutex_);
  for (const Command& command : chain.commands) {
    slots_.emplace_back().command = command;
    slots_.back().closed = true;
  }
  over_ = true;
  compares_ = false;
}

const Command* StepBoard::at(std::size_t index) {
  std::unique_lock lock(mutex_);
  wait(lock, [&] { return index < slots_.size() || over_; });
  return index < slots_.size() ? &slots_[index].command : nullptr;
}

void StepBoard::on_interpreter_end(std::size_t interpreter, std::size_t next) {
  const std::lock_guard lock(mutex_);
  slots_[interpreter].passed = next;
  changed_.notify_all();
}

const Command* StepBoard::started_by(std::size_t parent, std::size_t index) {
  std::unique_lock lock(mutex_);
  wait(lock, [&] { return index < slots_.size() || slots_[parent].closed || over_; });
  const bool is = index < slots_.size() && slots_[index].command.parent == parent;
  return is ? &slots_[index].command : nullptr;
}

std::size_t StepBoard::end_of(std::size_t index) {
  std::unique_lock lock(mutex_);
  wait(lock, [&] { return slots_[index].closed || over_; });
  std::size_t end = index + 1;
  while (end < slots_.size() && is_within(end, index)) ++end;
  return end;
}

bool StepBoard::has_ended() {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool StepBoard::claim(std::size_t step) {
  const std::lock_guard lock(mutex_);
  if (is_past(step) || slots_[step].state != Slot::State::open) return false;
  slots_[step].state = Slot::State::running;
  return true;
}

std::optional<KnownRun> StepBoard::known_result(std::size_t step) {
  std::unique_lock lock(mutex_);
  Slot& slot = slots_[step];
  const auto predicted = [&] { return slot.computed && slot.computed->ending == Ending::exits; };
  wait(lock, [&] {
    return slot.state == Slot::State::done || predicted() || is_past(step) || first_bad_ == step ||
           slot.state == Slot::State::open;  // who ran it has given it up
  });
  if (is_past(step) || first_bad_ == step) return std::nullopt;
  // What took its place would not run.
  if (slot.computed && slot.computed->replaced_by) return std::nullopt;
  if (slot.state == Slot::State::done) {
    if (slot.end.stop != Stop::exited) return std::nullopt;
    return slot.run;
  }
  return predicted() ? std::optional(run_of(*slot.computed)) : std::nullopt;
}

bool StepBoard::is_unknown(std::size_t step) {
  std::unique_lock lock(mutex_);
  const Slot& slot = slots_[step];
  wait(lock, [&] { return slot.computed || slot.unknown || over_ || is_past(step) || !compares_; });
  return !slot.computed;
}

bool StepBoard::is_to_hang(std::size_t step) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_hand_written(slots_[step].command.role)) return false;
  }
  if (is_unknown(step)) return false;
  const std::lock_guard lock(mutex_);
  return slots_[step].computed->ending == Ending::hangs;
}

bool StepBoard::grows(std::size_t step, std::size_t started) {
  std::unique_lock lock(mutex_);
  if (!grows_) return false;
  const Slot& slot = slots_[step];
  // Where the walk has begun that program, it need not be told. It may wait for what the program does.
  wait(lock,
       [&] { return slot.started > started || slot.computed || slot.unknown || over_ || is_past(step); });
  return slot.started <= started && slot.unknown && !over_;
}

bool StepBoard::rests_on_seed(std::size_t step) {
  std::unique_lock lock(mutex_);
  const auto waits_for_part = [&] {
    const Slot& last = slots_.back();
    return last.unknown && last.state != Slot::State::done && is_within(slots_.size() - 1, step);
  };
  const Slot& slot = slots_[step];
  wait(lock, [&] { return slot.computed || slot.unknown || over_ || is_past(step) || waits_for_part(); });
  return !slot.computed;
}

void StepBoard::announce(std::size_t step, PartStart start, PathStates so_far) {
  const std::lock_guard lock(mutex_);
  slots_[step].parts.push_back({std::move(start), std::move(so_far)});
  changed_.notify_all();
}

void StepBoard::judge(std::size_t step, KnownRun run, RunEnd end, double seconds) {
  StepResult result;
  result.command = step;
  for (const RoadFile& file : road_files(run.inputs)) result.inputs.push_back(digest_of(file));
  for (const RoadFile& file : road_files(run.outputs)) result.outputs.push_back(digest_of(file));
  result.instructions = run.instructions;
  result.seconds = seconds;
  std::unique_lock lock(mutex_);
  Slot& slot = slots_[step];
  if (end.stop == Stop::cancelled) {  // what ended the worker is bad, not this
    slot.state = Slot::State::open;
    changed_.notify_all();
    return;
  }
  slot.run = std::move(run);
  slot.end = std::move(end);
  slot.ran = true;
  changed_.notify_all();
  // The reference road may wait for this result, and this for the reference road.
  wait(lock, [&] { return slot.computed || slot.unknown || over_ || is_past(step) || !compares_; });
  const bool compared = compares_ && (slot.computed || slot.unknown);
  const std::optional<Computed>& computed = slot.computed ? slot.computed : slot.room;
  const bool agrees = compared && computed && !difference(slot.run, slot.end, *computed);
  const bool only_left_out =
      !agrees && compared && slot.computed && !left_out_.empty() &&
      !difference(without(slot.run, left_out_), slot.end, without(*slot.computed, left_out_));
  if (is_own_limit(slot.end.stop, slot.command) ||
      (!agrees && compared && slot.computed && asked_what_varies(slot.run))) {
    result.verdict = Verdict::not_run;  // or as good as that
    note_bad(step);
  } else if (agrees) {
    result.verdict = Verdict::equal;
  } else if (ended_badly(slot.end, slot.run.status)) {
    result.verdict = Verdict::failed;
  } else if (only_left_out) {
    result.verdict = Verdict::one_road_only;
  } else {
    result.verdict = compared && slot.computed ? Verdict::differ : Verdict::one_road_only;
  }
  if (compared && slot.computed) result.by = slot.computed->by;
  if (result.verdict == Verdict::differ || result.verdict == Verdict::failed) note_bad(step);
  if (result.verdict == Verdict::equal) {
    keep_once(slot.run, *computed);
    slot.run.inputs.clear();  // who takes the result over has its own
  }
  slot.result = std::move(result);
  slot.state = Slot::State::done;
  slot.judged = true;
  ++judged_;
  changed_.notify_all();
}

void StepBoard::judge_kept(std::size_t step, KnownRun run) {
  judge(step, std::move(run), {}, 0);
  const std::lock_guard lock(mutex_);
  slots_[step].result.kept = true;
}

std::optional<Interpretation> StepBoard::interpretation(std::size_t index) {
  std::unique_lock lock(mutex_);
  if (!compares_) return std::nullopt;
  wait(lock, [&] { return slots_[index].interpretation || over_ || first_bad_; });
  return slots_[index].interpretation;
}

void StepBoard::never_runs(std::size_t command) {
  const std::lock_guard lock(mutex_);
  Slot& slot = slots_[command];
  if (slot.state != Slot::State::open) return;
  slot.state = Slot::State::never;
  slot.result.command = command;
  slot.result.verdict = Verdict::failed;
  slot.result.failure = "is not run: the tree's interpreter ends before it";
  slot.judged = true;
  note_bad(command);
  changed_.notify_all();
}

bool StepBoard::has_open_steps() {
  const std::lock_guard lock(mutex_);
  if (first_bad_) return false;
  return !over_ || std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return !slot.command.interprets && slot.state == Slot::State::open;
  });
}

std::optional<std::size_t> StepBoard::first_bad() {
  const std::lock_guard lock(mutex_);
  return first_bad_;
}

std::size_t StepBoard::judged() {
  const std::lock_guard lock(mutex_);
  return judged_;
}

}  // namespace assay::bootstrap
