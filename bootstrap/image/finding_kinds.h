// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every kind of finding about images and the trees in them. docs/images.md explains each by its id.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "bootstrap/finding/finding.h"

namespace assay::image {

using bootstrap::Finding;

/// The row with this id; ids in the code are checked by a test.
const DiagnosticKind& kind_of(std::string_view id);
std::span<const DiagnosticKind> kinds();

/// A hostile image must not make a report without end: of each kind so many are told, the rest are counted.
inline constexpr std::size_t kMaxFindingsOfAKind = 25;

/// Collects findings. Call `finish` once at the end.
class Findings {
 public:
  void add(std::string_view id, std::string file, std::uint64_t line, std::string message,
           std::uint64_t column = 0);
  /// All findings in the order they came, then a note for each kind that was cut.
  [[nodiscard]] std::vector<Finding> finish() &&;
  [[nodiscard]] bool has(std::string_view id) const { return counts_.contains(std::string(id)); }
  [[nodiscard]] std::size_t count(std::string_view id) const;

 private:
  std::vector<Finding> all_;
  std::map<std::string, std::size_t, std::less<>> counts_;
};

}  // namespace assay::image
