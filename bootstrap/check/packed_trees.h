// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The trees that lie in an image, an archive or a checkout, as the roads want them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

struct PackedTree {
  FoundTree found;
  /// All of it, its root at the root; a checkout of live-bootstrap is laid out as rootfs.py does it.
  std::shared_ptr<const FileTree> files;
  /// The same as it was found; null if it is not live-bootstrap's.
  std::shared_ptr<const FileTree> given;
  /// Its stage0 part, up to the answers: what live-bootstrap's after.kaem does then is not part of it.
  /// Without architectures nothing can be checked by the roads; `why_not` says why.
  Tree tree;
  std::string why_not;
};

/// A tree of live-bootstrap for one of its architectures, with all that its scripts do behind the answers.
Tree past_answers(const PackedTree& packed, const Architecture& arch);

/// `path`: of the whole, as the user wrote it.
std::vector<PackedTree> packed_trees(const std::string& path, const std::shared_ptr<const FileTree>& files);

}  // namespace assay::bootstrap
