// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arithmetic, shifts and bits of the random x86 programs.
#include <fmt/format.h>

#include "machine/testing/x86_random_generator.h"

namespace assay::machine::test {

void Generator::alu() {
  static constexpr std::string_view kNames[] = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
  const unsigned operation = below(8);
  const bool logic = operation == 1 || operation == 4 || operation == 6;
  const bool writes = operation != 7;
  if (operation == 2 || operation == 3) need_flags(kC);
  Shape shape;
  shape.name = kNames[operation];
  shape.width = width();
  switch (below(3)) {
    case 0:
      shape.opcode = {sized(operation << 3, shape.width)};
      shape.writes_rm = writes;
      shape.lockable = writes;
      break;
    case 1:
      shape.name += " reg,rm";
      shape.opcode = {sized((operation << 3) | 2, shape.width)};
      shape.writes_reg = writes;
      break;
    default: {
      const bool small = shape.width != Width::w8 && chance(2);
      shape.name += small ? " imm8" : " imm";
      shape.opcode = {small ? Byte{0x83} : sized(0x80, shape.width)};
      if (!is64_ && shape.width == Width::w8 && chance(3)) shape.opcode = {0x82};
      shape.reg = operation;
      shape.reg_is_opcode = true;
      shape.writes_rm = writes;
      shape.lockable = writes;
      shape.immediate = random_immediate(small ? Width::w8 : shape.width);
    }
  }
  shaped(shape);
  flags_change(kAllFlags, logic ? kA : 0);
}

void Generator::alu_accumulator() {
  const unsigned operation = below(9);
  const bool logic = operation == 1 || operation == 4 || operation == 6 || operation == 8;
  if (operation == 2 || operation == 3) need_flags(kC);
  const Width w = width();
  Bytes code{operation == 8 ? sized(0xA8, w) : sized((operation << 3) | 4, w)};
  const Bytes value = random_immediate(w);
  code.insert(code.end(), value.begin(), value.end());
  plain(fmt::format("alu{}.{} acc,imm", operation, suffix(w)), code, w);
  flags_change(kAllFlags, logic ? kA : 0);
}

void Generator::test_bits() {
  Shape shape;
  shape.name = "test";
  shape.width = width();
  shape.opcode = {sized(0x84, shape.width)};
  if (chance(2)) {
    shape.name = "test imm";
    shape.opcode = {sized(0xF6, shape.width)};
    shape.reg = below(2);
    shape.reg_is_opcode = true;
    shape.immediate = random_immediate(shape.width);
  }
  shaped(shape);
  flags_change(kAllFlags, kA);
}

void Generator::increment() {
  const bool down = chance(2);
  const Width w = width();
  if (!is64_ && w != Width::w8 && chance(2)) {
    plain(fmt::format("{}.{} short", down ? "dec" : "inc", suffix(w)),
          {code_byte((down ? 0x48 : 0x40) | general())}, w);
  } else {
    Shape shape;
    shape.name = down ? "dec" : "inc";
    shape.width = w;
    shape.opcode = {sized(0xFE, w)};
    shape.reg = down ? 1 : 0;
    shape.reg_is_opcode = true;
    shape.writes_rm = true;
    shape.lockable = true;
    shaped(shape);
  }
  flags_change(kAllFlags & ~kC, 0);
}

void Generator::not_or_neg() {
  Shape shape;
  const bool neg = chance(2);
  shape.name = neg ? "neg" : "not";
  shape.width = width();
  shape.opcode = {sized(0xF6, shape.width)};
  shape.reg = neg ? 3 : 2;
  shape.reg_is_opcode = true;
  shape.writes_rm = true;
  shape.lockable = true;
  shaped(shape);
  if (neg) flags_change(kAllFlags, 0);
}

void Generator::multiply() {
  Shape shape;
  switch (below(3)) {
    case 0: {
      const bool is_signed = chance(2);
      shape.name = is_signed ? "imul" : "mul";
      shape.width = width();
      shape.opcode = {sized(0xF6, shape.width)};
      shape.reg = is_signed ? 5 : 4;
      shape.reg_is_opcode = true;
      break;
    }
    case 1:
      shape.name = "imul2";
      shape.width = width(false);
      shape.opcode = {0x0F, 0xAF};
      shape.writes_reg = true;
      break;
    default: {
      const bool small = chance(2);
      shape.name = small ? "imul3 imm8" : "imul3";
      shape.width = width(false);
      shape.opcode = {small ? Byte{0x6B} : Byte{0x69}};
      shape.writes_reg = true;
      shape.immediate = random_immediate(small ? Width::w8 : shape.width);
    }
  }
  shaped(shape);
  flags_change(kAllFlags, kS | kZ | kA | kP);
}

// Chooses quotient and remainder first, so that there is no fault.
void Generator::divide() {
  const Width w = width();
  const bool is_signed = chance(2);
  const unsigned bits = bits_of(w);
  const std::uint64_t divisor = std::max<std::uint64_t>(number(w), 1);
  const std::uint64_t quotient = number(w);
  eval::Wide dividend = 0;
  if (is_signed) {
    const eval::SignedWide d = as_signed(w, divisor);
    const eval::SignedWide product = d * as_signed(w, quotient);
    eval::SignedWide rest = static_cast<eval::SignedWide>(any() >> 1) % d;
    if (product < 0) rest = -rest;
    dividend = static_cast<eval::Wide>(product + rest);
  } else {
    dividend = eval::Wide{divisor} * quotient + any() % divisor;
  }
  const auto low = static_cast<std::uint64_t>(dividend);
  Shape shape;
  shape.name = is_signed ? "idiv" : "div";
  shape.width = w;
  shape.opcode = {sized(0xF6, w)};
  shape.reg = is_signed ? 7 : 6;
  shape.reg_is_opcode = true;
  shape.reserved = mask(kAx) | mask(kDx);
  if (chance(2)) {
    shape.rm = Operand::memory;
    shape.target = memory_target(8);
    move_constant(kBx, divisor);
    store_register(*shape.target, kBx);
  } else {
    shape.rm = Operand::reg;
    shape.rm_register = kBx + (chance(2) && is64_ ? 8 : 0);
    move_constant(*shape.rm_register, divisor);
  }
  if (w == Width::w8) {
    move_constant(kAx, truncate(Width::w16, low) | (any() << 16));
  } else {
    move_constant(kAx, truncate(w, low) | (w < Width::w32 ? any() << bits : 0));
    const auto high = static_cast<std::uint64_t>(dividend >> bits);
    move_constant(kDx, truncate(w, high) | (w < Width::w32 ? any() << bits : 0));
  }
  shaped(shape);
  flags_change(0, kAllFlags);
}

void Generator::set_shift_count(unsigned count) {
  code_.push_back(0xB1);  // mov cl, count
  code_.push_back(code_byte(count));
}

std::uint64_t Generator::shift_undefined(unsigned operation, Width w, unsigned count) {
  if (count == 0) return 0;
  std::uint64_t undefined = count == 1 ? 0 : kO;
  if (operation < 4) return undefined;
  undefined |= kA;
  if (operation != 7 && count >= bits_of(w)) undefined |= kC;
  return undefined;
}

void Generator::shift() {
  static constexpr std::string_view kNames[] = {"rol", "ror", "rcl", "rcr", "shl", "shr", "sal", "sar"};
  const unsigned operation = below(8);
  if (operation == 2 || operation == 3) need_flags(kC);
  Shape shape;
  shape.name = kNames[operation];
  shape.width = width();
  shape.reg = operation;
  shape.reg_is_opcode = true;
  shape.writes_rm = true;
  unsigned count = chance(3) ? below(256) : below(10);
  switch (below(3)) {
    case 0:
      count = 1;
      shape.name += " 1";
      shape.opcode = {sized(0xD0, shape.width)};
      break;
    case 1:
      shape.name += " imm";
      shape.opcode = {sized(0xC0, shape.width)};
      shape.immediate = {code_byte(count)};
      break;
    default:
      shape.name += " cl";
      shape.opcode = {sized(0xD2, shape.width)};
      shape.reserved = mask(kCx);
      set_shift_count(count);
  }
  shaped(shape);
  count &= shape.width == Width::w64 ? 63 : 31;
  if (count == 0) return;
  flags_change(operation < 4 ? kC | kO : kAllFlags, shift_undefined(operation, shape.width, count));
}

void Generator::shift_double() {
  const bool left = chance(2);
  Shape shape;
  shape.name = left ? "shld" : "shrd";
  shape.width = width(false);
  shape.writes_rm = true;
  // Beyond the width of a word all is undefined.
  unsigned count = shape.width == Width::w16 ? below(16) : below(chance(2) ? 4 : 256);
  if (chance(2)) {
    shape.name += " imm";
    shape.opcode = {0x0F, code_byte(left ? 0xA4 : 0xAC)};
    shape.immediate = {code_byte(count)};
  } else {
    shape.name += " cl";
    shape.opcode = {0x0F, code_byte(left ? 0xA5 : 0xAD)};
    shape.reserved = mask(kCx);
    set_shift_count(count);
  }
  shaped(shape);
  count &= shape.width == Width::w64 ? 63 : 31;
  if (count != 0) flags_change(kAllFlags, kA | (count == 1 ? 0 : kO));
}

void Generator::bit_test() {
  static constexpr std::string_view kNames[] = {"bt", "bts", "btr", "btc"};
  const unsigned operation = below(4);
  Shape shape;
  shape.name = kNames[operation];
  shape.width = width(false);
  shape.writes_rm = operation != 0;
  shape.lockable = operation != 0;
  if (chance(2)) {
    shape.name += " imm";
    shape.opcode = {0x0F, 0xBA};
    shape.reg = 4 + operation;
    shape.reg_is_opcode = true;
    shape.immediate = {code_byte(below(256))};
  } else {
    shape.opcode = {0x0F, code_byte(0xA3 | (operation << 3))};
    if (chance(2)) {
      // A bit within some 40 bytes of the operand.
      shape.rm = Operand::memory;
      shape.reg = general();
      shape.reserved = mask(*shape.reg);
      shape.rex = is64_;
      move_constant(*shape.reg, static_cast<std::uint64_t>(static_cast<std::int64_t>(below(640)) - 320));
    } else {
      shape.rm = Operand::reg;
    }
  }
  shaped(shape);
  flags_change(kC, kO | kS | kA | kP);
}

void Generator::bit_scan() {
  const bool reverse = chance(2);
  Shape shape;
  shape.name = reverse ? "bsr" : "bsf";
  shape.width = width(false);
  shape.opcode = {0x0F, code_byte(reverse ? 0xBD : 0xBC)};
  shape.writes_reg = true;
  const std::uint64_t value = std::max<std::uint64_t>(number(shape.width), 1) << below(3);
  const unsigned source = general();
  move_constant(source, truncate(shape.width, value) != 0 ? value : 1);
  if (chance(2)) {
    shape.rm = Operand::memory;
    shape.target = memory_target(8);
    store_register(*shape.target, source);
  } else {
    shape.rm = Operand::reg;
    shape.rm_register = source;
  }
  shaped(shape);
  flags_change(kZ, kAllFlags & ~kZ);
}

}  // namespace assay::machine::test
