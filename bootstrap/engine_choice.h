// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// The engine that the environment variable ASSAY_ENGINE names ("interp" or "jit"), or the default.
/// Errors: "unknown-engine". For programs only.
Result<machine::Engine> engine_choice();

}  // namespace assay::bootstrap
