// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text on the standard streams. Printing never fails: whether all of it could be written is asked once, at
// the end (standard_streams_whole).
#pragma once

#include <fmt/format.h>
#include <cstdio>
#include <string_view>

namespace assay {

inline void print_text(std::FILE* to, std::string_view text) {
  if (!text.empty()) (void)!std::fwrite(text.data(), 1, text.size(), to);
}

template <class... Values>
void print_to(std::FILE* to, fmt::format_string<Values...> format, Values&&... values) {
  print_text(to, fmt::format(format, std::forward<Values>(values)...));
}

/// On standard output.
template <class... Values>
void print(fmt::format_string<Values...> format, Values&&... values) {
  print_to(stdout, format, std::forward<Values>(values)...);
}

/// On standard error.
template <class... Values>
void print_error(fmt::format_string<Values...> format, Values&&... values) {
  print_to(stderr, format, std::forward<Values>(values)...);
}

}  // namespace assay
