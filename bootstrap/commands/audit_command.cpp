// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay audit: what in a tree is not source.
#include <fmt/format.h>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "audit/scan.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/image/archive_image.h"
#include "bootstrap/image/open_image.h"
#include "bootstrap/report/audit_report.h"
#include "command/host_files.h"
#include "command/print.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string path;
  std::string json;
  int tier = 2;
  double least = 0.6;
};

int cannot_run(const Error& error) {
  assay::print_error("assay: {} [{}]\n", printable(error.message), error.id);
  return kStatusCannotRun;
}

Result<std::shared_ptr<const FileTree>> files_of(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return std::make_shared<const HostTree>(path, kMostHostBytes);
  Result<image::Image> opened = image::open_image(path);
  if (!opened) return tl::unexpected(opened.error());
  return opened->files;
}

/// An archive inside of the tree.
std::shared_ptr<const FileTree> open_inner(const std::shared_ptr<const Bytes>& bytes) {
  image::Findings findings;
  auto opened = image::open_archive(image::memory_medium(*bytes), findings);
  return opened ? *opened : nullptr;
}

int run(const Settings& settings) {
  const auto files = files_of(settings.path);
  if (!files) return cannot_run(files.error());
  const audit::ScanOptions options{.least_confidence = settings.least,
                                   .threads = std::thread::hardware_concurrency(),
                                   .open_archive = open_inner};
  const Result<audit::Scan> scan = audit::scan(**files, options);
  if (!scan) return cannot_run(scan.error());
  if (settings.json != "-") assay::print("{}", audit::report_text(*scan, settings.tier));
  if (!settings.json.empty()) {
    const std::string text = audit::report_json(*scan).dump(1) + "\n";
    if (settings.json == "-") {
      assay::print("{}", text);
    } else if (auto written = write_host_file(settings.json, as_bytes(text)); !written) {
      return cannot_run(written.error());
    }
  }
  return kStatusPass;
}

}  // namespace

void add_audit_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command = *app.add_subcommand("audit", "Says what in a tree or archive is not source");
  command.add_option("path", settings->path, "A directory, an archive or an image")
      ->required()
      ->type_name("PATH");
  command.add_option("--json", settings->json, "Write the report as JSON to FILE ('-': standard output)")
      ->type_name("FILE");
  command.add_option("--tier", settings->tier, "List files of tiers 1 to N")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--min-confidence", settings->least, "Take weaker evidence for none")
      ->type_name("X")
      ->capture_default_str();
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
