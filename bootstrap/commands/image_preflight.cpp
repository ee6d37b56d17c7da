// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/image_preflight.h"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bootstrap/check/submodules.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/finding/finding_json.h"
#include "bootstrap/report/image_report.h"
#include "bootstrap/report/replay_report.h"
#include "bootstrap/report/report.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/terminal.h"

namespace assay::bootstrap {
namespace {

int cannot_run(const Error& error) {
  assay::print_error("assay: {} [{}]\n", printable(error.message), error.id);
  return kStatusCannotRun;
}

Result<image::StageSources> read_sources(const std::string& directory) {
  image::StageSources sources;
  if (directory.empty()) return sources;
  const std::filesystem::path folder = std::filesystem::path(directory) / "builder-hex0";
  Result<Bytes> stage1 = read_host_file(folder / "builder-hex0-x86-stage1.hex0");
  if (!stage1) return tl::unexpected(stage1.error());
  Result<Bytes> stage2 = read_host_file(folder / "builder-hex0-x86-stage2.hex0");
  if (!stage2) return tl::unexpected(stage2.error());
  return image::StageSources{std::move(*stage1), std::move(*stage2)};
}

ReplayOptions options_of(const ImageSettings& settings) {
  ReplayOptions options;
  options.engine = settings.roads.engine;
  options.reference = settings.roads.roads == Roads::both;
  options.keep_files = settings.roads.keep_files;
  options.until_answers = settings.until == "answers";
  options.clock = settings.roads.clock;
  if (settings.quiet) return options;
  options.on_progress = [&lines = settings.lines](const ReplayOptions::Progress& progress) {
    lines.count("replay", progress.phase, progress.done, progress.total,
                progress.phase == "load" ? "bytes" : "programs");
  };
  return options;
}

Result<std::vector<const Architecture*>> wanted(const std::vector<std::string>& names) {
  std::vector<const Architecture*> chosen;
  for (const std::string& name : names) {
    const Architecture* arch = find_architecture(name);
    if (arch == nullptr) return fail("unknown-architecture", fmt::format("unknown architecture '{}'", name));
    chosen.push_back(arch);
  }
  return chosen;
}

/// Drops the architectures that nobody asked for. Errors: "architecture-not-in-tree".
Result<void> choose(const std::vector<const Architecture*>& chosen, image::ImageReport& report) {
  if (chosen.empty()) return {};
  for (const Architecture* arch : chosen) {
    const bool there = std::any_of(report.trees.begin(), report.trees.end(), [&](const PackedTree& tree) {
      const auto& has = tree.tree.architectures;
      return std::find(has.begin(), has.end(), arch) != has.end();
    });
    if (!there)
      return fail("architecture-not-in-tree",
                  fmt::format("'{}' holds no boot script and seeds for {}", report.path, arch->name));
  }
  for (PackedTree& tree : report.trees) {
    std::erase_if(tree.tree.architectures, [&](const Architecture* arch) {
      return std::find(chosen.begin(), chosen.end(), arch) == chosen.end();
    });
  }
  return {};
}

/// The chains of the trees, by the roads.
void run_trees(const ImageSettings& settings, image::ImageRun& run) {
  for (std::size_t index = 0; index < run.report.trees.size(); ++index) {
    const Tree& tree = run.report.trees[index].tree;
    if (tree.architectures.empty()) continue;
    for (ChainResult& chain : check_chains(tree, settings.roads)) {
      run.chains.push_back(std::move(chain));
      run.tree_of.push_back(index);
    }
  }
  // What the scripts say is said by the chains now, with what running them has shown.
  if (!run.chains.empty())
    std::erase_if(run.report.findings, [](const Finding& finding) {
      return finding.id.starts_with("chain-") || finding.id.starts_with("kaem-");
    });
}

std::string text_of(const image::ImageRun& run, const Overall& overall, bool colour) {
  std::string text = image::report_text(run.report);
  if (!run.chains.empty()) text += chains_text(run.chains, colour) + "\n";
  if (run.replay) text += replay_text(*run.replay, colour) + "\n";
  return text + overall_text(overall, run.report.path, name_of(run.report.kind),
                             image::counts_text(run.report), colour);
}

Result<void> write_reports(const ImageSettings& settings, const image::ImageRun& run,
                           const Overall& overall) {
  std::vector<ReportedChain> chains;
  for (std::size_t index = 0; index < run.chains.size(); ++index)
    chains.push_back({&run.chains[index], run.report.trees[run.tree_of[index]].tree});
  if (run.replay) {
    const ChainResult& chain = run.replay->chain;
    chains.push_back({&chain,
                      {.path = run.report.path,
                       .files = run.replay->sources,
                       .architectures = {chain.chain.architecture}}});
  }
  nlohmann::json report = report_json(run, overall);
  return settings.outputs.write(report, chains, text_of(run, overall, false), settings.roads.cache);
}

}  // namespace

bool is_image(const std::string& path) {
  std::error_code ignored;
  if (path == "-") return true;
  if (std::filesystem::is_directory(path, ignored)) return image::is_live_bootstrap(path);
  return std::filesystem::exists(path, ignored);
}

int nothing_checked(const std::string& path, ReportOutputs& outputs, const Error& error) {
  assay::print_error("assay: {} [{}]\n", printable(error.message), error.id);
  if (!outputs.paths().any()) return kStatusCannotRun;
  Overall overall;
  overall.add(OverallVerdict::nothing_checked, fmt::format("{} [{}]", error.message, error.id));
  nlohmann::json report = empty_report(path, "unknown");
  add_overall(report, overall);
  const std::string text = overall_text(overall, path, "unknown", "", false);
  if (auto written = outputs.write(report, {}, text, nullptr); !written) return cannot_run(written.error());
  return kStatusCannotRun;
}

int preflight_image(const ImageSettings& settings) {
  const Result<image::StageSources> sources = read_sources(settings.sources);
  if (!sources) return cannot_run(sources.error());
  const Result<std::vector<const Architecture*>> chosen = wanted(settings.architectures);
  if (!chosen) return cannot_run(chosen.error());
  Result<image::Image> opened = image::open_image(settings.path);
  if (!opened) return nothing_checked(settings.path, settings.outputs, opened.error());
  const std::shared_ptr<const FileTree> files = opened->files;
  const std::optional<image::BuilderHex0Image> bootable = opened->builder_hex0;
  if (settings.roads.roads == Roads::reference && bootable && settings.level != "static")
    return cannot_run({"replay-road", "a replay is the seed road: --road seed or both, or --level static"});
  const double start = settings.roads.clock();
  image::ImageRun run;
  run.looked_at = settings.level != "replay";
  run.report = run.looked_at ? image::examine(std::move(*opened), *sources)
                             : image::ImageReport::of(std::move(*opened));
  if (!bootable) {
    if (auto known = choose(*chosen, run.report); !known) return cannot_run(known.error());
  }
  const bool go_on = settings.level == "replay" || (settings.level == "both" && run.report.passed());
  if (go_on && bootable) {
    Result<Replay> done = replay(*bootable, options_of(settings));
    if (!done) return cannot_run(done.error());
    run.replay = std::move(*done);
  } else if (go_on) {
    run_trees(settings, run);
  }
  if (!settings.quiet) settings.lines.finish();
  if (const std::vector<Error> troubles = files->troubles(); !troubles.empty())
    return cannot_run(troubles.front());
  const Overall overall = overall_of(run);
  if (settings.outputs.paths().any()) {
    if (auto written = write_reports(settings, run, overall); !written) return cannot_run(written.error());
  }
  if (!settings.quiet && !settings.outputs.paths().use_standard_output()) {
    assay::print("{}", text_of(run, overall, shows_colour(STDOUT_FILENO)));
    if (!go_on && settings.level == "both")
      assay::print("Nothing of it was run: mend the errors first, or give --level replay.\n");
    assay::print("{}", time_text(settings.roads.clock() - start));
  }
  return overall.exit_status();
}

}  // namespace assay::bootstrap
