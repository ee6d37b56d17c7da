// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a decoder writes a Block. Each function appends at most one Ins and gives its result as a
// Value: a slot or a constant. Constants fold, so a decoder need not care: add(w32, imm(1), imm(2))
// appends nothing.
//
//   b.set(rd, b.add(Width::w64, b.reg(rs1), imm(12)));   // one Ins: add rd, rs1, #12
//   b.set(rd, b.load(Width::w32, b.reg(rs1), 8));         // one Ins: load.32 rd, [rs1 + 8]
//
// Order inside one guest instruction: loads, stores and divisions first, then set() and set_flags().
// set() renames the temporary that was made last instead of copying it, so after set(r, v) the Value
// v means "register r": read it again only before r is set once more. Values do not live longer
// than the guest instruction that made them.
#pragma once

#include <cstddef>

#include "machine/ir/ir.h"

namespace assay::machine {

/// A slot or a constant.
struct Value {
  Slot slot = kImmediate;
  std::int64_t constant = 0;
  [[nodiscard]] bool is_constant() const { return slot == kImmediate; }
};

constexpr Value imm(std::uint64_t value) { return {kImmediate, static_cast<std::int64_t>(value)}; }
constexpr Value imm(std::int64_t value) { return {kImmediate, value}; }
constexpr Value imm(int value) { return {kImmediate, value}; }
constexpr Value imm(unsigned value) { return {kImmediate, static_cast<std::int64_t>(value)}; }

class BlockBuilder {
 public:
  explicit BlockBuilder(Block& block) : block_(block) {}

  // For the translator (machine/isa/isa.cpp), not for decoders.
  void begin(std::uint64_t pc);
  void finish(unsigned length);
  [[nodiscard]] bool ended() const { return ended_; }
  /// Too few temporaries are left for one more guest instruction.
  [[nodiscard]] bool full() const;

  /// A register as it is now. (A register that always reads as zero: write imm(0) instead.)
  static Value reg(Slot slot) { return {slot, 0}; }
  /// Writes a guest register.
  void set(Slot reg, Value value);
  /// A fresh copy: needed to keep a register's old value over a set().
  Value copy(Value value);

  Value add(Width w, Value a, Value b) { return binary(Op::add, w, a, b); }
  Value sub(Width w, Value a, Value b) { return binary(Op::sub, w, a, b); }
  Value bit_and(Width w, Value a, Value b) { return binary(Op::bit_and, w, a, b); }
  Value bit_or(Width w, Value a, Value b) { return binary(Op::bit_or, w, a, b); }
  Value bit_xor(Width w, Value a, Value b) { return binary(Op::bit_xor, w, a, b); }
  Value bit_not(Width w, Value a) { return binary(Op::bit_xor, w, a, imm(-1)); }
  Value shl(Width w, Value a, Value b) { return binary(Op::shl, w, a, b); }
  Value shr(Width w, Value a, Value b) { return binary(Op::shr, w, a, b); }
  Value sar(Width w, Value a, Value b) { return binary(Op::sar, w, a, b); }
  Value ror(Width w, Value a, Value b) { return binary(Op::ror, w, a, b); }
  /// mul .. rem_s.
  Value binary(Op op, Width w, Value a, Value b);
  /// One of the four wide divisions of high:low by divisor.
  Value wide(Op op, Width w, Value high, Value low, Value divisor);
  /// count_leading_zeros .. bit_reverse.
  Value unary(Op op, Width w, Value a);
  Value zero_extend(Width from, Value a);
  Value sign_extend(Width from, Value a);
  Value sign_extend_32(Width from, Value a);
  /// Bits [low, low + count).
  Value extract(Value a, unsigned low, unsigned count);
  Value deposit(Value into, Value part, unsigned low, unsigned count);
  Value set_if(Condition c, Width w, Value a, Value b);
  /// chooser != 0 ? a : b
  Value select(Value chooser, Value a, Value b);

  Value load(Width w, Value base, std::int64_t disp);
  Value load_signed(Width w, Value base, std::int64_t disp);
  Value load_signed_32(Width w, Value base, std::int64_t disp);
  void store(Width w, Value base, std::int64_t disp, Value value);

  /// c is the carry in of adc, sbb and sbc_arm, and the overflow of parts.
  void set_flags(FlagKind kind, Width w, Value a, Value b = imm(0), Value c = imm(0));
  Value get_flag(FlagCondition c);
  Value get_flags();
  /// Op::unit. Its result may be left alone.
  Value unit(std::uint32_t operation, Value a = imm(0), Value b = imm(0));

  void branch(Condition c, Width w, Value a, Value b, std::uint64_t target);
  void branch_flag(FlagCondition c, std::uint64_t target);
  // These end the block.
  void jump(std::uint64_t target);
  void jump_indirect(Value address, JumpHint hint = JumpHint::none);
  void system_call(std::uint64_t next);
  void trap(TrapKind kind);
  // This does not.
  void trap_if(TrapKind kind, Condition c, Width w, Value a, Value b);

 private:
  friend class Translator;
  Slot slot_of(Value value);
  Value temp();
  Ins& append(Op op, Width w);
  Value result(Ins& ins);
  Value memory(Op op, Width w, Value base, std::int64_t disp);
  void operands(Ins& ins, Value a, Value b);
  Value live(Value value) const;

  Block& block_;
  std::uint16_t count_ = 0;  ///< retired before the current guest instruction
  unsigned next_temp_ = kFirstTemp;
  bool ended_ = false;
  // The renaming that set() did: temporary -> register, in the current guest instruction.
  Slot renamed_[256] = {};
  std::vector<Slot> renames_;
};

}  // namespace assay::machine
