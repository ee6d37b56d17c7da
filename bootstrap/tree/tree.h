// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognising a tree and what it holds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bootstrap/tree/architecture.h"
#include "bootstrap/tree/description.h"
#include "bootstrap/tree/layout.h"
#include "bootstrap/tree/recognise.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

enum class TreeKind {
  stage0_posix,  ///< upstream's: see layout.h
  embedded,      ///< our own small tree, carried inside the program
  described,     ///< whose chain somebody has described
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
  /// It is started with no other variables than PATH, HOME and TERM: by rootfs.py or by a kernel.
  bool starts_bare = false;

  /// Further variables of the first command, NAME=VALUE: the user's.
  std::vector<std::string> environment = {};

  /// What somebody wrote about its chain; null: its layout says it.
  std::shared_ptr<const DescribedChain> described = nullptr;

  [[nodiscard]] const Layout& layout() const { return *found.layout; }
  /// The chain of one of its architectures.
  [[nodiscard]] ChainDescription chain_of(const Architecture& arch) const;
};

/// The sources of a seed that the tree holds: the one beside it, then the one that the chain assembles. None
/// if `path` is no seed.
std::vector<std::string> seed_source_paths(const FileTree& tree, const Architecture& arch,
                                           const Layout& layout, std::string_view path);

/// Those for which a tree of this layout holds a boot script and both seeds.
std::vector<const Architecture*> architectures_in(const FileTree& files, const Layout& layout);

/// Opens a directory of the host. Errors: "tree-not-found", and those below.
Result<Tree> open_tree(const std::string& path);
/// The same of files that are open already. Errors: "tree-not-recognised"; "tree-submodules-missing", where
/// that is why no architecture has seeds.
Result<Tree> open_tree(const std::string& path, std::shared_ptr<const FileTree> files);

}  // namespace assay::bootstrap
