// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <filesystem>

#include "bootstrap/commands/commands.h"
#include "bootstrap/image/build_image.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/report/image_report.h"
#include "command/print.h"
#include "core/host_read.h"
#include "core/host_tree.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

struct Opened {
  std::shared_ptr<const FileTree> files;
  /// It could be read to its end.
  bool whole = true;
};

Result<Opened> files_of(const std::string& path) {
  std::error_code ignored;
  // A directory is a tree here, whatever it holds.
  if (path != "-" && std::filesystem::is_directory(path, ignored))
    return Opened{std::make_shared<const HostTree>(path, kMostHostBytes)};
  Result<image::Image> opened = image::open_image(path);
  if (!opened) return tl::unexpected(opened.error());
  Opened result{opened->files};
  for (const Finding& finding : std::move(opened->findings).finish()) {
    if (finding.id == "image-unreadable" || finding.id == "image-limit" || finding.id == "image-filesystem")
      result.whole = false;
    if (finding.severity != Severity::note)
      assay::print_error("assay: {}: {} [{}]\n", name_of(finding.severity), printable(finding.message),
                         finding.id);
  }
  return result;
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
  HostTree tree(words.first, kMostHostBytes);
  const std::filesystem::path above =
      std::filesystem::absolute(words.second, ignored)
          .parent_path()
          .lexically_relative(std::filesystem::absolute(words.first, ignored).lexically_normal());
  tree.expect_writes(above == "." ? "" : above.string());
  if (auto built = image::build_image(tree, kind, words.second); !built) return cannot_run(built.error());
  if (const std::vector<Error> troubles = tree.troubles(); !troubles.empty())
    return cannot_run(troubles.front());
  return kStatusPass;
}

int list(const Words& words) {
  const auto files = files_of(words.first);
  if (!files) return cannot_run(files.error());
  const auto entries = image::list_all(*files->files);
  if (!entries) return cannot_run(entries.error());
  for (const image::ListedEntry& entry : *entries) {
    const char kind = entry.info.kind == NodeKind::file        ? '-'
                      : entry.info.kind == NodeKind::directory ? 'd'
                                                               : 'l';
    const std::string target = kind == 'l' ? " -> " + printable(entry.target) : "";
    assay::print("{}{:04o} {:>10} {}{}\n", kind, entry.info.mode, entry.info.size, printable(entry.path),
                 target);
  }
  return files->whole ? kStatusPass : kStatusFail;
}

int cat(const Words& words) {
  const auto files = files_of(words.first);
  if (!files) return cannot_run(files.error());
  const auto path = resolve_path(*files->files, "", words.second);
  if (!path) return cannot_run(path.error());
  const auto bytes = files->files->read(*path);
  if (!bytes) return cannot_run(bytes.error());
  const bool written =
      (*bytes)->empty() || std::fwrite((*bytes)->data(), 1, (*bytes)->size(), stdout) == (*bytes)->size();
  return written && std::fflush(stdout) == 0 ? kStatusPass : cannot_run({"write-failed", "standard output"});
}

int extract(const Words& words) {
  const auto files = files_of(words.first);
  if (!files) return cannot_run(files.error());
  if (!files->whole)
    return cannot_run({"image-not-whole", "a part of it cannot be read: nothing is unpacked"});
  if (auto done = image::extract_all(*files->files, words.second); !done) return cannot_run(done.error());
  return kStatusPass;
}

int diff(const Words& words) {
  const auto first = files_of(words.first);
  if (!first) return cannot_run(first.error());
  const auto second = files_of(words.second);
  if (!second) return cannot_run(second.error());
  const auto lines = image::compare(*first->files, *second->files);
  if (!lines) return cannot_run(lines.error());
  for (const std::string& line : *lines) assay::print("{}\n", printable(line));
  return lines->empty() && first->whole && second->whole ? kStatusPass : kStatusFail;
}

}  // namespace

void add_image_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand("image", "Writes, lists, compares and unpacks images");
  command.require_subcommand(1);
  const auto add = [&](const char* name, const char* what, const char* second, const char* second_is,
                       int (*action)(const Words&)) {
    auto words = std::make_shared<Words>();
    CLI::App& sub = *command.add_subcommand(name, what);
    sub.add_option(action == build ? "TREE" : "IMAGE", words->first,
                   action == build ? "Directory to pack" : "Image or directory ('-': standard input)")
        ->type_name("")
        ->required();
    if (second != nullptr) sub.add_option(second, words->second, second_is)->type_name("")->required();
    if (action == build)
      sub.add_option("--kind", words->kind, "What to write")
          ->check(CLI::IsMember({"builder-hex0", "cpio", "disk"}))
          ->capture_default_str();
    sub.callback([words, action, &status] { status = action(*words); });
  };
  add("build", "Writes the image of a tree; the same tree gives the same bytes everywhere", "-o,--output",
      "File to write ('-': standard output)", build);
  add("ls", "Lists what is in an image", nullptr, "", list);
  add("cat", "Writes one file of an image to standard output", "PATH", "Path in the image", cat);
  add("extract", "Unpacks an image into a directory that is new or empty", "DIRECTORY",
      "Where to; it is made", extract);
  add("diff", "Compares the files of two images or directories; 1 if they differ", "OTHER",
      "Image or directory", diff);
}

}  // namespace assay::bootstrap
