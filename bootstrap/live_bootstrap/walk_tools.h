// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/live_bootstrap/kaem_step.h"
#include "bootstrap/live_bootstrap/walk_world.h"

namespace assay::image {

/// Does what the command does to the world, as far as its program and its inputs are known, and reports where
/// it fails. `script`: where it stands.
void run_tool(const StepCommand& command, const std::string& script, WalkWorld& world, Findings& findings);

}  // namespace assay::image
