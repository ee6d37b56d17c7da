// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scalar part of SSE and SSE2, and the moves and bit operations that go with it. What they do is in
// machine/sse; here they become operations of that unit, and loads and stores around them.
#include <algorithm>

#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {

using sse::Do;

namespace {

constexpr unsigned kBytes = 16;
constexpr unsigned kOpcodes[] = {0x10, 0x11, 0x14, 0x28, 0x29, 0x2A, 0x2C, 0x2D, 0x2E, 0x2F, 0x51,
                                 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x5C, 0x5D, 0x5E, 0x5F,
                                 0x6E, 0x6F, 0x7E, 0x7F, 0xD6, 0xDB, 0xDF, 0xEB, 0xEF};

constexpr std::uint32_t on(Do what, unsigned to, bool single = false, bool wide = false) {
  return sse::Operation{what, static_cast<std::uint8_t>(to), single, wide}.word();
}

}  // namespace

/// The low half of an operand of 4, 8 or 16 bytes; of a register always both halves.
Decoder::Vector Decoder::vector_operand(unsigned bytes, bool aligned) {
  const Place from = rm();
  if (!from.memory) return {b_.unit(on(Do::get_low, from.index)), b_.unit(on(Do::get_high, from.index))};
  if (aligned) must_be_aligned(from);
  const Width w = bytes == 4 ? Width::w32 : Width::w64;
  return {b_.load(w, from.base, from.disp),
          bytes == kBytes ? b_.load(w, from.base, from.disp + 8) : Value(imm(0))};
}

// A general protection exception, which is SIGSEGV on Linux.
void Decoder::must_be_aligned(const Place& at) {
  const Value address = b_.add(natural_, at.base, imm(at.disp));
  b_.trap_if(TrapKind::unknown_instruction, Condition::some_bits, natural_, address, imm(kBytes - 1));
}

bool Decoder::vector_opcode(unsigned opcode) {
  if (std::ranges::find(kOpcodes, opcode) == std::end(kOpcodes)) return false;
  const unsigned prefix = repeat_ != 0 ? repeat_ : operand16_ ? 0x66U : 0U;
  repeat_allowed_ = true;
  modrm();
  switch (opcode) {
    case 0x10:
    case 0x28:
    case 0x6F:
    case 0x6E:
    case 0x11:
    case 0x29:
    case 0x7F:
    case 0x7E:
    case 0xD6: return vector_move(opcode, prefix);
    case 0x2A:
    case 0x2C:
    case 0x2D: return vector_integer(opcode, prefix);
    case 0x2E:
    case 0x2F: {
      if (prefix >= 0xF2) return false;
      const bool single = prefix == 0;
      const Vector from = vector_operand(single ? 4 : 8, false);
      b_.set_flags(FlagKind::word, Width::w64, b_.unit(on(Do::compare, reg(), single), from.low));
      return true;
    }
    case 0x51: return vector_scalar(Do::square_root, prefix);
    case 0x58: return vector_scalar(Do::add, prefix);
    case 0x59: return vector_scalar(Do::multiply, prefix);
    case 0x5C: return vector_scalar(Do::subtract, prefix);
    case 0x5D: return vector_scalar(Do::minimum, prefix);
    case 0x5E: return vector_scalar(Do::divide, prefix);
    case 0x5F: return vector_scalar(Do::maximum, prefix);
    case 0x5A: {
      if (prefix == 0 || prefix == 0x66) {
        const Vector from = vector_operand(prefix == 0 ? 8 : kBytes, prefix == 0x66);
        b_.unit(on(Do::convert_pair, reg(), prefix == 0x66), from.low, from.high);
        return true;
      }
      const bool to_single = prefix == 0xF2;
      b_.unit(on(Do::convert, reg(), to_single), vector_operand(to_single ? 8 : 4, false).low);
      return true;
    }
    case 0x14: return vector_bits(Do::unpack, prefix);
    case 0x54: return vector_bits(Do::bit_and, prefix);
    case 0x55: return vector_bits(Do::bit_and_not, prefix);
    case 0x56: return vector_bits(Do::bit_or, prefix);
    case 0xDB: return prefix == 0x66 && vector_bits(Do::bit_and, prefix);
    case 0xDF: return prefix == 0x66 && vector_bits(Do::bit_and_not, prefix);
    case 0xEB: return prefix == 0x66 && vector_bits(Do::bit_or, prefix);
    case 0xEF: return prefix == 0x66 && vector_bits(Do::bit_xor, prefix);
    default: return vector_bits(Do::bit_xor, prefix);  // 57
  }
}

// movups movaps movdqa movdqu, movss movsd, movd movq.
bool Decoder::vector_move(unsigned opcode, unsigned prefix) {
  const bool packed = opcode <= 0x11 ? prefix < 0xF2 : opcode <= 0x29 ? true : (opcode & 0xEFU) == 0x6F;
  if (packed) {
    const bool integers = opcode >= 0x6F;
    if (integers ? prefix != 0x66 && prefix != 0xF3 : prefix >= 0xF2) return false;
    const bool aligned = integers ? prefix == 0x66 : opcode >= 0x28;
    if (opcode == 0x10 || opcode == 0x28 || opcode == 0x6F) {
      const Vector from = vector_operand(kBytes, aligned);
      b_.unit(on(Do::set, reg()), from.low, from.high);
    } else {
      vector_store(kBytes, aligned);
    }
    return true;
  }
  if (opcode <= 0x11) {  // movss, movsd
    const unsigned bytes = prefix == 0xF3 ? 4 : 8;
    if (opcode == 0x11 && !register_form()) {
      vector_store(bytes, false);
      return true;
    }
    const unsigned to = opcode == 0x10 ? reg() : rm().index;
    const Value from = opcode == 0x10 ? vector_operand(bytes, false).low : b_.unit(on(Do::get_low, reg()));
    b_.unit(on(!register_form() ? Do::set : bytes == 4 ? Do::set_single : Do::set_low, to), from);
    return true;
  }
  const Width w = (rex_ & 8) != 0 ? Width::w64 : Width::w32;
  switch (opcode) {
    case 0x6E:
      if (prefix != 0x66) return false;
      b_.unit(on(Do::set, reg()), zero_extended(w, read(rm(), w)));
      return true;
    case 0x7E: {
      if (prefix == 0xF3) {
        const Value low = vector_operand(8, false).low;
        b_.unit(on(Do::set, reg()), low);
        return true;
      }
      if (prefix != 0x66) return false;
      const Place to = rm();
      write(to, w, zero_extended(w, b_.unit(on(Do::get_low, reg()))));
      return true;
    }
    default:  // D6
      if (prefix != 0x66) return false;
      if (register_form()) {
        b_.unit(on(Do::set, rm().index), b_.unit(on(Do::get_low, reg())));
      } else {
        vector_store(8, false);
      }
      return true;
  }
}

void Decoder::vector_store(unsigned bytes, bool aligned) {
  const Value low = b_.unit(on(Do::get_low, reg()));
  const Value high = bytes == kBytes ? b_.unit(on(Do::get_high, reg())) : Value(imm(0));
  const Place to = rm();
  if (!to.memory) {  // 16 bytes, all
    b_.unit(on(Do::set, to.index), low, high);
    return;
  }
  if (aligned) must_be_aligned(to);
  b_.store(bytes == 4 ? Width::w32 : Width::w64, to.base, to.disp, low);
  if (bytes == kBytes) b_.store(Width::w64, to.base, to.disp + 8, high);
}

// cvtsi2ss cvtsi2sd, cvttss2si cvttsd2si, cvtss2si cvtsd2si
bool Decoder::vector_integer(unsigned opcode, unsigned prefix) {
  if (prefix < 0xF2) return false;
  const bool single = prefix == 0xF3;
  const bool wide = (rex_ & 8) != 0;
  const Width w = wide ? Width::w64 : Width::w32;
  if (opcode == 0x2A) {
    b_.unit(on(Do::from_integer, reg(), single, wide), kept(read(rm(), w)));
    return true;
  }
  const Do what = opcode == 0x2C ? Do::to_integer_truncated : Do::to_integer;
  const Vector from = vector_operand(single ? 4 : 8, false);
  write_reg(reg(), w, b_.unit(on(what, 0, single, wide), from.low));
  return true;
}

bool Decoder::vector_scalar(Do what, unsigned prefix) {
  if (prefix < 0xF2) return false;
  const bool single = prefix == 0xF3;
  b_.unit(on(what, reg(), single), vector_operand(single ? 4 : 8, false).low);
  return true;
}

bool Decoder::vector_bits(Do what, unsigned prefix) {
  if (prefix >= 0xF2) return false;
  const Vector from = vector_operand(kBytes, true);
  b_.unit(on(what, reg(), prefix == 0), from.low, from.high);
  return true;
}

}  // namespace assay::machine::x86
