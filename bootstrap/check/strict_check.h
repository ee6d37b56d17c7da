// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the rooms find strange in the texts of a chain where something is wrong: most failures begin with a
// text that its tool reads otherwise than its author.
#pragma once

#include "bootstrap/check/preflight.h"
#include "bootstrap/check/step_board.h"

namespace assay::bootstrap {

/// Whether a finding is what a room says of a text.
bool is_of_room(const Finding& finding);

/// Strict warnings about the inputs of all steps up to `last`, and why the room of that one stops, at their
/// places in the tree's sources. Of one kind in one file the first stands for all.
std::vector<Finding> strict_warnings(const Tree& tree, const Architecture& arch, StepBoard& board,
                                     const Chain& chain, std::size_t last);

}  // namespace assay::bootstrap
