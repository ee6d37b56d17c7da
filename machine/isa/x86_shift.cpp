// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shifts, rotates and single bits of x86.
//
// A count of 0 leaves the flags alone. With a count in cl that is decided when it runs: results are
// right for 0 too, and before the flags are set an exit leaves to the next instruction.
#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {

// cl, modulo 32 or 64.
Value Decoder::shift_count(Width w) {
  return b_.bit_and(Width::w32, whole(kCx), imm(w == Width::w64 ? 63 : 31));
}

// rol ror rcl rcr shl shr (shl) sar.
bool Decoder::shift_group(Width w, Value count) {
  const Place to = rm();
  if (count.is_constant()) {
    count = imm(count.constant & (w == Width::w64 ? 63 : 31));
    if (count.constant == 0) {
      write(to, w, read(to, w));
      return true;
    }
  }
  const bool left = (reg_low() & 1) == 0;
  switch (reg_low()) {
    case 0:
    case 1: rotate(w, to, left, count); return true;
    case 2:
    case 3:
      if (w == Width::w64) {
        rotate_carry_64(to, left, count);
      } else {
        rotate_carry(w, to, left, count);
      }
      return true;
    default: shift(w, to, reg_low(), count); return true;
  }
}

void Decoder::shift(Width w, const Place& to, unsigned operation, Value count) {
  const Width c = computing(w);
  const Value a = read(to, w);
  const Value before = b_.add(Width::w32, count, imm(-1));
  Value carry;
  Value overflow = imm(0);
  Value result;
  if (operation == 5) {
    const Value x = w < Width::w32 ? b_.zero_extend(w, a) : a;
    overflow = top_bit(w, x);
    carry = b_.bit_and(c, b_.shr(c, x, before), imm(1));
    result = b_.shr(c, x, count);
  } else if (operation == 7) {
    const Value x = w < Width::w32 ? b_.sign_extend_32(w, a) : a;
    carry = b_.bit_and(c, b_.sar(c, x, before), imm(1));
    result = b_.sar(c, x, count);
  } else {
    carry = top_bit(w, b_.shl(c, a, before));
    result = b_.shl(c, a, count);
  }
  write(to, w, result);
  if (operation != 5 && operation != 7) overflow = b_.bit_xor(Width::w32, top_bit(w, result), carry);
  if (!count.is_constant()) b_.branch(Condition::eq, Width::w32, count, imm(0), next());
  b_.set_flags(FlagKind::parts, w, result, carry, overflow);
}

// Bytes and words are repeated to fill 32 bits, so that any count does.
void Decoder::rotate(Width w, const Place& to, bool left, Value count) {
  const Width c = computing(w);
  Value x = read(to, w);
  if (w == Width::w8) x = b_.binary(Op::mul, c, b_.zero_extend(w, x), imm(0x01010101));
  if (w == Width::w16) x = b_.deposit(b_.zero_extend(w, x), x, 16, 16);
  const Value right = left ? b_.sub(Width::w32, imm(0), count) : count;
  const Value result = b_.ror(c, x, right);
  write(to, w, result);
  finish_rotate(w, left, count, result, left ? bit(result, 0) : top_bit(w, result));
}

// A number of w + 1 bits, the carry on top, rotates in 64.
void Decoder::rotate_carry(Width w, const Place& to, bool left, Value count) {
  const Width c = Width::w64;
  const unsigned bits = bits_of(w);
  const Value wide = b_.deposit(b_.zero_extend(w, read(to, w)), b_.get_flag(FlagCondition::carry), bits, 1);
  const Value by = w == Width::w32 ? count : b_.binary(Op::rem_u, Width::w32, count, imm(bits + 1));
  const Value rest = b_.sub(c, imm(bits + 1), by);
  const Value turned = left ? b_.bit_or(c, b_.shl(c, wide, by), b_.shr(c, wide, rest))
                            : b_.bit_or(c, b_.shr(c, wide, by), b_.shl(c, wide, rest));
  const Value carry = bit(turned, bits);
  const Value result = w == Width::w32 ? b_.zero_extend(w, turned) : turned;
  write(to, w, result);
  finish_rotate(w, left, count, result, carry);
}

void Decoder::rotate_carry_64(const Place& to, bool left, Value count) {
  const Width c = Width::w64;
  const Value a = read(to, c);
  const Value in = b_.get_flag(FlagCondition::carry);
  const Value before = b_.add(c, count, imm(-1));
  const Value back = b_.bit_xor(c, before, imm(63));  // 64 - count, below 64
  const Value carry = left ? top_bit(c, b_.shl(c, a, before)) : bit(b_.shr(c, a, before), 0);
  Value result;
  if (left) {
    const Value low = b_.bit_or(c, b_.shl(c, in, before), b_.shr(c, b_.shr(c, a, imm(1)), back));
    result = b_.bit_or(c, b_.shl(c, a, count), low);
  } else {
    const Value high = b_.bit_or(c, b_.shl(c, in, back), b_.shl(c, b_.shl(c, a, imm(1)), back));
    result = b_.bit_or(c, b_.shr(c, a, count), high);
  }
  if (!count.is_constant()) result = b_.select(count, result, a);
  write(to, c, result);
  finish_rotate(c, left, count, result, carry);
}

// Only carry and overflow change.
void Decoder::finish_rotate(Width w, bool left, Value count, Value result, Value carry) {
  const Value other = left ? carry : bit(result, bits_of(w) - 2);
  const Value overflow = b_.bit_xor(Width::w32, top_bit(w, result), other);
  if (!count.is_constant()) b_.branch(Condition::eq, Width::w32, count, imm(0), next());
  merge_flags(kFlagCarry | kFlagOverflow,
              b_.bit_or(Width::w64, carry, b_.shl(Width::w64, overflow, imm(11))));
}

// shld and shrd. A word operand with a count above 16 is undefined; here the second operand follows.
void Decoder::shift_double(Width w, const Place& to, bool left, Value fill, Value count) {
  if (count.is_constant()) {
    count = imm(count.constant & (w == Width::w64 ? 63 : 31));
    if (count.constant == 0) {
      write(to, w, read(to, w));
      return;
    }
  }
  const Width c = computing(w);
  const Value a = kept(read(to, w));
  const Value before = b_.add(Width::w32, count, imm(-1));
  Value result;
  Value carry;
  if (w == Width::w16) {
    const Value first = b_.zero_extend(w, left ? fill : a);
    const Value both = b_.deposit(first, left ? a : fill, 16, 16);
    carry = left ? bit(b_.shl(c, both, before), 31) : bit(b_.shr(c, both, before), 0);
    result = left ? b_.shr(c, b_.shl(c, both, count), imm(16)) : b_.shr(c, both, count);
  } else {
    const Value back = b_.bit_xor(Width::w32, before, imm(bits_of(w) - 1));  // width - count
    carry = left ? top_bit(w, b_.shl(c, a, before)) : bit(b_.shr(c, a, before), 0);
    const Value entering = left ? b_.shr(c, fill, back) : b_.shl(c, fill, back);
    result = b_.bit_or(c, left ? b_.shl(c, a, count) : b_.shr(c, a, count), entering);
    if (!count.is_constant()) {
      result = b_.select(count, result, is64_ && w == Width::w32 ? b_.zero_extend(w, a) : a);
    }
  }
  const Value old_top = top_bit(w, a);
  write(to, w, result);
  const Value overflow = b_.bit_xor(Width::w32, old_top, top_bit(w, result));
  if (!count.is_constant()) b_.branch(Condition::eq, Width::w32, count, imm(0), next());
  b_.set_flags(FlagKind::parts, w, result, carry, overflow);
}

// bt bts btr btc (operations 4 to 7). A register index into memory reaches beyond the operand.
// O, S, A and P are undefined: here they stay.
bool Decoder::bit_test(Width w, unsigned operation, bool immediate_index) {
  const Width c = computing(w);
  const unsigned mask = bits_of(w) - 1;
  Value index = immediate_index ? imm(byte()) : whole(reg());
  Place to = rm();
  if (to.memory && !immediate_index) {
    const unsigned log2 = static_cast<unsigned>(w) + 3;
    const Value extended = w == natural_ ? index : sign_extended(natural_, w, index);
    const Value unit = b_.sar(natural_, extended, imm(log2));
    to.base = b_.add(address_width(), to.base, b_.shl(natural_, unit, imm(log2 - 3)));
  }
  index = b_.bit_and(Width::w32, index, imm(mask));
  const Value a = read(to, w);
  const Value found = b_.bit_and(c, b_.shr(c, a, index), imm(1));
  if (operation != 4) {
    lockable(to);
    const Value one = b_.shl(c, imm(1), index);
    const Value result = operation == 5   ? b_.bit_or(c, a, one)
                         : operation == 6 ? b_.bit_and(c, a, b_.bit_not(c, one))
                                          : b_.bit_xor(c, a, one);
    write(to, w, result);
  }
  merge_flags(kFlagCarry, found);
  return true;
}

// bsf and bsr. A source of 0 leaves the register as it is (all of it). Flags but Z are undefined:
// here those of the source.
void Decoder::bit_scan(Width w, bool reverse) {
  const Width c = computing(w);
  const Value source = kept(read(rm(), w));
  const Value x = w < Width::w32 ? b_.zero_extend(w, source) : source;
  const Value index = reverse ? b_.bit_xor(c, b_.unary(Op::count_leading_zeros, c, x), imm(bits_of(c) - 1))
                              : b_.unary(Op::count_trailing_zeros, c, x);
  const Value found = b_.set_if(Condition::ne, w, source, imm(0));
  const Value replaced = w == Width::w16 ? b_.deposit(whole(reg()), index, 0, 16) : index;
  b_.set(static_cast<Slot>(reg()), b_.select(found, replaced, whole(reg())));
  b_.set_flags(FlagKind::parts, w, source);
}

}  // namespace assay::machine::x86
