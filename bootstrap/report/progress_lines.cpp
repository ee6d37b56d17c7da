// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/progress_lines.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>

#include "command/print.h"

namespace assay::bootstrap {

ProgressLines::ProgressLines() : terminal_(::isatty(STDERR_FILENO) != 0) {}

void ProgressLines::count(std::string_view what, std::string_view phase, std::uint64_t done,
                          std::uint64_t total, std::string_view unit) {
  const std::string key = fmt::format("{}: {}", what, phase);
  const bool first = counting_ != key;
  counting_ = key;
  const std::string of = total == 0 ? "" : fmt::format("/{}", total);
  print(fmt::format("{} {}{} {}", key, done, of, unit), first || (total != 0 && done == total));
}

void ProgressLines::phase(std::string_view what, std::string_view phase) {
  print(fmt::format("{}: {}", what, phase), true);
}

void ProgressLines::print(const std::string& text, bool line) {
  if (terminal_) {
    assay::print_error("\r\x1b[K{}", text);
    std::fflush(stderr);
  } else if (line) {
    assay::print_error("{}\n", text);
  }
}

void ProgressLines::finish() const {
  if (terminal_) assay::print_error("\r\x1b[K");
}

}  // namespace assay::bootstrap
