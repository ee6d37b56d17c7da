// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What hex0, hex1 and hex2 have in common: which bytes are digits and where a comment ends.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/byte_masks.h"
#include "core/bytes.h"

namespace assay::hex0 {

/// Not a digit, in kDigitValues.
inline constexpr Byte kNoDigit = 0xFF;

constexpr std::array<Byte, 256> digit_values() {
  std::array<Byte, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < 10; ++i) values['0' + i] = static_cast<Byte>(i);
  for (std::size_t i = 0; i < 6; ++i) {
    values['A' + i] = values['a' + i] = static_cast<Byte>(10 + i);
  }
  return values;
}

/// The value of each byte as a hexadecimal digit of either case.
inline constexpr std::array<Byte, 256> kDigitValues = digit_values();

constexpr bool starts_comment(Byte byte) { return byte == '#' || byte == ';'; }

/// The offset of the first byte at or after `from` that ends a comment, or text.size().
inline std::size_t find_comment_end(ByteView text, std::size_t from, bool carriage_return_too) {
  if (from >= text.size()) return text.size();
  const std::string_view all = as_text(text);
  const char* const end = all.data() + all.size();
  const char* const found = carriage_return_too ? find_any<'\n', '\r'>(all.data() + from, end)
                                                : find_any<'\n'>(all.data() + from, end);
  return static_cast<std::size_t>(found - all.data());
}

}  // namespace assay::hex0
