// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Telling why a step is bad.
#pragma once

#include "bootstrap/check/preflight.h"
#include "bootstrap/check/step_board.h"

namespace assay::bootstrap {

/// Runs the chain again up to its first bad step, alone, and fills in the step's result: where the roads part
/// and which source line that comes from, or how the program failed. Findings of the run are added.
void explain_failure(const Tree& tree, const Architecture& arch, const PreflightOptions& options,
                     StepBoard& board, std::size_t bad, std::vector<Finding>& findings);

}  // namespace assay::bootstrap
