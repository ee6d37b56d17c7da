// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include "bootstrap/lint/lint.h"

namespace assay::bootstrap::lint {

/// What cc and M2-Planet read in a C text otherwise than C. By its words alone, so that texts with their
/// headers elsewhere can be read: types are known of what the text declares.
/// `ones`: constants with the value 1, which are declared elsewhere as a rule.
void lint_c_text(const Source& source, const std::set<std::string, std::less<>>& ones, Counts& counts,
                 DiagnosticSink& sink);

/// Adds the enumerators that a C text gives the value 1.
void collect_ones(ByteView text, std::set<std::string, std::less<>>& ones);

}  // namespace assay::bootstrap::lint
