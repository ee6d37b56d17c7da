// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Results as text for people and as JSON for programs (docs/report.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "bootstrap/report/overall.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// The table of architectures, then findings, then the first failing step of every chain.
std::string chains_text(std::span<const ChainResult> results, bool colour);
/// The same, and the verdict on the tree.
std::string report_text(const Tree& tree, std::span<const ChainResult> results, const Overall& overall,
                        bool colour);

/// The last line of a report: how long all of it took, by the clock on the wall.
std::string time_text(double seconds);

/// Where only the small tree inside was checked: what that says, and how to check a real one. Else empty.
std::string_view next_step_text(const Tree& tree);

nlohmann::json chain_json(const ChainResult& result);
nlohmann::json report_json(const Tree& tree, std::span<const ChainResult> results, const Overall& overall);

}  // namespace assay::bootstrap
