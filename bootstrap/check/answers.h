// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fixed points of a tree: its list of expected digests, and its seeds.
#pragma once

#include "bootstrap/chain/verdict.h"

namespace assay::bootstrap {

/// Compares the tree's answers file with what a road left. A missing or malformed list, a wrong
/// digest and a listed file that nobody made are findings. A tree without the file has no answers.
Answers check_answers(const Tree& tree, const Architecture& arch, const FileTree& files,
                      std::vector<Finding>& findings);

/// A seed must be what its own source assembles to: compares every program that a step built from the source
/// of hex0 or kaem-minimal with the seed it stands for.
void check_seeds(const Tree& tree, const Architecture& arch, const Chain& chain, const FileTree& files,
                 std::vector<Finding>& findings);

}  // namespace assay::bootstrap
