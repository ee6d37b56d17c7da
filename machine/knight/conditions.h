// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "machine/knight/processor.h"

namespace assay::machine::knight {

// What a register that was compared holds.
inline constexpr std::uint64_t kLessBit = 1;
inline constexpr std::uint64_t kEqualBit = 2;
inline constexpr std::uint64_t kGreaterBit = 4;
inline constexpr std::uint64_t kOverflowBit = 8;
inline constexpr std::uint64_t kBorrowBit = 16;
inline constexpr std::uint64_t kCarryBit = 32;

/// Of two numbers; the condition is one of the first six.
constexpr bool holds(Word word, Condition condition, std::uint64_t left, std::uint64_t right,
                     bool is_signed) {
  const bool is_less = is_signed ? word.as_signed(left) < word.as_signed(right) : left < right;
  switch (condition) {
    case Condition::greater: return !is_less && left != right;
    case Condition::greater_equal: return !is_less;
    case Condition::equal: return left == right;
    case Condition::not_equal: return left != right;
    case Condition::less_equal: return is_less || left == right;
    default: return is_less;
  }
}

/// Of a register.
constexpr bool holds(Word word, Condition condition, std::uint64_t value) {
  const auto has = [value](std::uint64_t bits) { return (value & bits) != 0; };
  switch (condition) {
    case Condition::greater: return has(kGreaterBit);
    case Condition::greater_equal: return has(kGreaterBit | kEqualBit);
    case Condition::equal: return has(kEqualBit);
    case Condition::not_equal: return !has(kEqualBit);
    case Condition::less_equal: return has(kLessBit | kEqualBit);
    case Condition::less: return has(kLessBit);
    case Condition::carry: return has(kCarryBit);
    case Condition::borrow: return has(kBorrowBit);
    case Condition::overflow: return has(kOverflowBit);
    case Condition::zero: return value == 0;
    case Condition::not_zero: return value != 0;
    case Condition::not_negative: return word.as_signed(value) >= 0;
    case Condition::negative: return word.as_signed(value) < 0;
  }
  return false;
}

}  // namespace assay::machine::knight
