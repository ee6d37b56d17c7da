// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Places in files that the chain makes, as places in the tree: what a user can mend.
#pragma once

#include <span>
#include <string_view>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/explain/trail.h"
#include "bootstrap/roads/reference_road.h"

namespace assay::bootstrap {

/// Where a place in a file that the chain makes comes from; nothing for the tree's own files, and where that
/// cannot be said. `line` and `column` from 1; column 0: the line.
std::optional<SourcePlace> place_in_tree(Trail& trail, std::string_view path, std::uint64_t line,
                                         std::uint64_t column);

/// Has findings, divergences and failures of chains that did not pass name the tree's line instead of that of
/// a file that the chain makes, which the message of a finding then names. Costs nothing where there is none.
void name_sources(const Tree& tree, StepCache* cache, std::span<ChainResult> results);

}  // namespace assay::bootstrap
