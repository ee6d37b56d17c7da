// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/chain_worker.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/check/step_judgement.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::KnownRun;
using machine::Stop;

/// Where the reference road says that a program goes round for ever, it need not be watched for as long.
constexpr std::uint64_t kSureToHang = 5;

/// The first line in which two outputs differ.
std::string first_line_apart(std::string_view got, std::string_view wanted) {
  const auto parted = std::mismatch(got.begin(), got.end(), wanted.begin(), wanted.end());
  const auto at = static_cast<std::size_t>(parted.first - got.begin());
  const auto line = [at](std::string_view text) {
    const std::size_t begin = text.substr(0, std::min(at, text.size())).rfind('\n') + 1;
    return printable(text.substr(begin, text.find('\n', begin) - begin));
  };
  return fmt::format("'{}' instead of '{}'", line(got), line(wanted));
}

}  // namespace

std::uint64_t ChainWorker::budget(const Command& command, const MemoryTree& tree, bool hangs) {
  return most_instructions(command, tree) / (hangs ? kSureToHang : 1);
}

void ChainWorker::report(std::string_view id, std::size_t index, std::string message, std::string help) {
  const Command& command = *board_.at(index);
  add_once(result_.findings, {std::string(id), Severity::error, command.script, command.line, 0,
                              std::move(message), std::move(help)});
}

Replayed ChainWorker::run() {
  SeedRoadOptions road;
  road.engine = options_.engine;
  road.cancel = stop_.get_token();
  limits_ = road.limits;
  if (options_.instructions != 0)
    road.limits.instructions = road.limits.image_instructions = options_.instructions;
  road.on_tree = [this](MemoryTree& tree) { files_ = &tree; };
  road.on_begin = [this](std::size_t index) { begin(index); };
  road.on_missing = [this](std::size_t command) { board_.never_runs(command); };
  road.on_stray = [this] {
    close_segment();
    lost_ = true;
  };
  road.on_known = [this](std::size_t /*index*/) { open_segment(); };
  road.known = [this](std::size_t step, const ImageRecord& image, MemoryTree& tree) {
    return known(step, image, tree);
  };
  road.on_part = [this](std::size_t step, const ImageRecord& part) { begin_part(step, part); };
  road.goes_on = [this](std::size_t step) { return board_.is_unknown(step); };
  road.on_end = [this](std::size_t index, const ImageRecord& image) { return end(index, image); };
  road.budget = [this, most = road.limits.image_instructions](std::size_t index, const MemoryTree& tree) {
    if (options_.instructions != 0) return most;
    return std::min(most, budget(*board_.at(index), tree, board_.is_to_hang(index)));
  };
  Result<SeedRun> run = run_seed_road(tree_, board_, road);
  segment_.reset();
  for (; !running_.empty(); running_.pop_back()) board_.abandon(running_.back().step);
  if (!run) {
    add_once(result_.findings,
             {std::string(run.error().id), Severity::error, "", 0, 0, run.error().message, ""});
    return std::move(result_);
  }
  result_.ran = true;
  result_.peak_memory = run->peak_memory;
  for (Finding& finding : run->findings) add_once(result_.findings, std::move(finding));
  if (run->ended && !board_.first_bad()) result_.files = run->files;
  if (run->stop == Stop::cancelled) return std::move(result_);
  if (run->stop != Stop::exited || run->status != 0) {
    add_once(result_.findings,
             {"seed-road-status", Severity::error, "", 0, 0,
              fmt::format("the boot program ends with {} {}", name_of(run->stop), run->status), ""});
  }
  result_.files = run->files;
  return std::move(result_);
}

std::optional<KnownRun> ChainWorker::known(std::size_t step, const ImageRecord& image, MemoryTree& tree) {
  if (!board_.claim(step)) {
    std::optional<KnownRun> result = board_.known_result(step);
    if (result) return result;
    stop_.request_stop();
    return KnownRun{};
  }
  Running running;
  running.step = step;
  running.started = now();
  // What it reads from its standard input is no part of an entry.
  running.complete = board_.at(step)->standard_input.empty();
  if (options_.cache != nullptr && running.complete && (running_.empty() || running_.back().grows)) {
    std::optional<KnownStep> kept = options_.cache->find(image, limits_, tree);
    if (kept && judge_kept(step, *kept)) return kept->run;
  }
  running.recorder = std::make_unique<StepRecorder>(tree);
  running_.push_back(std::move(running));
  return std::nullopt;
}

void ChainWorker::begin(std::size_t index) {
  close_segment();
  if (!board_.at(index)->interprets) return;
  interpreters_.push_back(index);
  open_segment();
}

bool ChainWorker::end(std::size_t index, const ImageRecord& image) {
  close_segment();
  if (board_.at(index)->interprets) {
    end_interpreter(index, image);
  } else {
    end_step(index, image);
  }
  open_segment();
  return true;  // a bad step stops the worker where the next one begins
}

/// Between the commands that it starts an interpreter changes nothing.
void ChainWorker::close_segment() {
  if (segment_ == nullptr) return;
  const PathStates changes = segment_->changes();
  segment_.reset();
  if (changes.empty() || interpreters_.empty()) return;
  const std::size_t index = interpreters_.back();
  report("interpreter-changes-tree", index,
         fmt::format("the interpreter '{}' changes '{}' by itself", board_.at(index)->program,
                     changes.front().first),
         "an interpreter reads its script and starts commands; this one does more");
}

void ChainWorker::open_segment() {
  const bool in_interpreter =
      !lost_ && !interpreters_.empty() && (running_.empty() || running_.back().step < interpreters_.back());
  if (in_interpreter && files_ != nullptr) segment_ = std::make_unique<StepRecorder>(*files_);
}

void ChainWorker::end_interpreter(std::size_t index, const ImageRecord& image) {
  result_.interpreters += image.instructions;
  if (!interpreters_.empty() && interpreters_.back() == index) interpreters_.pop_back();
  if (image.stop == Stop::cancelled || board_.first_bad()) return;
  const std::optional<Interpretation> wanted = board_.interpretation(index);
  if (!wanted) return;
  const std::string& program = board_.at(index)->program;
  const std::string_view help = "its source is one that assay knows: the program does not do what it says";
  if (image.stop != Stop::exited || image.status != wanted->status) {
    report("interpreter-differs", index,
           fmt::format("the interpreter '{}' {}, its script ends with status {}", program,
                       ending_of(end_of(image), image.status), wanted->status),
           std::string(help));
  } else if (as_text(image.standard_output) != wanted->standard_output) {
    report("interpreter-differs", index,
           fmt::format("the interpreter '{}' writes {}", program,
                       first_line_apart(as_text(image.standard_output), wanted->standard_output)),
           std::string(help));
  } else if (as_text(image.standard_error) != wanted->standard_error) {
    report("interpreter-differs", index,
           fmt::format("the interpreter '{}' writes to standard error {}", program,
                       first_line_apart(as_text(image.standard_error), wanted->standard_error)),
           std::string(help));
  }
}

void ChainWorker::end_step(std::size_t index, const ImageRecord& image) {
  if (running_.empty() || running_.back().step != index) return;
  Running running = std::move(running_.back());
  running_.pop_back();
  const PathStates changes = running.recorder->changes();
  const PathStates before = running.recorder->before();
  running.recorder.reset();
  KnownRun run = run_of(image, changes);
  if (running_.empty() || running_.back().grows) {
    const auto exited = [](const ImageRecord& one) { return one.stop == Stop::exited; };
    if (options_.cache != nullptr && running.complete && !running.grows && exited(image) && !image.replaced &&
        std::all_of(running.parts.begin(), running.parts.end(), exited)) {
      options_.cache->store(image, limits_, before, {run, std::move(running.parts)});
    }
  } else {
    running_.back().complete &= running.parts.empty() && board_.at(index)->part_of == running_.back().step;
    running_.back().parts.push_back(image);
  }
  board_.judge(index, std::move(run), end_of(image), now() - running.started);
  on_judged_();
}

/// A step that the reference road does not derive starts a program: that is a command of its own.
void ChainWorker::begin_part(std::size_t step, const ImageRecord& part) {
  if (running_.empty() || running_.back().step != step) return;
  if (!board_.grows(step, running_.back().begun++)) return;
  running_.back().grows = true;
  board_.announce(step, {"/" + part.program, part.argv, part.env, part.cwd},
                  running_.back().recorder->changes());
}

/// Takes a step and its parts from the cache; false if they are not those of the chain.
bool ChainWorker::judge_kept(std::size_t step, const KnownStep& kept) {
  const bool grows = board_.rests_on_seed(step);
  if (grows && !kept.parts.empty()) return false;  // who starts them must run
  for (std::size_t part = 0; part < kept.parts.size(); ++part) {
    const ImageRecord& record = kept.parts[part];
    const Command* const command = board_.started_by(step, step + 1 + part);
    if (command == nullptr || record.program != command->program || record.argv != command->argv ||
        record.env != command->env || record.cwd != command->cwd) {
      return false;
    }
  }
  if (!grows && board_.end_of(step) != step + 1 + kept.parts.size()) return false;
  for (std::size_t part = 0; part < kept.parts.size(); ++part) {
    if (!board_.claim(step + 1 + part)) return false;
    const ImageRecord& record = kept.parts[part];
    PathStates changes;
    for (const machine::FileUse& use : record.outputs)
      changes.emplace_back(use.path, NodeState{NodeKind::file, use.mode, use.bytes, ""});
    board_.judge_kept(step + 1 + part, run_of(record, std::move(changes)));
  }
  board_.judge_kept(step, kept.run);
  on_judged_();
  return true;
}

}  // namespace assay::bootstrap
