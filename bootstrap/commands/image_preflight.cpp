// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/image_preflight.h"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bootstrap/check/image_check.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/report/image_report.h"
#include "bootstrap/report/progress_lines.h"
#include "bootstrap/report/replay_report.h"
#include "command/host_files.h"

namespace assay::bootstrap {
namespace {

int cannot_run(const Error& error) {
  fmt::print(stderr, "assay: {} [{}]\n", error.message, error.id);
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

ReplayOptions options_of(const ImageSettings& settings, ProgressLines& lines) {
  ReplayOptions options;
  options.engine = settings.engine;
  options.reference = settings.road == "both";
  options.until_answers = settings.until == "answers";
  options.clock = settings.clock;
  if (settings.quiet) return options;
  options.on_progress = [&lines](const ReplayOptions::Progress& progress) {
    lines.count("replay", progress.phase, progress.done, progress.total,
                progress.phase == "load" ? "bytes" : "programs");
  };
  return options;
}

}  // namespace

bool is_image(const std::string& path) {
  std::error_code ignored;
  if (path == "-") return true;
  if (std::filesystem::is_directory(path, ignored)) return image::is_live_bootstrap(path);
  return std::filesystem::exists(path, ignored);
}

int preflight_image(const ImageSettings& settings) {
  const Result<image::StageSources> sources = read_sources(settings.sources);
  if (!sources) return cannot_run(sources.error());
  Result<image::Image> opened = image::open_image(settings.path);
  if (!opened) return cannot_run(opened.error());
  const std::optional<image::BuilderHex0Image> bootable = opened->builder_hex0;
  if (settings.level == "replay" && !bootable)
    return cannot_run({"replay-no-kernel", fmt::format("'{}' is a {}: only builder-hex0 images are replayed",
                                                       settings.path, name_of(opened->kind))});
  if (settings.road == "reference" && bootable && settings.level != "static")
    return cannot_run({"replay-road", "a replay is the seed road: --road seed or both, or --level static"});
  ProgressLines lines;
  image::ImageReport report = settings.level == "replay" ? image::ImageReport::of(std::move(*opened))
                                                         : image::examine(std::move(*opened), *sources);
  std::optional<Replay> boot;
  if (bootable && settings.level != "static" && (settings.level == "replay" || report.passed())) {
    Result<Replay> done = replay(*bootable, options_of(settings, lines));
    if (!settings.quiet) lines.finish();
    if (!done) return cannot_run(done.error());
    boot = std::move(*done);
  }
  if (!settings.json.empty()) {
    nlohmann::json document = image::report_json(report);
    if (boot) add_replay(document, *boot);
    const std::string text = document.dump(2) + "\n";
    if (settings.json == "-") {
      fmt::print("{}", text);
    } else if (auto written = write_host_file(settings.json, as_bytes(text)); !written) {
      return cannot_run(written.error());
    }
  }
  if (!settings.quiet && settings.json != "-") {
    fmt::print("{}", image::report_text(report));
    if (boot) fmt::print("\n{}", replay_text(*boot, ::isatty(STDOUT_FILENO) != 0));
    if (bootable && !boot && settings.level != "static")
      fmt::print("not replayed: mend the errors first, or give --level replay\n");
  }
  const bool passed = report.passed() && (!boot || boot->chain.verdict == ChainVerdict::pass);
  return passed ? kStatusPass : kStatusFail;
}

}  // namespace assay::bootstrap
