// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/preflight.h"

#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "bootstrap/answers.h"
#include "bootstrap/compare.h"
#include "bootstrap/fault_place.h"
#include "bootstrap/reference_road.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::Stop;

// A hand-written tool (no compiled one) that runs longer than this on its input hangs: the slowest real step
// needs about 1,300 instructions a byte.
constexpr std::uint64_t kBudgetBase = 50'000'000;
constexpr std::uint64_t kBudgetPerByte = 20'000;

bool is_hand_written(Role role) {
  switch (role) {
    case Role::hex0:
    case Role::hex1:
    case Role::hex2_0:
    case Role::catm:
    case Role::m0:
    case Role::cc: return true;
    default: return false;
  }
}

std::vector<RoadFile> road_files(const std::vector<machine::FileUse>& uses) {
  std::vector<RoadFile> files;
  files.reserve(uses.size());
  for (const machine::FileUse& use : uses) files.push_back({use.path, use.bytes, use.mode});
  return files;
}

/// Checks one architecture.
class ChainCheck {
 public:
  ChainCheck(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
             std::mutex& progress_mutex)
      : tree_(tree),
        arch_(arch),
        options_(options),
        progress_mutex_(progress_mutex),
        reference_(tree, arch) {}

  ChainResult run() {
    const double start = now();
    progress("chain");
    result_.chain = compute_chain(tree_, arch_);
    result_.findings = std::move(result_.chain.findings);
    result_.chain.findings.clear();
    for (const std::size_t index : result_.chain.steps()) {
      result_.steps.push_back({});
      result_.steps.back().command = index;
    }
    if (options_.roads == Roads::reference) {
      run_reference();
    } else {
      run_seed();
    }
    decide();
    result_.seconds = now() - start;
    return std::move(result_);
  }

 private:
  [[nodiscard]] double now() const { return options_.clock ? options_.clock() : 0; }

  void progress(std::string_view phase) {
    if (!options_.on_progress) return;
    const std::lock_guard lock(progress_mutex_);
    options_.on_progress({&arch_, phase, done_, result_.steps.size()});
  }

  StepResult* step_of(std::size_t command) {
    const auto step =
        std::lower_bound(result_.steps.begin(), result_.steps.end(), command,
                         [](const StepResult& one, std::size_t index) { return one.command < index; });
    return step == result_.steps.end() || step->command != command ? nullptr : &*step;
  }

  void run_reference() {
    progress("roads");
    for (StepResult& step : result_.steps) {
      const Command& command = result_.chain.commands[step.command];
      if (!ReferenceRoad::covers(command.role)) continue;
      const Result<Computed> computed = reference_.compute(command);
      if (!computed) continue;
      for (const RoadFile& file : computed->outputs) step.outputs.push_back(digest_of(file));
      for (const Finding& finding : computed->findings) result_.findings.push_back(finding);
      step.verdict = computed->status == 0 && computed->ending == Ending::exits ? Verdict::one_road_only
                                                                                : Verdict::failed;
      ++done_;
      progress("roads");
    }
  }

  void run_seed() {
    SeedRoadOptions road;
    road.engine = options_.engine;
    road.on_end = [this](std::size_t command, const ImageRecord& image) { return end_of(command, image); };
    road.budget = [this, &road](std::size_t command, const ImageRecord& /*image*/) {
      return budget_of(command, road.limits.image_instructions);
    };
    progress("roads");
    last_end_ = now();
    Result<SeedRun> run = run_seed_road(tree_, result_.chain, road);
    if (!run) {
      result_.findings.push_back(
          {std::string(run.error().id), Severity::error, "", 0, 0, run.error().message, ""});
      return;
    }
    result_.instructions = run->instructions;
    result_.peak_memory = run->peak_memory;
    for (Finding& finding : run->findings) result_.findings.push_back(std::move(finding));
    if (run->stop != Stop::cancelled && (run->stop != Stop::exited || run->status != 0)) {
      result_.findings.push_back(
          {"seed-road-status", Severity::error, "", 0, 0,
           fmt::format("the boot program ends with {} {}", name_of(run->stop), run->status), ""});
    }
    progress("answers");
    // Where a step stopped the road, files that were not made are no news.
    std::vector<Finding> unsaid;
    const bool stopped = result_.count(Verdict::differ) + result_.count(Verdict::failed) != 0;
    result_.answers = check_answers(tree_, arch_, *run->files, stopped ? unsaid : result_.findings);
    check_seeds(tree_, arch_, result_.chain, *run->files, result_.findings);
  }

  /// Instructions allowed to a command.
  std::uint64_t budget_of(std::size_t index, std::uint64_t limit) {
    const Command& command = result_.chain.commands[index];
    if (!is_hand_written(command.role)) return limit;
    std::uint64_t bytes = 0;
    for (const std::string& path : command.inputs) bytes += reference_.size_of(path);
    return std::min(limit, kBudgetBase + bytes * kBudgetPerByte);
  }

  /// False ends the road.
  bool end_of(std::size_t index, const ImageRecord& image) {
    StepResult* step = step_of(index);
    if (step == nullptr) return true;
    const Command& command = result_.chain.commands[index];
    const std::vector<RoadFile> outputs = road_files(image.outputs);
    for (const RoadFile& file : road_files(image.inputs)) step->inputs.push_back(digest_of(file));
    for (const RoadFile& file : outputs) step->outputs.push_back(digest_of(file));
    step->instructions = image.instructions;
    step->seconds = now() - last_end_;
    const bool goes_on = judge(command, image, outputs, *step);
    last_end_ = now();
    ++done_;
    progress("roads");
    return goes_on;
  }

  /// What a program leaves, its two output streams taken for files.
  static std::vector<RoadFile> with_streams(std::vector<RoadFile> files, ByteView out, ByteView err) {
    if (!out.empty())
      files.push_back({"(standard output)", std::make_shared<Bytes>(out.begin(), out.end()), 0});
    if (!err.empty())
      files.push_back({"(standard error)", std::make_shared<Bytes>(err.begin(), err.end()), 0});
    return files;
  }

  bool judge(const Command& command, const ImageRecord& image, const std::vector<RoadFile>& outputs,
             StepResult& step) {
    const bool failed = image.stop != Stop::exited || image.status != 0;
    const bool compared = options_.roads == Roads::both && ReferenceRoad::covers(command.role);
    Result<Computed> computed = compared ? reference_.compute(command) : fail("reference-none", "");
    if (failed) {
      step.verdict = Verdict::failed;
      describe_failure(image, step);
      if (computed) {
        for (Finding& finding : computed->findings) result_.findings.push_back(std::move(finding));
      }
      return false;
    }
    if (!computed) {
      step.verdict = Verdict::one_road_only;
      for (const RoadFile& file : outputs) reference_.accept(file);
      return true;
    }
    step.divergence = first_difference(with_streams(outputs, image.standard_output, image.standard_error),
                                       with_streams(computed->outputs, as_bytes(computed->standard_output),
                                                    as_bytes(computed->standard_error)));
    if (!step.divergence) {
      step.verdict = Verdict::equal;
      return true;
    }
    step.verdict = Verdict::differ;
    explain(*step.divergence, reference_);
    for (Finding& finding : computed->findings) result_.findings.push_back(std::move(finding));
    return false;
  }

  void describe_failure(const ImageRecord& image, StepResult& step) {
    if (image.stop == Stop::exited) {
      step.failure = fmt::format("exits with status {}", image.status);
      return;
    }
    step.failure = fmt::format("{} at 0x{:x} after {} instructions{}{}", name_of(image.stop), image.address,
                               image.instructions, image.message.empty() ? "" : ": ", image.message);
    const std::optional<std::uint64_t> offset =
        image.program_bytes ? file_offset_of(*image.program_bytes, image.address) : std::nullopt;
    if (!offset) return;
    if (const auto place = reference_.trace(image.program, *offset)) {
      step.fault_path = place->path;
      step.fault_position = place->position;
      step.fault_line = place->line;
    }
  }

  void decide() {
    const bool error =
        std::any_of(result_.findings.begin(), result_.findings.end(),
                    [](const Finding& finding) { return finding.severity == Severity::error; });
    const bool wrong_answer =
        result_.answers.ok != result_.answers.total && options_.roads != Roads::reference;
    if (result_.count(Verdict::differ) != 0 || result_.count(Verdict::failed) != 0 || error || wrong_answer) {
      result_.verdict = ChainVerdict::fail;
    } else if (result_.count(Verdict::not_run) != 0 || result_.steps.empty()) {
      result_.verdict = ChainVerdict::incomplete;
    } else {
      result_.verdict = ChainVerdict::pass;
    }
  }

  const Tree& tree_;
  const Architecture& arch_;
  const PreflightOptions& options_;
  std::mutex& progress_mutex_;
  ReferenceRoad reference_;
  ChainResult result_;
  std::size_t done_ = 0;
  double last_end_ = 0;
};

}  // namespace

std::vector<ChainResult> preflight(const Tree& tree, const PreflightOptions& options) {
  const std::vector<const Architecture*>& chosen =
      options.architectures.empty() ? tree.architectures : options.architectures;
  std::vector<ChainResult> results(chosen.size());
  std::mutex progress_mutex;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t index = next++; index < chosen.size(); index = next++) {
      results[index] = ChainCheck(tree, *chosen[index], options, progress_mutex).run();
    }
  };
  std::vector<std::jthread> workers;
  const std::size_t jobs = std::clamp<std::size_t>(options.jobs, 1, std::max<std::size_t>(chosen.size(), 1));
  for (std::size_t worker = 1; worker < jobs; ++worker) workers.emplace_back(work);
  work();
  workers.clear();
  return results;
}

}  // namespace assay::bootstrap
