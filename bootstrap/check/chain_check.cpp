// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/chain_check.h"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>
#include <utility>

#include "bootstrap/check/answers.h"
#include "bootstrap/check/compare.h"
#include "bootstrap/roads/fault_place.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::KnownRun;
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

/// ASSAY_ENGINE is for both roads' engines.
exec::Engine exec_engine(machine::EngineKind engine) {
  return engine == machine::EngineKind::interpreter ? exec::Engine::interpret : exec::Engine::automatic;
}

std::vector<RoadFile> road_files(const std::vector<machine::FileUse>& uses) {
  std::vector<RoadFile> files;
  files.reserve(uses.size());
  for (const machine::FileUse& use : uses) files.push_back({use.path, use.bytes, use.mode});
  return files;
}

std::string ending_of(const Computed& computed) {
  switch (computed.ending) {
    case Ending::exits: return fmt::format("exits with status {}", computed.status);
    case Ending::hangs: return "hangs";
    case Ending::crashes: return "crashes";
    case Ending::undefined: break;
  }
  return "ends in a way that is not defined";
}

/// What a program leaves, its two output streams and the way it ends taken for files.
std::vector<RoadFile> with_streams(std::vector<RoadFile> files, ByteView out, ByteView err,
                                   std::string_view ending) {
  if (!out.empty())
    files.push_back({"(standard output)", std::make_shared<Bytes>(out.begin(), out.end()), 0});
  if (!err.empty()) files.push_back({"(standard error)", std::make_shared<Bytes>(err.begin(), err.end()), 0});
  files.push_back({"(ending)", std::make_shared<Bytes>(to_bytes(ending)), 0});
  return files;
}

std::optional<Divergence> difference(const ImageRecord& image, const Computed& computed) {
  return first_difference(with_streams(road_files(image.outputs), image.standard_output, image.standard_error,
                                       fmt::format("exits with status {}", image.status)),
                          with_streams(computed.outputs, as_bytes(computed.standard_output),
                                       as_bytes(computed.standard_error), ending_of(computed)));
}

bool ended_badly(const ImageRecord& image) { return image.stop != Stop::exited || image.status != 0; }

KnownRun run_of(const Computed& computed) {
  KnownRun run;
  run.standard_output = to_bytes(computed.standard_output);
  run.standard_error = to_bytes(computed.standard_error);
  for (const RoadFile& file : computed.outputs) {
    run.outputs.push_back({file.path, file.bytes, file.mode});
    run.changes.emplace_back(file.path, NodeState{NodeKind::file, file.mode, file.bytes, ""});
  }
  return run;
}

KnownRun run_of(const ImageRecord& image, PathStates changes) {
  return {image.status,          image.inputs,         image.outputs,      image.missing,
          image.standard_output, image.standard_error, image.instructions, image.system_calls,
          image.peak_memory,     std::move(changes)};
}

/// Keeps equal contents once.
void keep_once(KnownRun& run, const Computed& computed) {
  const auto share = [&](const std::string& path, std::shared_ptr<const Bytes>& bytes) {
    for (const RoadFile& file : computed.outputs) {
      if (file.path == path && file.bytes && bytes && *file.bytes == *bytes) bytes = file.bytes;
    }
  };
  for (machine::FileUse& use : run.outputs) share(use.path, use.bytes);
  for (auto& [path, state] : run.changes) share(path, state.bytes);
}

void add_once(std::vector<Finding>& findings, Finding finding) {
  const auto same = [&finding](const Finding& one) {
    return std::tie(one.id, one.file, one.line, one.column, one.message) ==
           std::tie(finding.id, finding.file, finding.line, finding.column, finding.message);
  };
  if (std::none_of(findings.begin(), findings.end(), same)) findings.push_back(std::move(finding));
}

}  // namespace

/// One replay of the chain.
class ChainCheck::Worker {
 public:
  explicit Worker(ChainCheck& check) : check_(check) {}

  void run() {
    SeedRoadOptions road;
    road.engine = check_.options_.engine;
    road.cancel = stop_.get_token();
    road.known = [this](std::size_t command, const ImageRecord& image, MemoryTree& tree) {
      return known(*check_.step_of(command), image, tree);
    };
    road.on_end = [this](std::size_t command, const ImageRecord& image) { return end(command, image); };
    road.budget = [this, &road](std::size_t command, const MemoryTree& tree) {
      return budget(check_.result_.chain.commands[command], tree, road.limits.image_instructions);
    };
    limits_ = road.limits;
    Result<SeedRun> run = run_seed_road(check_.tree_, check_.result_.chain, road);
    const std::lock_guard lock(check_.mutex_);
    ChainResult& result = check_.result_;
    if (!run) {
      add_once(result.findings,
               {std::string(run.error().id), Severity::error, "", 0, 0, run.error().message, ""});
      return;
    }
    result.peak_memory = std::max(result.peak_memory, run->peak_memory);
    for (Finding& finding : run->findings) add_once(result.findings, std::move(finding));
    if (run->stop == Stop::cancelled) return;
    if (run->stop != Stop::exited || run->status != 0) {
      add_once(result.findings,
               {"seed-road-status", Severity::error, "", 0, 0,
                fmt::format("the boot program ends with {} {}", name_of(run->stop), run->status), ""});
    }
    if (!std::exchange(check_.interpreters_counted_, true)) result.instructions += interpreters_;
  }

 private:
  std::optional<KnownRun> known(std::size_t step, const ImageRecord& image, MemoryTree& tree) {
    if (!check_.claim(step)) {
      std::optional<KnownRun> result = check_.known_result(step);
      if (result) return result;
      stop_.request_stop();
      return KnownRun{};
    }
    started_ = check_.now();
    if (check_.options_.cache != nullptr && !check_.command_of(step).part_of) {
      std::optional<KnownStep> kept = check_.options_.cache->find(image, limits_, tree);
      if (kept && check_.judge_kept(step, image, *kept)) return kept->run;
    }
    recorders_.push_back(std::make_unique<StepRecorder>(tree));
    return std::nullopt;
  }

  bool end(std::size_t command, const ImageRecord& image) {
    const std::optional<std::size_t> step = check_.step_of(command);
    if (!step) {
      interpreters_ += image.instructions;
      return true;
    }
    StepRecorder& recorder = *recorders_.back();
    const bool part = check_.command_of(*step).part_of.has_value();
    KnownStep whole{run_of(image, recorder.changes()), {}};
    const PathStates changes = whole.run.changes;
    if (part) {
      parts_.push_back(image);
    } else {
      whole.parts = std::exchange(parts_, {});
      const auto exited = [](const ImageRecord& one) { return one.stop == Stop::exited; };
      if (check_.options_.cache != nullptr && exited(image) &&
          std::all_of(whole.parts.begin(), whole.parts.end(), exited)) {
        check_.options_.cache->store(image, limits_, recorder.before(), whole);
      }
    }
    recorders_.pop_back();
    check_.judge(*step, image, changes, check_.now() - started_);
    started_ = check_.now();
    return true;  // a bad step stops the worker where the next one begins
  }

 private:
  friend class ChainCheck;
  static std::uint64_t budget(const Command& command, const MemoryTree& tree, std::uint64_t limit) {
    if (!is_hand_written(command.role)) return limit;
    std::uint64_t bytes = 0;
    for (const std::string& path : command.inputs) {
      const Result<NodeInfo> info = tree.info(path);
      if (info) bytes += info->size;
    }
    return std::min(limit, kBudgetBase + bytes * kBudgetPerByte);
  }

  ChainCheck& check_;
  std::stop_source stop_;
  machine::Limits limits_;
  std::vector<std::unique_ptr<StepRecorder>> recorders_;  ///< of the step and of its part that run now
  std::vector<ImageRecord> parts_;                        ///< of the step that runs now, those that ended
  double started_ = 0;
  std::uint64_t interpreters_ = 0;  ///< instructions
};

ChainCheck::ChainCheck(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
                       std::mutex& progress_mutex)
    : tree_(tree),
      arch_(arch),
      options_(options),
      progress_mutex_(progress_mutex),
      reference_(tree, arch, exec_engine(options.engine), options.cache) {}

void ChainCheck::work() {
  std::call_once(prepared_, [this] { prepare(); });
  {
    const std::lock_guard lock(mutex_);
    const bool open = std::any_of(slots_.begin(), slots_.end(),
                                  [](const Slot& slot) { return slot.state == Slot::State::open; });
    if (std::exchange(began_, true) && (!open || first_bad_ < slots_.size())) return;
  }
  if (options_.roads == Roads::reference) {
    reference_run_->work();
  } else {
    Worker(*this).run();
  }
}

void ChainCheck::prepare() {
  start_ = now();
  progress("chain", 0);
  result_.chain = compute_chain(tree_, arch_);
  static_findings_ = std::exchange(result_.chain.findings, {});
  result_.findings = static_findings_;
  step_of_.resize(result_.chain.commands.size());
  for (const std::size_t index : result_.chain.steps()) {
    step_of_[index] = result_.steps.size();
    result_.steps.push_back({});
    result_.steps.back().command = index;
  }
  slots_.resize(result_.steps.size());
  first_bad_ = slots_.size();
  if (options_.roads == Roads::reference) {
    reference_run_.emplace(result_.chain, reference_,
                           [this](std::size_t command, const Result<Computed>& computed) {
                             judge_reference(*step_of(command), computed);
                           });
  }
  progress("roads", 0);
}

void ChainCheck::progress(std::string_view phase, std::size_t done) {
  if (!options_.on_progress) return;
  const std::lock_guard lock(progress_mutex_);
  options_.on_progress({&arch_, phase, done, result_.steps.size()});
}

std::optional<std::size_t> ChainCheck::step_of(std::size_t command) const {
  return command < step_of_.size() ? step_of_[command] : std::nullopt;
}

/// How many steps before this one are its parts.
std::size_t ChainCheck::parts_of(std::size_t step) const {
  std::size_t parts = 0;
  while (parts < step && command_of(step - parts - 1).part_of == result_.steps[step].command) ++parts;
  return parts;
}

bool ChainCheck::compares() const { return options_.roads == Roads::both; }

void ChainCheck::judge_reference(std::size_t step, const Result<Computed>& computed) {
  StepResult& result = result_.steps[step];
  if (!computed) {
    add_once(result_.findings, not_computed_finding(step, computed.error()));
    return;
  }
  if (!computed->succeeded()) {
    result.failure = fmt::format("ends with status {}: {}", computed->status, computed->standard_error);
  }
  for (const RoadFile& file : computed->outputs) result.outputs.push_back(digest_of(file));
  for (const Finding& finding : computed->findings) result_.findings.push_back(finding);
  result.verdict = computed->succeeded() ? Verdict::one_road_only : Verdict::failed;
  progress("roads", ++judged_);
}

Finding ChainCheck::not_computed_finding(std::size_t step, const Error& error) const {
  const Command& command = command_of(step);
  return {std::string(error.id),
          Severity::warning,
          command.script,
          command.line,
          0,
          error.message,
          "this step rests on the seed road alone"};
}

/// True if the caller is to run the step.
bool ChainCheck::claim(std::size_t step) {
  const std::lock_guard lock(mutex_);
  if (step > first_bad_ || slots_[step].state != Slot::State::open) return false;
  slots_[step].state = Slot::State::running;
  return true;
}

/// The result of a step that another worker runs or ran; nothing if the caller's way ends here.
std::optional<KnownRun> ChainCheck::known_result(std::size_t step) {
  {
    const std::lock_guard lock(mutex_);
    if (step >= first_bad_) return std::nullopt;
    if (slots_[step].state == Slot::State::done) return slots_[step].run;
  }
  if (!compute_up_to(step)) return std::nullopt;
  std::unique_lock lock(mutex_);
  Slot& slot = slots_[step];
  if (slot.computed && slot.computed->succeeded()) return run_of(*slot.computed);
  done_.wait(lock, [&] { return slot.state == Slot::State::done || step >= first_bad_; });
  if (step >= first_bad_) return std::nullopt;
  return slot.run;
}

/// The reference road's results up to a step, in order. A step that it cannot compute is waited for and taken
/// over. False if one of them is bad.
bool ChainCheck::compute_up_to(std::size_t step) {
  std::unique_lock order(reference_mutex_);
  while (computed_ <= step) {
    const std::size_t next = computed_;
    if (compares() && next != not_computed_) {
      Result<Computed> computed = reference_.compute(result_.chain, result_.steps[next].command);
      if (computed) {
        const std::lock_guard lock(mutex_);
        slots_[next].computed = std::move(*computed);
        ++computed_;
        continue;
      }
      not_computed_ = next;
      const std::lock_guard lock(mutex_);
      add_once(result_.findings, not_computed_finding(next, computed.error()));
    }
    std::unique_lock lock(mutex_);
    if (next >= first_bad_) return false;
    const Slot& slot = slots_[next];
    if (slot.state == Slot::State::done) {
      for (const machine::FileUse& file : slot.run.outputs)
        reference_.accept({file.path, file.bytes, file.mode});
      ++computed_;
      continue;
    }
    // Whoever runs it may have to come in here before it is done: for a part of it.
    order.unlock();
    done_.wait(lock, [&] { return slot.state == Slot::State::done || next >= first_bad_; });
    lock.unlock();
    order.lock();
  }
  return true;
}

/// Takes a step and its parts from the cache; false if they are not those of the chain.
bool ChainCheck::judge_kept(std::size_t step, const ImageRecord& image, const KnownStep& kept) {
  const std::size_t first = step - kept.parts.size();
  if (kept.parts.size() != parts_of(step)) return false;
  for (std::size_t part = 0; part < kept.parts.size(); ++part) {
    const ImageRecord& record = kept.parts[part];
    const Command& command = command_of(first + part);
    if (record.program != command.program || record.argv != command.argv || record.env != command.env ||
        record.cwd != command.cwd) {
      return false;
    }
  }
  for (std::size_t part = 0; part < kept.parts.size(); ++part) {
    const ImageRecord& record = kept.parts[part];
    PathStates changes;
    for (const machine::FileUse& use : record.outputs)
      changes.emplace_back(use.path, NodeState{NodeKind::file, use.mode, use.bytes, ""});
    judge(first + part, record, std::move(changes), 0);
  }
  ImageRecord record = image;
  record.status = kept.run.status;
  record.inputs = kept.run.inputs;
  record.outputs = kept.run.outputs;
  record.missing = kept.run.missing;
  record.standard_output = kept.run.standard_output;
  record.standard_error = kept.run.standard_error;
  record.instructions = kept.run.instructions;
  judge(step, record, kept.run.changes, 0);
  return true;
}

/// Keeps what a program did, and says what it is worth.
void ChainCheck::judge(std::size_t step, const ImageRecord& image, PathStates changes, double seconds) {
  StepResult& result = result_.steps[step];
  for (const RoadFile& file : road_files(image.inputs)) result.inputs.push_back(digest_of(file));
  for (const RoadFile& file : road_files(image.outputs)) result.outputs.push_back(digest_of(file));
  result.instructions = image.instructions;
  result.seconds = seconds;
  const bool failed = ended_badly(image);
  {
    const std::lock_guard lock(mutex_);
    slots_[step].run = run_of(image, std::move(changes));
    slots_[step].run.inputs.clear();  // who takes the result over has its own
    slots_[step].state = Slot::State::done;
    result_.instructions += image.instructions;
    if (failed) first_bad_ = std::min(first_bad_, step);
  }
  done_.notify_all();
  result.verdict = Verdict::failed;
  if (!failed && !compares()) {
    result.verdict = Verdict::one_road_only;
  } else if (!failed && compute_up_to(step)) {
    const std::lock_guard lock(mutex_);
    const std::optional<Computed>& computed = slots_[step].computed;
    result.verdict = !computed                      ? Verdict::one_road_only
                     : difference(image, *computed) ? Verdict::differ
                                                    : Verdict::equal;
    if (result.verdict == Verdict::differ) first_bad_ = std::min(first_bad_, step);
    if (result.verdict == Verdict::equal) keep_once(slots_[step].run, *computed);
  }
  done_.notify_all();
  std::size_t judged = 0;
  {
    const std::lock_guard lock(mutex_);
    judged = ++judged_;
  }
  progress("roads", judged);
}

/// Runs the chain again up to the first bad step, alone, and tells all about it.
void ChainCheck::explain_failure() {
  // What came after it is not run, as far as anybody should know.
  for (std::size_t step = first_bad_; step < slots_.size(); ++step) {
    result_.steps[step] = {};
    result_.steps[step].command = result_.chain.steps()[step];
  }
  ReferenceRoad road(tree_, arch_, exec_engine(options_.engine));
  std::optional<Computed> computed;
  std::vector<Finding> lacking;
  for (std::size_t step = 0; step <= first_bad_; ++step) {
    Result<Computed> now =
        compares() ? road.compute(result_.chain, result_.steps[step].command) : fail("reference-none", "");
    computed = now ? std::optional(std::move(*now)) : std::nullopt;
    if (!now && compares()) lacking.push_back(not_computed_finding(step, now.error()));
    if (computed || step == first_bad_) continue;
    for (const machine::FileUse& file : slots_[step].run.outputs)
      road.accept({file.path, file.bytes, file.mode});
  }
  StepResult& bad = result_.steps[first_bad_];
  SeedRoadOptions options;
  options.engine = options_.engine;
  options.known = [this](std::size_t command, const ImageRecord&, MemoryTree&) -> std::optional<KnownRun> {
    const std::size_t step = *step_of(command);
    return step < first_bad_ ? std::optional(slots_[step].run) : std::nullopt;
  };
  options.budget = [&](std::size_t command, const MemoryTree& tree) {
    return Worker::budget(result_.chain.commands[command], tree, options.limits.image_instructions);
  };
  options.on_end = [&](std::size_t command, const ImageRecord& image) {
    if (step_of(command) != first_bad_) return true;
    for (const RoadFile& file : road_files(image.inputs)) bad.inputs.push_back(digest_of(file));
    for (const RoadFile& file : road_files(image.outputs)) bad.outputs.push_back(digest_of(file));
    bad.instructions = image.instructions;
    if (ended_badly(image)) {
      bad.verdict = Verdict::failed;
      describe_failure(image, road, bad);
    } else if (computed && (bad.divergence = difference(image, *computed))) {
      bad.verdict = Verdict::differ;
      explain(*bad.divergence, road);
    } else {
      bad.verdict = Verdict::failed;
      bad.failure = "does something else when it is run again";
    }
    return false;
  };
  Result<SeedRun> run = run_seed_road(tree_, result_.chain, options);
  result_.findings = static_findings_;
  for (Finding& finding : lacking) add_once(result_.findings, std::move(finding));
  if (run) {
    for (Finding& finding : run->findings) add_once(result_.findings, std::move(finding));
  }
  if (computed) {
    for (Finding& finding : computed->findings) add_once(result_.findings, std::move(finding));
  }
  result_.instructions = 0;
  for (const StepResult& step : result_.steps) result_.instructions += step.instructions;
}

void ChainCheck::describe_failure(const ImageRecord& image, const ReferenceRoad& road, StepResult& step) {
  if (image.stop == Stop::exited) {
    step.failure = fmt::format("exits with status {}", image.status);
    return;
  }
  step.failure = fmt::format("{} at 0x{:x} after {} instructions{}{}", name_of(image.stop), image.address,
                             image.instructions, image.message.empty() ? "" : ": ", image.message);
  const std::optional<std::uint64_t> offset =
      image.program_bytes ? file_offset_of(*image.program_bytes, image.address) : std::nullopt;
  if (!offset) return;
  if (const auto place = road.trace(image.program, *offset)) {
    step.fault_path = place->path;
    step.fault_position = place->position;
    step.fault_line = place->line;
  }
}

/// The answers and the seeds, on the tree as the seed road leaves it.
void ChainCheck::check_fixed_points() {
  progress("answers", judged_);
  MemoryTree files(tree_.files);
  for (const Slot& slot : slots_) {
    if (slot.state == Slot::State::done) redo(slot.run.changes, files);
  }
  // Where a step stopped the road, files that were not made are no news.
  std::vector<Finding> unsaid;
  const bool stopped = first_bad_ < slots_.size();
  result_.answers = check_answers(tree_, arch_, files, stopped ? unsaid : result_.findings);
  check_seeds(tree_, arch_, result_.chain, files, result_.findings);
}

ChainResult ChainCheck::finish() {
  if (options_.roads != Roads::reference) {
    std::stable_sort(result_.findings.begin() + static_cast<std::ptrdiff_t>(static_findings_.size()),
                     result_.findings.end(), [](const Finding& a, const Finding& b) {
                       return std::tie(a.file, a.line, a.id, a.message) <
                              std::tie(b.file, b.line, b.id, b.message);
                     });
    for (std::size_t step = first_bad_ + 1; step < slots_.size(); ++step) slots_[step] = {};
    if (first_bad_ < slots_.size()) explain_failure();
    check_fixed_points();
  }
  decide();
  result_.seconds = now() - start_;
  return std::move(result_);
}

void ChainCheck::decide() {
  const bool error = std::any_of(result_.findings.begin(), result_.findings.end(),
                                 [](const Finding& finding) { return finding.severity == Severity::error; });
  const bool wrong_answer = result_.answers.ok != result_.answers.total && options_.roads != Roads::reference;
  if (result_.count(Verdict::differ) != 0 || result_.count(Verdict::failed) != 0 || error || wrong_answer) {
    result_.verdict = ChainVerdict::fail;
  } else if (result_.count(Verdict::not_run) != 0 || result_.steps.empty()) {
    result_.verdict = ChainVerdict::incomplete;
  } else {
    result_.verdict = ChainVerdict::pass;
  }
}

}  // namespace assay::bootstrap
