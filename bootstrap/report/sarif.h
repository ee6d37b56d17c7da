// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report as SARIF 2.1.0 (OASIS), for code scanning: a result for each bad step and each finding. What a
// rule is about is told as in the list of all diagnostics.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

namespace assay::bootstrap {

/// `pages`: of docs/.
nlohmann::json sarif_of(const nlohmann::json& report, std::span<const std::string_view> pages);

}  // namespace assay::bootstrap
