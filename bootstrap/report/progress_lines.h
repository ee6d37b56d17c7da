// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Progress on standard error. For programs only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::bootstrap {

/// Prints a line a phase; on a terminal the line of a count moves on in place.
class ProgressLines {
 public:
  /// Asks whether standard error is a terminal.
  ProgressLines();

  /// A phase that counts `unit`s, up to `total` if that is known (not 0).
  void count(std::string_view what, std::string_view phase, std::uint64_t done, std::uint64_t total,
             std::string_view unit);
  /// A phase that counts nothing.
  void phase(std::string_view what, std::string_view phase);
  /// Clears the line on a terminal.
  void finish() const;

 private:
  void print(const std::string& text, bool line);

  bool terminal_;
  std::string counting_;  ///< what and phase of the last count
};

}  // namespace assay::bootstrap
