// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/chain_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "bootstrap/check/answers.h"
#include "bootstrap/check/compare.h"
#include "bootstrap/check/failure.h"
#include "bootstrap/check/kept_modes.h"
#include "bootstrap/check/known_reliances.h"
#include "bootstrap/check/pins.h"
#include "bootstrap/check/step_judgement.h"
#include "bootstrap/check/strict_check.h"
#include "bootstrap/roads/fault_place.h"
#include "bootstrap/roads/seed_walk.h"
#include "bootstrap/tree/program_check.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

/// ASSAY_ENGINE is for both roads' engines.
exec::Engine exec_engine(machine::EngineKind engine) {
  return engine == machine::EngineKind::interpreter ? exec::Engine::interpret : exec::Engine::automatic;
}

void sort_by_place(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.line, a.id, a.message) < std::tie(b.file, b.line, b.id, b.message);
  });
}

/// Where nothing is compared: the steps of the reference road alone.
class AloneOnTheRoad final : public WalkObserver {
 public:
  AloneOnTheRoad(StepBoard& board, std::vector<Finding>& findings, std::function<void()> on_step)
      : board_(board), findings_(findings), on_step_(std::move(on_step)) {}
  void on_begin(const Command& command) override { board_.on_begin(command); }
  void on_derived(std::size_t index, Computed computed) override {
    board_.on_derived(index, std::move(computed));
    on_step_();
  }
  std::optional<TakenOver> on_unknown(std::size_t index, const Error& error, std::optional<Computed> /*room*/,
                                      const StartPart& /*start*/) override {
    const Command& command = *board_.at(index);
    findings_.push_back({std::string(error.id), Severity::warning, command.script, command.line, 0,
                         error.message, "the reference road ends here: check with both roads"});
    return std::nullopt;
  }
  bool is_over() override { return false; }
  void on_interpreted(std::size_t index, const Interpretation& done) override {
    board_.on_interpreted(index, done);
  }

 private:
  StepBoard& board_;
  std::vector<Finding>& findings_;
  std::function<void()> on_step_;
};

}  // namespace

ChainCheck::ChainCheck(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
                       std::mutex& progress_mutex)
    : tree_(tree), arch_(arch), options_(options), progress_mutex_(progress_mutex) {}

ChainCheck::~ChainCheck() {
  board_.end_walk();
  if (walker_.joinable()) walker_.join();
}

void ChainCheck::progress(std::string_view phase, std::size_t done) {
  if (!options_.on_progress) return;
  const std::lock_guard lock(progress_mutex_);
  options_.on_progress({&arch_, phase, done, std::max(done, expected_)});
}

void ChainCheck::prepare() {
  start_ = now();
  progress("chain", 0);
  predicted_ = compute_chain(tree_, arch_);
  left_out_ = tree_.chain_of(arch_).not_reproducible;
  board_.leave_out(left_out_);
  expected_ = predicted_.steps().size();
  if (tree_.described != nullptr) board_.let_steps_grow();
  if (options_.roads == Roads::seed && tree_.described != nullptr) {
    board_.compare_nothing();
    begin_walker();
  } else if (options_.roads == Roads::seed) {
    board_.take_chain(predicted_);
    chain_ = predicted_;
  } else {
    reference_.emplace(tree_, arch_, exec_engine(options_.engine), options_.cache);
    if (options_.cross) reference_->go_across();
    if (options_.instructions != 0) reference_->allow(options_.instructions);
    if (options_.roads == Roads::both) begin_walker();
  }
  progress("roads", 0);
}

void ChainCheck::begin_walker() {
  walker_ = std::thread([this] {
    try {
      walk();
    } catch (...) {  // no memory, say
      trouble_ = std::current_exception();
      board_.end_walk();
    }
  });
}

void ChainCheck::walk() {
  if (options_.roads == Roads::seed) {
    SeedWalk walk(tree_, arch_, board_);
    walk_chain(tree_, arch_, walk, chain_, until());
  } else if (options_.roads == Roads::both) {
    chain_ = ReferenceWalk(*reference_, board_, options_.accepted).walk(tree_, arch_, until());
  } else {
    std::size_t done = 0;
    AloneOnTheRoad alone(board_, found_, [&] { progress("roads", ++done); });
    chain_ = ReferenceWalk(*reference_, alone, options_.accepted).walk(tree_, arch_, until());
  }
  board_.end_walk(chain_.ended);
}

void ChainCheck::work() {
  std::call_once(prepared_, [this] { prepare(); });
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(began_, true) && (options_.roads != Roads::both || !board_.has_open_steps())) return;
  }
  if (options_.roads == Roads::reference) return walk();
  ChainWorker worker(tree_, board_, options_, [this] { progress("roads", board_.judged()); });
  Replayed replayed = worker.run();
  if (!replayed.ran) board_.end_walk();  // nobody will run what the walk may wait for
  const std::lock_guard lock(mutex_);
  result_.peak_memory = std::max(result_.peak_memory, replayed.peak_memory);
  for (Finding& finding : replayed.findings) add_once(found_, std::move(finding));
  if (replayed.files != nullptr) files_ = replayed.files;
  interpreters_ = std::max(interpreters_, replayed.interpreters);
}

/// How far the walk had come when a step was found to be bad is chance: what comes behind it is as the
/// scripts say.
void ChainCheck::cut_chain(std::size_t bad) {
  std::vector<Command>& commands = result_.chain.commands;
  const std::size_t end = ChainFeed(result_.chain).end_of(bad);
  commands.resize(end);
  const std::vector<Command>& all = predicted_.commands;
  if (all.size() <= end || all[bad].argv != commands[bad].argv || all[bad].script != commands[bad].script)
    return;
  commands.insert(commands.end(), all.begin() + static_cast<std::ptrdiff_t>(end), all.end());
}

/// The steps' results, from the board, in order of their ends.
void ChainCheck::collect_steps() {
  for (const std::size_t index : result_.chain.steps()) {
    StepResult step;
    step.command = index;
    if (index >= board_.size()) {
      result_.steps.push_back(std::move(step));
      continue;
    }
    Slot& slot = board_.slot(index);
    if (options_.roads == Roads::reference) {
      if (slot.computed) {
        for (const RoadFile& file : slot.computed->outputs) step.outputs.push_back(digest_of(file));
        if (options_.keep_files) step.reference_files = slot.computed->outputs;
        for (const Finding& finding : slot.computed->findings) add_once(result_.findings, finding);
        step.by = slot.computed->by;
        // Of a part, who started it says whether its status matters.
        const bool answers =
            (slot.command.asks || slot.command.part_of) && slot.computed->ending == Ending::exits;
        const bool fine = slot.computed->succeeded() || answers;
        step.verdict = fine ? Verdict::one_road_only : Verdict::failed;
        if (!fine) {
          step.failure = ending_of(*slot.computed);
          step.standard_output = slot.computed->standard_output;
          step.standard_error = slot.computed->standard_error;
        }
      }
    } else if (!board_.is_past(index) && slot.judged) {
      step = std::move(slot.result);
      if (options_.keep_files && step.seed_files.empty()) step.seed_files = road_files(slot.run.outputs);
      if (options_.keep_files && slot.computed) step.reference_files = slot.computed->outputs;
      say_reliances(slot);
      if (slot.computed) {
        for (const Finding& finding : slot.computed->findings) {
          if (finding.severity == Severity::warning || finding.id == "adverse-differs")
            add_once(result_.findings, finding);
        }
      }
      if (slot.computed && step.verdict == Verdict::one_road_only) {
        const Command& command = slot.command;
        add_once(result_.findings,
                 {"product-not-compared", Severity::warning, command.script, command.line, 0,
                  "the roads make something else of a file that the description calls not reproducible",
                  "find out what the file depends on besides its sources"});
      }
      if (slot.unknown && step.verdict != Verdict::equal && options_.roads == Roads::both) {
        const Command& command = slot.command;
        add_once(result_.findings,
                 {std::string(slot.unknown->id), Severity::warning, command.script, command.line, 0,
                  slot.unknown->message, "this step rests on the seed road alone"});
      }
    }
    step.kept |= !board_.is_past(index) && slot.computed && slot.computed->kept;
    step.command = index;
    result_.instructions += step.instructions;
    result_.steps.push_back(std::move(step));
  }
}

/// What a description could say, so that steps of one road get the other one.
void ChainCheck::ask_for_roles() {
  if (tree_.described == nullptr || !arch_.runs || options_.roads == Roads::reference) return;
  std::vector<std::string> programs;
  for (const StepResult& step : result_.steps) {
    const Command& command = result_.chain.commands[step.command];
    const bool is_asked_for = step.verdict == Verdict::one_road_only && command.role == Role::unknown &&
                              std::ranges::find(programs, command.program) == programs.end();
    if (is_asked_for) programs.push_back(command.program);
  }
  if (programs.empty()) return;
  constexpr std::size_t kMostNames = 8;
  const bool more = programs.size() > kMostNames;
  if (more) programs.resize(kMostNames);
  result_.findings.push_back(
      {"chain-roles-wanted", Severity::note, "", 0, 0,
       fmt::format("nobody knows what these are, and the seed road alone ran them: {}{}",
                   fmt::join(programs, ", "), more ? ", ..." : ""),
       fmt::format(
           "if one is a hex0, kaem-minimal, ... say so in {}: [[program]] with file and role; a [[seed]] "
           "with its source",
           tree_.described->file)});
}

/// What the tree's lists of digests say of the products.
void ChainCheck::collect_pins() {
  PinBook book(tree_, arch_, options_.roads == Roads::both);
  for (std::size_t index = 0; index < result_.steps.size(); ++index) {
    const StepResult& step = result_.steps[index];
    if (step.command >= board_.size() || step.verdict == Verdict::not_run) continue;
    const Slot& slot = board_.slot(step.command);
    std::map<std::string, PinBook::Product, std::less<>> made;
    const auto note = [&made](const FileDigest& file, std::string PinBook::Product::*road) {
      PinBook::Product& product = made[file.path];
      product.path = file.path;
      product.*road = file.sha256;
    };
    const bool seed = options_.roads != Roads::reference;
    for (const FileDigest& file : step.outputs) {
      if (seed) note(file, &PinBook::Product::seed);
      if (!seed || (step.verdict == Verdict::equal && slot.computed))
        note(file, &PinBook::Product::reference);
    }
    if (seed && step.verdict != Verdict::equal && slot.computed) {
      for (const RoadFile& file : slot.computed->outputs) note(digest_of(file), &PinBook::Product::reference);
    }
    PinBook::Step done;
    done.alone = seed && step.verdict == Verdict::one_road_only;
    for (auto& [path, product] : made) done.made.push_back(std::move(product));
    for (const FileDigest& file : step.inputs) done.read.push_back(file.path);
    if (!seed && slot.computed) done.read = slot.computed->reads;
    const PathStates none;
    const PathStates& changes = seed ? slot.run.changes : slot.computed ? slot.computed->changes : none;
    for (const auto& [path, state] : changes) {
      if (!state.kind) done.gone.push_back(path);
    }
    book.add(index, slot.command, std::move(done));
  }
  result_.pins = std::move(book).finish(result_.findings);
}

/// What a program asked a kernel for that no tree determines: on another machine it may do something else.
void ChainCheck::say_reliances(const Slot& slot) {
  for (const std::string& path : slot.run.missing) {
    if (!path.starts_with("/")) continue;
    add_once(
        result_.findings,
        {"step-relies-on-host-file", Severity::warning, slot.command.script, slot.command.line, 0,
         fmt::format("'{}' looks for '{}', which is not in the tree", slot.command.program, path),
         "where the tree is not the root of all files there may be one, and the program may do something "
         "else"});
  }
  for (const machine::Reliance& reliance : slot.run.reliances) {
    const Command& command = slot.command;
    if (is_idle_reliance(command, reliance.what)) continue;
    if (tree_.starts_bare && reliance.what.starts_with("absolute-path")) continue;  // it is the root
    std::string message = fmt::format("'{}' asks for what no tree determines: {}, by the call at 0x{:x}",
                                      command.program, reliance.what, reliance.address);
    const Result<std::shared_ptr<const Bytes>> program =
        reference_ ? reference_->files().read(command.program) : fail("file-not-found", "");
    if (program && is_idle_reliance(**program, reliance.what)) continue;
    const std::optional<SourcePlace> place =
        program ? place_of_instruction(*reference_, command.program, **program, reliance.address)
                : std::nullopt;
    add_once(result_.findings,
             {"step-relies-on-kernel", Severity::warning, command.script, command.line, 0, std::move(message),
              place ? fmt::format("made from {}:{}: {}", place->path, place->position.line, place->line)
                    : "a real kernel may answer otherwise, and the program may then do something else"});
  }
}

/// Steps that fail on both roads alike. Where their script goes on all the same that is how it is written.
void ChainCheck::judge_agreed_failures() {
  const std::vector<Command>& commands = result_.chain.commands;
  for (StepResult& step : result_.steps) {
    if (step.verdict != Verdict::equal) continue;
    Slot& slot = board_.slot(step.command);
    if (!ended_badly(slot.end, slot.run.status)) continue;
    step.failure = ending_of(slot.end, slot.run.status);
    step.standard_output = as_text(slot.run.standard_output);
    step.standard_error = as_text(slot.run.standard_error);
    const bool answers = slot.command.asks && slot.end.stop == machine::Stop::exited;
    // Who started it says whether it matters; one that ends with it, and of which nobody knows what it is,
    // does.
    const std::optional<std::size_t> whole = slot.command.part_of;
    const bool ends_whole = whole && board_.slot(*whole).unknown && board_.slot(*whole).judged &&
                            ended_badly(board_.slot(*whole).end, board_.slot(*whole).run.status);
    if ((whole && !ends_whole) || answers) continue;
    const bool goes_on =
        std::any_of(commands.begin() + static_cast<std::ptrdiff_t>(step.command) + 1, commands.end(),
                    [&](const Command& later) { return later.parent == slot.command.parent; });
    if (goes_on && whole) continue;
    if (goes_on) {
      result_.findings.push_back(
          {"step-status-ignored", Severity::warning, slot.command.script, slot.command.line, 0,
           fmt::format("'{}' {}, on both roads, and the script goes on", slot.command.program, step.failure),
           ""});
    } else {
      step.verdict = Verdict::failed;
      step.kept = false;  // no road's word alone: as sure as a step that is equal
      return;             // what follows is its consequence
    }
  }
}

/// Whether every kernel of this architecture runs the program of a command, which a step has made: the
/// machine does, whatever it is for.
void ChainCheck::check_program(const Command& command, const FileTree& files) {
  if (!arch_.runs || tree_.files->info(command.program))
    return;  // of those that the tree brings along the walk has told
  const auto bytes = files.read(command.program);
  const std::optional<std::string> fault = bytes ? program_fault(**bytes, arch_) : std::nullopt;
  if (!fault) return;
  add_once(result_.findings,
           {"chain-program-wrong-architecture", Severity::error, command.script, command.line, 0,
            fmt::format("'{}' cannot be executed: {}", command.program, *fault),
            "was it made of the sources of another architecture? Some kernels run both"});
}

/// The answers and the seeds, on the tree as the seed road leaves it.
void ChainCheck::check_fixed_points() {
  progress("answers", board_.judged());
  MemoryTree files(tree_.files);
  std::set<std::size_t> checked;
  for (const StepResult& step : result_.steps) {
    if (step.verdict == Verdict::not_run) continue;
    for (std::optional<std::size_t> at = step.command; at && checked.insert(*at).second;
         at = result_.chain.commands[*at].parent)
      check_program(result_.chain.commands[*at], files);
    redo(board_.slot(step.command).run.changes, files);
  }
  // Where a bound of this program ended it, what was not made is no news.
  std::vector<Finding> unsaid;
  const std::optional<std::size_t> bad = board_.first_bad();
  const bool stopped = bad || result_.count(Verdict::failed) != 0;
  const bool cut = bad && is_own_limit(board_.slot(*bad).end.stop, board_.slot(*bad).command);
  result_.answers = check_answers(tree_, arch_, files, &result_, cut ? unsaid : result_.findings);
  if (!stopped && result_.answers.total == 0 && tree_.kind != TreeKind::embedded) {
    result_.findings.push_back(
        {"answers-missing", Severity::warning, answers_path(arch_), 0, 0,
         "no list of answers: nothing says what the products must be",
         "both roads make the same of these sources; whether they are the sources that "
         "others have seen, only a list can tell"});
  }
  check_seeds(tree_, arch_, result_.chain, files, result_.findings);
  if (!stopped) check_equal_files(tree_, arch_, files, result_.findings);
}

/// Every file, directory and link that either road touched, as both leave it.
void ChainCheck::compare_trees() {
  if (files_ == nullptr || !reference_ || board_.first_bad() || result_.chain.cut) return;
  // Where the one road ended before, that is what is wrong; what it did not make is no news.
  if (result_.count(Verdict::not_run) + result_.count(Verdict::failed) != 0) return;
  std::set<std::string> paths;
  for (const MemoryTree* tree : {files_.get(), &reference_->files()}) {
    for (std::string& path : tree->known_paths()) paths.insert(std::move(path));
  }
  for (const std::string& path : paths) {
    const bool left_out = std::ranges::find(left_out_, path) != left_out_.end();
    if (left_out || reference_->source_of(path) || files_->state(path) == reference_->files().state(path))
      continue;
    result_.findings.push_back({"final-tree-differs", Severity::error, path, 0, 0,
                                "the two roads do not leave the same here",
                                "something other than the steps of the chain wrote to it"});
  }
}

std::optional<CommandRuns> ChainCheck::runs() {
  if (options_.roads == Roads::reference || board_.first_bad()) return std::nullopt;
  board_.end_work();
  if (walker_.joinable()) walker_.join();
  if (trouble_) std::rethrow_exception(trouble_);
  chain_.architecture = &arch_;
  CommandRuns runs(chain_.commands.size());
  for (const std::size_t step : chain_.steps()) {
    const Slot& slot = board_.slot(step);
    if (!slot.judged) return std::nullopt;
    if (slot.end.stop == machine::Stop::exited) runs[step] = slot.run;
  }
  return runs;
}

void ChainCheck::add(std::vector<Finding> findings) {
  for (Finding& finding : findings) add_once(found_, std::move(finding));
}

ChainResult ChainCheck::finish() {
  const std::optional<std::size_t> bad = board_.first_bad();
  if (bad || options_.roads == Roads::reference) board_.end_walk();
  board_.end_work();
  if (walker_.joinable()) walker_.join();
  if (trouble_) std::rethrow_exception(trouble_);
  result_.chain = std::move(chain_);
  result_.chain.architecture = &arch_;
  std::vector<Finding> said = std::exchange(result_.chain.findings, {});
  for (std::size_t index = 0; index < said.size(); ++index) {
    const bool after =
        bad && index < result_.chain.findings_at.size() && result_.chain.findings_at[index] > *bad + 1;
    if (!after) add_once(result_.findings, std::move(said[index]));
  }
  if (bad) {
    cut_chain(*bad);
    std::vector<Finding> found;
    explain_failure(tree_, arch_, options_, board_, *bad, found);
    const Command& first = board_.slot(*bad).command;
    for (Finding& finding : found_) {
      // Which later command a worker misses is chance.
      const bool misses_first = finding.id == "seed-road-missing-command" && finding.file == first.script &&
                                finding.line == first.line;
      if (finding.id == "interpreter-changes-tree" || misses_first) add_once(found, std::move(finding));
    }
    found_ = std::move(found);
  }
  sort_by_place(found_);
  for (Finding& finding : found_) add_once(result_.findings, std::move(finding));
  collect_steps();
  ask_for_roles();
  if (!bad) result_.instructions += interpreters_;
  if (options_.roads != Roads::reference) {
    judge_agreed_failures();
    check_fixed_points();
    compare_trees();
  } else if (options_.cross) {
    result_.answers = check_answers(tree_, arch_, reference_->files(), &result_, result_.findings);
  }
  if (tree_.kind != TreeKind::embedded) collect_pins();
  check_end();
  std::ranges::move(check_kept_modes(*tree_.files, result_), std::back_inserter(result_.findings));
  warn_strictly(bad);
  result_.answers_decide = !bad && (options_.roads != Roads::reference || options_.cross);
  decide(result_);
  result_.seconds = now() - start_;
  return std::move(result_);
}

/// Whether the chain came as far as the user wanted.
void ChainCheck::check_end() {
  if (!options_.until) return;
  result_.until = options_.until->word;
  if (result_.chain.ended || board_.first_bad() || result_.count(Verdict::failed) != 0) return;
  result_.findings.push_back(
      {"until-not-reached", Severity::warning, "", 0, 0,
       fmt::format("the scripts end before '{}'", options_.until->word),
       options_.until->file.empty()
           ? "is its step started by a script of kaem's?"
           : fmt::format("nothing in '{}' makes '{}'", options_.until->directory, options_.until->file)});
}

/// Whether a file that the chain reads and does not make is none that is known to be good.
bool ChainCheck::has_unknown_sources() const {
  if (!options_.is_known) return false;
  std::set<std::string, std::less<>> made;
  for (const StepResult& step : result_.steps)
    for (const FileDigest& file : step.outputs) made.insert(file.path);
  std::set<std::string, std::less<>> seen;
  const auto is_unknown = [&](const std::string& path) {
    if (made.contains(path) || !seen.insert(path).second) return false;
    const auto bytes = tree_.files->read(path);
    return bytes && !options_.is_known(path, sha256(**bytes));
  };
  return std::ranges::any_of(result_.chain.commands, [&](const Command& command) {
    return is_unknown(command.script) || std::ranges::any_of(command.inputs, is_unknown);
  });
}

/// Where something is wrong, or sources are new, what the rooms find strange in the texts that led there.
void ChainCheck::warn_strictly(std::optional<std::size_t> bad) {
  if (options_.roads == Roads::seed) return;
  for (const StepResult& step : result_.steps) {
    if (!bad && step.verdict == Verdict::failed) bad = step.command;
  }
  if (!bad && result_.answers.ok == result_.answers.total && !has_unknown_sources()) return;
  const std::size_t last = bad.value_or(result_.chain.commands.size());
  std::vector<Finding> found = strict_warnings(tree_, arch_, board_, result_.chain, last);
  // Those of hex0 came one by one already.
  std::erase_if(result_.findings, [&](const Finding& one) {
    return is_of_room(one) && std::ranges::find(found, one.file, &Finding::file) != found.end();
  });
  std::ranges::move(found, std::back_inserter(result_.findings));
}

}  // namespace assay::bootstrap
