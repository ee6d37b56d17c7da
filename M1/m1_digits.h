// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "command/mescc_dialects.h"

namespace assay::m1 {

inline constexpr unsigned kMostDigits = 32;  ///< four bytes in binary

/// Writes `value` with the digits of `bytes` bytes. In octal the value is one long number, not one a
/// byte. Little-endian reverses the order of the bytes' groups of digits. Returns the number of digits.
inline unsigned write_digits(char* out, std::uint64_t value, unsigned bytes, DigitBase base,
                             bool big_endian) {
  const unsigned group = digits_a_byte(base);
  const unsigned bits = bits_a_digit(base);
  const unsigned count = bytes * group;
  for (unsigned digit = 0; digit < count; ++digit) {  // from the last
    const unsigned at = count - 1 - digit;
    const unsigned place = big_endian ? at : (bytes - 1 - at / group) * group + at % group;
    const unsigned shift = digit * bits;
    out[place] = "0123456789ABCDEF"[shift < 64 ? (value >> shift) & ((1u << bits) - 1) : 0];
  }
  return count;
}

}  // namespace assay::m1
