// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What programs are lowered to before they run on the reference road: simple operations on registers, in
// blocks. All front ends (x86.cpp, a64.cpp, riscv.cpp) make the same operations; the interpreter knows no
// instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace assay::exec {

__extension__ typedef __int128 Signed128;             // NOLINT(modernize-use-using): the extension mark
__extension__ typedef unsigned __int128 Unsigned128;  // NOLINT(modernize-use-using)

/// Registers 0 to 31 are the program's; on A64, 31 is the stack pointer.
using Register = std::uint8_t;
inline constexpr Register kZero = 32;     ///< always 0
inline constexpr Register kNowhere = 33;  ///< written, never read by a program
inline constexpr Register kLeft = 34;     ///< what was compared last
inline constexpr Register kRight = 35;
inline constexpr Register kScratch = 36;
inline constexpr Register kFirstKept = 37;       ///< this and those behind: values set aside, within a block
inline constexpr Register kFirstTemporary = 42;  ///< these: within an instruction, or for flags
inline constexpr Register kFirstOfTrace = 48;    ///< this and those behind: of traces alone (trace.h)
inline constexpr Register kRegisters = 64;

enum class Condition : std::uint8_t {
  equal,
  not_equal,
  less,
  greater_equal,
  less_equal,
  greater,
  below,
  above_equal,
  below_equal,
  above,
};

constexpr Condition opposite(Condition condition) {
  switch (condition) {
    case Condition::equal: return Condition::not_equal;
    case Condition::not_equal: return Condition::equal;
    case Condition::less: return Condition::greater_equal;
    case Condition::greater_equal: return Condition::less;
    case Condition::less_equal: return Condition::greater;
    case Condition::greater: return Condition::less_equal;
    case Condition::below: return Condition::above_equal;
    case Condition::above_equal: return Condition::below;
    case Condition::below_equal: return Condition::above;
    case Condition::above: return Condition::below_equal;
  }
  return condition;
}

template <class Word>
[[gnu::always_inline]] constexpr bool holds(Condition condition, Word a, Word b) {
  using Signed = std::make_signed_t<Word>;
  switch (condition) {
    case Condition::equal: return a == b;
    case Condition::not_equal: return a != b;
    case Condition::less: return static_cast<Signed>(a) < static_cast<Signed>(b);
    case Condition::greater_equal: return static_cast<Signed>(a) >= static_cast<Signed>(b);
    case Condition::less_equal: return static_cast<Signed>(a) <= static_cast<Signed>(b);
    case Condition::greater: return static_cast<Signed>(a) > static_cast<Signed>(b);
    case Condition::below: return a < b;
    case Condition::above_equal: return a >= b;
    case Condition::below_equal: return a <= b;
    case Condition::above: return a > b;
  }
  return false;
}

/// d, a, b are registers; i is `immediate`. Values are words: 32-bit programs keep them zero extended.
enum class Op : std::uint8_t {
  set,           ///< d = i
  move,          ///< d = a
  add,           ///< d = a + b
  add_constant,  ///< d = a + i
  subtract,      ///< d = a - b
  bit_and,       ///< d = a & b
  and_constant,  ///< d = a & i
  bit_or,        ///< d = a | b
  or_constant,   ///< d = a | i
  bit_xor,       ///< d = a ^ b
  xor_constant,  ///< d = a ^ i
  multiply,      ///< d = a * b
  shift_left,    ///< d = a << (b mod word)
  shift_right,   ///< d = a >> (b mod word), logical
  shift_signed,  ///< d = a >> (b mod word), arithmetic
  shift_left_constant,
  shift_right_constant,
  shift_signed_constant,
  /// d = a / b, a % b, b != 0; 0 and a for b == 0 on A64, -1 and a on RISC-V.
  divide_signed,
  divide_unsigned,
  remainder_signed,
  remainder_unsigned,
  /// x86: rdx:rax, by register b.
  wide_multiply,
  wide_multiply_signed,
  wide_divide,
  wide_divide_signed,
  compare,    ///< d = condition(a, b) ? 1 : 0
  sign_byte,  ///< d = a, the low bits sign extended
  sign_half,
  sign_int,
  zero_int,     ///< d = a, the low 32 bits
  insert_byte,  ///< the low byte of d = that of a
  load_byte,    ///< d = [a + i], zero extended
  load_byte_signed,
  load_half,
  load_half_signed,
  load_int,
  load_int_signed,
  load_long,
  store_byte,  ///< [a + i] = b
  store_half,
  store_int,
  store_long,
  push,       ///< a -= i, then [a] = b, a word
  pop,        ///< d = [a], a word, then a += i
  set_aside,  ///< d = b, and the word [a - i] = b: a push whose pop is not far
  /// x87, `extra` as x87::code_of() has it: what it names in memory is at a; d = the status word. It is at
  /// `i`.
  x87,
  /// If condition(a, b): d = whether `extra` is odd, go to `immediate`; else d = the other truth, on with the
  /// next operation. `extra` from 2 on: nobody looks at d there.
  test,
  branch,         ///< if condition(a, b): go to `immediate`; else on with the next operation
  jump,           ///< go to `immediate`
  jump_register,  ///< go to a
  call,           ///< x86: push the address `extra` on a, go to `immediate`
  call_register,  ///< x86: push the address `extra` on a, go to b
  leave,          ///< x86: pop an address from a, go there
  system_call,    ///< goes on at `immediate`, the address behind it, unless the call says otherwise
  fill,           ///< as many iterations of the loop at `immediate` at once as possible; then go there
  heat,           ///< goes to the loop or function at `immediate`, `extra` is its number; counted
  enter,  ///< the trace of loop `extra` begins; counted. It should go round `immediate` times in kEntered
  round,  ///< the same trace goes round: counted, go to `target`
  // Of traces too: unless the `extra` bytes at a + i are there, go to `target`.
  ask_stack,
  ask_read,   ///< memory, but no stack
  ask_write,  ///< the same, and no code
  ask_equal,  ///< unless a is b + `extra`, with its sign, go to `target`
  ask_word,   ///< the same of the word at a + i
  grow_heap,  ///< to a + i; if it cannot, go to `target`
  put_byte,   ///< b to the stream of file a; if it is not open, go to `target`
  get_byte,   ///< d = the next byte of the stream of file a; if there is none, go to `target`
  /// The b bytes from a on become d's (not written) low byte; if they are not all memory, but no stack and no
  /// code, go to `target`.
  fill_bytes,
  expect,   ///< unless a is b, the program needs flags that nobody knows, at `immediate`
  pause,    ///< ends the run, for now
  watch,    ///< tells whoever watches that `immediate` is reached, and goes on at `target`; interpreted only
  unknown,  ///< an instruction that no table has, at `immediate`; `extra` 1: it needs flags nobody knows
};

/// Those of x86 on two words: they write registers 0 and 2.
constexpr bool is_wide(Op op) { return op >= Op::wide_multiply && op <= Op::wide_divide_signed; }
/// Whether the operation writes its field d.
constexpr bool writes_d(Op op) {
  return (op <= Op::load_long && !is_wide(op)) || op == Op::pop || op == Op::set_aside || op == Op::test ||
         op == Op::get_byte || op == Op::x87;
}
constexpr bool is_load(Op op) { return op >= Op::load_byte && op <= Op::load_long; }
constexpr bool is_store(Op op) { return op >= Op::store_byte && op <= Op::store_long; }
/// Whether it uses its field a and not b. (Op::set uses neither, others both, or fields that are registers
/// 0.)
constexpr bool has_one_source(Op op) {
  switch (op) {
    case Op::move:
    case Op::add_constant:
    case Op::and_constant:
    case Op::or_constant:
    case Op::xor_constant:
    case Op::shift_left_constant:
    case Op::shift_right_constant:
    case Op::shift_signed_constant:
    case Op::sign_byte:
    case Op::sign_half:
    case Op::sign_int:
    case Op::zero_int:
    case Op::pop: return true;
    default: return is_load(op);
  }
}
/// The load and the store of a word.
constexpr Op word_load(unsigned word_bytes) { return word_bytes == 8 ? Op::load_long : Op::load_int; }
constexpr Op word_store(unsigned word_bytes) { return word_bytes == 8 ? Op::store_long : Op::store_int; }

struct Operation {
  Op op{};
  Register d = 0;
  Register a = 0;
  Register b = 0;
  Condition condition{};
  bool back = false;      ///< branch, test, jump: to where the block begins, or before it
  std::uint16_t way = 0;  ///< how the interpreter does it (ways.h)
  /// call: the return address; fill: which loop; test; heat, enter, round: its number; load, store: kSure and
  /// so on
  std::uint32_t extra = 0;
  Register last = kNowhere;  ///< what its way, and those behind it, take to be what was made last
  std::int64_t immediate = 0;
  const Operation* target = nullptr;  ///< of a jump, once known
};

/// Of a load or store in a trace: what it touches is known to be there.
inline constexpr std::uint32_t kSure = 1;
/// And a load, of a round, that goes on in a list: a is replaced by d for the next one.
inline constexpr std::uint32_t kAhead = 2;

struct Block {
  std::uint64_t address = 0;
  std::vector<Operation> operations;
  struct Range {
    std::uint64_t from = 0, bytes = 0;
  };
  std::vector<Range> made_from;  ///< the program's bytes
};

}  // namespace assay::exec
