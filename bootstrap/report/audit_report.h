// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What audits of trees and archives found, as text and as JSON (docs/audit.md).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "audit/outcome.h"

namespace assay::audit {

/// The table of kinds and what becomes of them, then what is to be said file by file down to `least`, then a
/// line that accounts for all files.
std::string report_text(const Audit& audit, Severity least);

nlohmann::json report_json(const Audit& audit);
nlohmann::json finding_json(const ScriptFinding& finding);

/// What a kind is, why it matters, how to make it again, what it is made of, how to accept it.
std::string kind_text(const Kind& kind);

/// What the page says of each kind, by its id: "what", "why", "regenerate".
nlohmann::json kinds_json();

/// As SARIF 2.1.0; what is accepted, or in the baseline, is there and suppressed. `pages`: of docs/.
nlohmann::json report_sarif(std::span<const Audit* const> audits, std::span<const std::string_view> pages);

/// Marks the files that an earlier report (JSON) has too. Errors: "audit-baseline".
Result<void> mark_baseline(std::string_view report, Audit& audit);

}  // namespace assay::audit
