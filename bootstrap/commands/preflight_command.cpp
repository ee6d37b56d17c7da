// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "bootstrap/check/new_answers.h"
#include "bootstrap/check/self_test.h"
#include "bootstrap/check/submodules.h"
#include "bootstrap/commands/backend_options.h"
#include "bootstrap/commands/chosen_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/image_preflight.h"
#include "bootstrap/commands/open_cache.h"
#include "bootstrap/commands/own_options.h"
#include "bootstrap/commands/report_outputs.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/explain/source_places.h"
#include "bootstrap/report/own_report.h"
#include "bootstrap/report/progress_lines.h"
#include "bootstrap/report/report.h"
#include "bootstrap/roads/engine_choice.h"
#include "bootstrap/tree/embedded_tree.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/program.h"
#include "command/terminal.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string tree;
  std::string chain;
  std::vector<std::string> architectures;
  std::string road = "both";
  ReportPaths reports;
  std::string sources;

  /// Whether the text for people goes to standard output.
  [[nodiscard]] bool prints() const { return !quiet && !reports.use_standard_output(); }
  unsigned jobs = 0;  ///< 0: one a processor
  std::uint64_t instructions = 0;
  std::vector<std::string> accepted;
  std::vector<std::string> environment;
  std::string cache;
  bool no_cache = false;
  bool quiet = false;
  bool adverse = false;
  bool write_answers = false;
  bool self_test = false;
  std::string against;
  std::string level = "both";
  std::string until;
  BackendSettings backend;
  OwnSettings own;
};

/// A tree, and not the small one inside assay because a variable of a script was not set.
std::string tell_no_name(const std::string& path) {
  return path.empty() ? "the name of the tree is empty" : "";
}

std::string tell_no_variable(const std::string& text) {
  return is_variable(text) ? "" : fmt::format("{} is not NAME=VALUE", printable(text));
}

void show(ProgressLines& lines, const PreflightOptions::Progress& progress) {
  if (progress.phase == "roads") {
    lines.count(progress.architecture->name, progress.phase, progress.done, progress.total, "steps");
  } else {
    lines.phase(progress.architecture->name, progress.phase);
  }
}

/// What of the tree was not asked about, though its scripts are there.
void add_strange(const Tree& tree, Overall& overall) {
  for (const std::string& arch : tree.found.strange)
    overall.add(OverallVerdict::pass,
                fmt::format("kaem.{} was not checked: assay does not know this architecture", arch));
}

/// The states to compare with: the releases, or the one that the user names, and its files where it is a
/// tree.
struct Known {
  std::vector<KnownState> states;
  std::shared_ptr<const FileTree> files;
};

/// With programs of ours in it, it is compared with itself.
Result<Known> known_states(const Settings& settings, const PreflightOptions& options, const Tree& given,
                           const std::optional<OwnRun>& own) {
  if (own && settings.against.empty())
    return Known{{state_of(given.path, own->plain, *given.files)}, given.files};
  if (settings.against.empty())
    return Known{settings.tree.empty() ? std::vector<KnownState>{} : built_in_states(), nullptr};
  if (const Result<Tree> tree = open_tree(settings.against)) {
    PreflightOptions alone = options;
    alone.on_progress = {};
    std::erase_if(alone.architectures, [&](const Architecture* arch) {
      return std::find(tree->architectures.begin(), tree->architectures.end(), arch) ==
             tree->architectures.end();
    });
    std::vector<KnownState> states;
    if (!alone.architectures.empty())
      states.push_back(state_of(settings.against, check_chains(*tree, alone), *tree->files));
    return Known{std::move(states), tree->files};
  }
  const Result<Bytes> report = read_host_file(settings.against);
  if (!report) return tl::unexpected(report.error());
  Result<KnownState> state = state_of_report(settings.against, as_text(*report));
  if (!state) return tl::unexpected(state.error());
  return Known{{std::move(*state)}, nullptr};
}

/// Must not outlive the states.
auto known_files(const std::vector<KnownState>& states) {
  return [&states](const std::string& path, std::string_view sha256) {
    return is_known_file(states, path, sha256);
  };
}

/// Puts the new lists into the tree on the host, and says so.
Result<void> write_answers(const Settings& settings, const Tree& tree,
                           const std::vector<NewAnswers>& renewed) {
  for (const Architecture* arch : tree.architectures) {
    if (!arch->runs)
      return fail("answers-not-written",
                  fmt::format("one road alone derives {}: its list is for a real run to make", arch->name));
  }
  for (const NewAnswers& answers : renewed) {
    const Result<NodeInfo> old = tree.files->info(answers.path);
    const std::uint32_t mode = old && old->kind == NodeKind::file ? old->mode : 0644;
    const std::string path = fmt::format("{}/{}", settings.tree, answers.path);
    // Nothing outside of the tree is written, whatever stands there.
    if (auto written = write_host_file(path, as_bytes(answers.text), {.mode = mode, .replaces = true});
        !written)
      return written;
    if (settings.prints())
      assay::print("wrote {}: {} lines, {} of them changed\n", printable(path),
                   std::count(answers.text.begin(), answers.text.end(), '\n'), answers.changed);
  }
  if (renewed.empty() && settings.prints()) assay::print("nothing was written: the answers are right\n");
  return {};
}

/// The chains, computed here or elsewhere.
Result<std::vector<ChainResult>> compute(const Settings& settings, const Tree& tree,
                                         const PreflightOptions& options) {
  if (!settings.backend.is_nix()) return check_chains(tree, options);
  if (tree.kind != TreeKind::stage0_posix || options.roads != Roads::both || options.adverse ||
      !settings.accepted.empty())
    return fail(
        "backend-not-usable",
        "--backend nix is for stage0-posix trees in a directory, and without --road, --adverse and --accept");
  const std::string label = std::filesystem::path(tree.path).lexically_normal().filename();
  Result<std::vector<ChainRecord>> records =
      run_jobs(jobs_of(label, tree.path, options.architectures), settings.backend, settings.quiet);
  if (!records) return tl::unexpected(records.error());
  std::vector<ChainResult> results;
  for (ChainRecord& record : *records) results.push_back(std::move(record.result));
  // In the order of check_chains.
  std::stable_partition(results.begin(), results.end(), [&](const ChainResult& result) {
    return lacking_submodules(tree, *result.chain.architecture).has_value();
  });
  return results;
}

/// Plants faults in a chain that is as it should be; true if all were found.
bool plant_faults(const Settings& settings, const Tree& tree, const PreflightOptions& options,
                  const std::vector<ChainResult>& results) {
  bool all_found = true;
  for (const ChainResult& result : results) {
    for (const PlantedFault& fault : self_test(tree, options, result)) {
      all_found &= fault.is_found;
      const std::string_view verdict = fault.is_found        ? "found"
                                       : fault.place.empty() ? "not tried"
                                                             : "NOT FOUND";
      if (settings.prints())
        assay::print("{:<9} {:<9} {}{}{}: {}\n", result.chain.architecture->name, verdict, fault.kind,
                     fault.place.empty() ? "" : ", ", printable(fault.place), printable(fault.found));
    }
  }
  return all_found;
}

/// What the options for programs of ours do not go with.
std::optional<Error> own_not_usable(const Settings& settings) {
  if (!settings.own.any()) return std::nullopt;
  if (settings.tree.empty() || is_image(settings.tree) || settings.road != "both" || settings.write_answers ||
      settings.backend.is_nix())
    return Error{
        "own-not-usable",
        "--with-seeds and --with-tools are for a tree in a directory, and without --road, --backend and "
        "--write-answers"};
  return std::nullopt;
}

int run(const Settings& settings) {
  const Result<machine::EngineKind> engine = engine_choice();
  if (!engine) return cannot_run(engine.error());
  const double start = steady_seconds();
  PreflightOptions options;
  options.roads = settings.road == "seed"   ? Roads::seed
                  : settings.road == "both" ? Roads::both
                                            : Roads::reference;
  options.cross = settings.road == "cross";
  options.engine = *engine;
  options.jobs = settings.jobs == 0 ? processors() : settings.jobs;
  options.instructions = settings.instructions;
  options.accepted = settings.accepted;
  options.adverse = settings.adverse;
  options.clock = steady_seconds;
  std::optional<StepCache> cache = open_cache(settings.cache, settings.no_cache);
  options.cache = cache ? &*cache : nullptr;
  std::optional<ProgressLines> lines;
  if (!settings.quiet)
    options.on_progress = [&lines](const PreflightOptions::Progress& progress) { show(*lines, progress); };
  options.on_trouble = [] { end_program("assay", kStatusCannotRun); };
  if (settings.write_answers &&
      (settings.tree.empty() || is_image(settings.tree) || options.roads != Roads::both))
    return cannot_run(
        {"answers-not-written", "--write-answers is for a tree in a directory, and for both roads"});
  if (const std::optional<Error> error = own_not_usable(settings)) return cannot_run(*error);
  Result<ReportOutputs> outputs =
      ReportOutputs::open(settings.reports, {settings.tree, settings.sources, settings.against});
  if (!outputs) return cannot_run(outputs.error());
  options.keep_files = settings.reports.keep_files() || settings.self_test;
  if (settings.self_test && ((settings.chain.empty() && is_image(settings.tree)) ||
                             settings.backend.is_nix() || settings.own.any()))
    return cannot_run({"self-test-not-usable", "--self-test is for a tree in a directory, as it is"});
  if (!settings.environment.empty() &&
      (settings.backend.is_nix() || (settings.chain.empty() && is_image(settings.tree))))
    return cannot_run({"env-not-usable", "--env is for a tree in a directory, checked here"});
  if (!settings.chain.empty() && settings.tree.empty())
    return cannot_run({"chain-without-tree", "--chain is for a tree in a directory: name it"});
  if (settings.chain.empty() && is_image(settings.tree)) {
    if (settings.backend.is_nix())
      return cannot_run({"backend-not-usable", "--backend nix is for stage0-posix trees"});
    lines.emplace(1, steady_seconds);
    const std::vector<KnownState>& states = built_in_states();
    options.is_known = known_files(states);
    const int status =
        preflight_image({settings.tree, settings.sources, *outputs, settings.quiet, settings.level,
                         settings.until, settings.architectures, options, *lines, states});
    if (cache) cache->trim();
    return status;
  }
  if (names_step(settings.until))
    return cannot_run({"until-not-usable", "--until STEP is for trees of live-bootstrap and their images"});
  Result<Tree> given = settings.tree.empty() ? embedded_tree() : chosen_tree(settings.tree, settings.chain);
  if (!given) return nothing_checked(settings.tree, *outputs, given.error());
  given->environment = settings.environment;
  const Result<std::vector<const Architecture*>> chosen =
      chosen_architectures(*given, settings.architectures);
  if (!chosen) return cannot_run(chosen.error());
  options.architectures = *chosen;
  lines.emplace(options.architectures.size(), steady_seconds);
  const Result<std::optional<OwnRun>> own = prepare_own(settings.own, *given, options);
  if (!own) return cannot_run(own.error());
  if (*own) lines.emplace(options.architectures.size(), steady_seconds);
  const Tree* const tree = *own ? &(*own)->own.tree : &*given;
  const Result<Known> known = known_states(settings, options, *given, *own);
  if (!known) return cannot_run(known.error());
  options.is_known = known_files(known->states);
  Result<std::vector<ChainResult>> computed = compute(settings, *tree, options);
  if (!computed) return cannot_run(computed.error());
  std::vector<ChainResult>& results = *computed;
  Result<std::vector<NewAnswers>> renewed;
  if (settings.write_answers) renewed = renew_answers(*tree, options, results);
  if (cache) cache->trim();
  if (!settings.quiet) lines->finish();
  if (cache && !cache->trouble().empty())
    assay::print_error("assay: note: steps are not kept for the next run: {} [cache-unwritable]\n",
                       cache->trouble());
  if (const std::optional<Error> trouble = trouble_of_host(results)) return cannot_run(*trouble);
  if (const std::vector<Error> troubles = tree->files->troubles(); !troubles.empty())
    return cannot_run(troubles.front());
  name_sources(*tree, options.cache, results);
  Overall overall = overall_of(results);
  add_strange(*tree, overall);
  std::vector<OwnChain> own_chains;
  if (*own) {
    own_chains = compare_with_own_run(*given, (*own)->plain, (*own)->own, results);
    add_own(own_chains, overall);
  }
  std::optional<Comparison> comparison;
  if (!settings.quiet || settings.reports.any())
    comparison = compare_with_known(*tree, results, known->states, known->files.get());
  drop_known_warnings(results, comparison ? comparison->standing : Standing{});
  const Comparison* const compared = comparison ? &*comparison : nullptr;
  if (settings.reports.any()) {
    std::vector<ReportedChain> chains;
    for (const ChainResult& result : results) chains.push_back({&result, *tree});
    nlohmann::json report = report_json(*tree, results, overall, compared);
    if (*own) report["own"] = own_json((*own)->parts, (*own)->own, own_chains);
    if (auto written = outputs->write(report, chains, report_text(*tree, results, overall, false, compared),
                                      options.cache);
        !written)
      return cannot_run(written.error());
  }
  if (settings.prints())
    assay::print("{}{}{}{}", report_text(*tree, results, overall, shows_colour(STDOUT_FILENO), compared),
                 *own ? "\n" + own_text_report((*own)->parts, (*own)->own, own_chains) + "\n" : "",
                 time_text(steady_seconds() - start), next_step_text(*tree));
  if (settings.self_test) {
    if (overall.verdict == OverallVerdict::fail)
      return cannot_run(
          {"self-test-not-usable", "faults are planted in a tree that does not fail without them"});
    return plant_faults(settings, *tree, options, results) ? kStatusPass : kStatusFail;
  }
  if (!settings.write_answers) return overall.exit_status();
  if (!renewed) {
    assay::print_error("assay: {} [{}]\n", printable(renewed.error().message), renewed.error().id);
  } else if (const Result<void> written = write_answers(settings, *tree, *renewed); !written) {
    return cannot_run(written.error());
  }
  return overall.exit_status();
}

}  // namespace

void add_preflight_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command = *app.add_subcommand("preflight", "Checks a tree or image before anybody boots it");
  command
      .add_option(
          "TREE", settings->tree,
          "A stage0-posix or live-bootstrap tree, or an image ('-': standard input); the small tree inside "
          "assay if left out")
      ->check(tell_no_name);
  add_chain_option(command, settings->chain);
  command
      .add_option(
          "--sources", settings->sources,
          "Images: a live-bootstrap checkout; the boot sector and stage2 must come from its builder-hex0")
      ->type_name("DIR");
  command
      .add_option(
          "--level", settings->level,
          "Images and live-bootstrap: static checks, the replay (a builder-hex0 image is booted, trees are "
          "run as they lie there), or both: the replay if the checks find no error")
      ->check(CLI::IsMember({"static", "replay", "both"}))
      ->capture_default_str();
  command
      .add_option("--until", settings->until,
                  "How far to go: answers (trees of live-bootstrap, unless told otherwise), end (images), "
                  "or a step of steps/manifest, or STEP/FILE: until the step has made a file that is pinned")
      ->type_name("STEP");
  command.add_option("--arch", settings->architectures, "Check this architecture only; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option(
          "--road", settings->road,
          "Which road to run (one alone is no pass); cross: the reference road alone, C programs as the same "
          "sources for AMD64")
      ->check(CLI::IsMember({"seed", "reference", "both", "cross"}))
      ->capture_default_str();
  command.add_option("--accept", settings->accepted,
                     "Take responsibility for a binary in the tree with this SHA-256; may be repeated");
  command
      .add_option("--env", settings->environment,
                  "Give the first command this variable too; may be repeated (default: none, or those of "
                  "the chain's description)")
      ->type_name("NAME=VALUE")
      ->check(tell_no_variable)
      ->allow_extra_args(false);
  command
      .add_option("--against", settings->against,
                  "A good state: a tree, or a report as --json writes it (default: the nearest release)")
      ->type_name("TREE|REPORT");
  add_report_options(command, settings->reports);
  command
      .add_option("--jobs", settings->jobs,
                  "Threads, 1 to 256 (default: one a processor); the result does not depend on it")
      ->type_name("N")
      ->check(CLI::Range(1U, kMostJobs).description(""));
  command
      .add_option("--max-insns", settings->instructions,
                  "Instructions that a program, and all of a chain, may take (default: 10^12, which is "
                  "the least; behind the answers 10^14)")
      ->type_name("N")
      ->check(CLI::Range(machine::Limits{}.instructions, std::numeric_limits<std::uint64_t>::max())
                  .description(""));
  add_cache_options(command, settings->cache, settings->no_cache, "Run every step again");
  add_backend_options(command, settings->backend);
  add_own_options(command, settings->own);
  command.add_flag("--adverse", settings->adverse,
                   "Also try hand-written programs with all that kernels leave open in other ways");
  command.add_flag("--write-answers", settings->write_answers,
                   "Make the tree's lists of answers anew where all else is right");
  command.add_flag("--self-test", settings->self_test,
                   "Then plant a fault of each kind in a copy in memory: 0 only if all are found");
  command.add_flag("--quiet", settings->quiet, "Print nothing; the exit status tells");
  command.footer("Exit status: 0 pass, 1 the tree fails, 2 incomplete, nothing to check, or cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
