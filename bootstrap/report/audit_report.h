// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What audits of trees and archives found, as text and as JSON (docs/audit.md).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "audit/outcome.h"

namespace assay::audit {

/// The table of kinds and what becomes of them, then what is to be said file by file down to `least`, then a
/// line that accounts for all files.
std::string report_text(const Audit& audit, Severity least);

nlohmann::json report_json(const Audit& audit);

/// Marks the files that an earlier report (JSON) has too. Errors: "audit-baseline".
Result<void> mark_baseline(std::string_view report, Audit& audit);

}  // namespace assay::audit
