// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/recognise.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <set>

#include "bootstrap/tree/architecture.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kScript = "kaem.";
constexpr std::size_t kMostNames = 8;  // told of a directory that is no tree

/// Directories that upstream's stage0-posix takes from other repositories.
constexpr std::array<std::string_view, 12> kStage0Submodules{
    "bootstrap-seeds", "M2libc", "M2-Planet", "M2-Mesoplanet", "mescc-tools", "mescc-tools-extra",
    "AArch64",         "AMD64",  "armv7l",    "riscv32",       "riscv64",     "x86"};

std::vector<std::string> names_in(const FileTree& files, const std::string& directory) {
  auto names = files.list(directory);
  return names ? std::move(*names) : std::vector<std::string>();
}

bool is_kind(const FileTree& files, const std::string& path, NodeKind kind) {
  const Result<NodeInfo> info = files.info(path);
  return info && info->kind == kind;
}

std::string text_of(const FileTree& files, const std::string& path) {
  const auto bytes = files.read(path);
  return bytes ? std::string(as_text(**bytes)) : std::string();
}

template <typename See>
void each_line(std::string_view text, See see) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    see(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// A manifest may hold mistakes; if most of its lines are no directives it is somebody else's.
bool is_manifest(std::string_view text) {
  std::size_t known = 0;
  std::size_t lines = 0;
  each_line(text, [&](std::string_view line) {
    if (line.empty() || line.starts_with('#')) return;
    ++lines;
    for (const std::string_view word : {"build:", "improve:", "define:", "jump:", "uninstall:"})
      known += line.starts_with(word) ? 1 : 0;
  });
  return known > 0 && 2 * known >= lines;
}

/// Nothing in it, or only what begins with a dot: `rm *` and git leave that behind.
bool is_empty(const FileTree& files, const std::string& directory) {
  const std::vector<std::string> names = names_in(files, directory);
  return std::all_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.starts_with('.'); });
}

void note_empty(const FileTree& files, const std::string& root, const std::string& below, FoundTree& found) {
  const std::string base = join_path(root, below);
  std::set<std::string> empty;
  const auto look = [&](const std::string& name, bool listed) {
    const std::string path = join_path(base, name);
    const bool there = is_kind(files, path, NodeKind::directory);
    if (there ? is_empty(files, path) : listed && !files.info(path)) empty.insert(join_path(below, name));
  };
  for (const std::string_view name : kStage0Submodules) look(std::string(name), false);
  each_line(text_of(files, join_path(base, ".gitmodules")), [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::size_t word = line.find_first_not_of(" \t");
    if (!line.substr(std::min(word, line.size())).starts_with("path")) return;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", equals + 1), line.size()));
    if (!line.empty()) look(std::string(line), true);
  });
  found.empty.insert(found.empty.end(), empty.begin(), empty.end());
}

/// Boot scripts at the root; whether they are those of a UEFI port.
void note_scripts(const FileTree& files, FoundTree& found) {
  for (const std::string& name : names_in(files, found.root)) {
    if (!name.starts_with(kScript) || name == "kaem.run") continue;
    const std::string path = join_path(found.root, name);
    if (!is_kind(files, path, NodeKind::file)) continue;
    const std::string arch = name.substr(kScript.size());
    const auto all = architectures();
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Architecture& one) { return one.library_name == arch; });
    const std::string text = text_of(files, path);
    // kaem.c and kaem.1 are no boot scripts.
    if (!known && text.find("bootstrap-seeds/") == std::string::npos &&
        !is_kind(files, join_path(found.root, arch), NodeKind::directory))
      continue;
    found.scripts.push_back(arch);
    if (!known) found.strange.push_back(arch);
    if (text.find(".efi") != std::string::npos && text.find('\\') != std::string::npos)
      found.family = Family::stage0_uefi;
  }
  if (!found.scripts.empty() && found.family == Family::unknown) found.family = Family::stage0_posix;
}

/// Trees before release 1.5 have other boot scripts; of several layouts, the one whose seeds are there.
void note_old_scripts(const FileTree& files, FoundTree& found) {
  const auto holds = [&](const std::string& path) {
    return is_kind(files, join_path(found.root, path), NodeKind::file);
  };
  std::size_t most = 0;
  for (const Layout& layout : layouts().subspan(1)) {
    std::vector<std::string> scripts;
    std::size_t parts = 0;
    for (const Architecture& arch : architectures()) {
      if (!holds(boot_script_path(arch, layout))) continue;
      const bool hex0 = holds(hex0_seed_path(arch, layout));
      // A script of that name alone may be anybody's.
      if (!hex0 && layout.directory.empty()) continue;
      scripts.emplace_back(arch.library_name);
      parts += 1 + (hex0 ? 1 : 0) + (holds(kaem_seed_path(arch, layout)) ? 1 : 0);
    }
    if (parts <= most) continue;
    most = parts;
    found.family = Family::stage0_posix;
    found.scripts = std::move(scripts);
    found.layout = &layout;
  }
}

}  // namespace

FoundTree recognise(const FileTree& files, const std::string& root) {
  FoundTree found;
  found.root = root;
  const auto at = [&](std::string_view name) { return join_path(root, name); };
  if (is_manifest(text_of(files, at("steps/manifest")))) {
    const bool checkout = is_kind(files, at("seed/stage0-posix"), NodeKind::directory);
    found.family = checkout ? Family::live_bootstrap_checkout : Family::live_bootstrap_tree;
    if (!checkout) note_scripts(files, found);
    if (checkout) note_empty(files, root, "", found);
    note_empty(files, root, checkout ? "seed/stage0-posix" : "", found);
    std::sort(found.empty.begin(), found.empty.end());
    found.empty.erase(std::unique(found.empty.begin(), found.empty.end()), found.empty.end());
    return found;
  }
  if (is_kind(files, at("sysa"), NodeKind::directory) &&
      (files.info(at("rootfs.py")) || files.info(at("rootfs.sh")))) {
    found.family = Family::live_bootstrap_before_manifest;
    return found;
  }
  note_scripts(files, found);
  if (found.family == Family::unknown) note_old_scripts(files, found);
  if (found.family != Family::unknown) note_empty(files, root, "", found);
  return found;
}

std::vector<FoundTree> find_trees(const FileTree& files) {
  std::vector<FoundTree> trees;
  std::vector<std::string> level{""};
  for (int depth = 0; depth <= 2 && !level.empty(); ++depth) {
    std::vector<std::string> below;
    for (const std::string& directory : level) {
      FoundTree found = recognise(files, directory);
      if (found.family != Family::unknown) {
        trees.push_back(std::move(found));
        continue;
      }
      for (const std::string& name : names_in(files, directory)) {
        if (is_kind(files, join_path(directory, name), NodeKind::directory))
          below.push_back(join_path(directory, name));
      }
    }
    // What lies deeper beside a tree belongs to no tree.
    if (!trees.empty()) break;
    level = std::move(below);
  }
  return trees;
}

std::string why_no_stage0(const FileTree& files, const FoundTree& found) {
  std::vector<std::string_view> known;
  for (const Architecture& arch : architectures()) known.push_back(arch.library_name);
  switch (found.family) {
    case Family::stage0_uefi:
      return "is a UEFI port of stage0 (its kaem scripts start .efi programs), but not one whose amd64 has "
             "both "
             "seeds in bootstrap-seeds/UEFI: assay knows no other";
    case Family::live_bootstrap_before_manifest:
      return "is a live-bootstrap of the time before steps/manifest (it has sysa/): assay checks those with "
             "a "
             "manifest; of this one, check the stage0-posix inside it by its own path";
    case Family::live_bootstrap_checkout:
    case Family::live_bootstrap_tree: return "is a live-bootstrap tree";
    case Family::stage0_posix: break;
    case Family::unknown: {
      if (files.info(join_path(found.root, "steps/manifest")))
        return "has a steps/manifest that is not live-bootstrap's (build:, improve:, define:, jump:, "
               "uninstall:), and no kaem.ARCH script";
      const std::vector<FoundTree> inside = find_trees(files);
      if (!inside.empty())
        return fmt::format("has no kaem.ARCH script; there is a tree in its '{}': give that path",
                           inside.front().root);
      std::vector<std::string> names = names_in(files, found.root);
      const bool more = names.size() > kMostNames;
      if (more) names.resize(kMostNames);
      return fmt::format("has no kaem.ARCH script and no steps/manifest; it holds {}{}",
                         names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", ")),
                         more ? ", ..." : "");
    }
  }
  if (found.strange.size() == found.scripts.size())
    return fmt::format("is a stage0-posix tree for {}, which assay does not know (it knows {})",
                       fmt::join(found.strange, ", "), fmt::join(known, ", "));
  return fmt::format(
      "has boot scripts for {}, but not both seeds of any: hex0-seed and kaem-optional-seed "
      "belong into bootstrap-seeds/POSIX/ARCH{}",
      fmt::join(found.scripts, ", "),
      found.empty.empty() ? ""
                          : fmt::format("; its {} is empty, too: a submodule that is not checked out",
                                        fmt::join(found.empty, ", ")));
}

std::string submodule_command(std::string_view path) {
  return fmt::format("git -C '{}' submodule update --init --recursive", path);
}

}  // namespace assay::bootstrap
