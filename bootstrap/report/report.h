// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Results as text for people and as JSON for programs (docs/report.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "bootstrap/known/cause.h"
#include "bootstrap/report/overall.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// What is wrong: its cause, wrong answers, the first failing step of every chain; then the other findings
/// and the table of architectures. `known`: what a known state says of them; may be null.
std::string chains_text(std::span<const ChainResult> results, bool colour, const Comparison* known = nullptr);
/// The same below the line that says what the tree is, and the verdict on it.
std::string report_text(const Tree& tree, std::span<const ChainResult> results, const Overall& overall,
                        bool colour, const Comparison* known = nullptr);

/// The last line of a report: how long all of it took, by the clock on the wall.
std::string time_text(double seconds);

/// Where only the small tree inside was checked: what that says, and how to check a real one. Else empty.
std::string_view next_step_text(const Tree& tree);

/// Counts up when a consumer of the JSON must change.
inline constexpr int kSchema = 1;
/// A report without chains and findings; its verdict is to be added.
nlohmann::json empty_report(const std::string& path, std::string_view kind);
/// `tree`: the files that the chain began with.
nlohmann::json chain_json(const ChainResult& result, const ChainDescription& described, TreeDigests& tree);
nlohmann::json report_json(const Tree& tree, std::span<const ChainResult> results, const Overall& overall,
                           const Comparison* known = nullptr);

}  // namespace assay::bootstrap
