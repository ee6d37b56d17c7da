// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/ir/builder.h"

#include <algorithm>

#include "machine/ir/ir_eval.h"

namespace assay::machine {
namespace {

constexpr unsigned kTempsForOneInstruction = 60;

std::uint64_t bits(Value value) { return static_cast<std::uint64_t>(value.constant); }

bool commutes(Op op) {
  return op == Op::add || op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor || op == Op::mul ||
         op == Op::mul_high_u || op == Op::mul_high_s;
}

// x op constant that is x again, whatever x.
bool changes_nothing(Op op, Width w, std::uint64_t constant) {
  if (w != Width::w64) return false;  // a 32-bit operation still clears the upper half
  switch (op) {
    case Op::add:
    case Op::bit_or:
    case Op::bit_xor:
    case Op::shl:
    case Op::shr:
    case Op::sar:
    case Op::ror: return constant == 0;
    case Op::bit_and: return constant == ~std::uint64_t{0};
    case Op::mul: return constant == 1;
    default: return false;
  }
}

}  // namespace

void BlockBuilder::begin(std::uint64_t pc) {
  for (const Slot slot : renames_) renamed_[slot] = 0;
  renames_.clear();
  block_.guest.push_back({pc, count_, 0});
}

void BlockBuilder::finish(unsigned length) {
  block_.guest.back().length = static_cast<std::uint16_t>(length);
  ++count_;
  while (next_temp_ > kFirstTemp && renamed_[std::min<unsigned>(next_temp_ - 1, kLastTemp)] != 0)
    --next_temp_;
}

bool BlockBuilder::full() const { return next_temp_ + kTempsForOneInstruction > kLastTemp; }

Ins& BlockBuilder::append(Op op, Width w) {
  Ins& ins = block_.code.emplace_back();
  ins.op = op;
  ins.width = w;
  ins.guest = static_cast<std::uint16_t>(block_.guest.size() - 1);
  if (is_exit(op)) {
    ins.count = static_cast<std::uint16_t>(count_ + 1);
    block_.max_count = std::max(block_.max_count, ins.count);
  }
  return ins;
}

Value BlockBuilder::temp() {
  // A decoder that needs more than kTempsForOneInstruction reuses the last: wrong, never unsafe.
  const Slot slot = static_cast<Slot>(std::min<unsigned>(next_temp_++, kLastTemp));
  block_.temps = std::max<Slot>(block_.temps, static_cast<Slot>(slot - kFirstTemp + 1));
  return {slot, 0};
}

Value BlockBuilder::result(Ins& ins) {
  const Value value = temp();
  ins.dst = value.slot;
  return value;
}

// Where a value is now: set() may have renamed its temporary. (Register 0 is renamed to as 1.)
Value BlockBuilder::live(Value value) const {
  if (value.is_constant() || renamed_[value.slot] == 0) return value;
  return {static_cast<Slot>(renamed_[value.slot] - 1), 0};
}

Slot BlockBuilder::slot_of(Value value) {
  if (!value.is_constant()) return live(value).slot;
  Ins& ins = append(Op::mov, Width::w64);
  ins.b = kImmediate;
  ins.imm = value.constant;
  return result(ins).slot;
}

void BlockBuilder::operands(Ins& ins, Value a, Value b) {
  ins.a = live(a).slot;
  ins.b = live(b).slot;
  ins.imm = b.constant;
}

void BlockBuilder::set(Slot reg, Value value) {
  value = live(value);
  if (value.slot == reg) return;
  if (value.slot >= kFirstTemp && !value.is_constant() && !block_.code.empty() &&
      block_.code.back().dst == value.slot) {
    block_.code.back().dst = reg;
    renamed_[value.slot] = static_cast<Slot>(reg + 1);
    renames_.push_back(value.slot);
    return;
  }
  Ins& ins = append(Op::mov, Width::w64);
  ins.dst = reg;
  ins.b = value.slot;
  ins.imm = value.constant;
}

Value BlockBuilder::copy(Value value) {
  if (value.is_constant()) return value;
  Ins& ins = append(Op::mov, Width::w64);
  ins.b = live(value).slot;
  return result(ins);
}

Value BlockBuilder::binary(Op op, Width w, Value a, Value b) {
  if (a.is_constant() && b.is_constant()) return imm(eval::binary(op, w, bits(a), bits(b)));
  if (a.is_constant() && commutes(op)) std::swap(a, b);
  if (op == Op::sub && b.is_constant()) {
    op = Op::add;
    b = imm(0 - bits(b));
  }
  if (b.is_constant() && changes_nothing(op, w, bits(b))) return a;
  if (a.is_constant()) a = {slot_of(a), 0};
  Ins& ins = append(op, w);
  operands(ins, a, b);
  return result(ins);
}

Value BlockBuilder::wide(Op op, Width w, Value high, Value low, Value divisor) {
  const Slot c = slot_of(high);
  const Slot a = slot_of(low);
  const Slot b = slot_of(divisor);
  Ins& ins = append(op, w);
  ins.a = a;
  ins.b = b;
  ins.c = c;
  return result(ins);
}

Value BlockBuilder::unary(Op op, Width w, Value a) {
  if (a.is_constant()) return imm(eval::unary(op, w, bits(a)));
  Ins& ins = append(op, w);
  ins.a = live(a).slot;
  return result(ins);
}

Value BlockBuilder::zero_extend(Width from, Value a) {
  return from == Width::w64 ? a : unary(Op::zero_extend, from, a);
}
Value BlockBuilder::sign_extend(Width from, Value a) {
  return from == Width::w64 ? a : unary(Op::sign_extend, from, a);
}
Value BlockBuilder::sign_extend_32(Width from, Value a) {
  return from >= Width::w32 ? unary(Op::zero_extend, Width::w32, a) : unary(Op::sign_extend_32, from, a);
}

Value BlockBuilder::extract(Value a, unsigned low, unsigned count) {
  const std::int64_t field = (low & 63) | (count << 8);
  if (a.is_constant()) return imm(eval::extract(bits(a), field));
  Ins& ins = append(Op::extract, Width::w64);
  ins.a = live(a).slot;
  ins.imm = field;
  return result(ins);
}

Value BlockBuilder::deposit(Value into, Value part, unsigned low, unsigned count) {
  const std::int64_t field = (low & 63) | (count << 8);
  if (into.is_constant() && part.is_constant()) return imm(eval::deposit(bits(into), bits(part), field));
  const Slot a = slot_of(into);
  const Slot b = slot_of(part);
  Ins& ins = append(Op::deposit, Width::w64);
  ins.a = a;
  ins.b = b;
  ins.imm = field;
  return result(ins);
}

Value BlockBuilder::set_if(Condition c, Width w, Value a, Value b) {
  if (a.is_constant() && b.is_constant()) return imm(eval::condition(c, w, bits(a), bits(b)) ? 1 : 0);
  if (a.is_constant()) a = {slot_of(a), 0};
  Ins& ins = append(Op::set_if, w);
  ins.condition = c;
  operands(ins, a, b);
  return result(ins);
}

Value BlockBuilder::select(Value chooser, Value a, Value b) {
  if (chooser.is_constant()) return chooser.constant != 0 ? a : b;
  const Slot first = slot_of(a);
  Ins& ins = append(Op::select, Width::w64);
  operands(ins, {first, 0}, b);
  ins.c = live(chooser).slot;
  return result(ins);
}

Value BlockBuilder::memory(Op op, Width w, Value base, std::int64_t disp) {
  const Slot a = slot_of(base);
  Ins& ins = append(op, w);
  ins.a = a;
  ins.disp = disp;
  return result(ins);
}

Value BlockBuilder::load(Width w, Value base, std::int64_t disp) { return memory(Op::load, w, base, disp); }
Value BlockBuilder::load_signed(Width w, Value base, std::int64_t disp) {
  return memory(w == Width::w64 ? Op::load : Op::load_signed, w, base, disp);
}
Value BlockBuilder::load_signed_32(Width w, Value base, std::int64_t disp) {
  return memory(w >= Width::w32 ? Op::load : Op::load_signed_32, w, base, disp);
}

void BlockBuilder::store(Width w, Value base, std::int64_t disp, Value value) {
  const Slot a = slot_of(base);
  Ins& ins = append(Op::store, w);
  operands(ins, {a, 0}, value);
  ins.disp = disp;
}

void BlockBuilder::set_flags(FlagKind kind, Width w, Value a, Value b, Value c) {
  const Slot first = slot_of(a);
  const Slot third = kind == FlagKind::add || kind == FlagKind::sub || kind == FlagKind::sub_arm ||
                             (c.is_constant() && c.constant == 0)
                         ? kNoSlot
                         : slot_of(c);
  Ins& ins = append(Op::set_flags, w);
  ins.flag_kind = kind;
  operands(ins, {first, 0}, b);
  ins.c = third;
}

Value BlockBuilder::get_flag(FlagCondition c) {
  Ins& ins = append(Op::get_flag, Width::w64);
  ins.flag_condition = c;
  return result(ins);
}

Value BlockBuilder::get_flags() { return result(append(Op::get_flags, Width::w64)); }

Value BlockBuilder::unit(std::uint32_t operation, Value a, Value b) {
  const auto slot = [this](Value value) {
    return value.is_constant() && value.constant == 0 ? kNoSlot : slot_of(value);
  };
  const Slot first = slot(a);
  const Slot second = slot(b);
  Ins& ins = append(Op::unit, Width::w64);
  ins.a = first;
  ins.b = second;
  ins.imm = operation;
  return result(ins);
}

void BlockBuilder::branch(Condition c, Width w, Value a, Value b, std::uint64_t target) {
  if (a.is_constant() && b.is_constant()) {
    if (eval::condition(c, w, bits(a), bits(b))) jump(target);
    return;
  }
  if (a.is_constant()) a = {slot_of(a), 0};
  Ins& ins = append(Op::branch, w);
  ins.condition = c;
  operands(ins, a, b);
  ins.target = target;
}

void BlockBuilder::branch_flag(FlagCondition c, std::uint64_t target) {
  Ins& ins = append(Op::branch_flag, Width::w64);
  ins.flag_condition = c;
  ins.target = target;
}

void BlockBuilder::jump(std::uint64_t target) {
  append(Op::jump, Width::w64).target = target;
  ended_ = true;
}

void BlockBuilder::jump_indirect(Value address, JumpHint hint) {
  if (address.is_constant()) return jump(bits(address));
  const Slot a = live(address).slot;
  Ins& ins = append(Op::jump_indirect, Width::w64);
  ins.jump_hint = hint;
  ins.a = a;
  ended_ = true;
}

void BlockBuilder::system_call(std::uint64_t next) {
  append(Op::system_call, Width::w64).target = next;
  ended_ = true;
}

void BlockBuilder::trap(TrapKind kind) {
  append(Op::trap, Width::w64).trap_kind = kind;
  ended_ = true;
}

void BlockBuilder::trap_if(TrapKind kind, Condition c, Width w, Value a, Value b) {
  if (a.is_constant() && b.is_constant()) {
    if (eval::condition(c, w, bits(a), bits(b))) trap(kind);
    return;
  }
  if (a.is_constant()) a = {slot_of(a), 0};
  Ins& ins = append(Op::trap_if, w);
  ins.condition = c;
  operands(ins, a, b);
  ins.c = static_cast<Slot>(kind);
}

}  // namespace assay::machine
