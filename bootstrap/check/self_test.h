// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a check of this very tree would find what it is for: a fault of each kind is planted in a copy in
// memory, and the chain is checked again.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/check/preflight.h"

namespace assay::bootstrap {

struct PlantedFault {
  std::string kind;   ///< "a flipped byte in a seed"
  std::string place;  ///< what was done where; empty: this tree has no place for it, and `found` says why
  bool is_found = false;
  std::string found;  ///< what told of it; or why nothing did
};

/// The kinds: a flipped byte in each seed, a change in a source whose product stands in the list of answers,
/// a binary brought along in the place of the step that makes it, a dropped step. `healthy`: what the check
/// says of the tree as it is, with PreflightOptions::keep_files.
std::vector<PlantedFault> self_test(const Tree& tree, const PreflightOptions& options,
                                    const ChainResult& healthy);

}  // namespace assay::bootstrap
