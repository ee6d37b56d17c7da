// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/progress_meter.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace assay::bootstrap {
namespace {

constexpr double kSoon = 2;  // seconds before which nothing is said about the rest
constexpr double kMinute = 60;
constexpr std::uint64_t kMillion = 1'000'000;

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(seconds, 0.0));
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string amount(std::uint64_t count, bool bytes) {
  return bytes ? fmt::format("{:.1f}", static_cast<double>(count) / kMillion) : fmt::format("{}", count);
}

}  // namespace

ProgressMeter::ProgressMeter(std::size_t parts, double now)
    : parts_(parts), start_(now), counts_since_(now) {}

void ProgressMeter::count(std::string_view part, std::string_view unit, std::uint64_t done,
                          std::uint64_t total, double now) {
  if (unit != unit_) {
    unit_ = unit;
    counted_.clear();
    counts_since_ = now;
    first_ = done;
  }
  counted_.insert_or_assign(std::string(part), Part{done, total});
}

std::string ProgressMeter::text(double now) const {
  std::string gone = fmt::format("{} gone", clock_text(now - start_));
  if (counted_.empty()) return gone;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  bool known = true;
  for (const auto& [name, part] : counted_) {
    done += part.done;
    total += part.total;
    known = known && part.total != 0;
  }
  const bool bytes = unit_ == "bytes";
  const std::string_view unit = bytes ? "MB" : std::string_view(unit_);
  if (!known) return fmt::format("{} {}, {}", amount(done, bytes), unit, gone);
  const bool guessed = counted_.size() < parts_;
  if (guessed) total = total * parts_ / counted_.size();
  std::string text = fmt::format("{} of {}{} {}, {}", amount(done, bytes), guessed ? "about " : "",
                                 amount(total, bytes), unit, gone);
  const double counting = now - counts_since_;
  if (done > first_ && done < total && counting >= kSoon) {
    const double rest = counting * static_cast<double>(total - done) / static_cast<double>(done - first_);
    text += fmt::format(", about {} left", clock_text(rest < kMinute ? std::ceil(rest) : rest));
  }
  return text;
}

}  // namespace assay::bootstrap
