// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which files of a tree nobody can read, seeds aside.
#pragma once

#include <vector>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// A finding "tree-opaque-file" for each file of the tree that is no text, by the rules of `assay audit`, and
/// by its digest no seed of stage0-posix: what it is, and whether a step of these chains reads it. One
/// "tree-special-file" for each pipe, socket or device in a directory of the host.
std::vector<Finding> check_opaque_files(const Tree& tree, const std::vector<ChainResult>& chains);

}  // namespace assay::bootstrap
