// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The instructions of the knight machine: a row each, found by the bytes (docs/machine/knight.md). What rows
// have in common is one Op with parameters, so that what it does is written once for all forms.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/bytes.h"

namespace assay::machine::knight {

/// How the operands lie in an instruction. The letters are registers a to d, `i` an immediate of 16 bits.
enum class Form : std::uint8_t { none, abcd, abc, ab, a, abi, ai, i, hal };

enum class Op : std::uint8_t {
  nop,
  halt,
  // With the bits of register d: `kind` has kCarryIn and kCarryOut.
  add_carry,
  subtract_borrow,
  multiply,  ///< a: low half, b: high half of c * d
  divide,    ///< a: quotient, b: rest of c / d
  mux,       ///< kind: the bit of b that takes d's
  sort,
  // Of two values: registers b and c, b and i, or a and i.
  add,
  subtract,
  compare,  ///< condition bits
  multiply_low,
  multiply_high,
  quotient,
  rest,
  maximum,
  minimum,
  logic,  ///< kind: its table of truth
  shift,  ///< kind: a Shift
  // Memory at b + c, b + i or PC + i. `kind`: bytes, 0 for a register's size.
  load,
  store,
  // Of two registers.
  negate,
  absolute,
  negative_absolute,
  swap,
  copy,
  move,
  complement,
  push,  ///< kind: bytes
  pop,   ///< kind: bytes
  // Where to go on. `kind`: a Condition.
  compare_jump,
  compare_skip,
  set_if,
  jump_if,
  jump,
  branch,
  call,
  call_immediate,
  jump_register,
  push_pc,
  pop_pc,
  // Values.
  read_pc,
  read_scid,
  constant,  ///< kind: every byte
  immediate,
  // Devices.
  open_read,
  open_write,
  close,
  rewind,
  get,
  put,
  memory_size,
};

enum class Condition : std::uint8_t {
  greater,
  greater_equal,
  equal,
  not_equal,
  less_equal,
  less,
  carry,
  borrow,
  overflow,
  zero,
  not_zero,
  not_negative,
  negative,
};

/// left and right: by the lowest bits of the number, with zeros. The others: by all of it.
enum class Shift : std::uint8_t {
  left,
  right,
  left_zeros,
  right_zeros,
  left_ones,
  right_ones,
  around_right,
  around_left
};

inline constexpr std::uint8_t kCarryIn = 1;
inline constexpr std::uint8_t kCarryOut = 2;

struct Row {
  Form form{};
  std::uint32_t code = 0;  ///< all of the instruction's first four bytes but its operands
  std::string_view name;   ///< as the machine's reference spells it
  Op op{};
  std::uint8_t kind = 0;
  bool is_signed = false;
};

/// An instruction, read.
struct Instruction {
  const Row* row = nullptr;  ///< nullptr: there is none
  std::array<std::uint8_t, 4> registers{};
  std::int16_t immediate = 0;
};

inline constexpr unsigned kShortest = 4;  // bytes of an instruction
inline constexpr unsigned kLongest = 6;

/// Bytes of the instruction that begins with this one.
constexpr unsigned length_of(Byte first) { return first == 0xE0 || first == 0xE1 ? kLongest : kShortest; }

/// Reads the instruction in `bytes`, which are length_of() the first.
Instruction decode(ByteView bytes);

/// Every row, for tests and listings.
std::span<const Row> rows();

}  // namespace assay::machine::knight
