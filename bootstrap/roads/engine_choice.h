// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/result.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// The engine that the environment variable ASSAY_ENGINE names ("interp" or "jit"), or the default.
/// Errors: "unknown-engine". For programs only.
Result<machine::EngineKind> engine_choice();

/// The engines that work on this host, for tests and benchmarks that run them all.
std::vector<machine::EngineKind> available_engines();
std::string_view name_of(machine::EngineKind engine);

}  // namespace assay::bootstrap
