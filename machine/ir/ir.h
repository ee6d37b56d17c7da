// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The intermediate representation between instruction sets and engines. A decoder (one file an
// instruction set, machine/isa/isa.h) turns guest instructions into Ins; every engine runs Ins. Neither
// knows the other. machine/ir/builder.h is how decoders write it.
//
// Values. Everything is a 64-bit slot. Slots below kFirstTemp are the guest's registers, numbered by
// its Isa; those from kFirstTemp on are temporaries, written once, alive until the end of the block.
// A register of a 32-bit guest is kept zero-extended in its slot: that is an invariant which
// decoders keep and engines use.
//
// Widths. An operation of width w32 reads the low 32 bits of its operands and leaves a result whose
// upper 32 bits are zero. Arithmetic has widths w32 and w64 only; w8 and w16 appear where noted.
//
// Operands. `a` is always a slot. `b` is a slot, or kImmediate: then the operand is `imm`.
//
// Faults. Instructions that can fault (load, store, the wide divisions, trap, trap_if) are
// restartable: a decoder emits all writes of guest registers and flags of one guest instruction
// after the last Ins of it that can fault (stores may come one after another if what was loaded
// before does not depend on them: all is done again). An engine may therefore drop back to the start of the
// guest instruction.
#pragma once

#include <cstdint>
#include <vector>

namespace assay::machine {

using Slot = std::uint8_t;
inline constexpr Slot kFirstTemp = 64;
inline constexpr Slot kLastTemp = 249;
inline constexpr Slot kImmediate = 255;  ///< operand b is the immediate
inline constexpr Slot kNoSlot = 254;     ///< operand not used
/// Behind the slots: words that only a unit (Isa::unit) reads and writes.
inline constexpr unsigned kUnitWords = 256;
inline constexpr unsigned kUnitWordCount = 32;

/// Operand sizes: the value is log2 of the bytes.
enum class Width : std::uint8_t { w8, w16, w32, w64 };
constexpr unsigned bits_of(Width width) { return 8U << static_cast<unsigned>(width); }
constexpr unsigned bytes_of(Width width) { return 1U << static_cast<unsigned>(width); }

enum class Op : std::uint8_t {
  // dst = ...
  mov,          ///< b (slot or immediate), all 64 bits; `a` is not used
  add,          ///< a + b
  sub,          ///< a - b
  bit_and,      ///< a & b
  bit_or,       ///< a | b
  bit_xor,      ///< a ^ b
  shl,          ///< a << b; shift counts are taken modulo the width
  shr,          ///< a >> b, zeros enter
  sar,          ///< a >> b, the sign enters
  ror,          ///< a rotated right by b
  mul,          ///< low half of a * b
  mul_high_u,   ///< high half, both unsigned
  mul_high_s,   ///< high half, both signed
  mul_high_su,  ///< high half, a signed, b unsigned
  div_u,        ///< a / b as RISC-V has it: x / 0 = all ones
  div_s,        ///< toward zero; x / 0 = -1; lowest / -1 = lowest
  rem_u,        ///< x rem 0 = x
  rem_s,        ///< x rem 0 = x; lowest rem -1 = 0
  // The x86 divisions: dividend c:a (c is the high half), divisor b (a slot). Divisor zero, or a
  // quotient that does not fit: an arithmetic fault.
  wide_div_u,
  wide_rem_u,
  wide_div_s,
  wide_rem_s,
  count_leading_zeros,   ///< of a; the width if a is 0
  count_trailing_zeros,  ///< of a; the width if a is 0
  count_ones,            ///< of a
  byte_swap,             ///< bytes of a in reverse order; w16 too (result zero-extended)
  bit_reverse,           ///< bits of a in reverse order
  zero_extend,           ///< low `width` bits of a, to 64 bits
  sign_extend,           ///< low `width` bits of a, to 64 bits
  sign_extend_32,        ///< low `width` (w8, w16) bits of a, to 32 bits; upper half zero
  extract,               ///< bits [low, low + count) of a, zero-extended; low = imm & 63, count = imm >> 8
  deposit,               ///< a with bits [low, low + count) replaced by those of slot b; imm as extract
  set_if,                ///< 1 if condition(a, b) at `width` (all four widths), else 0
  select,                ///< c != 0 ? a : b
  load,                  ///< memory[a + disp], `width`, zero-extended
  load_signed,           ///< sign-extended to 64 bits (w8 to w32)
  load_signed_32,        ///< sign-extended to 32 bits, upper half zero (w8, w16)
  store,                 ///< memory[a + disp] = low `width` of b; no dst
  // Flags: see FlagKind.
  set_flags,  ///< records {kind, width, a, b, c}; no dst
  get_flag,   ///< 1 if flag_condition holds, else 0
  get_flags,  ///< the flags as one word (kFlagCarry ...)
  unit,  ///< Isa::unit does operation imm with a and b (kNoSlot: 0), on slots that no other writes; dst may
         ///< be kNoSlot
  // Control. `count` is the number of guest instructions retired when the exit is taken.
  branch,         ///< if condition(a, b) at `width` leave to `target`, else go on; all four widths
  branch_flag,    ///< if flag_condition leave to `target`, else go on
  jump,           ///< leave to `target`; ends the block
  jump_indirect,  ///< leave to the address in a; ends the block; jump_hint tells calls and returns
  system_call,    ///< leave to the kernel, then go on at `target`; ends the block
  trap,           ///< stop with trap_kind at this instruction; ends the block
  trap_if,        ///< if condition(a, b) at `width`: as trap; else go on
};

/// Of set_if, branch and trap_if.
enum class Condition : std::uint8_t {
  eq,
  ne,
  lt_u,
  ge_u,
  le_u,
  gt_u,
  lt_s,
  ge_s,
  le_s,
  gt_s,
  no_bits,    ///< (a & b) == 0
  some_bits,  ///< (a & b) != 0
};
constexpr Condition inverse(Condition c) { return static_cast<Condition>(static_cast<unsigned>(c) ^ 1U); }

/// How the flags of a guest with flags follow from the operands recorded by set_flags: Z and S (N) of
/// the result, C, V (overflow), P (even parity of its low byte).
enum class FlagKind : std::uint8_t {
  add,      ///< a + b
  adc,      ///< a + b + c (c is 0 or 1)
  sub,      ///< a - b; C is the borrow (x86)
  sbb,      ///< a - b - c; C is the borrow (x86)
  sub_arm,  ///< a - b; C is "no borrow" (A64, A32)
  sbc_arm,  ///< a + ~b + c; C is "no borrow"
  parts,    ///< Z, S, P of a at `width`; C, A = bits 0, 4 of b; V = bit 0 of c: logic, shifts, mul, inc, dec
  word,     ///< a is a flags word
};

/// Bits of a flags word: those of x86's EFLAGS. A decoder with another layout converts.
inline constexpr std::uint64_t kFlagCarry = 0x001;
inline constexpr std::uint64_t kFlagParity = 0x004;
inline constexpr std::uint64_t kFlagAdjust = 0x010;  ///< x86 only
inline constexpr std::uint64_t kFlagZero = 0x040;
inline constexpr std::uint64_t kFlagSign = 0x080;
inline constexpr std::uint64_t kFlagOverflow = 0x800;

/// Of get_flag and branch_flag; a pair differs in bit 0.
enum class FlagCondition : std::uint8_t {
  overflow,
  not_overflow,
  carry,
  not_carry,  ///< x86 b/ae, ARM cs/cc
  zero,
  not_zero,  ///< e/ne, eq/ne
  carry_or_zero,
  not_carry_nor_zero,  ///< x86 be/a
  sign,
  not_sign,  ///< s/ns, mi/pl
  parity,
  not_parity,
  less,
  not_less,  ///< S != V: l/ge, lt/ge
  less_or_zero,
  greater,  ///< le/g, le/gt
  carry_not_zero,
  not_carry_or_zero,  ///< ARM hi/ls
};
constexpr FlagCondition inverse(FlagCondition c) {
  return static_cast<FlagCondition>(static_cast<unsigned>(c) ^ 1U);
}

enum class TrapKind : std::uint8_t {
  unknown_instruction,
  breakpoint,
  arithmetic,
  fetch_fault,
  floating_point,  ///< an exception of Isa::unit
  undetermined,    ///< processors differ in what the instruction gives here
};
enum class JumpHint : std::uint8_t { none, call, ret };

/// One operation. Which members count is said at each Op.
struct Ins {
  Op op = Op::mov;
  Width width = Width::w64;
  union {
    Condition condition = Condition::eq;
    FlagKind flag_kind;
    FlagCondition flag_condition;
    TrapKind trap_kind;
    JumpHint jump_hint;
    std::uint8_t code;
  };
  Slot dst = kNoSlot;
  Slot a = kNoSlot;
  Slot b = kNoSlot;
  Slot c = kNoSlot;
  std::uint8_t unused = 0;
  std::uint16_t guest = 0;  ///< index into Block::guest of the instruction this belongs to
  std::uint16_t count = 0;  ///< exits: guest instructions retired on leaving here
  std::uint32_t unused2 = 0;
  std::int64_t imm = 0;
  union {
    std::int64_t disp = 0;  ///< load, store
    std::uint64_t target;   ///< exits: guest address
  };
};

/// A guest instruction inside a block.
struct GuestIns {
  std::uint64_t pc = 0;
  std::uint16_t count = 0;   ///< guest instructions retired before it
  std::uint16_t length = 0;  ///< bytes
};

/// Bytes between instructions whose value a block has taken over: as good as translated.
struct Literal {
  std::uint64_t address = 0;
  std::uint16_t length = 0;  ///< bytes
};

/// Straight-line code with one entry: guest instructions that follow one another, over jumps whose
/// target is known too. Its last Ins never falls through. Exits before it leave on a condition.
struct Block {
  std::uint64_t pc = 0;
  std::vector<Ins> code;
  std::vector<GuestIns> guest;
  std::vector<Literal> literals;
  std::uint16_t max_count = 0;  ///< most guest instructions any exit retires
  Slot temps = 0;               ///< temporaries used: kFirstTemp .. kFirstTemp + temps - 1
};

/// True for an operation that may stop in the middle of a block with the guest instruction undone.
constexpr bool can_fault(Op op) {
  return (op >= Op::load && op <= Op::store) || (op >= Op::wide_div_u && op <= Op::wide_rem_s) ||
         op == Op::trap || op == Op::trap_if;
}
constexpr bool is_exit(Op op) { return op >= Op::branch; }

}  // namespace assay::machine
