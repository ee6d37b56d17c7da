// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/failure.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/check/chain_worker.h"
#include "bootstrap/check/compare.h"
#include "bootstrap/check/parting.h"
#include "bootstrap/check/step_judgement.h"
#include "bootstrap/check/strict_check.h"
#include "bootstrap/roads/fault_place.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::KnownRun;
using machine::Stop;

/// A reference road as it is behind the bad step: what is known of each step is put in place.
ReferenceRoad road_up_to(const Tree& tree, const Architecture& arch, StepBoard& board, const Chain& chain,
                         std::size_t bad) {
  ReferenceRoad road(tree, arch);
  for (const std::size_t step : chain.steps()) {
    Slot& slot = board.slot(step);
    if (slot.computed) {
      road.accept(slot.command, slot.computed->changes, true);
    } else if (step != bad) {
      road.accept(slot.command, slot.run.changes, slot.result.verdict == Verdict::equal);
    }
    if (step == bad) break;
  }
  return road;
}

void describe_failure(const RunEnd& end, const KnownRun& run, const std::optional<Computed>& computed,
                      const ReferenceRoad& road, StepResult& step) {
  step.verdict = Verdict::failed;
  step.failure = ending_of(end, run.status);
  step.standard_output = as_text(run.standard_output);
  step.standard_error = as_text(run.standard_error);
  if (end.stop != Stop::exited && end.bytes != nullptr) {
    if (const auto place = place_of_instruction(road, end.program, *end.bytes, end.address)) {
      step.fault_path = place->path;
      step.fault_position = place->position;
      step.fault_line = place->line;
    }
  }
  // What it had written until then: where that is wrong already, there is the cause. That it wrote no more is
  // the consequence.
  if (computed) step.divergence = first_difference(step.seed_files, computed->outputs);
  if (step.divergence && !step.divergence->seed) step.divergence.reset();
  if (step.divergence) explain(*step.divergence, road);
}

/// Whether a program did what is known of it.
bool does_as_known(const ImageRecord& image, const KnownRun& known) {
  const auto same = [](const machine::FileUse& one, const machine::FileUse& other) {
    return one.path == other.path && one.mode == other.mode && *one.bytes == *other.bytes;
  };
  return image.stop == Stop::exited && image.status == known.status &&
         image.standard_output == known.standard_output && image.standard_error == known.standard_error &&
         std::ranges::equal(image.outputs, known.outputs, same);
}

/// Nobody need doubt what was kept of a step, on either road, if it is what the program does.
void confirm(const ImageRecord& image, Slot& slot) {
  if (does_as_known(image, slot.run)) slot.result.kept = false;
  if (!slot.computed || !slot.computed->kept) return;
  Computed files = *slot.computed;
  files.changes.clear();
  if (!difference(run_of(image, {}), end_of(image), files)) slot.computed->kept = false;
}

void add_findings(const std::optional<Computed>& computed, std::vector<Finding>& findings) {
  if (!computed) return;
  for (const Finding& finding : computed->findings) {
    if (!is_of_room(finding)) add_once(findings, finding);  // those come with their places in the sources
  }
}

}  // namespace

void explain_failure(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
                     StepBoard& board, std::size_t bad, std::vector<Finding>& findings) {
  if (board.slot(bad).state == Slot::State::never) return;
  Chain chain;
  for (std::size_t index = 0; index < board.size(); ++index)
    chain.commands.push_back(board.slot(index).command);
  const ReferenceRoad road = road_up_to(tree, arch, board, chain, bad);
  Slot& slot = board.slot(bad);
  StepResult& step = slot.result;
  if (step.verdict == Verdict::not_run && asked_what_varies(slot.run)) {
    step.failure = "does something else on each road, as what it asks the kernel for is";
    return;
  }
  if (is_own_limit(slot.end.stop, slot.command)) {
    step.failure = slot.end.fault;
    add_once(
        findings,
        {"step-limit", Severity::warning, slot.command.script, slot.command.line, 0,
         fmt::format("'{}' is stopped by a bound of this program: {}", slot.command.program, step.failure),
         slot.end.stop == Stop::limit_instructions
             ? "--max-insns N lets it take more: nothing is said of this step, and of what follows it"
             : "a real machine may be larger: nothing is said of this step, and of what follows it"});
    return;
  }
  const std::optional<Computed>& computed = slot.computed ? slot.computed : slot.room;
  if (computed) step.reference_files = computed->outputs;
  if (slot.end.stop == Stop::limit_instructions) {
    // It would go round once more, for as long.
    step.seed_files = road_files(slot.run.outputs);
    describe_failure(slot.end, slot.run, computed, road, step);
    add_findings(computed, findings);
    return;
  }
  std::unique_ptr<StepRecorder> recorder;
  /// The step, to be run by itself.
  std::optional<machine::Request> alone;
  std::shared_ptr<const Bytes> program;
  std::optional<MemoryTree> before;
  ChainFeed feed(chain);
  SeedRoadOptions seed;
  seed.engine = options.engine;
  if (options.instructions != 0)
    seed.limits.instructions = seed.limits.image_instructions = options.instructions;
  seed.known = [&](std::size_t index, const ImageRecord& image,
                   MemoryTree& files) -> std::optional<KnownRun> {
    if (index == bad) {
      alone = request_of(image);
      alone->standard_input = standard_input_of(slot.command, files);
      program = image.program_bytes;
      before = files.copy();
      recorder = std::make_unique<StepRecorder>(files);
    }
    const bool is_before = index < bad && !chain.is_within(bad, index);
    if (is_before && board.slot(index).end.stop == Stop::exited) return board.slot(index).run;
    return std::nullopt;
  };
  seed.budget = [&](std::size_t index, const MemoryTree& files) {
    const std::uint64_t most = seed.limits.image_instructions;
    if (options.instructions != 0) return most;
    return std::min(most, ChainWorker::budget(chain.commands[index], files, board.is_to_hang(index)));
  };
  bool reached = false;
  bool varies = false;
  seed.on_end = [&](std::size_t index, const ImageRecord& image) {
    confirm(image, board.slot(index));
    if (index != bad) return true;
    reached = true;
    const PathStates changes = recorder != nullptr ? recorder->changes() : PathStates{};
    recorder.reset();
    step.inputs.clear();
    step.outputs.clear();
    for (const RoadFile& file : road_files(image.inputs)) step.inputs.push_back(digest_of(file));
    step.seed_files = road_files(image.outputs);
    for (const RoadFile& file : step.seed_files) step.outputs.push_back(digest_of(file));
    step.instructions = image.instructions;
    step.divergence.reset();
    const RunEnd end = end_of(image);
    if (ended_badly(end, image.status)) {
      describe_failure(end, run_of(image, changes), computed, road, step);
    } else if (computed && (step.divergence = difference(run_of(image, changes), end, *computed))) {
      step.verdict = Verdict::differ;
      explain(*step.divergence, road);
    } else {
      step.verdict = Verdict::failed;
      step.failure = "does something else when it is run again";
      varies = true;
    }
    return false;
  };
  const Result<SeedRun> run = run_seed_road(tree, feed, seed);
  recorder.reset();
  if (run) {
    for (const Finding& finding : run->findings) add_once(findings, finding);
  }
  if (!reached && step.failure.empty()) step.failure = "cannot be run again";
  add_findings(computed, findings);
  if (alone && (step.verdict == Verdict::differ || varies)) {
    if (const std::optional<Parting> parting = find_parting(*before, *alone))
      add_once(findings, finding_of(*parting, chain, bad, *program, road));
  }
}

}  // namespace assay::bootstrap
