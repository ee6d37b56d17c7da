// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image_command.h"

#include <fmt/format.h>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bootstrap/commands.h"
#include "bootstrap/image/build_image.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/image/image_report.h"
#include "core/host_files.h"
#include "core/host_tree.h"
#include "core/paths.h"

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

Result<std::shared_ptr<const FileTree>> files_of(const std::string& path) {
  std::error_code ignored;
  // A directory is a tree here, whatever it holds.
  if (path != "-" && std::filesystem::is_directory(path, ignored))
    return std::make_shared<const HostTree>(path);
  Result<image::Image> opened = image::open_image(path);
  if (!opened) return tl::unexpected(opened.error());
  for (const Finding& finding : std::move(opened->findings).finish()) {
    if (finding.severity != Severity::note)
      fmt::print(stderr, "assay: {}: {} [{}]\n", name_of(finding.severity), image::printable(finding.message),
                 finding.id);
  }
  return opened->files;
}

struct Words {
  std::string first;
  std::string second;
  std::string kind = "builder-hex0";
};

int build(const Words& words) {
  const image::BuildKind kind = words.kind == "cpio"   ? image::BuildKind::cpio
                                : words.kind == "disk" ? image::BuildKind::disk
                                                       : image::BuildKind::builder_hex0;
  std::error_code ignored;
  if (!std::filesystem::is_directory(words.first, ignored))
    return cannot_run({"tree-not-found", fmt::format("'{}' is not a directory", words.first)});
  if (auto built = image::build_image(HostTree(words.first), kind, words.second); !built)
    return cannot_run(built.error());
  return kStatusPass;
}

int list(const Words& words) {
  const auto files = files_of(words.first);
  if (!files) return cannot_run(files.error());
  const auto entries = image::list_all(**files);
  if (!entries) return cannot_run(entries.error());
  for (const image::ListedEntry& entry : *entries) {
    const char kind = entry.info.kind == NodeKind::file        ? '-'
                      : entry.info.kind == NodeKind::directory ? 'd'
                                                               : 'l';
    const std::string target = kind == 'l' ? " -> " + image::printable(entry.target) : "";
    fmt::print("{}{:04o} {:>10} {}{}\n", kind, entry.info.mode, entry.info.size, image::printable(entry.path),
               target);
  }
  return kStatusPass;
}

int cat(const Words& words) {
  const auto files = files_of(words.first);
  if (!files) return cannot_run(files.error());
  const auto path = resolve_path(**files, "", words.second);
  if (!path) return cannot_run(path.error());
  const auto bytes = (*files)->read(*path);
  if (!bytes) return cannot_run(bytes.error());
  const bool written =
      (*bytes)->empty() || std::fwrite((*bytes)->data(), 1, (*bytes)->size(), stdout) == (*bytes)->size();
  return written && std::fflush(stdout) == 0 ? kStatusPass : cannot_run({"write-failed", "standard output"});
}

int extract(const Words& words) {
  const auto files = files_of(words.first);
  if (!files) return cannot_run(files.error());
  if (auto done = image::extract_all(**files, words.second); !done) return cannot_run(done.error());
  return kStatusPass;
}

int diff(const Words& words) {
  const auto first = files_of(words.first);
  if (!first) return cannot_run(first.error());
  const auto second = files_of(words.second);
  if (!second) return cannot_run(second.error());
  const auto lines = image::compare(**first, **second);
  if (!lines) return cannot_run(lines.error());
  for (const std::string& line : *lines) fmt::print("{}\n", image::printable(line));
  return lines->empty() ? kStatusPass : kStatusFail;
}

}  // namespace

void add_image_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand("image", "Writes, lists, compares and unpacks images");
  command.require_subcommand(1);
  const auto add = [&](const char* name, const char* what, const char* second, int (*action)(const Words&)) {
    auto words = std::make_shared<Words>();
    CLI::App& sub = *command.add_subcommand(name, what);
    sub.add_option(action == build ? "TREE" : "IMAGE", words->first)->required();
    if (second != nullptr) sub.add_option(second, words->second)->required();
    if (action == build)
      sub.add_option("--kind", words->kind, "What to write")
          ->check(CLI::IsMember({"builder-hex0", "cpio", "disk"}))
          ->capture_default_str();
    sub.callback([words, action, &status] { status = action(*words); });
  };
  add("build", "Writes the image of a tree; the same tree gives the same bytes everywhere", "-o,--output",
      build);
  add("ls", "Lists what is in an image", nullptr, list);
  add("cat", "Writes one file of an image to standard output", "PATH", cat);
  add("extract", "Unpacks an image into a directory that is new or empty", "DIRECTORY", extract);
  add("diff", "Compares the files of two images or directories; 1 if they differ", "OTHER", diff);
}

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
