// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m0_numbers.h"

namespace assay::m0 {
namespace {

std::uint64_t word_mask(const Dialect& dialect) { return ~std::uint64_t{0} >> (64 - dialect.word_bits); }

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/// Appends a digit; notes when the word overflows.
void push_digit(Number& number, unsigned base, std::uint64_t digit, std::uint64_t mask) {
  const std::uint64_t limit = (mask - digit) / base;
  if (digit > mask || number.value > limit) number.wraps = true;
  number.value = (number.value * base + digit) & mask;
}

Number read_hex(std::string_view digits, std::uint64_t mask) {
  Number number;
  for (const char c : digits) {
    int digit = c - '0';
    if (digit >= 10) digit -= 7;
    if (digit < 0 || digit > 15) return {.malformed = true};
    number.odd_digit |= !is_hex_digit(c);
    push_digit(number, 16, static_cast<std::uint64_t>(digit), mask);
  }
  number.malformed = digits.empty();
  return number;
}

Number read_decimal(std::string_view digits, std::uint64_t mask) {
  Number number;
  if (digits.starts_with('-')) {
    number.negative = true;
    digits.remove_prefix(1);
  }
  for (const char c : digits) {
    if (c < '0' || c > '9') return {.malformed = true};
    push_digit(number, 10, static_cast<std::uint64_t>(c - '0'), mask);
  }
  number.malformed = digits.empty();
  if (number.negative) number.value = (0 - number.value) & mask;
  return number;
}

// Knight checks nothing: any character becomes some digit, and a bad one in a decimal number ends it
// after the multiplication.
Number read_knight(std::string_view atom, std::uint64_t mask) {
  Number number;
  if (atom.size() > 1 && atom[1] == 'x') {
    if (atom[0] != '0') return number;
    for (const char c : atom.substr(2)) {
      int digit = static_cast<signed char>(c) - '0';
      if (digit >= 10) digit -= 7;
      if (digit >= 16) digit -= 32;
      number.malformed |= !is_hex_digit(c);
      number.value =
          (number.value * 16 + static_cast<std::uint64_t>(static_cast<std::int64_t>(digit))) & mask;
    }
    return number;
  }
  if (atom.starts_with('-')) {
    number.negative = true;
    atom.remove_prefix(1);
  }
  for (const char c : atom) {
    const bool digit = c >= '0' && c <= '9';
    push_digit(number, 10, digit ? static_cast<std::uint64_t>(c - '0') : 0, mask);
    if (!digit) {
      number.malformed = true;
      break;
    }
  }
  if (number.negative) number.value = (0 - number.value) & mask;
  return number;
}

void print_hex(PrintedNumber& printed, std::uint64_t value, unsigned bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (unsigned i = 0; i < bytes; ++i, value >>= 8) {
    printed.text[printed.length++] = kDigits[(value >> 4) & 15];
    printed.text[printed.length++] = kDigits[value & 15];
  }
}

PrintedNumber plain(std::uint64_t value, unsigned bytes) {
  PrintedNumber printed;
  print_hex(printed, value, bytes);
  printed.field_bits = 8 * bytes;
  return printed;
}

PrintedNumber field(std::uint64_t word, unsigned bits) {
  PrintedNumber printed;
  printed.text[printed.length++] = '.';
  print_hex(printed, word, 4);
  printed.field_bits = bits;
  return printed;
}

}  // namespace

Number read_number(std::string_view atom, const Dialect& dialect) {
  const std::uint64_t mask = word_mask(dialect);
  Number number;
  if (dialect.numbers == NumberStyle::whole_token) {
    number = read_knight(atom, mask);
    number.is_number = number.value != 0 || atom.starts_with('0');
    return number;
  }
  const std::string_view digits = atom.substr(1);
  if (digits.size() > 1 && digits[1] == 'x') {
    number = read_hex(digits.substr(2), mask);
  } else {
    number = read_decimal(digits, mask);
  }
  number.is_number = number.value != 0 || digits.starts_with('0');
  return number;
}

std::optional<PrintedNumber> print_number(char first, std::uint64_t value, const Dialect& dialect) {
  switch (dialect.numbers) {
    case NumberStyle::whole_token: return plain(((value >> 8) & 0xFF) | ((value & 0xFF) << 8), 2);
    case NumberStyle::arm_bytes:
      if (first == '~') return plain(value, 3);
      [[fallthrough]];
    case NumberStyle::bytes: return plain(value, first == '%' ? 4 : first == '@' ? 2 : 1);
    case NumberStyle::riscv_fields: break;
  }
  switch (first) {
    case '%': return plain(value, 4);
    case '!': return field((value & 0xFFF) << 20, 12);
    case '@': return field(((value & 0x1F) << 7) | ((value & 0xFE0) << 20), 12);
    // The low 12 bits are added by another instruction as a signed number: round to make up for it.
    case '~': return field((value & ~std::uint64_t{0xFFF}) + ((value & 0xFFF) >= 0x800 ? 0x1000 : 0), 32);
    default: return std::nullopt;
  }
}

bool fits(const Number& number, unsigned bits, const Dialect& dialect) {
  if (number.wraps) return true;  // reported as such
  if (number.negative) {
    const std::uint64_t magnitude = (0 - number.value) & word_mask(dialect);
    return magnitude <= std::uint64_t{1} << (bits - 1);
  }
  return bits >= 64 || number.value >> bits == 0;
}

}  // namespace assay::m0
