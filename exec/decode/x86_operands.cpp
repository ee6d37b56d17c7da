// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/x86_reader.h"

namespace assay::exec {

Byte X86Reader::byte() {
  if (at_ >= image_.end()) {
    bad_ = true;
    return 0;
  }
  return *image_.at(at_++);
}

std::int64_t X86Reader::number(unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned index = 0; index < bytes; ++index) value |= std::uint64_t{byte()} << (8 * index);
  const unsigned above = 64 - 8 * bytes;
  return static_cast<std::int64_t>(value << above) >> above;
}

/// The address becomes base + index * 2^shift + displacement.
void X86Reader::scaled(Operand& operand, Register index, unsigned shift) {
  if (shift != 0) {
    block_.constant(Op::shift_left_constant, kAddress, index, shift);
    index = kAddress;
  }
  if (operand.base == kZero) {
    operand.base = index;
  } else {
    block_.two(Op::add, kAddress, operand.base, index);
    operand.base = kAddress;
  }
}

bool X86Reader::operand(Operand& operand, unsigned behind) {
  const unsigned modrm = byte();
  const unsigned mode = modrm >> 6;
  operand.reg = extended(modrm >> 3 & 7, 4);
  operand.base = extended(modrm & 7, 1);
  operand.memory = mode != 3;
  if (!operand.memory) return !bad_;
  if ((modrm & 7) == 4) {
    const unsigned sib = byte();
    const Register index = extended(sib >> 3 & 7, 2);
    operand.base = extended(sib & 7, 1);
    const bool no_base = mode == 0 && (sib & 7) == 5;
    if (no_base) {
      operand.base = kZero;
      operand.displacement = number(4);
    }
    if (index != kStack) scaled(operand, index, sib >> 6);
  } else if (mode == 0 && (modrm & 7) == 5) {
    operand.displacement = number(4);
    operand.base = kZero;
    if (wide_) operand.displacement += static_cast<std::int64_t>(at_ + behind);
  }
  if (mode == 1) operand.displacement = number(1);
  if (mode == 2) operand.displacement = number(4);
  if (short_address_) {
    block_.constant(Op::add_constant, kAddress, operand.base, operand.displacement);
    block_.constant(Op::zero_int, kAddress, kAddress, 0);
    operand.base = kAddress;
    operand.displacement = 0;
  }
  return !bad_;
}

void X86Reader::load(Register d, const Operand& operand, unsigned bytes) {
  const Op op = bytes == 1   ? Op::load_byte
                : bytes == 2 ? Op::load_half
                : bytes == 4 ? Op::load_int
                             : Op::load_long;
  block_.emit({.op = op, .d = d, .a = operand.base, .immediate = operand.displacement});
}

void X86Reader::store(const Operand& operand, unsigned bytes, Register value) {
  const Op op = bytes == 1   ? Op::store_byte
                : bytes == 2 ? Op::store_half
                : bytes == 4 ? Op::store_int
                             : Op::store_long;
  block_.emit({.op = op, .a = operand.base, .b = value, .immediate = operand.displacement});
}

Register X86Reader::get(const Operand& operand, unsigned bytes, Register into) {
  if (operand.memory) {
    load(into, operand, bytes);
    return into;
  }
  if (!is_high(operand.base, bytes)) return operand.base;
  block_.constant(Op::shift_right_constant, into, static_cast<Register>(operand.base - 4), 8);
  return into;
}

/// kScratch is used.
void X86Reader::put(const Operand& operand, unsigned bytes, Register value) {
  if (operand.memory) return store(operand, bytes, value);
  const Register d = operand.base;
  if (bytes == word_bytes_) return block_.move(d, value);
  if (bytes == 4) return block_.constant(Op::zero_int, d, value, 0);
  if (bytes == 1 && !is_high(d, 1)) return block_.two(Op::insert_byte, d, value, d);
  const Register whole = bytes == 1 ? static_cast<Register>(d - 4) : d;
  const std::int64_t mask = bytes == 1 ? 0xff : 0xffff;
  const unsigned shift = bytes == 1 ? 8 : 0;
  block_.constant(Op::and_constant, kScratch, value, mask);
  if (shift != 0) block_.constant(Op::shift_left_constant, kScratch, kScratch, shift);
  block_.constant(Op::and_constant, whole, whole, ~(mask << shift));
  block_.two(Op::bit_or, whole, whole, kScratch);
}

void X86Reader::zero_extend(Register d, Register a, unsigned bytes) {
  if (bytes == word_bytes_) return block_.move(d, a);
  if (bytes == 4) return block_.constant(Op::zero_int, d, a, 0);
  block_.constant(Op::and_constant, d, a, bytes == 1 ? 0xff : 0xffff);
}

void X86Reader::sign_extend(Register d, Register a, unsigned bytes) {
  if (bytes == word_bytes_) return block_.move(d, a);
  block_.constant(bytes == 1 ? Op::sign_byte : bytes == 2 ? Op::sign_half : Op::sign_int, d, a, 0);
}

void X86Reader::push(Register reg) {
  block_.emit({.op = Op::push, .a = kStack, .b = reg, .immediate = word_bytes_});
}

void X86Reader::pop(Register reg) {
  block_.emit({.op = Op::pop, .d = reg, .a = kStack, .immediate = word_bytes_});
}

}  // namespace assay::exec
