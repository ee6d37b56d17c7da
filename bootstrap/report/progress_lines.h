// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Progress on standard error. For programs only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "bootstrap/report/progress_meter.h"

namespace assay::bootstrap {

/// On a terminal one line that moves on in place; elsewhere a line every few seconds, and none of a short
/// run.
class ProgressLines {
 public:
  /// `parts` count independently; `clock` gives seconds.
  ProgressLines(std::size_t parts, std::function<double()> clock);

  /// A phase that counts `unit`s, up to `total` if that is known (not 0).
  void count(std::string_view what, std::string_view phase, std::uint64_t done, std::uint64_t total,
             std::string_view unit);
  /// A phase that counts nothing.
  void phase(std::string_view what, std::string_view phase);
  /// Clears the line on a terminal.
  void finish() const;

 private:
  void show(std::string_view what, std::string_view phase);

  std::function<double()> clock_;
  bool terminal_;
  ProgressMeter meter_;
  double shown_;  ///< when
};

}  // namespace assay::bootstrap
