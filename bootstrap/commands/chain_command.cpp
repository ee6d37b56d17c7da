// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bootstrap/check/submodules.h"
#include "bootstrap/commands/chosen_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/open_cache.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/report/chain_export.h"
#include "bootstrap/report/dot.h"
#include "bootstrap/report/report.h"
#include "bootstrap/roads/engine_choice.h"
#include "bootstrap/tree/embedded_tree.h"
#include "command/print.h"
#include "command/program.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string tree;
  std::string chain;
  std::vector<std::string> architectures;
  std::string format = "text";
  std::string cache;
  bool no_cache = false;
  unsigned jobs = 0;
};

/// In a format that is for one chain.
std::string one_chain(const std::string& format, const ChainResult& result, const FileTree& tree) {
  if (format == "ninja") return ninja_of(result, tree);
  return format == "nix" ? nix_of(result, tree) : bazel_of(result, tree);
}

std::string shown(const Settings& settings, const Tree& tree, const std::vector<ChainResult>& results,
                  const Overall& overall) {
  if (settings.format == "dot") return dot_of(report_json(tree, results, overall));
  if (settings.format == "json") {
    nlohmann::json chains = nlohmann::json::array();
    for (const ChainResult& result : results) chains.push_back(chain_export_json(result, *tree.files));
    return chains.dump(1) + "\n";
  }
  if (settings.format != "text") return one_chain(settings.format, results.front(), *tree.files);
  std::string text;
  for (const ChainResult& result : results) {
    if (results.size() > 1) text += fmt::format("{}:\n", result.chain.architecture->name);
    text += chain_text(result, *tree.files);
  }
  return text;
}

int run(const Settings& settings) {
  const Result<machine::EngineKind> engine = engine_choice();
  if (!engine) return cannot_run(engine.error());
  const Result<Tree> tree =
      settings.tree.empty() ? embedded_tree() : chosen_tree(settings.tree, settings.chain);
  if (!tree) return cannot_run(tree.error());
  const Result<std::vector<const Architecture*>> chosen = chosen_architectures(*tree, settings.architectures);
  if (!chosen) return cannot_run(chosen.error());
  const bool is_for_one = settings.format != "text" && settings.format != "json" && settings.format != "dot";
  if (is_for_one && chosen->size() != 1)
    return cannot_run(
        {"chain-needs-architecture",
         fmt::format("--format {} is for one chain: name its architecture with --arch", settings.format)});
  PreflightOptions options;
  options.architectures = *chosen;
  options.engine = *engine;
  options.jobs = settings.jobs == 0 ? processors() : settings.jobs;
  options.on_trouble = [] { end_program("assay", kStatusCannotRun); };
  std::optional<StepCache> cache = open_cache(settings.cache, settings.no_cache);
  options.cache = cache ? &*cache : nullptr;
  const std::vector<ChainResult> results = check_chains(*tree, options);
  if (cache) cache->trim();
  if (const std::optional<Error> trouble = trouble_of_host(results)) return cannot_run(*trouble);
  const Overall overall = overall_of(results);
  assay::print("{}", shown(settings, *tree, results, overall));
  if (overall.verdict != OverallVerdict::fail) return kStatusPass;
  assay::print_error("assay: the chain goes wrong: 'assay preflight {}' says where [chain-fails]\n",
                     printable(settings.tree));
  return kStatusFail;
}

}  // namespace

void add_chain_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command =
      *app.add_subcommand("chain", "Prints the steps of a tree, as text or for those who build with them");
  command.add_option("TREE", settings->tree, "A tree; the small tree inside assay if left out");
  add_chain_option(command, settings->chain);
  command.add_option("--arch", settings->architectures, "This architecture only; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--format", settings->format, "Of what is printed")
      ->check(CLI::IsMember({"text", "json", "dot", "ninja", "nix", "bazel"}))
      ->capture_default_str();
  command.add_option("--jobs", settings->jobs, "Threads (default: one a processor)")
      ->type_name("N")
      ->check(CLI::Range(1U, kMostJobs).description(""));
  command
      .add_option("--cache", settings->cache,
                  "Where results of steps are kept between runs (default: ~/.cache/assay/steps)")
      ->type_name("DIR");
  command.add_flag("--no-cache", settings->no_cache, "Run everything, keep nothing");
  command.footer(
      "The steps are those that both roads went through, with the files that they read and made.\n"
      "Exit status: 0 printed, 1 the chain goes wrong, 2 cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
