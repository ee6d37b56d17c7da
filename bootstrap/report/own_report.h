// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a run with programs of ours in a tree says of the tree's own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bootstrap/check/own_comparison.h"
#include "bootstrap/report/overall.h"

namespace assay::bootstrap {

/// Makes the verdict worse where products differ, or where the tree's own run is no pass.
void add_own(std::span<const OwnChain> chains, Overall& overall);

/// What was ours, which products are the same, and what that proves.
std::string own_text_report(const OwnParts& parts, const OwnTree& own, std::span<const OwnChain> chains);
/// The same, as the member "own" of a report (docs/report.schema.json).
nlohmann::json own_json(const OwnParts& parts, const OwnTree& own, std::span<const OwnChain> chains);

}  // namespace assay::bootstrap
