// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/a64_reader.h"

namespace assay::exec {

bool A64Reader::with_registers() {
  if (bit(28)) {
    switch (bits(24, 4)) {
      case 0xa:
        switch (bits(21, 3)) {
          case 0: return add_with_carry();
          case 2: return compare_if();
          case 4: return choose();
          default: return two_sources();
        }
      case 0xb: return three_sources();
      default: return false;
    }
  }
  return bit(24) ? add_registers() : logic_registers();
}

/// `kind`: 0 left, 1 right, 2 right with the sign, 3 around. In kThird, if it has to be changed.
Register A64Reader::shifted(Register a, unsigned kind, unsigned by) {
  if (by == 0) return a;
  switch (kind) {
    case 0: block_.constant(Op::shift_left_constant, kThird, a, by); break;
    case 1: block_.constant(Op::shift_right_constant, kThird, zero_extended(a, kThird), by); break;
    case 2: block_.constant(Op::shift_signed_constant, kThird, sign_extended(a, kThird), by); break;
    default: rotate(kThird, a, a, by); break;
  }
  return kThird;
}

/// `kind`: bytes as a power of two, and 4 for the sign.
Register A64Reader::extended(Register a, unsigned kind, unsigned by) {
  static constexpr std::int64_t kOnes[] = {0xff, 0xffff};
  static constexpr Op kSigned[] = {Op::sign_byte, Op::sign_half, Op::sign_int};
  const unsigned size = kind & 3;
  Register value = kThird;
  if (size == 3) {
    value = a;
  } else if (kind >= 4) {
    block_.constant(kSigned[size], kThird, a, 0);
  } else if (size == 2) {
    block_.constant(Op::zero_int, kThird, a, 0);
  } else {
    block_.constant(Op::and_constant, kThird, a, kOnes[size]);
  }
  if (by == 0) return value;
  block_.constant(Op::shift_left_constant, kThird, value, by);
  return kThird;
}

bool A64Reader::add_registers() {
  if (bit(21)) {
    if (bits(22, 2) != 0 || bits(10, 3) > 4) return false;
    const Register b = extended(reg(16), bits(13, 3), bits(10, 3));
    add(bit(29) ? reg(0) : reg_or_stack(0), reg_or_stack(5), b);
    return true;
  }
  const unsigned by = bits(10, 6);
  if (bits(22, 2) == 3 || by >= width()) return false;
  const Register b = shifted(reg(16), bits(22, 2), by);
  if (bit(30) && bit(29) && bits(0, 5) == 31) return compare(reg(5), b);
  add(reg(0), reg(5), b);
  return true;
}

void A64Reader::add(Register d, Register a, Register b) {
  const bool subtracts = bit(30);
  if (bit(29)) {
    subtracts ? flags_.difference(a, b, bytes()) : flags_.sum(a, b, bytes());
  }
  block_.two(subtracts ? Op::subtract : Op::add, d, a, b);
  narrow(d);
}

bool A64Reader::logic_registers() {
  const unsigned by = bits(10, 6);
  if (by >= width()) return false;
  const unsigned which = bits(29, 2);
  Register b = shifted(reg(16), bits(22, 2), by);
  if (bit(21)) {
    const Register turned = which == 1 && reg(5) == kZero ? reg(0) : kThird;
    block_.constant(Op::xor_constant, turned, b, -1);
    if (turned != kThird) {
      narrow(turned);
      return true;
    }
    b = kThird;
  }
  logic(which, reg(0), reg(5), b);
  return true;
}

/// `which`: and, or, exclusive or, and with flags.
void A64Reader::logic(unsigned which, Register d, Register a, Register b) {
  if (which == 3) {
    block_.two(Op::bit_and, kFirst, a, b);
    flags_.result(kFirst, bytes());
    block_.move(d, kFirst);
  } else if (which == 1 && a == kZero) {
    block_.move(d, b);
  } else {
    static constexpr Op kOps[] = {Op::bit_and, Op::bit_or, Op::bit_xor};
    block_.two(kOps[which], d, a, b);
  }
  narrow(d);
}

bool A64Reader::two_sources() {
  if (bits(21, 10) != 0x0d6) return false;
  const Register d = reg(0);
  const auto shift = [&](Op op, Register a) {
    Register by = reg(16);
    if (!wide()) {
      block_.constant(Op::and_constant, kSecond, by, 31);
      by = kSecond;
    }
    block_.two(op, d, a, by);
  };
  const auto divide = [&](Op op, Register a, Register b) { block_.two(op, d, a, b); };
  switch (bits(10, 6)) {
    case 2:
      divide(Op::divide_unsigned, zero_extended(reg(5), kFirst), zero_extended(reg(16), kSecond));
      break;
    case 3: divide(Op::divide_signed, sign_extended(reg(5), kFirst), sign_extended(reg(16), kSecond)); break;
    case 8: shift(Op::shift_left, reg(5)); break;
    case 9: shift(Op::shift_right, zero_extended(reg(5), kFirst)); break;
    case 10: shift(Op::shift_signed, sign_extended(reg(5), kFirst)); break;
    default: return false;
  }
  narrow(d);
  return true;
}

/// Multiplied, and added or subtracted.
bool A64Reader::three_sources() {
  const Op op = bit(15) ? Op::subtract : Op::add;
  Register a = reg(5);
  Register b = reg(16);
  const unsigned which = bits(21, 3);
  if (bits(29, 2) != 0 || (which != 0 && which != 1 && which != 5) || (which != 0 && !wide())) return false;
  if (which != 0) {
    // Of 32 bits, to 64.
    const Op extend = which == 1 ? Op::sign_int : Op::zero_int;
    block_.constant(extend, kFirst, a, 0);
    block_.constant(extend, kSecond, b, 0);
    a = kFirst;
    b = kSecond;
  }
  if (reg(10) == kZero && op == Op::add) {
    block_.two(Op::multiply, reg(0), a, b);
  } else {
    block_.two(Op::multiply, kScratch, a, b);
    block_.two(op, reg(0), reg(10), kScratch);
  }
  narrow(reg(0));
  return true;
}

/// One of two registers; the second one changed by 1, turned, or negated.
bool A64Reader::choose() {
  if (bit(29) || bits(10, 2) > 1) return false;
  const std::optional<Answer> answer = condition(bits(12, 4));
  if (!answer) return false;
  block_.compare(answer->condition, kFirst, answer->left, answer->right);
  const bool turns = bit(30);
  const bool adds = bit(10);
  Register other = reg(16);
  if (turns) {
    block_.constant(Op::xor_constant, kThird, other, -1);
    other = kThird;
  }
  if (adds) {
    block_.constant(Op::add_constant, kThird, other, 1);
    other = kThird;
  }
  // All ones if it holds.
  block_.two(Op::subtract, kFirst, kZero, kFirst);
  block_.two(Op::bit_xor, kSecond, reg(5), other);
  block_.two(Op::bit_and, kSecond, kSecond, kFirst);
  block_.two(Op::bit_xor, reg(0), kSecond, other);
  narrow(reg(0));
  return true;
}

}  // namespace assay::exec
