// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What came of a run against what a case expects, and a tool's cases all together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bootstrap/conform/target.h"

namespace assay::conform {

struct Difference {
  std::string text;      ///< one line: "out has 'B' at byte 1, not 'A'"
  std::size_t line = 0;  ///< of the case's text
};

/// The first thing in which a run is not as expected.
std::optional<Difference> first_difference(const Situation& situation, const Expectation& expectation,
                                           const Observed& seen);

enum class Verdict : std::uint8_t {
  as_expected,
  sound,  ///< better: a failure that is told, where the dialect does not tell it
  differs,
  not_asked,  ///< the case says nothing about the dialect, or the target has no place for it
};

struct CaseResult {
  const Case* of = nullptr;
  Verdict verdict = Verdict::not_asked;
  std::optional<Difference> difference = std::nullopt;
  std::string note;  ///< why it was not asked
  bool ran = false;
  Observed seen;
};

struct Count {
  unsigned good = 0;
  unsigned all = 0;
};

struct Conformance {
  std::vector<CaseResult> results;  ///< in the order of the cases
  [[nodiscard]] Count count(Kind kind) const;
  /// Of the failures: how many are told by a status, whatever the dialect does.
  [[nodiscard]] Count told() const;
  [[nodiscard]] bool contract_holds() const;
};

/// What a case says of a run in a dialect.
CaseResult judge(const Case& one, std::string_view dialect, Observed seen);

/// Runs all cases, on several threads. Errors: those that keep the target from running at all.
Result<Conformance> check(const std::vector<Case>& cases, std::string_view dialect, const Target& target,
                          unsigned threads);

/// How a dialect's expectations fit what was seen.
struct Likeness {
  std::string_view dialect;
  unsigned same = 0;
  unsigned asked = 0;
  std::vector<CaseResult> departures;
};

/// All dialects of the tool and "plain", best first.
std::vector<Likeness> profile(const ToolRow& tool, const Conformance& runs);

}  // namespace assay::conform
