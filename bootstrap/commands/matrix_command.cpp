// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay matrix LIST: many trees and architectures as one table.
#include <unistd.h>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "bootstrap/check/submodules.h"
#include "bootstrap/commands/backend_options.h"
#include "bootstrap/commands/chosen_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/open_cache.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/report/report.h"
#include "bootstrap/roads/engine_choice.h"
#include "bootstrap/scale/matrix.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/program.h"
#include "command/terminal.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string list;
  std::string chain;
  std::vector<std::string> architectures;
  std::string json;
  std::string page;
  std::string cache;
  bool no_cache = false;
  bool quiet = false;
  unsigned jobs = 0;
  BackendSettings backend;
};

/// A tree of the list, and what there is to do with it; nothing, or what has been found out.
struct Entry {
  ListedTree listed;
  Result<Tree> tree;
  std::vector<const Architecture*> architectures;
  std::vector<ChainResult> results = {};
};

/// An architecture that a tree does not hold is a cell without a verdict there.
Result<std::vector<Entry>> read_entries(const Settings& settings) {
  const Result<std::vector<ListedTree>> trees = listed_trees(settings.list);
  if (!trees) return tl::unexpected(trees.error());
  std::vector<Entry> entries;
  for (const ListedTree& listed : *trees) {
    // Builders elsewhere know layouts only.
    Entry entry{listed,
                settings.backend.is_nix() ? open_tree(listed.path) : chosen_tree(listed.path, settings.chain),
                {}};
    if (entry.tree) entry.architectures = entry.tree->architectures;
    if (!settings.architectures.empty())
      std::erase_if(entry.architectures, [&](const Architecture* arch) {
        return std::none_of(settings.architectures.begin(), settings.architectures.end(),
                            [&](const std::string& name) { return find_architecture(name) == arch; });
      });
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<void> run_here(const Settings& settings, std::vector<Entry>& entries) {
  const Result<machine::EngineKind> engine = engine_choice();
  if (!engine) return tl::unexpected(engine.error());
  std::optional<StepCache> cache = open_cache(settings.cache, settings.no_cache);
  PreflightOptions options;
  options.engine = *engine;
  options.jobs = settings.jobs == 0 ? processors() : settings.jobs;
  options.cache = cache ? &*cache : nullptr;
  options.on_trouble = [] { end_program("assay", kStatusCannotRun); };
  for (std::size_t index = 0; index < entries.size(); ++index) {
    Entry& entry = entries[index];
    if (entry.architectures.empty()) continue;
    if (!settings.quiet)
      assay::print_error("{} of {} trees: {}\n", index + 1, entries.size(), printable(entry.listed.label));
    options.architectures = entry.architectures;
    entry.results = check_chains(*entry.tree, options);
    if (const std::optional<Error> trouble = trouble_of_host(entry.results)) return tl::unexpected(*trouble);
    if (const std::vector<Error> troubles = entry.tree->files->troubles(); !troubles.empty())
      return tl::unexpected(troubles.front());
  }
  if (cache) cache->trim();
  return {};
}

Result<void> run_elsewhere(const Settings& settings, std::vector<Entry>& entries) {
  std::vector<Job> jobs;
  for (const Entry& entry : entries) {
    for (Job& job : jobs_of(entry.listed.label, entry.listed.path, entry.architectures))
      jobs.push_back(std::move(job));
  }
  Result<std::vector<ChainRecord>> records = run_jobs(jobs, settings.backend, settings.quiet);
  if (!records) return tl::unexpected(records.error());
  auto next = records->begin();
  for (Entry& entry : entries) {
    for (std::size_t index = 0; index < entry.architectures.size(); ++index)
      entry.results.push_back(std::move((next++)->result));
  }
  return {};
}

MatrixRow row_of(const Entry& entry) {
  const ListedTree& listed = entry.listed;
  if (!entry.tree) return matrix_row(listed.label, listed.path, entry.tree.error());
  if (entry.results.empty())
    return matrix_row(listed.label, listed.path,
                      Error{"architecture-not-in-tree", "it holds none of the architectures"});
  const std::optional<Comparison> known =
      compare_with_known(*entry.tree, entry.results, built_in_states(), nullptr);
  return matrix_row(listed.label, listed.path, entry.results, known ? &*known : nullptr);
}

int run(const Settings& settings) {
  const double start = steady_seconds();
  for (const std::string& name : settings.architectures) {
    if (find_architecture(name) == nullptr) return cannot_run(unknown_architecture(name));
  }
  if (settings.backend.is_nix() && !settings.chain.empty())
    return cannot_run({"usage", "--chain is for chains that are run here: leave --backend out"});
  Result<std::vector<Entry>> entries = read_entries(settings);
  if (!entries) return cannot_run(entries.error());
  const Result<void> ran =
      settings.backend.is_nix() ? run_elsewhere(settings, *entries) : run_here(settings, *entries);
  if (!ran) return cannot_run(ran.error());
  std::vector<MatrixRow> rows;
  for (const Entry& entry : *entries) rows.push_back(row_of(entry));
  const Overall overall = overall_of(rows);
  if (!settings.json.empty()) {
    if (auto written = write_report_text(settings.json, matrix_json(rows, overall).dump(2) + "\n"); !written)
      return cannot_run(written.error());
  }
  if (!settings.page.empty()) {
    if (auto written = write_report_text(settings.page, matrix_page(rows, overall)); !written)
      return cannot_run(written.error());
  }
  if (!settings.quiet && settings.json != "-" && settings.page != "-")
    assay::print("{}{}", matrix_text(rows, overall, shows_colour(STDOUT_FILENO)),
                 time_text(steady_seconds() - start));
  return overall.exit_status();
}

}  // namespace

void add_matrix_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command = *app.add_subcommand("matrix", "Checks many trees, commits say, and shows one table");
  command
      .add_option("LIST", settings->list,
                  "A file that lists trees: PATH or LABEL PATH a line ('-': standard input)")
      ->required();
  add_chain_option(command, settings->chain);
  command.add_option("--arch", settings->architectures, "This architecture only; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--json", settings->json, "Write the table as JSON to FILE ('-': standard output)")
      ->type_name("FILE");
  command.add_option("--page", settings->page, "Write it as a page to FILE ('-': standard output)")
      ->type_name("FILE");
  command.add_option("--jobs", settings->jobs, "Threads, 1 to 256 (default: one a processor)")
      ->type_name("N")
      ->check(CLI::Range(1U, kMostJobs).description(""));
  add_cache_options(command, settings->cache, settings->no_cache, "Run every step again");
  add_backend_options(command, settings->backend);
  command.add_flag("--quiet", settings->quiet, "Print nothing; the exit status tells");
  command.footer("Exit status: 0 all pass, 1 a tree fails, 2 incomplete, nothing to check, or cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
