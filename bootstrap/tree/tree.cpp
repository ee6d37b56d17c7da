// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/tree.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <filesystem>

#include "bootstrap/tree/program_check.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

bool holds(const FileTree& files, const std::string& path) {
  const Result<NodeInfo> info = files.info(path);
  return info && info->kind == NodeKind::file;
}

/// Where no name tells the architecture, the seed does.
bool is_for(const FileTree& files, const Architecture& arch, const Layout& layout) {
  if (layout.boot_script.find('{') != std::string_view::npos) return true;
  const auto seed = files.read(hex0_seed_path(arch, layout));
  return seed && !program_fault(**seed, arch);
}

/// As its makefile lays it out on the medium: the seed that boots is where firmware looks for it.
void lay_out_uefi(Tree& tree) {
  const Architecture& arch = kUefiAmd64;
  const auto seed =
      tree.files->read(fmt::format("bootstrap-seeds/UEFI/{}/kaem-optional-seed.efi", arch.library_name));
  const Layout& layout = uefi_layout();
  if (!seed || !holds(*tree.files, boot_script_path(arch, layout)) ||
      !holds(*tree.files, hex0_seed_path(arch, layout)))
    return;
  auto files = std::make_shared<MemoryTree>(tree.files);
  files->put(kUefiBootProgram, **seed, 0755);
  tree.files = std::move(files);
  tree.found.layout = &layout;
  tree.architectures = {&arch};
}

}  // namespace

std::string_view name_of(TreeKind kind) {
  switch (kind) {
    case TreeKind::stage0_posix: return "stage0-posix";
    case TreeKind::embedded: return "embedded";
    case TreeKind::described: return "described";
  }
  return "";
}

ChainDescription Tree::chain_of(const Architecture& arch) const {
  ChainDescription chain =
      described != nullptr ? described->chain : described_by_layout(*files, arch, layout());
  chain.environment.insert(chain.environment.end(), environment.begin(), environment.end());
  return chain;
}

std::vector<std::string> seed_source_paths(const FileTree& tree, const Architecture& arch,
                                           const Layout& layout, std::string_view path) {
  std::vector<std::string> names;
  if (path == hex0_seed_path(arch, layout)) names = {fmt::format("hex0_{}.hex0", arch.name)};
  if (path == kaem_seed_path(arch, layout)) names = {"kaem-minimal.hex0", "kaem-micro.hex0"};
  std::vector<std::string> directories{std::string(parent_path(path)), std::string(arch.name)};
  if (layout.is_uefi) {
    names = {path == hex0_seed_path(arch, layout) ? "hex0.hex0" : "kaem-optional.hex0"};
    directories = {std::string(parent_path(hex0_seed_path(arch, layout)))};
  }
  std::vector<std::string> paths;
  for (const std::string& directory : directories) {
    for (const std::string& name : names) {
      const std::string source = join_path(directory, name);
      const bool is_new = std::find(paths.begin(), paths.end(), source) == paths.end();
      if (is_new && holds(tree, source)) paths.push_back(source);
    }
  }
  return paths;
}

std::vector<const Architecture*> architectures_in(const FileTree& files, const Layout& layout) {
  std::vector<const Architecture*> found;
  for (const Architecture& arch : architectures()) {
    if (holds(files, boot_script_path(arch, layout)) && holds(files, kaem_seed_path(arch, layout)) &&
        holds(files, hex0_seed_path(arch, layout)) && is_for(files, arch, layout))
      found.push_back(&arch);
  }
  return found;
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
  if (tree.found.family == Family::stage0_uefi) lay_out_uefi(tree);
  if (tree.found.family == Family::stage0_posix)
    tree.architectures = architectures_in(*tree.files, tree.layout());
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
