// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/x86_reader.h"

namespace assay::exec {

/// By the processor's numbers: add, or, adc, sbb, and, sub, xor, cmp.
bool X86Reader::arithmetic(unsigned which, const Operand& to, Register by, unsigned bytes) {
  static constexpr Op kOps[] = {Op::add,     Op::bit_or,   Op::unknown, Op::unknown,
                                Op::bit_and, Op::subtract, Op::bit_xor};
  if (which == 7) return compare(get(to, bytes, kValue), by, bytes);
  if (which == 2 || which == 3) return with_carry(which == 2, to, by, bytes);
  const bool whole = !to.memory && bytes >= 4;
  const bool used = flags_are_used();
  if (which == 6 && whole && to.base == by) {
    block_.set(to.base, 0);
    used ? flags_.result(kZero, bytes) : flags_.forget();
    return true;
  }
  const Register from = get(to, bytes, kValue);
  flags_.forget();
  if (used && which == 0) flags_.sum(from, by, bytes);
  if (used && which == 5) flags_.difference(from, by, bytes);
  const Register result = whole ? to.base : kValue;
  block_.two(kOps[which], result, from, by);
  if (used && which != 0 && which != 5) flags_.result(result, bytes);
  whole ? narrow(result, bytes) : put(to, bytes, result);
  return true;
}

bool X86Reader::with_constant(unsigned which, const Operand& to, std::int64_t value, unsigned bytes) {
  const bool whole = !to.memory && bytes >= 4;
  if (!whole || which == 2 || which == 3 || which == 7 || flags_are_used()) {
    const Register by = which == 7 && whole ? kScratch : kOther;
    block_.set(by, value);
    return arithmetic(which, to, by, bytes);
  }
  static constexpr Op kOps[] = {Op::add_constant, Op::or_constant,  Op::unknown,     Op::unknown,
                                Op::and_constant, Op::add_constant, Op::xor_constant};
  flags_.forget();
  block_.constant(kOps[which], to.base, to.base, which == 5 ? -value : value);
  narrow(to.base, bytes);
  return true;
}

bool X86Reader::with_carry(bool adds, const Operand& to, Register by, unsigned bytes) {
  flags_.know(start_);
  const std::optional<Register> carry = flags_.carry();
  if (!carry) {
    asks_flags_ = true;
    return false;
  }
  // The carry out: of either of the two steps. Operands as sums of words, with nothing above them.
  const Register from = get(to, bytes, kValue);
  zero_extend(kLeft, from, bytes);
  zero_extend(kRight, by, bytes);
  const Op op = adds ? Op::add : Op::subtract;
  block_.two(op, kFlagsFirst, kLeft, kRight);
  zero_extend(kFlagsFirst, kFlagsFirst, bytes);
  if (adds) {
    block_.compare(Condition::below, kFlagsSecond, kFlagsFirst, kLeft);
  } else {
    block_.compare(Condition::below, kFlagsSecond, kLeft, kRight);
  }
  block_.two(op, kValue, kFlagsFirst, *carry);
  if (adds) {
    zero_extend(kValue, kValue, bytes);
    block_.compare(Condition::below, kScratch, kValue, *carry);
  } else {
    block_.compare(Condition::below, kScratch, kFlagsFirst, *carry);
  }
  block_.two(Op::bit_or, kFlagsSecond, kFlagsSecond, kScratch);
  flags_.result(kValue, bytes);
  flags_.set_carry(kFlagsSecond);
  flags_.forget_overflow();
  put(to, bytes, kValue);
  return true;
}

bool X86Reader::compare(Register left, Register right, unsigned bytes) {
  const FlagsAhead ahead = look_ahead(image_, at_, keeps_flags_);
  flags_.forget();
  if (!ahead.are_used) return true;
  const auto asked_behind = [&] {
    return look_ahead(image_, ahead.behind, keeps_flags_).are_used ||
           (ahead.target != 0 && look_ahead(image_, ahead.target, keeps_flags_).are_used);
  };
  if (bytes == word_bytes_ && ahead.used_at_once && !asked_behind()) {
    flags_.difference_for_next(left, right);
  } else {
    flags_.difference(left, right, bytes);
  }
  return true;
}

void X86Reader::test(Register left, Register right, unsigned bytes) {
  if (left == right) {
    compare(left, kZero, bytes);
    return;
  }
  block_.two(Op::bit_and, kValue, left, right);
  compare(kValue, kZero, bytes);
}

/// The carry stays as it is.
bool X86Reader::step(const Operand& to, bool up, unsigned bytes) {
  const bool used = flags_are_used();
  const std::optional<Register> carry = used ? flags_.carry() : std::nullopt;
  const Register from = get(to, bytes, kValue);
  flags_.forget();
  if (used) {
    block_.set(kOther, 1);
    up ? flags_.sum(from, kOther, bytes) : flags_.difference(from, kOther, bytes);
    carry ? flags_.set_carry(*carry) : flags_.forget_carry();
  }
  const bool whole = !to.memory && bytes >= 4;
  const Register result = whole ? to.base : kValue;
  block_.constant(Op::add_constant, result, from, up ? 1 : -1);
  whole ? narrow(result, bytes) : put(to, bytes, result);
  return true;
}

/// 0xf6, 0xf7.
bool X86Reader::unary(unsigned code) {
  const unsigned bytes = size_of(code);
  Operand o;
  if (at_ >= image_.end()) return false;
  // Only the first two have a constant, and it counts for the address.
  const bool is_test = (*image_.at(at_) >> 3 & 6) == 0;
  if (!operand(o, is_test ? (bytes < 4 ? bytes : 4) : 0)) return false;
  if (is_test) {
    block_.set(kOther, constant_of(bytes));
    test(get(o, bytes, kValue), kOther, bytes);
    return !bad_;
  }
  const Register value = get(o, bytes, kValue);
  const bool whole = !o.memory && bytes >= 4;
  const Register result = whole ? o.base : kValue;
  switch (o.which()) {
    case 2:
      block_.constant(Op::xor_constant, result, value, -1);
      whole ? narrow(result, bytes) : put(o, bytes, result);
      return true;
    case 3:
      if (flags_are_used()) {
        flags_.difference(kZero, value, bytes);
      } else {
        flags_.forget();
      }
      block_.two(Op::subtract, result, kZero, value);
      whole ? narrow(result, bytes) : put(o, bytes, result);
      return true;
    case 4:
    case 5: flags_.forget(); return multiply(value, o.which() == 5, bytes);
    default: flags_.forget(); return divide(value, o.which() == 7, bytes);
  }
}

/// To twice as many bytes.
bool X86Reader::multiply(Register by, bool with_signs, unsigned bytes) {
  if (bytes == word_bytes_) {
    block_.two(with_signs ? Op::wide_multiply_signed : Op::wide_multiply, 0, 0, by);
    return true;
  }
  with_signs ? sign_extend(kOther, kA, bytes) : zero_extend(kOther, kA, bytes);
  with_signs ? sign_extend(kValue, by, bytes) : zero_extend(kValue, by, bytes);
  block_.two(Op::multiply, kValue, kValue, kOther);
  if (bytes == 1) {
    put(kA, 2, kValue);
    return true;
  }
  put(kA, bytes, kValue);
  block_.constant(Op::shift_right_constant, kValue, kValue, std::int64_t{8} * bytes);
  put(kD, bytes, kValue);
  return true;
}

/// A division by what is not true is an error of the program.
void X86Reader::stop_unless(Register truth) {
  block_.set(kD, 0);
  block_.two(Op::wide_divide, 0, 0, truth);
}

/// Of twice as many bytes: in rdx and rax, or ax. As a division of words whose quotient is asked whether it
/// fits.
bool X86Reader::divide(Register by, bool with_signs, unsigned bytes) {
  const Op op = with_signs ? Op::wide_divide_signed : Op::wide_divide;
  if (bytes == word_bytes_) {
    block_.two(op, 0, 0, by);
    return true;
  }
  const auto extend = [&](Register d, Register a, unsigned from) {
    with_signs ? sign_extend(d, a, from) : zero_extend(d, a, from);
  };
  extend(kOther, by, bytes);
  block_.move(kLeft, kA);  // as they were
  block_.move(kRight, kD);
  if (bytes == 1) {
    extend(kA, kA, 2);
  } else {
    zero_extend(kA, kA, bytes);
    block_.constant(Op::shift_left_constant, kScratch, kD, std::int64_t{8} * bytes);
    block_.two(Op::bit_or, kA, kA, kScratch);
    if (bytes == 2 && wide_) extend(kA, kA, 4);
  }
  if (with_signs) {
    block_.constant(Op::shift_signed_constant, kD, kA, 8 * word_bytes_ - 1);
  } else {
    block_.set(kD, 0);
  }
  block_.two(op, 0, 0, kOther);
  block_.move(kOther, kA);
  block_.move(kValue, kD);
  extend(kScratch, kOther, bytes);
  block_.compare(Condition::equal, kScratch, kScratch, kOther);
  stop_unless(kScratch);
  block_.move(kA, kLeft);
  block_.move(kD, kRight);
  put(kA, bytes, kOther);
  if (bytes == 1) {
    // ah
    block_.constant(Op::shift_left_constant, kValue, kValue, 8);
    block_.constant(Op::and_constant, kValue, kValue, 0xff00);
    block_.constant(Op::and_constant, kA, kA, ~std::int64_t{0xff00});
    block_.two(Op::bit_or, kA, kA, kValue);
  } else {
    put(kD, bytes, kValue);
  }
  return true;
}

/// The low half alone.
bool X86Reader::multiply_to(Register d, Register a, Register b, unsigned bytes) {
  flags_.forget();
  if (bytes >= 4) {
    block_.two(Op::multiply, d, a, b);
    narrow(d, bytes);
  } else {
    block_.two(Op::multiply, kValue, a, b);
    put(d, bytes, kValue);
  }
  return true;
}

}  // namespace assay::exec
