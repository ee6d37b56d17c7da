// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/image_preflight.h"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "bootstrap/check/submodules.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/explain/source_places.h"
#include "bootstrap/finding/finding_json.h"
#include "bootstrap/live_bootstrap/chain_end.h"
#include "bootstrap/live_bootstrap/distfiles.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/report/cause_text.h"
#include "bootstrap/report/image_report.h"
#include "bootstrap/report/replay_report.h"
#include "bootstrap/report/report.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/terminal.h"

namespace assay::bootstrap {
namespace {

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
  options.until_answers = settings.until == image::kAnswersWord;
  options.clock = settings.roads.clock;
  if (settings.roads.instructions != 0) options.instructions = settings.roads.instructions;
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
    if (arch == nullptr) return tl::unexpected<Error>(unknown_architecture(name));
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

/// A distfile with another digest than its sources file lists is taken as if it were listed: the pins of what
/// is made of it decide. As it lies there the tree stops at it all the same, unless the user answers for it.
void tell_other_distfiles(const std::vector<image::OtherDistfile>& others, const PreflightOptions& options,
                          ChainResult& chain, image::ImageReport& report) {
  for (const image::OtherDistfile& other : others) {
    const bool accepted =
        std::find(options.accepted.begin(), options.accepted.end(), other.digest) != options.accepted.end();
    const std::string folder = "steps/" + other.wanted.step + "/";
    std::size_t pins = 0;
    std::size_t right = 0;
    for (const Pin& pin : chain.pins.rows) {
      if (!pin.list.starts_with(folder)) continue;
      ++pins;
      right += pin.verdict == PinVerdict::ok ? 1 : 0;
    }
    const bool proved = pins != 0 && right == pins;
    std::erase_if(report.findings, [&](const Finding& finding) {
      return finding.id == "lb-distfile-digest" && finding.file.ends_with(other.path);
    });
    chain.findings.push_back(
        {accepted ? "distfile-accepted" : "distfile-differs", accepted ? Severity::warning : Severity::error,
         other.path, 0, 0,
         fmt::format("sha256 {}, but {}:{} lists {}: {}; {}", other.digest, other.wanted.sources,
                     other.wanted.line, other.wanted.digest,
                     other.same_content ? "it holds what upstream's archive does, packed anew"
                                        : "whether it holds the same is not known",
                     proved ? "all pins of its step are right"
                            : fmt::format("{} of {} pins of its step are right", right, pins)),
         accepted ? ""
                  : "as it lies there the tree stops at its own check: get upstream's file, or answer "
                    "for this one with --accept SHA256"});
    if (!accepted) chain.verdict = ChainVerdict::fail;
    if (accepted && !proved && !other.same_content && chain.verdict == ChainVerdict::pass)
      chain.verdict = ChainVerdict::incomplete;
  }
}

/// What is said of steps behind the last one, and of distfiles that only they want, is left out.
void drop_later_steps(const Tree& tree, const image::LastStep& last, image::ImageReport& report) {
  std::map<std::string, std::uint64_t, std::less<>> line_of;  // of the manifest, by a path's first parts
  const image::Manifest manifest = image::manifest_of(*tree.files);
  for (const image::Directive& directive : manifest.directives)
    line_of.try_emplace(fmt::format("steps/{}/", directive.argument), directive.line);
  for (const image::Distfile& file : image::wanted_distfiles(*tree.files))
    line_of.try_emplace(fmt::format("external/distfiles/{}", file.name), file.manifest);
  const auto is_later = [&](const Finding& finding) {
    const std::string_view file = finding.file;
    const auto in_step = line_of.find(file.substr(0, file.find('/', std::string_view("steps/").size()) + 1));
    const auto found = in_step != line_of.end() ? in_step : line_of.find(file);
    return found != line_of.end() && found->second > last.line;
  };
  const std::size_t dropped = std::erase_if(report.findings, is_later);
  if (dropped == 0) return;
  report.findings.push_back(
      {"later-steps-left-out", Severity::note, "", 0, 0,
       fmt::format("{} findings about steps behind '{}' are left out", dropped, last.end.word), ""});
}

/// Where a tree's chain is to end past the answers; nothing: with its scripts.
Result<std::optional<image::LastStep>> last_step(const ImageSettings& settings, const Tree& tree) {
  if (!names_step(settings.until)) return std::nullopt;
  Result<image::LastStep> last = image::find_last_step(*tree.files, settings.until);
  if (!last) return tl::unexpected(last.error());
  return std::optional(*std::move(last));
}

/// Whether each tree has the step that the user wants to go to; what else is said of distfiles is for that
/// part. Errors: those of image::find_last_step, "until-not-usable".
Result<void> look_for_last_step(const ImageSettings& settings, image::ImageReport& report) {
  const bool goes_on = !settings.until.empty() && settings.until != image::kAnswersWord &&
                       report.kind != image::ImageKind::builder_hex0;
  if (goes_on && settings.roads.roads == Roads::seed)
    return fail("until-not-usable",
                "the reference road knows what comes behind the answers: --road both, or reference");
  if (!names_step(settings.until)) return {};
  if (report.kind == image::ImageKind::builder_hex0)
    return fail("until-not-usable", "a builder-hex0 image is replayed until 'answers' or 'end'");
  bool found = false;
  for (const PackedTree& packed : report.trees) {
    if (!is_live_bootstrap(packed.found.family)) continue;
    for (const Architecture* arch : packed.tree.architectures) {
      const Tree tree = past_answers(packed, *arch);
      const auto last = last_step(settings, tree);
      if (!last) return tl::unexpected(last.error());
      drop_later_steps(tree, **last, report);
      found = true;
    }
  }
  if (found) return {};
  return fail("until-not-usable", fmt::format("'{}' holds no tree of live-bootstrap", report.path));
}

/// The chains that go on behind the answers: each architecture has a tree of its own.
void run_past_answers(const ImageSettings& settings, std::size_t index, image::ImageRun& run) {
  const PackedTree& packed = run.report.trees[index];
  for (const Architecture* arch : packed.tree.architectures) {
    Tree tree = past_answers(packed, *arch);
    const auto last = *last_step(settings, tree);
    PreflightOptions options = settings.roads;
    if (last) options.until = last->end;
    if (options.instructions == 0) options.instructions = kMostPastAnswers;
    const std::vector<image::OtherDistfile> others =
        image::other_distfiles(*tree.files, last ? last->line : std::numeric_limits<std::uint64_t>::max());
    tree.files = std::make_shared<const ReplacedFiles>(tree.files, image::sources_for(*tree.files, others));
    for (ChainResult& chain : check_chains(tree, options)) {
      tell_other_distfiles(others, options, chain, run.report);
      run.chains.push_back(std::move(chain));
      run.tree_of.push_back(index);
      run.ran.push_back(tree);
    }
  }
}

bool goes_past_answers(const ImageSettings& settings, const PackedTree& packed) {
  return !settings.until.empty() && settings.until != image::kAnswersWord &&
         is_live_bootstrap(packed.found.family);
}

/// The chains of the trees, by the roads.
void run_trees(const ImageSettings& settings, image::ImageRun& run) {
  for (std::size_t index = 0; index < run.report.trees.size(); ++index) {
    const Tree& tree = run.report.trees[index].tree;
    if (tree.architectures.empty()) continue;
    if (goes_past_answers(settings, run.report.trees[index])) {
      run_past_answers(settings, index, run);
      continue;
    }
    for (ChainResult& chain : check_chains(tree, settings.roads)) {
      run.chains.push_back(std::move(chain));
      run.tree_of.push_back(index);
      run.ran.push_back(tree);
    }
  }
  // What the scripts say is said by the chains now, with what running them has shown.
  if (!run.chains.empty())
    std::erase_if(run.report.findings, [](const Finding& finding) {
      return finding.id.starts_with("chain-") || finding.id.starts_with("kaem-");
    });
}

/// What is said of files that a chain makes is said of the tree's.
void name_sources_of(image::ImageRun& run, StepCache* cache) {
  for (std::size_t index = 0; index < run.chains.size(); ++index)
    name_sources(run.ran[index], cache, std::span(&run.chains[index], 1));
}

std::string text_of(const image::ImageRun& run, const Overall& overall, bool colour) {
  const std::string static_checks = image::report_text(run.report);
  std::string ran;
  if (!run.chains.empty()) ran += chains_text(run.chains, colour, run.known ? &*run.known : nullptr) + "\n";
  if (run.replay) ran += replay_text(*run.replay, colour) + "\n";
  // What only running it has shown is no finding of the static checks.
  const bool by_running = overall.verdict == OverallVerdict::fail && run.report.count(Severity::error) == 0;
  const std::string counts = by_running ? "" : image::counts_text(run.report);
  // What is wrong stands first.
  const bool passed = run.report.count(Severity::error) != 0 ||
                      std::ranges::none_of(run.chains, [](const ChainResult& chain) {
                        return chain.verdict == ChainVerdict::fail;
                      });
  return (run.known ? standing_text(run.known->standing) : "") +
         (passed ? static_checks + ran : ran + static_checks) +
         overall_text(overall, run.report.path, name_of(run.report.kind), counts, colour);
}

Result<void> write_reports(const ImageSettings& settings, const image::ImageRun& run,
                           const Overall& overall) {
  std::vector<ReportedChain> chains;
  for (std::size_t index = 0; index < run.chains.size(); ++index)
    chains.push_back({&run.chains[index], run.ran[index]});
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

bool names_step(const std::string& until) {
  return !until.empty() && until != image::kAnswersWord && until != "end";
}

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
  if (auto wanted = look_for_last_step(settings, run.report); !wanted) return cannot_run(wanted.error());
  // What is said of a chain before anything ran does not know all that its steps make: the run says it
  // better.
  const auto is_of_chain = [&](const Finding& finding) {
    return !bootable && finding.id.starts_with("chain-");
  };
  // What is wrong with a distfile that is another archive, the chain shows.
  const bool passed =
      std::all_of(run.report.findings.begin(), run.report.findings.end(), [&](const Finding& finding) {
        return finding.severity != Severity::error || is_of_chain(finding) ||
               (names_step(settings.until) && finding.id == "lb-distfile-digest");
      });
  const bool go_on = settings.level == "replay" || (settings.level == "both" && passed);
  if (go_on && bootable) {
    Result<Replay> done = replay(*bootable, options_of(settings));
    if (!done) return cannot_run(done.error());
    run.replay = std::move(*done);
  } else if (go_on) {
    run_trees(settings, run);
    name_sources_of(run, settings.roads.cache);
    image::compare_with_known(run, settings.states);
    std::erase_if(run.report.findings, is_of_chain);
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
