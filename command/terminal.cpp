// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <cstdlib>
#include <string_view>

namespace assay {
namespace {

constexpr unsigned kColumns = 80;

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets one
  return value == nullptr ? "" : value;
}

}  // namespace

bool rewrites_lines(int descriptor) { return ::isatty(descriptor) == 1 && variable("TERM") != "dumb"; }

bool shows_colour(int descriptor) { return rewrites_lines(descriptor) && variable("NO_COLOR").empty(); }

unsigned columns_of(int descriptor) {
  struct winsize size {};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kColumns;
  return size.ws_col;
}

}  // namespace assay
