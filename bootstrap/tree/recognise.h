// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a directory is, told from what lies in it: the family of the tree, what of it is missing, and
// where in larger surroundings (an archive, a disk) trees lie.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/tree/layout.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

enum class Family {
  unknown,
  stage0_posix,                    ///< boot scripts as one of layouts() has them
  stage0_uefi,                     ///< the port whose scripts start .efi programs
  live_bootstrap_checkout,         ///< steps/manifest and seed/
  live_bootstrap_tree,             ///< as rootfs.py lays it out: steps/manifest and the seeds at the root
  live_bootstrap_before_manifest,  ///< sysa/, sysb/, sysc/: until 2023
};

/// A checkout, or a tree as it boots.
constexpr bool is_live_bootstrap(Family family) {
  return family == Family::live_bootstrap_checkout || family == Family::live_bootstrap_tree;
}

struct FoundTree {
  Family family = Family::unknown;
  std::string root;  ///< normal path in the files that were looked at
  /// Architectures that its boot scripts are for, as kaem.NAME spells them.
  std::vector<std::string> scripts;
  /// Of those, the ones that this program knows nothing of.
  std::vector<std::string> strange;
  /// Directories that git fills from elsewhere and that are empty or not there; from the tree's root.
  std::vector<std::string> empty;
  /// Where a stage0-posix tree has what boots it.
  const Layout* layout = &todays_layout();
};

/// What lies at `root` of `files`.
FoundTree recognise(const FileTree& files, const std::string& root = "");

/// Trees of known families at the root, or else in directories at most two levels below it, in order of
/// their paths. A tree inside a tree is not told of.
std::vector<FoundTree> find_trees(const FileTree& files);

/// What it is and why it cannot be checked as a stage0-posix tree, as the end of a sentence that begins with
/// its name: "holds no kaem.ARCH script ...".
std::string why_no_stage0(const FileTree& files, const FoundTree& found);

/// The one line that fills the directories which are empty. `path`: of the tree on the host.
std::string submodule_command(std::string_view path);

}  // namespace assay::bootstrap
