// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognising a tree and what it holds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bootstrap/tree/architecture.h"
#include "bootstrap/tree/recognise.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

enum class TreeKind {
  stage0_posix,  ///< the upstream layout: kaem.ARCH, bootstrap-seeds/POSIX/ARCH, ARCH/...
  embedded,      ///< our own small tree, carried inside the program
};

std::string_view name_of(TreeKind kind);

struct Tree {
  std::string path;  ///< as the user wrote it
  TreeKind kind = TreeKind::stage0_posix;
  std::shared_ptr<const FileTree> files;
  /// Those for which the tree holds a boot script and seeds.
  std::vector<const Architecture*> architectures;
  /// What was recognised: scripts of architectures that nobody knows, submodules that are empty.
  FoundTree found = {};
};

/// Paths of the trusted files of an architecture, as the upstream layout has them.
std::string boot_script_path(const Architecture& arch);
std::string kaem_seed_path(const Architecture& arch);
std::string hex0_seed_path(const Architecture& arch);
std::string answers_path(const Architecture& arch);
/// The sources of a seed that the tree holds: the one beside it, then the one that the chain assembles. None
/// if `path` is no seed.
std::vector<std::string> seed_source_paths(const FileTree& tree, const Architecture& arch,
                                           std::string_view path);

/// Opens a directory of the host. Errors: "tree-not-found", and those below.
Result<Tree> open_tree(const std::string& path);
/// The same of files that are open already. Errors: "tree-not-recognised"; "tree-submodules-missing", where
/// that is why no architecture has seeds.
Result<Tree> open_tree(const std::string& path, std::shared_ptr<const FileTree> files);

}  // namespace assay::bootstrap
