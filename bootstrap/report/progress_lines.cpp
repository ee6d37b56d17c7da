// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/progress_lines.h"

#include <fmt/format.h>
#include <unistd.h>
#include <string>

#include "command/terminal.h"
#include "core/host_descriptor.h"

namespace assay::bootstrap {
namespace {

constexpr double kBetweenLines = 5;  // seconds
constexpr double kBetweenRewrites = 0.1;

/// Not by a stream, which would remember that progress was lost: that is no trouble of the run.
void write_text(std::string_view text) { (void)write_all(STDERR_FILENO, as_bytes(text)); }

}  // namespace

ProgressLines::ProgressLines(std::size_t parts, std::function<double()> clock)
    : clock_(std::move(clock)),
      terminal_(rewrites_lines(STDERR_FILENO)),
      meter_(parts, clock_()),
      shown_(terminal_ ? 0 : clock_()) {}

void ProgressLines::count(std::string_view what, std::string_view phase, std::uint64_t done,
                          std::uint64_t total, std::string_view unit) {
  meter_.count(what, unit, done, total, clock_());
  show(what, phase);
}

void ProgressLines::phase(std::string_view what, std::string_view phase) { show(what, phase); }

void ProgressLines::show(std::string_view what, std::string_view phase) {
  const double now = clock_();
  if (now - shown_ < (terminal_ ? kBetweenRewrites : kBetweenLines)) return;
  shown_ = now;
  const std::string text = fmt::format("{} ({}: {})", meter_.text(now), what, phase);
  if (!terminal_) return write_text(text + "\n");
  write_text(fmt::format("\r\x1b[K{}", text.substr(0, columns_of(STDERR_FILENO) - 1)));
}

void ProgressLines::finish() const {
  if (terminal_) write_text("\r\x1b[K");
}

}  // namespace assay::bootstrap
