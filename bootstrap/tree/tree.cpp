// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/tree.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <filesystem>

#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

bool holds(const FileTree& files, const std::string& path) {
  const Result<NodeInfo> info = files.info(path);
  return info && info->kind == NodeKind::file;
}

}  // namespace

std::string_view name_of(TreeKind kind) {
  return kind == TreeKind::stage0_posix ? "stage0-posix" : "embedded";
}

std::string boot_script_path(const Architecture& arch) { return fmt::format("kaem.{}", arch.library_name); }

std::string kaem_seed_path(const Architecture& arch) {
  return fmt::format("bootstrap-seeds/POSIX/{}/kaem-optional-seed", arch.name);
}

std::string hex0_seed_path(const Architecture& arch) {
  return fmt::format("bootstrap-seeds/POSIX/{}/hex0-seed", arch.name);
}

std::string answers_path(const Architecture& arch) { return fmt::format("{}.answers", arch.library_name); }

std::vector<std::string> seed_source_paths(const FileTree& tree, const Architecture& arch,
                                           std::string_view path) {
  std::string name;
  if (path == hex0_seed_path(arch)) name = fmt::format("hex0_{}.hex0", arch.name);
  if (path == kaem_seed_path(arch)) name = "kaem-minimal.hex0";
  std::vector<std::string> paths;
  if (name.empty()) return paths;
  for (const std::string& source :
       {fmt::format("bootstrap-seeds/POSIX/{}/{}", arch.name, name), fmt::format("{}/{}", arch.name, name)}) {
    if (holds(tree, source)) paths.push_back(source);
  }
  return paths;
}

Result<Tree> open_tree(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return fail("tree-not-found", fmt::format("no such directory: '{}'", path));
  }
  return open_tree(path, std::make_shared<HostTree>(path));
}

Result<Tree> open_tree(const std::string& path, std::shared_ptr<const FileTree> files) {
  Tree tree{path, TreeKind::stage0_posix, std::move(files), {}, {}};
  tree.found = recognise(*tree.files);
  if (tree.found.family == Family::stage0_posix) {
    for (const Architecture& arch : architectures()) {
      if (holds(*tree.files, boot_script_path(arch)) && holds(*tree.files, kaem_seed_path(arch)) &&
          holds(*tree.files, hex0_seed_path(arch))) {
        tree.architectures.push_back(&arch);
      }
    }
  }
  if (!tree.architectures.empty()) return tree;
  const std::vector<std::string>& empty = tree.found.empty;
  if (std::find(empty.begin(), empty.end(), "bootstrap-seeds") != empty.end()) {
    return fail("tree-submodules-missing",
                fmt::format("'{}' is a stage0-posix tree without its submodules {}: {}", path,
                            fmt::join(empty, ", "), submodule_command(path)));
  }
  return fail("tree-not-recognised", fmt::format("'{}' {}", path, why_no_stage0(*tree.files, tree.found)));
}

}  // namespace assay::bootstrap
