// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The x87 as a unit beside the processor (Isa::unit): its registers are guest slots that only it writes, and
// an operation is one word that the decoder makes and every engine hands to execute().
//
// All slots are 0 at a program's start: that is the state after fninit.
#pragma once

#include <cstdint>

namespace assay::machine::x87 {

/// Guest slots.
inline constexpr unsigned kSignificands = 40;  ///< of the eight registers R0 to R7, not of the stack
inline constexpr unsigned kTops = 48;          ///< their signs and exponents
inline constexpr unsigned kControl = 56;       ///< the control word, xor kInitialControl
inline constexpr unsigned kStatus = 57;        ///< the status word
inline constexpr unsigned kFilled = 58;        ///< bit i: Ri is not empty
/// What a query leaves beside its result: not 0 where the instruction has to stop; and a second word.
inline constexpr unsigned kStops = 59;
inline constexpr unsigned kSecond = 60;

inline constexpr unsigned kInitialControl = 0x037F;
/// Of the status word: an exception that is not masked waits.
inline constexpr unsigned kPending = 0x80;

enum class Do : std::uint8_t {
  // to = to op from, and then pops; the reversed ones: from op to.
  add,
  multiply,
  subtract,
  subtract_reversed,
  divide,
  divide_reversed,
  // ST(0) with `from`.
  compare,
  compare_quiet,
  compare_for_flags,  ///< the result: Z, P and C as in EFLAGS; b: these before
  compare_quiet_for_flags,
  // The stack.
  push,           ///< `from`
  push_constant,  ///< number `to` of fld1 fldl2t fldl2e fldpi fldlg2 fldln2 fldz
  exchange,
  copy,       ///< to = ST(0), and then pops
  copy_if,    ///< ST(0) = from, if a is not 0
  free,       ///< `to`; then pops without looking
  increment,  ///< the top of the stack
  decrement,
  // ST(0) alone.
  change_sign,
  absolute,
  test,
  examine,
  square_root,
  round_to_integer,
  extract,
  // ST(0) with ST(1).
  scale,
  remainder,
  remainder_nearest,
  /// The transcendental functions, numbered by `to`; see Function. A query first.
  function,
  // To memory: `from` says how. A query first: its result is what is to be stored (kSecond: behind it).
  store,
  store_toward_zero,
  // The unit as a whole.
  get_control,
  set_control,
  get_status,
  clear_exceptions,
  initialise,
  get_environment,  ///< word `to`: control, status, tags
  set_environment,
  mask_all,
  get_register,  ///< ST(to); kSecond: sign and exponent
  set_register,  ///< ST(to) = a, b, as the tags have it
};

enum class Function : std::uint8_t {
  two_to_x_minus_1,  // F0
  y_log2_x,
  tangent,
  arc_tangent,
  y_log2_x_plus_1 = 9,
  sine_and_cosine = 11,
  sine = 14,
  cosine,
};

/// Operands and places in memory.
enum class Form : std::uint8_t { stack, single, real, extended, word, dword, qword, decimal };

/// An operation as one word.
struct Operation {
  Do what{};
  Form form = Form::stack;
  std::uint8_t to = 0;    ///< ST(to)
  std::uint8_t from = 0;  ///< ST(from), with Form::stack
  std::uint8_t pops = 0;
  bool query = false;  ///< changes nothing but kStops and kSecond

  [[nodiscard]] constexpr std::uint32_t word() const {
    return static_cast<std::uint32_t>(what) | static_cast<std::uint32_t>(form) << 8 |
           std::uint32_t{to} << 12 | std::uint32_t{from} << 16 | std::uint32_t{pops} << 20 |
           (query ? 1U << 24 : 0U);
  }
  static constexpr Operation of(std::uint32_t word) {
    return {static_cast<Do>(word & 0xFF),
            static_cast<Form>(word >> 8 & 15),
            static_cast<std::uint8_t>(word >> 12 & 15),
            static_cast<std::uint8_t>(word >> 16 & 15),
            static_cast<std::uint8_t>(word >> 20 & 3),
            (word >> 24 & 1) != 0};
  }
};

/// Does Operation::of(operation) on the guest's slots. `a` is the operand from memory, `b` what is behind it.
std::uint64_t execute(std::uint64_t* slots, std::uint64_t operation, std::uint64_t a, std::uint64_t b);

}  // namespace assay::machine::x87
