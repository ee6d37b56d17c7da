// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A32: what is done with registers and constants.
#include "exec/decode/a32_reader.h"

namespace assay::exec {
namespace {

enum Data : unsigned {
  kAnd,
  kExclusiveOr,
  kSubtract,
  kReverseSubtract,
  kAdd,
  kAddCarry,
  kSubtractCarry,
  kReverseSubtractCarry,
  kTest,
  kTestEqual,
  kCompare,
  kCompareNegative,
  kOr,
  kMove,
  kClearBits,
  kMoveNot,
};

constexpr unsigned kCarrySet = 2;

}  // namespace

/// By a constant of the instruction, in which 0 means 32 for two kinds.
Register A32Reader::shifted(Register a, unsigned kind, unsigned by) {
  static constexpr Op kShifts[] = {Op::shift_left_constant, Op::shift_right_constant,
                                   Op::shift_signed_constant};
  if (kind == 0 && by == 0) return a;
  if (kind == 3) {
    block_.constant(Op::shift_right_constant, kFirst, a, by);
    block_.constant(Op::shift_left_constant, kSecond, a, 32 - by);
    block_.two(Op::bit_or, kFirst, kFirst, kSecond);
  } else if (kind == 1 && by == 0) {
    block_.set(kFirst, 0);
  } else {
    block_.constant(kShifts[kind], kFirst, a, kind == 2 && by == 0 ? 31 : by);
  }
  return kFirst;
}

/// By the low byte of a register: 32 and more leave nothing, or the sign.
Register A32Reader::shifted_by_register(Register a, unsigned kind, Register by) {
  static constexpr Op kShifts[] = {Op::shift_left, Op::shift_right, Op::shift_signed};
  block_.constant(Op::and_constant, kSecond, by, 0xff);
  block_.set(kFlagsFirst, 32);
  block_.compare(Condition::below, kFlagsFirst, kSecond, kFlagsFirst);
  if (kind == 2) {  // all ones, of which the low five count, if it is not below
    block_.constant(Op::add_constant, kFlagsFirst, kFlagsFirst, -1);
    block_.two(Op::bit_or, kSecond, kSecond, kFlagsFirst);
    block_.two(kShifts[kind], kFirst, a, kSecond);
  } else {
    block_.two(Op::subtract, kFlagsFirst, kZero, kFlagsFirst);
    block_.two(kShifts[kind], kFirst, a, kSecond);
    block_.two(Op::bit_and, kFirst, kFirst, kFlagsFirst);
  }
  return kFirst;
}

/// The second operand, in a register of its own or in kFirst.
std::optional<Register> A32Reader::operand() {
  if (bit(25)) {
    const std::uint32_t value = bits(0, 8);
    const unsigned by = 2 * bits(8, 4);
    const std::uint32_t turned = by == 0 ? value : value >> by | value << (32 - by);
    if (turned == 0) return kZero;
    block_.set(kFirst, turned);
    return kFirst;
  }
  const unsigned kind = bits(5, 2);
  if (!bit(4)) {
    if (kind == 3 && bits(7, 5) == 0) return std::nullopt;  // rotated through the carry
    return shifted(reg(0, kFirst), kind, bits(7, 5));
  }
  if (kind == 3 || is_counter(0) || is_counter(8) || is_counter(16) || is_counter(12)) return std::nullopt;
  return shifted_by_register(static_cast<Register>(bits(0, 4)), kind, static_cast<Register>(bits(8, 4)));
}

/// Zero and sign are told by the result; nothing of ours asks for more.
bool A32Reader::add_with_carry(unsigned op, Register d, Register a, Register b) {
  Register turned = kZero;
  if (op == kReverseSubtractCarry) std::swap(a, b);
  const std::optional<Answer> answer = flags_.condition(kCarrySet, at_);
  if (!answer) return false;
  block_.compare(answer->condition, kFlagsFirst, answer->left, answer->right);
  if (op != kAddCarry) {
    block_.constant(Op::xor_constant, kFlagsSecond, b, -1);
    turned = kFlagsSecond;
  }
  block_.two(Op::add, kFlagsFirst, kFlagsFirst, a);
  block_.two(Op::add, d, kFlagsFirst, op == kAddCarry ? b : turned);
  if (bit(20)) flags_.zero_and_sign(d, 4);
  return true;
}

bool A32Reader::data(Register d) {
  const unsigned op = bits(21, 4);
  const bool sets = bit(20);
  if (bit(25) && !sets && (op == kTest || op == kCompare)) {
    if (d == kProgramCounter) return false;
    const std::int64_t value = std::int64_t{bits(16, 4)} << 12 | bits(0, 12);
    if (op == kTest) {
      block_.set(d, value);
    } else {
      block_.constant(Op::and_constant, d, d, 0xffff);
      block_.constant(Op::or_constant, d, d, value << 16);
    }
    return true;
  }
  const bool has_result = op < kTest || op > kCompareNegative;
  const bool moves = op == kMove || op == kMoveNot;
  if ((!has_result && bits(12, 4) != 0) || (moves && bits(16, 4) != 0)) return false;
  if (has_result && d == kProgramCounter) {
    // A jump: mov pc of a register is all that is used.
    if (op != kMove || sets || bit(25) || bits(4, 8) != 0 || is_counter(0)) return false;
    return jump_to(static_cast<Register>(bits(0, 4)));
  }
  const std::optional<Register> second = operand();
  if (!second) return false;
  const Register b = *second;
  const Register a = moves ? kZero : reg(16, kSecond);
  const auto logic = [&](Op operation, Register into, Register other) {
    block_.two(operation, into, a, other);
    if (sets) flags_.zero_and_sign(into, 4);
  };
  switch (op) {
    case kAnd: logic(Op::bit_and, d, b); return true;
    case kExclusiveOr: logic(Op::bit_xor, d, b); return true;
    case kOr: logic(Op::bit_or, d, b); return true;
    case kTest: logic(Op::bit_and, kFirst, b); return true;
    case kTestEqual: logic(Op::bit_xor, kFirst, b); return true;
    case kClearBits:
      block_.constant(Op::xor_constant, kFirst, b, -1);
      logic(Op::bit_and, d, kFirst);
      return true;
    case kCompare: compare(a, b); return true;
    case kCompareNegative: flags_.sum(a, b, 4); return true;
    case kSubtract:
      if (sets) flags_.difference(a, b, 4);
      block_.two(Op::subtract, d, a, b);
      return true;
    case kReverseSubtract:
      if (sets) flags_.difference(b, a, 4);
      block_.two(Op::subtract, d, b, a);
      return true;
    case kAdd:
      if (sets) flags_.sum(a, b, 4);
      block_.two(Op::add, d, a, b);
      return true;
    case kMove:
      block_.move(d, b);
      if (sets) flags_.zero_and_sign(d, 4);
      return true;
    case kMoveNot:
      block_.constant(Op::xor_constant, d, b, -1);
      if (sets) flags_.zero_and_sign(d, 4);
      return true;
    default: return add_with_carry(op, d, a, b);
  }
}

/// mul, mla.
bool A32Reader::multiply(Register d) {
  if (bits(22, 6) != 0 || is_counter(0) || is_counter(8) || is_counter(16)) return false;
  const auto a = static_cast<Register>(bits(0, 4));
  const auto b = static_cast<Register>(bits(8, 4));
  if (!bit(21) && bits(12, 4) != 0) return false;
  if (bit(21)) {
    if (is_counter(12)) return false;
    block_.two(Op::multiply, kFirst, a, b);
    block_.two(Op::add, d, kFirst, static_cast<Register>(bits(12, 4)));
  } else {
    block_.two(Op::multiply, d, a, b);
  }
  if (bit(20)) flags_.zero_and_sign(d, 4);
  return true;
}

}  // namespace assay::exec
