// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Results of the reference road kept between runs.
#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "bootstrap/roads/reference_road.h"
#include "bootstrap/roads/rooms.h"

namespace assay::bootstrap {
namespace {

template <class Run>
void fill(Run& run, const Computed& from) {
  run.status = from.status;
  run.standard_output = to_bytes(from.standard_output);
  run.standard_error = to_bytes(from.standard_error);
  for (const RoadFile& file : from.outputs) run.outputs.push_back({file.path, file.bytes, file.mode});
}

template <class Run>
Computed result_of(const Run& run, DerivedBy by) {
  Computed result;
  result.by = by;
  result.kept = true;
  result.status = run.status;
  result.standard_output = as_text(run.standard_output);
  result.standard_error = as_text(run.standard_error);
  for (const machine::FileUse& file : run.outputs)
    result.outputs.push_back({file.path, file.bytes, file.mode});
  for (const machine::FileUse& file : run.inputs) result.reads.push_back(file.path);
  return result;
}

/// Files that a part read or left, as a whole puts them in place for its parts.
PathStates states_of(const std::vector<machine::FileUse>& files) {
  PathStates states;
  for (const machine::FileUse& file : files)
    states.emplace_back(file.path, NodeState{NodeKind::file, file.mode, file.bytes, ""});
  return states;
}

std::vector<machine::FileUse> files_of(const PathStates& before) {
  std::vector<machine::FileUse> files;
  for (const auto& [path, state] : before) {
    if (state.kind == NodeKind::file) files.push_back({path, state.bytes, state.mode});
  }
  return files;
}

}  // namespace

machine::ImageRecord ReferenceRoad::entry_of(const Command& command) const {
  machine::ImageRecord entry;
  const bool room = uses_room(command);
  entry.program = fmt::format("{} {}: {}", arch_.name, room ? name_of(command.role) : "run", command.program);
  if (const std::shared_ptr<Node> program = files_.find(command.program); !room && program != nullptr)
    entry.program_bytes = program->share();
  entry.argv = command.argv;
  entry.env = command.env;
  entry.cwd = command.cwd;
  return entry;
}

/// Its parts are started as if it ran, with what they did then. Nothing if they are others now.
std::optional<Computed> ReferenceRoad::take_kept(const Command& command, KnownStep kept, const Start& start) {
  if (!made_by_.contains(command.program) && !accepted_.contains(command.program)) return std::nullopt;
  // What is made of a binary of the tree is derived again, to be told as that.
  if (std::ranges::any_of(kept.run.inputs, [this](const auto& input) { return is_binary(input.path); }))
    return std::nullopt;
  const bool room = uses_room(command);
  Computed computed = result_of(kept.run, room ? DerivedBy::room : DerivedBy::running);
  computed.changes = std::move(kept.run.changes);
  StepRecorder recorder(files_);
  for (const machine::ImageRecord& part : kept.parts) {
    Computed done = result_of(part, DerivedBy::running);
    done.changes = states_of(part.outputs);
    redo(states_of(part.inputs), files_);
    replayed_.push_back(std::move(done));
    const std::string program = part.program;
    const std::optional<exec::Ended> ended = start({program, part.argv, part.env, part.cwd});
    if (!ended || ended->signal != 0 || ended->status != part.status || !replayed_.empty()) {
      replayed_.clear();
      return std::nullopt;
    }
  }
  // What parts left for each other is gone in the end.
  for (const auto& [path, state] : recorder.before()) {
    const auto changed = std::find_if(computed.changes.begin(), computed.changes.end(),
                                      [&at = path](const auto& one) { return one.first == at; });
    if (changed == computed.changes.end() && !(files_.state(path) == state))
      (void)files_.set_state(path, state);
  }
  redo(computed.changes, files_);
  std::vector<std::string> read;
  for (const auto& input : kept.run.inputs) read.push_back(input.path);
  note_opaque(read, computed.outputs);
  note_times(computed);
  for (const auto& [path, state] : computed.changes) made_by_.insert_or_assign(path, command);
  for (const RoadFile& file : computed.outputs) made_by_.insert_or_assign(file.path, command);
  return computed;
}

void ReferenceRoad::keep(const Command& command, const Frame& frame, const PathStates& before,
                         const Computed& computed) {
  KnownStep step;
  fill(step.run, computed);
  step.run.changes = computed.changes;
  const std::set<std::string_view> reads(computed.reads.begin(), computed.reads.end());
  for (const auto& [path, state] : before) {
    if (reads.contains(path)) step.run.inputs.push_back({path, state.bytes, state.mode});
  }
  for (const auto& [part, result, looked_at] : frame.parts) {
    if (!result.succeeded() || !result.findings.empty()) return;
    machine::ImageRecord record;
    record.program = part.program;
    record.argv = part.argv;
    record.env = part.env;
    record.cwd = part.cwd;
    fill(record, result);
    record.inputs = files_of(looked_at);
    step.parts.push_back(std::move(record));
  }
  cache_->store(entry_of(command), {}, before, step);
}

}  // namespace assay::bootstrap
