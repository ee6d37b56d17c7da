// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay plan TREE|LIST: the parts that other machines can do. assay record TREE: does one of them.
#include <filesystem>
#include <memory>

#include "bootstrap/check/submodules.h"
#include "bootstrap/commands/backend_options.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/roads/engine_choice.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/program.h"

namespace assay::bootstrap {
namespace {

struct Plan {
  std::string tree;
  std::string format = "nix";
  std::vector<std::string> architectures;
  std::string program;
};

struct Record {
  std::string tree;
  std::string architecture;
  std::string output;
  unsigned jobs = 0;
};

Result<std::string> plan_text(const Plan& plan) {
  const Result<std::vector<ListedTree>> trees = listed_trees(plan.tree);
  if (!trees) return tl::unexpected(trees.error());
  std::vector<Job> jobs;
  for (const ListedTree& one : *trees) {
    const Result<Tree> tree = open_tree(one.path);
    if (!tree) return tl::unexpected(tree.error());
    const Result<std::vector<const Architecture*>> chosen = chosen_architectures(*tree, plan.architectures);
    if (!chosen) return tl::unexpected(chosen.error());
    for (Job& job : jobs_of(one.label, one.path, *chosen)) jobs.push_back(std::move(job));
  }
  const Result<std::string> program = builders_program(plan.program);
  if (!program) return tl::unexpected(program.error());
  return nix_expression(jobs, *program);
}

int print_plan(const Plan& plan) {
  const Result<std::string> text = plan_text(plan);
  if (!text) return cannot_run(text.error());
  assay::print("{}", *text);
  return kStatusPass;
}

int record(const Record& settings) {
  const Result<machine::EngineKind> engine = engine_choice();
  if (!engine) return cannot_run(engine.error());
  Result<Tree> tree = open_tree(settings.tree);
  if (!tree) return cannot_run(tree.error());
  const Result<std::vector<const Architecture*>> chosen =
      chosen_architectures(*tree, {settings.architecture});
  if (!chosen) return cannot_run(chosen.error());
  tree->path = kRecordedTree;
  PreflightOptions options;
  options.architectures = *chosen;
  options.engine = *engine;
  options.jobs = settings.jobs == 0 ? processors() : settings.jobs;
  options.on_trouble = [] { end_program("assay", kStatusCannotRun); };
  std::vector<ChainResult> results = check_chains(*tree, options);
  if (const std::optional<Error> trouble = trouble_of_host(results)) return cannot_run(*trouble);
  if (const std::vector<Error> troubles = tree->files->troubles(); !troubles.empty())
    return cannot_run(troubles.front());
  TreeDigests digests(*tree->files);
  ChainRecord made{std::move(results.front()), {}};
  made.sources = sources_of(made.result, digests);
  if (auto written = write_host_file(settings.output, write_record(made)); !written)
    return cannot_run(written.error());
  return kStatusPass;
}

}  // namespace

void add_plan_command(CLI::App& app, int& status) {
  auto plan = std::make_shared<Plan>();
  CLI::App& command = *app.add_subcommand("plan", "Writes what other machines can compute, for Nix");
  command.add_option("TREE", plan->tree, "A tree, or a file that lists trees: PATH or LABEL PATH a line")
      ->required();
  command.add_option("--format", plan->format, "Of what is written: an expression for nix-build")
      ->check(CLI::IsMember({"nix"}))
      ->capture_default_str();
  command.add_option("--arch", plan->architectures, "This architecture only; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  add_program_option(command, plan->program);
  command.callback([plan, &status] { status = print_plan(*plan); });
}

void add_record_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Record>();
  CLI::App& command = *app.add_subcommand("record", "Computes one part of a plan");
  command.add_option("TREE", settings->tree, "A tree")->required();
  command.add_option("--arch", settings->architecture, "The architecture")->type_name("NAME")->required();
  command
      .add_option("--output", settings->output,
                  "Where everything that was found out is written, whatever the verdict is")
      ->type_name("FILE")
      ->required();
  command.add_option("--jobs", settings->jobs, "Threads (default: NIX_BUILD_CORES, else one a processor)")
      ->type_name("N")
      ->envname("NIX_BUILD_CORES")
      ->check(CLI::Range(0U, kMostJobs).description(""));
  command.footer("Exit status: 0 if it was computed, 2 if not.");
  command.callback([settings, &status] { status = record(*settings); });
}

}  // namespace assay::bootstrap
