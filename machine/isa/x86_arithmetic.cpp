// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arithmetic of x86. Where flags are recorded from the operands (add, adc, sub, sbb) and the result
// goes into a register, set_flags comes first: the register may be an operand. The result is made
// last, so that it needs no copy.
#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {
namespace {

// The lowest signed number, sign-extended; its complement is the highest.
constexpr std::uint64_t lowest(Width w) { return ~std::uint64_t{0} << (bits_of(w) - 1); }

}  // namespace

// The operations in the order of the opcodes: add or adc sbb and sub xor cmp.
void Decoder::alu(unsigned operation, Width w, const Place& to, Value b) {
  const Width c = computing(w);
  const Value a = read(to, w);
  switch (operation) {
    case 1: return alu_logic(Op::bit_or, w, to, a, b);
    case 4: return alu_logic(Op::bit_and, w, to, a, b);
    case 6: return alu_logic(Op::bit_xor, w, to, a, b);
    case 7: return b_.set_flags(FlagKind::sub, w, a, b);
    default: break;
  }
  lockable(to);
  const bool subtract = operation == 3 || operation == 5;
  const bool with_carry = operation == 2 || operation == 3;
  const FlagKind kind = operation == 0   ? FlagKind::add
                        : operation == 2 ? FlagKind::adc
                        : operation == 3 ? FlagKind::sbb
                                         : FlagKind::sub;
  const Value carry = with_carry ? b_.get_flag(FlagCondition::carry) : imm(0);
  const auto result = [&] {
    const Op op = subtract ? Op::sub : Op::add;
    const Value partial = b_.binary(op, c, a, b);
    return with_carry ? b_.binary(op, c, partial, carry) : partial;
  };
  if (to.memory) {
    write(to, w, result());
    b_.set_flags(kind, w, a, b, carry);
  } else {
    b_.set_flags(kind, w, a, b, carry);
    write(to, w, result());
  }
}

void Decoder::alu_logic(Op op, Width w, const Place& to, Value a, Value b) {
  lockable(to);
  const bool same = !a.is_constant() && a.slot == b.slot;
  if (same && op == Op::bit_xor && w >= Width::w32) {
    write(to, w, imm(0));
    b_.set_flags(FlagKind::parts, w, whole(to.index));
    return;
  }
  if (same && op != Op::bit_xor) {
    write(to, w, a);
    b_.set_flags(FlagKind::parts, w, a);
    return;
  }
  const Value result = b_.binary(op, computing(w), a, b);
  write(to, w, result);
  b_.set_flags(FlagKind::parts, w, result);
}

void Decoder::test(Width w, Value a, Value b) {
  const bool same = !a.is_constant() && a.slot == b.slot;
  b_.set_flags(FlagKind::parts, w, same ? a : b_.bit_and(computing(w), a, b));
}

// The carry stays: so the flags follow from the result and the old carry.
void Decoder::increment(Width w, const Place& to, bool down) {
  lockable(to);
  const Value result = b_.add(computing(w), read(to, w), imm(down ? -1 : 1));
  write(to, w, result);
  const Value low = b_.bit_and(Width::w32, result, imm(15));
  const Value adjust = b_.set_if(Condition::eq, Width::w32, low, imm(down ? 15 : 0));
  const Value overflow = b_.set_if(Condition::eq, w, result, imm(down ? ~lowest(w) : lowest(w)));
  const Value carry =
      b_.bit_or(Width::w32, b_.get_flag(FlagCondition::carry), b_.shl(Width::w32, adjust, imm(4)));
  b_.set_flags(FlagKind::parts, w, result, carry, overflow);
}

void Decoder::negate(Width w, const Place& to) {
  lockable(to);
  const Width c = computing(w);
  const Value a = kept(read(to, w));
  write(to, w, b_.sub(c, imm(0), a));
  b_.set_flags(FlagKind::sub, w, imm(0), a);
}

// The accumulator times a factor into the double width. Carry and overflow say that the high half
// matters; the other flags are undefined, here those of the low half.
void Decoder::multiply(Width w, Value factor, bool is_signed) {
  if (w >= Width::w32) {
    const Value high = b_.binary(is_signed ? Op::mul_high_s : Op::mul_high_u, w, whole(kAx), factor);
    const Value low = b_.binary(Op::mul, w, whole(kAx), factor);
    b_.set(kAx, low);
    b_.set(kDx, high);
    const Value trivial = is_signed ? b_.sar(w, whole(kAx), imm(bits_of(w) - 1)) : imm(0);
    const Value matters = b_.set_if(Condition::ne, w, whole(kDx), trivial);
    b_.set_flags(FlagKind::parts, w, whole(kAx), matters, matters);
    return;
  }
  const auto extended = [&](Value v) { return is_signed ? b_.sign_extend_32(w, v) : b_.zero_extend(w, v); };
  const Value product = b_.binary(Op::mul, Width::w32, extended(whole(kAx)), extended(factor));
  const Value matters = b_.set_if(Condition::ne, Width::w32, product, extended(product));
  write_reg(kAx, Width::w16, product);
  if (w == Width::w16) write_reg(kDx, w, b_.shr(Width::w32, product, imm(16)));
  b_.set_flags(FlagKind::parts, w, product, matters, matters);
}

// imul with two and three operands: the product must fit its register.
void Decoder::multiply_into(Width w, unsigned to, Value a, Value b) {
  Value matters;
  Value product;
  if (w >= Width::w32) {
    const Value high = b_.binary(Op::mul_high_s, w, a, b);
    product = b_.binary(Op::mul, w, a, b);
    write_reg(to, w, product);
    matters = b_.set_if(Condition::ne, w, high, b_.sar(w, whole(to), imm(bits_of(w) - 1)));
  } else {
    product = b_.binary(Op::mul, Width::w32, b_.sign_extend_32(w, a), b_.sign_extend_32(w, b));
    matters = b_.set_if(Condition::ne, Width::w32, product, b_.sign_extend_32(w, product));
    write_reg(to, w, product);
  }
  b_.set_flags(FlagKind::parts, w, w >= Width::w32 ? whole(to) : product, matters, matters);
}

// Flags are undefined afterwards: here they stay.
void Decoder::divide(Width w, Value divisor, bool is_signed) {
  if (w < Width::w32) return divide_narrow(w, divisor, is_signed);
  const Value quotient =
      b_.wide(is_signed ? Op::wide_div_s : Op::wide_div_u, w, whole(kDx), whole(kAx), divisor);
  const Value remainder =
      b_.wide(is_signed ? Op::wide_rem_s : Op::wide_rem_u, w, whole(kDx), whole(kAx), divisor);
  b_.set(kDx, remainder);
  b_.set(kAx, quotient);
}

void Decoder::divide_narrow(Width w, Value divisor, bool is_signed) {
  const Width c = Width::w32;
  const auto extended = [&](Value v) { return is_signed ? b_.sign_extend_32(w, v) : b_.zero_extend(w, v); };
  Value dividend;
  if (w == Width::w16) {
    dividend = b_.deposit(b_.zero_extend(w, whole(kAx)), whole(kDx), 16, 16);
  } else {
    dividend = is_signed ? b_.sign_extend_32(Width::w16, whole(kAx)) : b_.zero_extend(Width::w16, whole(kAx));
  }
  const Value by = extended(divisor);
  b_.trap_if(TrapKind::arithmetic, Condition::eq, c, by, imm(0));
  const Value quotient = b_.binary(is_signed ? Op::div_s : Op::div_u, c, dividend, by);
  b_.trap_if(TrapKind::arithmetic, Condition::ne, c, quotient, extended(quotient));
  const Value remainder = b_.binary(is_signed ? Op::rem_s : Op::rem_u, c, dividend, by);
  if (w == Width::w16) {
    write_reg(kDx, w, remainder);
    write_reg(kAx, w, quotient);
  } else {
    write_reg(kAx, Width::w16, b_.deposit(quotient, remainder, 8, 8));
  }
}

void Decoder::exchange(Width w, const Place& to, unsigned with) {
  lockable(to);
  Value a = read(to, w);
  Value b = read_reg(with, w);
  if (is64_ && w == Width::w32) {
    b = b_.zero_extend(w, b);
    if (!to.memory) a = b_.zero_extend(w, a);
  }
  a = kept(a);
  b = kept(b);
  write(to, w, b);
  write_reg(with, w, a);
}

void Decoder::exchange_add(Width w, const Place& to, unsigned with) {
  lockable(to);
  const Value a = kept(read(to, w));
  const Value b = kept(read_reg(with, w));
  const Value sum = b_.add(computing(w), a, b);
  const Value old = is64_ && w == Width::w32 && !to.memory ? b_.zero_extend(w, a) : a;
  if (to.memory) {
    write(to, w, sum);
    write_reg(with, w, old);
  } else {
    write_reg(with, w, old);
    write(to, w, sum);
  }
  b_.set_flags(FlagKind::add, w, a, b);
}

// Memory is written in either case, as the processor does; of two registers only the one that
// changes is written (seen in the upper half of a 32-bit one).
void Decoder::compare_exchange(Width w, const Place& to, unsigned with) {
  lockable(to);
  const Value old = kept(read(to, w));
  const Value expected = b_.copy(whole(kAx));
  const Value equal = b_.set_if(Condition::eq, w, expected, old);
  if (to.memory) {
    write(to, w, b_.select(equal, read_reg(with, w), old));
  } else {
    const unsigned slot = w == Width::w8 && rex_ == 0 ? to.index & 3 : to.index;
    const Value before = b_.copy(whole(slot));
    const Value replacement = kept(read_reg(with, w));
    write(to, w, w == Width::w32 ? zero_extended(w, replacement) : replacement);
    b_.set(static_cast<Slot>(slot), b_.select(equal, whole(slot), before));
  }
  const Value ax = b_.copy(whole(kAx));
  write_reg(kAx, w, w == Width::w32 ? zero_extended(w, old) : old);
  b_.set(kAx, b_.select(equal, ax, whole(kAx)));
  b_.set_flags(FlagKind::sub, w, expected, old);
}

// cmpxchg8b and cmpxchg16b: only Z changes.
bool Decoder::compare_exchange_pair() {
  if (register_form()) return false;
  const Place to = rm();
  lockable(to);
  const Value equal = (rex_ & 8) != 0 ? exchange_pair_128(to) : exchange_pair_64(to);
  merge_flags(kFlagZero, b_.shl(Width::w64, equal, imm(6)));
  return true;
}

Value Decoder::exchange_pair_64(const Place& to) {
  const Value old = read(to, Width::w64);
  const Value expected = b_.deposit(whole(kAx), whole(kDx), 32, 32);
  const Value equal = b_.set_if(Condition::eq, Width::w64, expected, old);
  write(to, Width::w64, b_.select(equal, b_.deposit(whole(kBx), whole(kCx), 32, 32), old));
  b_.set(kAx, b_.select(equal, whole(kAx), b_.zero_extend(Width::w32, old)));
  b_.set(kDx, b_.select(equal, whole(kDx), b_.shr(Width::w64, old, imm(32))));
  return equal;
}

// Two stores: if one of them faults, the instruction is done again, and then must not find its first
// half written. So the high half is first written with what it holds already.
Value Decoder::exchange_pair_128(const Place& low) {
  const Width w = Width::w64;
  const Value address = b_.add(w, low.base, imm(low.disp));
  b_.trap_if(TrapKind::unknown_instruction, Condition::some_bits, w, address, imm(15));
  const Place high{true, 0, low.base, low.disp + 8};
  const Value old_low = read(low, w);
  const Value old_high = read(high, w);
  const Value equal = b_.bit_and(w, b_.set_if(Condition::eq, w, whole(kAx), old_low),
                                 b_.set_if(Condition::eq, w, whole(kDx), old_high));
  const Value new_low = b_.select(equal, whole(kBx), old_low);
  const Value new_high = b_.select(equal, whole(kCx), old_high);
  write(high, w, old_high);
  write(low, w, new_low);
  write(high, w, new_high);
  b_.set(kAx, b_.select(equal, whole(kAx), old_low));
  b_.set(kDx, b_.select(equal, whole(kDx), old_high));
  return equal;
}

// daa and das, step for step as the manual writes them.
void Decoder::decimal_adjust(bool subtract) {
  const Width c = Width::w32;
  const Value flags = b_.get_flags();
  const Value old_carry = bit(flags, 0);
  const Value al = b_.zero_extend(Width::w8, whole(kAx));
  const Value low_digit = b_.set_if(Condition::gt_u, c, b_.bit_and(c, al, imm(15)), imm(9));
  const Value adjust = b_.bit_or(c, low_digit, bit(flags, 4));
  const Value high = b_.bit_or(c, b_.set_if(Condition::gt_u, c, al, imm(0x99)), old_carry);
  const Value six = b_.binary(Op::mul, c, adjust, imm(6));
  const Value sixty = b_.binary(Op::mul, c, high, imm(0x60));
  const Value correction = b_.add(c, six, sixty);
  const Value result = subtract ? b_.sub(c, al, correction) : b_.add(c, al, correction);
  // das: the borrow of the low digit alone is a carry too.
  const Value borrow = subtract ? b_.set_if(Condition::lt_u, c, al, six) : imm(0);
  const Value carry = b_.bit_or(c, high, borrow);
  write_reg(kAx, Width::w8, result);
  b_.set_flags(FlagKind::parts, Width::w8, result, b_.bit_or(c, carry, b_.shl(c, adjust, imm(4))));
}

// aaa and aas. S, Z, P and O are undefined: here those of al.
void Decoder::ascii_adjust(bool subtract) {
  const Width c = Width::w32;
  const Value low = b_.bit_and(c, whole(kAx), imm(15));
  const Value adjust = b_.bit_or(c, b_.set_if(Condition::gt_u, c, low, imm(9)), bit(b_.get_flags(), 4));
  const Value correction = b_.binary(Op::mul, c, adjust, imm(0x106));
  const Value sum = subtract ? b_.sub(c, whole(kAx), correction) : b_.add(c, whole(kAx), correction);
  const Value result = b_.bit_and(c, sum, imm(0xFF0F));
  write_reg(kAx, Width::w16, result);
  b_.set_flags(FlagKind::parts, Width::w8, result, b_.bit_or(c, adjust, b_.shl(c, adjust, imm(4))));
}

// aam. C, A and O are undefined: here 0.
bool Decoder::ascii_multiply() {
  const unsigned base = byte();
  if (base == 0) {
    b_.trap(TrapKind::arithmetic);
    return true;
  }
  const Value al = b_.zero_extend(Width::w8, whole(kAx));
  const Value quotient = b_.binary(Op::div_u, Width::w32, al, imm(base));
  const Value remainder = b_.binary(Op::rem_u, Width::w32, al, imm(base));
  write_reg(kAx, Width::w16, b_.deposit(remainder, quotient, 8, 8));
  b_.set_flags(FlagKind::parts, Width::w8, remainder);
  return true;
}

// aad, same flags.
bool Decoder::ascii_divide() {
  const unsigned base = byte();
  const Value high = b_.extract(whole(kAx), 8, 8);
  const Value sum = b_.add(Width::w32, whole(kAx), b_.binary(Op::mul, Width::w32, high, imm(base)));
  const Value result = b_.bit_and(Width::w32, sum, imm(0xFF));
  write_reg(kAx, Width::w16, result);
  b_.set_flags(FlagKind::parts, Width::w8, result);
  return true;
}

}  // namespace assay::machine::x86
