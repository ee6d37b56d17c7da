// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What A64 programs do with flags besides asking once, at once: those of x86's word say the same, where its
// carry is that of a difference, the borrow.
#include "exec/decode/a64_reader.h"
#include "exec/decode/arm_ahead.h"

namespace assay::exec {

/// Compares if a condition holds; otherwise the flags are a constant.
bool A64Reader::compare_if() {
  if (!bit(29) || bit(10) || bit(4)) return false;
  const std::optional<Answer> answer = condition(bits(12, 4));
  if (!answer) return false;
  block_.compare(answer->condition, kThird, answer->left, answer->right);
  block_.two(Op::subtract, kThird, kZero, kThird);  // all ones if it holds
  Register b = reg(16);
  if (bit(11)) {
    block_.set(kSecond, bits(16, 5));
    b = kSecond;
  }
  bit(30) ? flags_.difference(reg(5), b, bytes()) : flags_.sum(reg(5), b, bytes());
  const std::optional<Register> word = flags_.word(at_);
  if (!word) return false;
  const auto flag = [&](unsigned from, unsigned to) { return std::int64_t{bit(from)} << to; };
  const std::int64_t otherwise = (flag(3, ArmFlags::kSignBit) | flag(2, ArmFlags::kZeroBit) |
                                  flag(1, ArmFlags::kBorrowBit) | flag(0, ArmFlags::kOverflowBit)) ^
                                 (std::int64_t{1} << ArmFlags::kBorrowBit);
  block_.constant(Op::xor_constant, kFirst, *word, otherwise);
  block_.two(Op::bit_and, kFirst, kFirst, kThird);
  block_.constant(Op::xor_constant, kFirst, kFirst, otherwise);
  flags_.from_word(kFirst);
  return true;
}

/// A sum, or a difference as one, with what the flags carry. Flags are made in the upper half of a word where
/// operands have 32 bits.
bool A64Reader::add_with_carry() {
  if (bits(10, 6) != 0) return false;
  constexpr unsigned kCarrySet = 2;
  const std::optional<Answer> answer = condition(kCarrySet);
  if (!answer) return false;
  block_.compare(answer->condition, kFirst, answer->left, answer->right);
  Register b = reg(16);
  if (bit(30)) {
    block_.constant(Op::xor_constant, kSecond, b, -1);
    b = kSecond;
  }
  if (!bit(29)) {
    block_.two(Op::add, kThird, reg(5), b);
    block_.two(Op::add, reg(0), kThird, kFirst);
    narrow(reg(0));
    return true;
  }
  const std::int64_t up = 64 - static_cast<std::int64_t>(width());
  block_.constant(Op::shift_left_constant, kLeft, reg(5), up);
  block_.constant(Op::shift_left_constant, kRight, b, up);
  block_.constant(Op::shift_left_constant, kThird, kFirst, up);
  block_.two(Op::add, kThird, kThird, kLeft);
  block_.two(Op::add, kThird, kThird, kRight);
  // It carries if it is below an operand, or the same though there was a carry.
  block_.compare(Condition::equal, kSecond, kThird, kLeft);
  block_.two(Op::bit_and, kSecond, kSecond, kFirst);
  block_.compare(Condition::below, kFirst, kThird, kLeft);
  block_.two(Op::bit_or, kFirst, kFirst, kSecond);
  block_.constant(Op::xor_constant, kFirst, kFirst, 1);
  const auto put = [&](unsigned bit) {
    block_.constant(Op::shift_left_constant, kSecond, kSecond, bit);
    block_.two(Op::bit_or, kFirst, kFirst, kSecond);
  };
  block_.compare(Condition::equal, kSecond, kThird, kZero);
  put(ArmFlags::kZeroBit);
  block_.compare(Condition::less, kSecond, kThird, kZero);
  put(ArmFlags::kSignBit);
  block_.two(Op::bit_xor, kSecond, kLeft, kThird);
  block_.two(Op::bit_xor, kScratch, kRight, kThird);
  block_.two(Op::bit_and, kSecond, kSecond, kScratch);
  block_.constant(Op::shift_right_constant, kSecond, kSecond, 63);
  put(ArmFlags::kOverflowBit);
  block_.constant(Op::shift_right_constant, reg(0), kThird, up);
  flags_.from_word(kFirst);
  return true;
}

namespace {

FlagUse flag_use(std::uint32_t code) {
  using Goes = FlagUse::Goes;
  FlagUse use;
  // Of small numbers, which texts of symbols are full of, none is an instruction.
  use.is_code = (code >> 25 & 15) >= 4;
  const bool adds = (code & 0x1f000000) == 0x11000000 || (code & 0x1f000000) == 0x0b000000;
  const bool tests = (code & 0x7f800000) == 0x72000000 || (code & 0x7f000000) == 0x6a000000;
  const bool carries = (code & 0x3fe0fc00) == 0x3a000000;
  const bool compares = (code & 0x3fe00410) == 0x3a400000;
  if (adds && (code >> 29 & 1) != 0) {
    use.sets = (code >> 30 & 1) != 0 ? FlagUse::Sets::difference : FlagUse::Sets::others;
  } else if (tests || carries || compares) {
    use.sets = FlagUse::Sets::others;
  }
  const bool on_condition = (code & 0xff000010) == 0x54000000;
  const bool chooses = (code & 0x1fe00000) == 0x1a800000;
  const bool with_carry = (code & 0x1fe0fc00) == 0x1a000000;
  use.asks = on_condition || chooses || with_carry || compares;
  if (on_condition) {
    use.distance = static_cast<std::int32_t>(code << 8) >> 13 << 2;
    use.goes = use.distance == 8 ? Goes::skips : Goes::leads;
  } else if (code >> 26 == 0x25 || (code & ~(31U << 5)) == 0xd63f0000) {
    use.goes = Goes::calls;
  } else if (code >> 26 == 0x05) {
    use.goes = Goes::jumps;
    use.distance = static_cast<std::int32_t>(code << 6) >> 4;
  } else if (code >> 25 == 0x6b) {
    use.goes = Goes::elsewhere;
  } else if ((code >> 24 & 0x7c) == 0x34) {
    use.goes = Goes::tests;
  }
  return use;
}

}  // namespace

FlagsKept a64_keeps_flags(const Image& image) { return flags_kept(image, flag_use); }

}  // namespace assay::exec
