// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/rules.h"

#include <fmt/format.h>

namespace assay::bootstrap {

// A row of the page: | `id` | severity | what |
Rule rule_of(std::span<const std::string_view> pages, std::string_view id) {
  const std::string head = fmt::format("\n| `{}` | ", id);
  for (const std::string_view page : pages) {
    const std::size_t at = page.find(head);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = page.substr(at + head.size());
    const std::string_view row = rest.substr(0, rest.find('\n'));
    const std::size_t bar = row.find(" | ");
    const std::size_t end = row.rfind(" |");
    if (bar == std::string_view::npos || end <= bar) continue;
    Rule rule{std::string(row.substr(0, bar)), ""};
    if (rule.severity != "note" && rule.severity != "warning" && rule.severity != "error") continue;
    for (const char c : row.substr(bar + 3, end - bar - 3))
      if (c != '\\') rule.help += c;  // bars are written \|
    return rule;
  }
  return {};
}

}  // namespace assay::bootstrap
