// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words and numbers in comments.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bootstrap::lint {

inline constexpr std::string_view kBlanks = " \t\r";

inline std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(kBlanks);
  return from == std::string_view::npos ? text.substr(0, 0)
                                        : text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

inline std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(separators); at < text.size();) {
    const auto end = std::min(text.find_first_of(separators, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(separators, end);
  }
  return words;
}

/// "12", "-4", "0x1F", "0644" (octal, as M1 reads it); nothing for anything else.
inline std::optional<std::int64_t> number_in(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  const int base = hex ? 16 : text.starts_with('0') ? 8 : 10;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& one : result) {
    if (one >= 'A' && one <= 'Z') one = static_cast<char>(one - 'A' + 'a');
  }
  return result;
}

/// The same number in a field of 8, 16 or 32 bits, or in 64.
inline bool same_field(std::int64_t left, std::int64_t right) {
  for (const int bits : {8, 16, 32}) {
    const std::int64_t limit = std::int64_t{1} << bits;
    if (left < -limit / 2 || left >= limit || right < -limit / 2 || right >= limit) continue;
    if (((left - right) & (limit - 1)) == 0) return true;
  }
  return left == right;
}

}  // namespace assay::bootstrap::lint
