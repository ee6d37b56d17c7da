// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A first description of a tree's chain, for its author to correct: what its layout says, or what its files
// look like.
#pragma once

#include <string>

#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// The text of a description, as docs/chains.md has it, of what a first one can say (no parameters). What
/// nobody could find out stands in comments.
std::string description_text(const DescribedChain& described);

/// What a tree of a known layout says of one of its architectures.
std::string first_description(const Tree& tree, const Architecture& arch);
/// What can be found in files of no known layout: programs and the texts in hex0 that they are assembled
/// from, scripts, a list of answers.
std::string first_description(const FileTree& files);

}  // namespace assay::bootstrap
