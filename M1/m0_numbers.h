// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "M1/m0_dialects.h"

namespace assay::m0 {

/// An atom read as a number.
struct Number {
  /// Wrapped at the word; bits above the word are 0.
  std::uint64_t value = 0;
  /// False: the atom is printed as it stands.
  bool is_number = false;
  /// It has a character that is no digit (and is 0, or on knight whatever came out).
  bool malformed = false;
  /// It uses one of :;<=>?@ as a hexadecimal digit.
  bool odd_digit = false;
  /// The digits do not fit the word.
  bool wraps = false;
  bool negative = false;
};

/// Reads an atom. With sigils the first character, whatever it is, is not looked at.
Number read_number(std::string_view atom, const Dialect& dialect);

/// A number token as printed.
struct PrintedNumber {
  char text[12]{};
  unsigned length = 0;
  unsigned field_bits = 0;  ///< how many bits of the value the field holds
};

/// Prints `value` in the field that the first character of the atom asks for; nothing if the
/// dialect has no such field.
std::optional<PrintedNumber> print_number(char first, std::uint64_t value, const Dialect& dialect);

/// Whether the value survives a field of `bits`, read as signed or as unsigned.
bool fits(const Number& number, unsigned bits, const Dialect& dialect);

}  // namespace assay::m0
