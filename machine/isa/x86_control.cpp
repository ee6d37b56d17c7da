// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stack, jumps and strings of x86.
#include "machine/ir/ir_eval.h"
#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {

void Decoder::push(Width w, Value value) {
  const std::int64_t size = bytes_of(w);
  b_.store(w, stack_slot(), -size, value);
  move_stack(-size);
}

// The stack pointer has moved when the operand is written: `to` was computed with that in mind.
void Decoder::pop_to(Width w, const Place& to) {
  const std::int64_t size = bytes_of(w);
  const Value value = b_.load(w, stack_slot(), 0);
  if (to.memory || to.index != kSp) {
    write(to, w, value);
    move_stack(size);
  } else if (w == natural_) {
    write(to, w, value);
  } else {
    move_stack(size);
    write(to, w, value);
  }
}

// All eight, the stack pointer as it was before.
void Decoder::push_all() {
  const Width w = stack_width();
  const std::int64_t size = bytes_of(w);
  for (unsigned i = 0; i < 8; ++i) b_.store(w, stack_slot(), -size * (i + 1), whole(i));
  move_stack(-8 * size);
}

void Decoder::pop_all() {
  const Width w = stack_width();
  const std::int64_t size = bytes_of(w);
  Value values[8];
  for (unsigned i = 0; i < 8; ++i) {
    if (7 - i != kSp) values[7 - i] = b_.load(w, stack_slot(), size * i);
  }
  for (unsigned i = 0; i < 8; ++i) {
    if (i != kSp) write_reg(i, w, values[i]);
  }
  move_stack(8 * size);
}

bool Decoder::enter() {
  const auto frame_size = static_cast<std::int64_t>(little_endian(2));
  const unsigned level = byte() & 31;
  const Width w = stack_width();
  const std::int64_t size = bytes_of(w);
  if (level != 0) {
    // If the lowest store faults, it does so before the others can change what is loaded.
    const std::int64_t lowest = -size * (level + 1);
    b_.store(w, stack_slot(), lowest, b_.load(w, stack_slot(), lowest));
  }
  b_.store(w, stack_slot(), -size, whole(kBp));
  for (unsigned i = 1; i < level; ++i) {
    const Value outer = b_.load(w, whole(kBp), -size * i);
    b_.store(w, stack_slot(), -size * (i + 1), outer);
  }
  const Value frame = b_.add(natural_, stack_slot(), imm(-size));
  if (level != 0) b_.store(w, stack_slot(), -size * (level + 1), frame);
  const std::int64_t pushed = size * (level == 0 ? 1 : level + 1);
  write_reg(kBp, w, frame);
  move_stack(-pushed - frame_size);
  return true;
}

void Decoder::leave() {
  const Width w = stack_width();
  const Value old = b_.load(w, whole(kBp), 0);
  b_.set(kSp, b_.add(natural_, whole(kBp), imm(bytes_of(w))));
  write_reg(kBp, w, old);
}

bool Decoder::jump_near(Width displacement) {
  const std::int64_t offset = immediate(displacement);
  if (operand16_) return false;
  b_.jump(wrap(next() + static_cast<std::uint64_t>(offset)));
  return true;
}

bool Decoder::call_near() {
  const std::int64_t offset = immediate(Width::w32);
  if (operand16_) return false;
  push(natural_, imm(next()));
  b_.jump(wrap(next() + static_cast<std::uint64_t>(offset)));
  return true;
}

bool Decoder::call_indirect() {
  if (operand16_) return false;
  const Place from = rm();
  Value target = read(from, natural_);
  if (!from.memory && from.index == kSp) target = b_.copy(target);
  push(natural_, imm(next()));
  b_.jump_indirect(target, JumpHint::call);
  return true;
}

bool Decoder::jump_indirect() {
  if (operand16_) return false;
  b_.jump_indirect(read(rm(), natural_));
  return true;
}

bool Decoder::return_near(unsigned release) {
  if (operand16_) return false;
  const Value target = b_.load(natural_, stack_slot(), 0);
  move_stack(static_cast<std::int64_t>(bytes_of(natural_)) + release);
  b_.jump_indirect(target, JumpHint::ret);
  return true;
}

bool Decoder::branch_near(unsigned condition, Width displacement) {
  const std::int64_t offset = immediate(displacement);
  if (operand16_) return false;
  b_.branch_flag(static_cast<FlagCondition>(condition), wrap(next() + static_cast<std::uint64_t>(offset)));
  return true;
}

// loopne loope loop jrcxz
bool Decoder::loop(unsigned opcode) {
  const std::int64_t offset = immediate(Width::w8);
  if (operand16_ || (!is64_ && address_prefix_)) return false;
  const std::uint64_t target = wrap(next() + static_cast<std::uint64_t>(offset));
  const Width aw = address_width();
  if (opcode == 3) {
    b_.branch(Condition::eq, aw, whole(kCx), imm(0), target);
    return true;
  }
  b_.set(kCx, b_.add(aw, whole(kCx), imm(-1)));
  if (opcode == 2) {
    b_.branch(Condition::ne, aw, whole(kCx), imm(0), target);
    return true;
  }
  const Value more = b_.set_if(Condition::ne, aw, whole(kCx), imm(0));
  const Value wanted = b_.get_flag(opcode == 1 ? FlagCondition::zero : FlagCondition::not_zero);
  b_.branch(Condition::ne, Width::w32, b_.bit_and(Width::w32, more, wanted), imm(0), target);
  return true;
}

// movs cmps stos lods scas, plain and repeated. One pass of a block is one iteration, which is
// counted as one instruction; a repetition that does nothing counts once too.
bool Decoder::string(unsigned opcode) {
  if (!is64_ && address_prefix_) return false;
  repeat_allowed_ = true;
  const Width w = width_of(opcode);
  const Width aw = address_width();
  const bool narrow = aw != natural_;
  const auto pointer = [&](unsigned index) {
    return narrow ? b_.zero_extend(aw, whole(index)) : whole(index);
  };
  const bool compares = opcode == 0xA6 || opcode == 0xA7 || opcode == 0xAE || opcode == 0xAF;
  const bool reads_source = opcode <= 0xA7 || opcode == 0xAC || opcode == 0xAD;
  const bool uses_destination = opcode != 0xAC && opcode != 0xAD;

  if (repeat_ != 0) b_.branch(Condition::eq, aw, whole(kCx), imm(0), next());
  const Value source = reads_source ? b_.load(w, pointer(kSi), 0) : whole(kAx);
  if (compares) {
    const Value other = b_.load(w, pointer(kDi), 0);
    b_.set_flags(FlagKind::sub, w, source, other);
  } else if (uses_destination) {
    b_.store(w, pointer(kDi), 0, source);
  } else {
    write_reg(kAx, w, source);
  }
  const unsigned log2 = static_cast<unsigned>(w);
  const Value back = b_.shl(natural_, whole(direction_slot(is64_)), imm(log2 + 1));
  const Value step = b_.sub(natural_, imm(bytes_of(w)), back);
  if (reads_source) b_.set(kSi, b_.add(aw, whole(kSi), step));
  if (uses_destination) b_.set(kDi, b_.add(aw, whole(kDi), step));
  if (repeat_ == 0) return true;
  b_.set(kCx, b_.add(aw, whole(kCx), imm(-1)));
  if (compares) {
    b_.branch(Condition::eq, aw, whole(kCx), imm(0), next());
    b_.branch_flag(repeat_ == 0xF3 ? FlagCondition::zero : FlagCondition::not_zero, pc_);
  } else {
    b_.branch(Condition::ne, aw, whole(kCx), imm(0), pc_);
  }
  return true;
}

bool Decoder::interrupt(unsigned number) {
  if (number == 3) {
    b_.trap(TrapKind::breakpoint);
    return true;
  }
  if (is64_ || number != 0x80) return false;
  b_.system_call(next());
  return true;
}

// The processor leaves the return address and the flags in rcx and r11, and programs see it.
bool Decoder::system_call_64() {
  if (!is64_) return false;
  b_.set(11, flags_image());
  b_.set(kCx, imm(next()));
  b_.system_call(next());
  return true;
}

}  // namespace assay::machine::x86
