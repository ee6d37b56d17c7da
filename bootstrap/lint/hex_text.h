// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/lint/assembled_text.h"
#include "bootstrap/lint/lint.h"

namespace assay::bootstrap::lint {

/// Comments of a hex text against its bytes.
void lint_hex_text(const AssembledText& text, std::string_view architecture, Counts& counts,
                   DiagnosticSink& sink);

/// Names of an M1 text's DEFINEs against their values.
void lint_defines(const Source& source, std::string_view architecture, Counts& counts, DiagnosticSink& sink);

}  // namespace assay::bootstrap::lint
