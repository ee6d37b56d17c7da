// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The end of every program of this room: prints what a tool's function returned.
#pragma once

#include <span>

#include "core/diagnostic.h"
#include "core/output.h"

namespace assay::extra {

/// Writes the texts of `output` and the diagnostics, named after the program, to the standard streams;
/// returns the exit status.
int finish_program(const char* name, const Output& output, std::span<const Diagnostic> diagnostics);

}  // namespace assay::extra
