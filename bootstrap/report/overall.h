// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one verdict on everything that a run of preflight looked at, and why.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"

namespace assay::bootstrap {

enum class OverallVerdict {
  pass,             ///< all that was to be looked at was, and nothing is wrong
  nothing_checked,  ///< there was nothing to check, or nothing could be
  incomplete,       ///< nothing is wrong, but something could not be judged
  fail,
};
/// "pass", "fail", "incomplete", "nothing-checked"
std::string_view name_of(OverallVerdict verdict);

/// A verdict's name as reports begin with it: "NOTHING CHECKED".
std::string headline_of(std::string_view name);

struct Overall {
  OverallVerdict verdict = OverallVerdict::pass;
  /// One line each, the worst first: why it is no pass, or what the pass rests on.
  std::vector<std::string> reasons;

  /// Makes the verdict at least as bad as this one; its reason goes before those of better ones.
  void add(OverallVerdict worse, std::string reason);
  /// 0 pass, 1 fail, 2 otherwise.
  [[nodiscard]] int exit_status() const;
};

/// Of chains alone. None at all: nothing was checked.
Overall overall_of(std::span<const ChainResult> chains);

/// "PASS: PATH (KIND): 1 error, ..." and a line a reason. `counts` may be empty.
std::string overall_text(const Overall& overall, const std::string& path, std::string_view kind,
                         std::string_view counts, bool colour);
/// Puts "verdict" and "reasons" into a report.
void add_overall(nlohmann::json& report, const Overall& overall);

}  // namespace assay::bootstrap
