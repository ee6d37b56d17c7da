// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the list of all diagnostics (docs/diagnostics.md) says of an id.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay::bootstrap {

struct Rule {
  std::string severity;  ///< "note", "warning", "error"; empty: no page lists the id
  std::string help;
};
/// `pages`: of docs/.
Rule rule_of(std::span<const std::string_view> pages, std::string_view id);

}  // namespace assay::bootstrap
