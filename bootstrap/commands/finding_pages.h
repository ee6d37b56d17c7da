// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the pages of docs/ say of a finding; they are part of the program.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay::bootstrap {

/// Its row in the list of all diagnostics, and every paragraph and row of other pages that speaks of it;
/// nothing for an id that is not listed.
std::optional<std::string> finding_page(std::span<const std::string_view> pages, std::string_view id);
/// All that are listed.
std::vector<std::string> finding_ids(std::span<const std::string_view> pages);

}  // namespace assay::bootstrap
