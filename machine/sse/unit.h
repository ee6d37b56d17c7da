// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scalar part of SSE and SSE2, as C compilers of the bootstrap use it, as a unit beside the processor
// (Isa::unit). Its registers xmm0 to xmm15 are words behind the slots. Exceptions are masked, numbers are
// rounded to the nearest, and nobody can ask for MXCSR: so what happened before leaves no trace but the
// registers.
#pragma once

#include <cstdint>

#include "machine/ir/ir.h"

namespace assay::machine::sse {

inline constexpr unsigned kRegisters = 16;
inline constexpr unsigned kLow = kUnitWords;                ///< of each register: bits 0 to 63
inline constexpr unsigned kHigh = kUnitWords + kRegisters;  ///< bits 64 to 127
static_assert(2 * kRegisters <= kUnitWordCount);

/// `to` is a register; a and b are the operand, whose low half a is.
enum class Do : std::uint8_t {
  get_low,  ///< the result: half of `to`
  get_high,
  set,      ///< to = b:a
  set_low,  ///< bits 64 to 127 stay
  set_single,
  // The number in the low bits of `to` with that of a; the other bits stay.
  add,
  multiply,
  subtract,
  minimum,
  divide,
  maximum,
  square_root,   ///< of a
  convert,       ///< a is of the other size
  from_integer,  ///< a: 32 or 64 bits with a sign
  to_integer,    ///< the result: a rounded to the nearest
  to_integer_truncated,
  compare,  ///< the result: Z, P and C as in EFLAGS
  // All 128 bits.
  bit_and,
  bit_and_not,  ///< not to, and b:a
  bit_or,
  bit_xor,
  unpack,        ///< the numbers of the low halves, in turn
  convert_pair,  ///< two numbers of the other size
};

/// An operation as one word.
struct Operation {
  Do what{};
  std::uint8_t to = 0;
  bool single = false;  ///< numbers of 32 bits, not of 64
  bool wide = false;    ///< integers of 64 bits, not of 32

  /// Tells its words from those of other units.
  static constexpr std::uint32_t kMark = 1U << 30U;

  [[nodiscard]] constexpr std::uint32_t word() const {
    return static_cast<std::uint32_t>(what) | std::uint32_t{to} << 8 | (single ? 1U << 12U : 0U) |
           (wide ? 1U << 13U : 0U) | kMark;
  }
  static constexpr Operation of(std::uint64_t word) {
    return {static_cast<Do>(word & 0xFF), static_cast<std::uint8_t>(word >> 8 & 15), (word >> 12 & 1) != 0,
            (word >> 13 & 1) != 0};
  }
};

/// Does Operation::of(operation) on the words behind `slots`.
std::uint64_t execute(std::uint64_t* slots, std::uint64_t operation, std::uint64_t a, std::uint64_t b);

}  // namespace assay::machine::sse
