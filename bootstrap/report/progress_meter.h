// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far a run is that counts something, and how long the rest may take.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace assay::bootstrap {

class ProgressMeter {
 public:
  /// `parts` count independently (architectures, say); `now`: seconds of a clock, as in all that follows.
  ProgressMeter(std::size_t parts, double now);

  /// A part has done `done` of `total` units; `total` is 0 where it is not known.
  void count(std::string_view part, std::string_view unit, std::uint64_t done, std::uint64_t total,
             double now);

  /// "140 of 631 steps, 0:12 gone, about 0:40 left", with what is known of it. Where not all parts have told
  /// their total, the others are taken to be like them: "of about 631".
  [[nodiscard]] std::string text(double now) const;

 private:
  struct Part {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };

  std::size_t parts_;
  double start_;
  std::string unit_;         ///< a new one begins a new count
  double counts_since_;      ///< when it began
  std::uint64_t first_ = 0;  ///< what was done by then
  std::map<std::string, Part, std::less<>> counted_;
};

}  // namespace assay::bootstrap
