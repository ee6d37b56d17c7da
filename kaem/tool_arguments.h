// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The small tools of a bootstrap (docs/tools/extra.md) have the names of GNU's and take fewer arguments; what
// they do with the others is often nothing, with status 0.
#pragma once

#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "kaem/reader.h"

namespace assay::kaem {

/// Reports what a command, expanded, does otherwise than a user of GNU's tools expects; nothing for programs
/// that are none of the small tools, by their file names.
void check_tool_arguments(const std::vector<Word>& words, DiagnosticSink& sink);

}  // namespace assay::kaem
