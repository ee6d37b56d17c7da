// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scalar part of SSE and SSE2, and the moves and bit operations that go with it. What they do is in
// machine/sse; here they become operations of that unit, and loads and stores around them.
#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {

using sse::Do;

namespace {

constexpr unsigned kBytes = 16;
// Prefixes that are part of an opcode.
constexpr unsigned k66 = 0x66;
constexpr unsigned kF2 = 0xF2;
constexpr unsigned kF3 = 0xF3;

constexpr std::uint32_t on(Do what, unsigned to, bool single = false, bool wide = false) {
  return sse::Operation{what, static_cast<std::uint8_t>(to), single, wide}.word();
}

}  // namespace

bool Decoder::vector_opcode(unsigned opcode) {
  const unsigned prefix = repeat_ != 0 ? repeat_ : operand16_ ? k66 : 0U;
  const bool scalar = prefix == kF2 || prefix == kF3;
  const bool single = prefix == kF3;
  repeat_allowed_ = true;
  switch (opcode) {
    case 0x10:  // movss movsd, movups movupd
    case 0x11:
      if (single) return vector_part(opcode == 0x11, 4, Do::set_single);
      if (scalar) return vector_part(opcode == 0x11, 8, Do::set_low);
      return vector_whole(opcode == 0x11, false);
    case 0x28:  // movaps movapd
    case 0x29: return !scalar && vector_whole(opcode == 0x29, true);
    case 0x6F:  // movdqa movdqu
    case 0x7F: return (prefix == k66 || prefix == kF3) && vector_whole(opcode == 0x7F, prefix == k66);
    case 0x6E: return prefix == k66 && vector_general(false);
    case 0x7E: return prefix == kF3 ? vector_part(false, 8, Do::set) : prefix == k66 && vector_general(true);
    case 0xD6: return prefix == k66 && vector_part(true, 8, Do::set);
    case 0x2A: return scalar && vector_from_integer(single);
    case 0x2C: return scalar && vector_to_integer(Do::to_integer_truncated, single);
    case 0x2D: return scalar && vector_to_integer(Do::to_integer, single);
    case 0x2E:
    case 0x2F: return !scalar && vector_compare(prefix == 0);
    case 0x51: return scalar && vector_scalar(Do::square_root, single);
    case 0x58: return scalar && vector_scalar(Do::add, single);
    case 0x59: return scalar && vector_scalar(Do::multiply, single);
    case 0x5C: return scalar && vector_scalar(Do::subtract, single);
    case 0x5D: return scalar && vector_scalar(Do::minimum, single);
    case 0x5E: return scalar && vector_scalar(Do::divide, single);
    case 0x5F: return scalar && vector_scalar(Do::maximum, single);
    case 0x5A: return scalar ? vector_convert(prefix == kF2) : vector_convert_pair(prefix == k66);
    case 0x14: return !scalar && vector_bits(Do::unpack, prefix == 0);
    case 0x54: return !scalar && vector_bits(Do::bit_and);
    case 0x55: return !scalar && vector_bits(Do::bit_and_not);
    case 0x56: return !scalar && vector_bits(Do::bit_or);
    case 0x57: return !scalar && vector_bits(Do::bit_xor);
    case 0xDB: return prefix == k66 && vector_bits(Do::bit_and);
    case 0xDF: return prefix == k66 && vector_bits(Do::bit_and_not);
    case 0xEB: return prefix == k66 && vector_bits(Do::bit_or);
    case 0xEF: return prefix == k66 && vector_bits(Do::bit_xor);
    default: return false;
  }
}

// The operand r/m, of 4, 8 or 16 bytes. The high half is 0 where those are not 16.
Decoder::Vector Decoder::vector_operand(unsigned bytes, bool aligned) {
  const Place from = rm();
  const bool whole = bytes == kBytes;
  if (!from.memory) {
    const Value low = b_.unit(on(Do::get_low, from.index));
    return {low, whole ? b_.unit(on(Do::get_high, from.index)) : imm(0)};
  }
  if (aligned) must_be_aligned(from);
  const Value low = b_.load(bytes == 4 ? Width::w32 : Width::w64, from.base, from.disp);
  return {low, whole ? b_.load(Width::w64, from.base, from.disp + 8) : imm(0)};
}

// A general protection exception, which is SIGSEGV on Linux.
void Decoder::must_be_aligned(const Place& at) {
  const Value address = b_.add(natural_, at.base, imm(at.disp));
  b_.trap_if(TrapKind::unknown_instruction, Condition::some_bits, natural_, address, imm(kBytes - 1));
}

// All 16 bytes.
bool Decoder::vector_whole(bool stores, bool aligned) {
  modrm();
  if (!stores) {
    const Vector from = vector_operand(kBytes, aligned);
    b_.unit(on(Do::set, reg()), from.low, from.high);
    return true;
  }
  const Value low = b_.unit(on(Do::get_low, reg()));
  const Value high = b_.unit(on(Do::get_high, reg()));
  const Place to = rm();
  if (!to.memory) {
    b_.unit(on(Do::set, to.index), low, high);
    return true;
  }
  if (aligned) must_be_aligned(to);
  b_.store(Width::w64, to.base, to.disp, low);
  b_.store(Width::w64, to.base, to.disp + 8, high);
  return true;
}

// The low 4 or 8 bytes; `between`: from register to register. A load makes the others zero.
bool Decoder::vector_part(bool stores, unsigned bytes, Do between) {
  modrm();
  if (!stores) {
    const Value from = vector_operand(bytes, false).low;
    b_.unit(on(register_form() ? between : Do::set, reg()), from);
    return true;
  }
  const Value from = b_.unit(on(Do::get_low, reg()));
  const Place to = rm();
  if (to.memory) {
    b_.store(bytes == 4 ? Width::w32 : Width::w64, to.base, to.disp, from);
  } else {
    b_.unit(on(between, to.index), from);
  }
  return true;
}

// movd and movq, from and to general registers.
bool Decoder::vector_general(bool stores) {
  modrm();
  const Width w = general_width();
  const Place other = rm();
  if (stores) {
    write(other, w, zero_extended(w, b_.unit(on(Do::get_low, reg()))));
  } else {
    b_.unit(on(Do::set, reg()), zero_extended(w, read(other, w)));
  }
  return true;
}

bool Decoder::vector_from_integer(bool single) {
  modrm();
  const Width w = general_width();
  b_.unit(on(Do::from_integer, reg(), single, w == Width::w64), kept(read(rm(), w)));
  return true;
}

bool Decoder::vector_to_integer(Do what, bool single) {
  modrm();
  const Width w = general_width();
  const Value from = vector_operand(single ? 4 : 8, false).low;
  write_reg(reg(), w, b_.unit(on(what, 0, single, w == Width::w64), from));
  return true;
}

bool Decoder::vector_compare(bool single) {
  modrm();
  const Value from = vector_operand(single ? 4 : 8, false).low;
  b_.set_flags(FlagKind::word, Width::w64, b_.unit(on(Do::compare, reg(), single), from));
  return true;
}

bool Decoder::vector_scalar(Do what, bool single) {
  modrm();
  b_.unit(on(what, reg(), single), vector_operand(single ? 4 : 8, false).low);
  return true;
}

bool Decoder::vector_convert(bool to_single) {
  modrm();
  b_.unit(on(Do::convert, reg(), to_single), vector_operand(to_single ? 8 : 4, false).low);
  return true;
}

bool Decoder::vector_convert_pair(bool to_single) {
  modrm();
  const Vector from = vector_operand(to_single ? kBytes : 8, to_single);
  b_.unit(on(Do::convert_pair, reg(), to_single), from.low, from.high);
  return true;
}

bool Decoder::vector_bits(Do what, bool single) {
  modrm();
  const Vector from = vector_operand(kBytes, true);
  b_.unit(on(what, reg(), single), from.low, from.high);
  return true;
}

}  // namespace assay::machine::x86
