// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image_command.h"

#include <fmt/format.h>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bootstrap/commands.h"
#include "bootstrap/image/image_report.h"
#include "core/host_files.h"

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
  const image::ImageReport report = image::examine(std::move(*opened), *sources);
  if (!settings.json.empty()) {
    const std::string text = image::report_json(report).dump(2) + "\n";
    if (settings.json == "-") {
      fmt::print("{}", text);
    } else if (auto written = write_host_file(settings.json, as_bytes(text)); !written) {
      return cannot_run(written.error());
    }
  }
  if (!settings.quiet && settings.json != "-") fmt::print("{}", image::report_text(report));
  return report.passed() ? kStatusPass : kStatusFail;
}

}  // namespace assay::bootstrap
