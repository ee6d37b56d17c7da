// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operands of x86 instructions: bytes, immediates, ModRM and SIB, registers and their parts, flags.
#include "machine/ir/ir_eval.h"
#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {

unsigned Decoder::byte() {
  if (position_ >= code_.size()) {
    short_of_bytes_ = true;
    return 0;
  }
  return code_[position_++];
}

std::uint64_t Decoder::little_endian(unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::uint64_t{byte()} << (8 * i);
  return value;
}

std::int64_t Decoder::immediate(Width w) {
  const Width stored = w == Width::w64 ? Width::w32 : w;
  return as_signed(stored, little_endian(bytes_of(stored)));
}

Width Decoder::operand_width() const {
  if ((rex_ & 8) != 0) return Width::w64;
  return operand16_ ? Width::w16 : Width::w32;
}

void Decoder::modrm() {
  const unsigned value = byte();
  mod_ = value >> 6;
  reg_ = ((value >> 3) & 7) | ((rex_ & 4) << 1);
  rm_ = value & 7;
  if (mod_ == 3) {
    rm_ |= (rex_ & 1) << 3;
    return;
  }
  if (!is64_ && address_prefix_) {
    address16_ = true;
    return;
  }
  has_base_ = true;
  base_ = rm_ | ((rex_ & 1) << 3);
  unsigned displacement = mod_ == 1 ? 1 : mod_ == 2 ? 4 : 0;
  if (rm_ == 4) {
    const unsigned sib = byte();
    scale_ = sib >> 6;
    index_ = ((sib >> 3) & 7) | ((rex_ & 2) << 2);
    has_index_ = index_ != 4;
    base_ = (sib & 7) | ((rex_ & 1) << 3);
    if ((sib & 7) == 5 && mod_ == 0) {
      has_base_ = false;
      displacement = 4;
    }
  } else if (rm_ == 5 && mod_ == 0) {
    has_base_ = false;
    rip_relative_ = is64_;
    displacement = 4;
  }
  if (displacement != 0) {
    displacement_ = as_signed(displacement == 1 ? Width::w8 : Width::w32, little_endian(displacement));
  }
}

// `bias` is added to the stack pointer where it is the base: pop computes its address afterwards.
Decoder::Place Decoder::rm(std::int64_t bias) {
  if (register_form()) return place(rm_);
  const Width aw = address_width();
  Place at{true, 0, imm(0), displacement_};
  if (has_base_ && base_ == kSp) at.disp += bias;
  if (rip_relative_) at.disp += static_cast<std::int64_t>(next());
  if (has_index_) {
    const Value scaled = scale_ == 0 ? whole(index_) : b_.shl(aw, whole(index_), imm(scale_));
    at.base = has_base_ ? b_.add(aw, whole(base_), scaled) : scaled;
  } else if (has_base_) {
    at.base = whole(base_);
  } else {
    at.base = imm(truncate(aw, static_cast<std::uint64_t>(at.disp)));
    at.disp = 0;
  }
  if (is64_ && aw == Width::w32 && !at.base.is_constant()) {  // the sum wraps before it is used
    at.base = b_.add(aw, at.base, imm(at.disp));
    at.disp = 0;
  }
  return at;
}

Value Decoder::effective_address(const Place& memory, Width w) {
  return b_.add(computing(w), memory.base, imm(memory.disp));
}

// ah, ch, dh and bh are registers 4 to 7 of a byte instruction without REX.
Value Decoder::read(const Place& from, Width w) {
  if (from.memory) return b_.load(w, from.base, from.disp);
  if (w == Width::w8 && rex_ == 0 && from.index >= 4) return b_.extract(whole(from.index - 4), 8, 8);
  return whole(from.index);
}

void Decoder::write(const Place& to, Width w, Value value) {
  if (to.memory) {
    b_.store(w, to.base, to.disp, value);
    return;
  }
  const Slot slot = static_cast<Slot>(to.index);
  switch (w) {
    case Width::w8:
      if (rex_ == 0 && to.index >= 4) {
        b_.set(static_cast<Slot>(slot - 4), b_.deposit(whole(to.index - 4), value, 8, 8));
      } else {
        b_.set(slot, b_.deposit(whole(to.index), value, 0, 8));
      }
      return;
    case Width::w16: b_.set(slot, b_.deposit(whole(to.index), value, 0, 16)); return;
    case Width::w32:
      if (value.is_constant()) {
        value = imm(truncate(w, static_cast<std::uint64_t>(value.constant)));
      } else if (is64_ && value.slot < kFirstTemp) {
        value = b_.zero_extend(w, value);
      }
      b_.set(slot, value);
      return;
    case Width::w64: b_.set(slot, value); return;
  }
}

Value Decoder::zero_extended(Width w, Value value) {
  return w == natural_ ? value : b_.zero_extend(w, value);
}

Value Decoder::sign_extended(Width to, Width from, Value value) {
  return to == Width::w64 ? b_.sign_extend(from, value) : b_.sign_extend_32(from, value);
}

void Decoder::merge_flags(std::uint64_t mask, Value bits) {
  const Value others = b_.bit_and(Width::w64, b_.get_flags(), imm(kArithmeticFlags & ~mask));
  b_.set_flags(FlagKind::word, Width::w64, b_.bit_or(Width::w64, others, bits));
}

// What pushf stores.
Value Decoder::flags_image() {
  const Value direction = b_.shl(Width::w64, whole(direction_slot(is64_)), imm(kDirectionBit));
  return b_.bit_or(Width::w64, b_.bit_or(Width::w64, b_.get_flags(), direction), imm(kFixedFlags));
}

// Bits of the system's that a program may set as well (a trap after each instruction, alignment, a nested
// task, whether there is cpuid) are no part of the machine.
void Decoder::refuse_system_flags(Value image) {
  constexpr std::uint64_t kSystemFlags = 0x100 | 0x4000 | 0x4'0000 | 0x20'0000;
  b_.trap_if(TrapKind::undetermined, Condition::some_bits, Width::w64, image, imm(kSystemFlags));
}

void Decoder::set_flags_image(Value image) {
  b_.set_flags(FlagKind::word, Width::w64, b_.bit_and(Width::w64, image, imm(kArithmeticFlags)));
  b_.set(direction_slot(is64_), bit(image, kDirectionBit));
}

}  // namespace assay::machine::x86
