// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay sources LIVE_BOOTSTRAP: the archives that its steps want, and which of them are there. Nothing is
// fetched.
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "bootstrap/check/packed_trees.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/live_bootstrap/chain_end.h"
#include "bootstrap/live_bootstrap/distfiles.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "command/host_files.h"
#include "command/print.h"
#include "core/digest.h"
#include "core/host_tree.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string path;
  std::string directory;
  std::string until;
  bool urls = false;
};

/// A file that somebody has.
struct Held {
  std::string path;  ///< as it is told
  std::string digest;
  std::uint64_t size = 0;
  const FileTree* files = nullptr;
  std::string place;  ///< in those
};

class Shelf {
 public:
  /// All files of a folder; `shown`: what stands before their names. `files` must outlive the shelf.
  void take(const FileTree& files, const std::string& folder, const std::string& shown) {
    const auto names = files.list(folder);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      const std::string path = join_path(folder, name);
      const auto info = files.info(path);
      if (info && info->kind == NodeKind::directory) take(files, path, shown + name + "/");
      const auto bytes = files.read(path);
      if (bytes) held_.push_back({shown + name, sha256(**bytes), (*bytes)->size(), &files, path});
    }
  }
  [[nodiscard]] const Held* with_digest(const std::string& digest) const {
    return find([&](const Held& one) { return one.digest == digest; });
  }
  [[nodiscard]] const Held* with_name(const std::string& name) const {
    return find([&](const Held& one) { return last_part(one.path) == name; });
  }
  /// One that holds the same, packed otherwise.
  [[nodiscard]] const Held* with_content(std::string_view content) {
    for (std::size_t at = contents_.size(); at < held_.size(); ++at) {
      const auto bytes = held_[at].files->read(held_[at].place);
      contents_.push_back(bytes ? image::content_digest(**bytes) : std::nullopt);
    }
    const auto found = std::find(contents_.begin(), contents_.end(), std::optional(std::string(content)));
    return found == contents_.end() ? nullptr : &held_[static_cast<std::size_t>(found - contents_.begin())];
  }
  [[nodiscard]] const std::vector<Held>& all() const { return held_; }

 private:
  template <class Wanted>
  [[nodiscard]] const Held* find(Wanted&& is_wanted) const {
    const auto found = std::find_if(held_.begin(), held_.end(), is_wanted);
    return found == held_.end() ? nullptr : &*found;
  }
  std::vector<Held> held_;
  std::vector<std::optional<std::string>> contents_;  ///< of each, once somebody asks
};

/// What there is of a distfile.
struct Standing {
  std::string_view word;  ///< "have", "renamed", "repacked", "other", "missing"
  const Held* held = nullptr;
};

Standing standing_of(const image::Distfile& wanted, Shelf& shelf) {
  if (const Held* const held = shelf.with_digest(wanted.digest))
    return {last_part(held->path) == wanted.name ? "have" : "renamed", held};
  if (const auto content = image::known_content(wanted.digest)) {
    if (const Held* const held = shelf.with_content(*content)) return {"repacked", held};
  }
  if (const Held* const held = shelf.with_name(wanted.name)) return {"other", held};
  return {"missing", nullptr};
}

std::string line_of(const image::Distfile& wanted, const Standing& standing, bool urls) {
  std::string text = fmt::format("{:<8} {:<26} {:>9} {} {}\n", standing.word, printable(wanted.step),
                                 standing.held == nullptr ? "-" : fmt::format("{}", standing.held->size),
                                 wanted.digest, printable(wanted.name));
  const std::string at = standing.held == nullptr ? "" : printable(standing.held->path);
  if (standing.word == "renamed") {
    text += fmt::format("         it is '{}'\n", at);
  } else if (standing.word == "repacked") {
    text += fmt::format("         '{}' (sha256 {}) holds the same, packed anew\n", at, standing.held->digest);
  } else if (standing.word == "other") {
    text += fmt::format("         '{}' is another file: sha256 {}\n", at, standing.held->digest);
  }
  if (urls || standing.word == "missing") {
    for (const std::string& url : wanted.urls) text += fmt::format("         {}\n", printable(url));
  }
  return text;
}

/// The tree as it boots, and the last line of its manifest that counts.
struct Opened {
  std::shared_ptr<const FileTree> files;
  std::uint64_t last_line = std::numeric_limits<std::uint64_t>::max();
};

Result<Opened> open(const Settings& settings) {
  Result<image::Image> opened = image::open_image(settings.path);
  if (!opened) return tl::unexpected(opened.error());
  for (const PackedTree& packed : packed_trees(settings.path, opened->files)) {
    if (!is_live_bootstrap(packed.found.family)) continue;
    Opened tree{packed.files};
    if (settings.until.empty()) return tree;
    const Result<image::LastStep> last = image::find_last_step(*tree.files, settings.until);
    if (!last) return tl::unexpected(last.error());
    tree.last_line = last->line;
    return tree;
  }
  return fail("sources-no-tree", fmt::format("'{}' is no tree of live-bootstrap", settings.path));
}

int run(const Settings& settings) {
  const Result<Opened> tree = open(settings);
  if (!tree) return cannot_run(tree.error());
  std::optional<HostTree> host;
  Shelf shelf;
  const std::string folder = image::distfiles_folder(image::ImageKind::live_bootstrap_tree);
  shelf.take(*tree->files, folder, folder + "/");
  if (!settings.directory.empty()) {
    host.emplace(settings.directory);
    if (const auto there = host->list(""); !there)
      return cannot_run({there.error().id, fmt::format("--dir: cannot list '{}'", settings.directory)});
    shelf.take(*host, "", settings.directory + (settings.directory.ends_with('/') ? "" : "/"));
    if (const std::vector<Error> troubles = host->troubles(); !troubles.empty())
      return cannot_run(troubles.front());
  }
  std::map<std::string_view, std::size_t> counts;
  std::set<std::string_view> used;  // digests
  std::size_t total = 0;
  for (const image::Distfile& wanted : image::wanted_distfiles(*tree->files)) {
    if (wanted.manifest > tree->last_line) continue;
    const Standing standing = standing_of(wanted, shelf);
    assay::print("{}", line_of(wanted, standing, settings.urls));
    ++counts[standing.word];
    ++total;
    if (standing.held != nullptr) used.insert(standing.held->digest);
  }
  for (const Held& held : shelf.all()) {
    if (!used.contains(held.digest))
      assay::print("unused   {:<26} {:>9} {} {}\n", "-", held.size, held.digest, printable(held.path));
  }
  assay::print("{} files: {} there, {} under another name, {} packed anew, {} other files, {} missing\n",
               total, counts["have"], counts["renamed"], counts["repacked"], counts["other"],
               counts["missing"]);
  return counts["have"] == total ? kStatusPass : kStatusFail;
}

}  // namespace

void add_sources_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand(
      "sources", "Lists the archives that the steps of live-bootstrap want, and which are there");
  auto settings = std::make_shared<Settings>();
  command
      .add_option("LIVE_BOOTSTRAP", settings->path,
                  "A checkout, a tree as rootfs.py lays it out, or an image of one")
      ->required();
  command
      .add_option("--dir", settings->directory,
                  "Look here too, and below: every file is told by its digest, whatever its name")
      ->type_name("DIR");
  command.add_option("--until", settings->until, "Only what the steps up to this one want")
      ->type_name("STEP");
  command.add_flag("--urls", settings->urls, "Show where each comes from, not only those that are missing");
  command.footer(
      "Nothing is fetched. Exit status: 0 all are there under their names, 1 not all, 2 cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
