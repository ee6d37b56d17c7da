// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Products that lay in the tree already: the tools write into the old file and keep its rights.
#pragma once

#include <vector>

#include "bootstrap/chain/verdict.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

/// A finding "product-keeps-rights" for each product that has rights of a file of the tree, as it was before
/// anything ran, which no tool gives: set-user-ID, set-group-ID, sticky, or writing for others.
std::vector<Finding> check_kept_modes(const FileTree& tree, const ChainResult& result);

}  // namespace assay::bootstrap
