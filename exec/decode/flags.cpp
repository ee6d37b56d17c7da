// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/flags.h"

namespace assay::exec {

void Flags::extend(Register d, Register a, unsigned bytes) {
  if (bytes == word_bytes_) {
    block_.move(d, a);
  } else {
    const Op op = bytes == 1 ? Op::sign_byte : bytes == 2 ? Op::sign_half : Op::sign_int;
    block_.constant(op, d, a, 0);
  }
}

void Flags::begin(Made made, Register left, Register right, unsigned bytes) {
  made_ = made;
  carry_ = Carry::own;
  overflow_known_ = sign_known_ = true;
  is_copied_ = true;
  as_before_ = false;
  bytes_ = bytes;
  left_ = left;
  right_ = right;
}

/// Sign extension keeps the order of numbers without a sign, too.
void Flags::keep(Made made, Register left, Register right, unsigned bytes) {
  begin(made, kLeft, kRight, bytes);
  extend(kLeft, left);
  extend(kRight, right);
}

void Flags::difference_for_next(Register left, Register right) {
  begin(Made::difference, left, right, word_bytes_);
  is_copied_ = false;
}

Flags::Flags(BlockBuilder& block, unsigned word_bytes, std::optional<Register> saved, bool as_words)
    : block_(block), word_bytes_(word_bytes), saved_(saved), as_words_(as_words) {
  for (Register part = 0; saved_ && part < 3; ++part) block_.keep(static_cast<Register>(*saved_ + part));
}

void Flags::know(std::uint64_t address) {
  if (!saved_ || known() || !as_before_) return;
  block_.set(kFlagsFirst, 1);
  block_.emit({.op = Op::expect,
               .a = static_cast<Register>(*saved_ + 2),
               .b = kFlagsFirst,
               .immediate = static_cast<std::int64_t>(address)});
  begin(as_words_ ? Made::word : Made::difference, *saved_, static_cast<Register>(*saved_ + 1), word_bytes_);
  as_before_ = true;
}

void Flags::save(bool can_be) {
  if (!saved_ || as_before_) return;
  block_.set(static_cast<Register>(*saved_ + 2), can_be && save_parts() ? 1 : 0);
}

void Flags::save_word(std::optional<Register> word) {
  block_.set(static_cast<Register>(*saved_ + 2), word ? 1 : 0);
  if (word) block_.move(*saved_, *word);
}

/// Shifted up: then order, sign and overflow are a word's.
bool Flags::save_parts() {
  if (made_ != Made::difference || carry_ != Carry::own || !overflow_known_ || !sign_known_) return false;
  const std::int64_t above = 8 * static_cast<std::int64_t>(word_bytes_ - bytes_);
  Register d = *saved_;
  for (const Register from : {left_, right_}) {
    if (above == 0) {
      block_.move(d, from);
    } else {
      block_.constant(Op::shift_left_constant, d, from, above);
    }
    ++d;
  }
  return true;
}

namespace {

constexpr std::int64_t kAlwaysSet = 0x202;  // bit 1, and that interrupts come
constexpr unsigned kCarryBit = 0, kParityBit = 2, kAdjustBit = 4, kZeroBit = 6, kSignBit = 7,
                   kOverflowBit = 11;
constexpr std::int64_t kArithmetic =
    1 << kCarryBit | 1 << kParityBit | 1 << kAdjustBit | 1 << kZeroBit | 1 << kSignBit | 1 << kOverflowBit;

}  // namespace

void Flags::expect_no_others(Register word, std::uint64_t at) {
  block_.constant(Op::and_constant, kFlagsSecond, word, 0x7fff'ffff & ~(kArithmetic | kAlwaysSet));
  block_.emit({.op = Op::expect, .a = kFlagsSecond, .b = kZero, .immediate = static_cast<std::int64_t>(at)});
}

void Flags::from_word(Register word) {
  begin(Made::word, kLeft, kRight, word_bytes_);
  block_.move(kLeft, word);
}

std::optional<Register> Flags::word() {
  if (!known()) return std::nullopt;
  constexpr Register kWord = kFirstTemporary;
  constexpr Register kBit = kFirstTemporary + 1;
  const auto put = [&](unsigned bit) {
    block_.constant(Op::shift_left_constant, kBit, kBit, bit);
    block_.two(Op::bit_or, kWord, kWord, kBit);
  };
  block_.set(kWord, kAlwaysSet);
  static constexpr std::pair<Question, unsigned> kBits[] = {{Question::carry, kCarryBit},
                                                            {Question::zero, kZeroBit},
                                                            {Question::sign, kSignBit},
                                                            {Question::overflow, kOverflowBit}};
  for (const auto& [question, bit] : kBits) {
    if (!truth(question, false, kBit)) return std::nullopt;
    put(bit);
  }
  if (made_ == Made::word) {
    block_.constant(Op::and_constant, kBit, left_, 1 << kParityBit | 1 << kAdjustBit);
    put(0);
    return kWord;
  }
  // Four bits have carried into the fifth if that is not what its operands are.
  const Register made = outcome();
  block_.two(Op::bit_xor, kBit, left_, right_);
  block_.two(Op::bit_xor, kBit, kBit, made);
  block_.constant(Op::and_constant, kBit, kBit, 1 << kAdjustBit);
  put(0);
  // An even number of bits in the low byte.
  block_.move(kBit, made);
  for (const int half : {4, 2, 1}) {
    block_.constant(Op::shift_right_constant, kFlagsSecond, kBit, half);
    block_.two(Op::bit_xor, kBit, kBit, kFlagsSecond);
  }
  block_.constant(Op::xor_constant, kBit, kBit, 1);
  block_.constant(Op::and_constant, kBit, kBit, 1);
  put(kParityBit);
  return kWord;
}

void Flags::set_carry(Register truth) {
  block_.move(kCarry, truth);
  carry_ = Carry::kept;
}

/// What was made, in kFlagsFirst.
Register Flags::outcome() {
  block_.two(made_ == Made::sum ? Op::add : Op::subtract, kFlagsFirst, left_, right_);
  if (bytes_ != word_bytes_) extend(kFlagsFirst, kFlagsFirst);
  return kFlagsFirst;
}

/// The truth of one or the other, in kFlagsFirst.
Register Flags::both(Answer one, Answer other) {
  block_.compare(other.condition, kFlagsSecond, other.left, other.right);
  block_.compare(one.condition, kFlagsFirst, one.left, one.right);
  block_.two(Op::bit_or, kFlagsFirst, kFlagsFirst, kFlagsSecond);
  return kFlagsFirst;
}

Answer Flags::answer_of_difference(Question question) {
  switch (question) {
    case Question::zero: return {Condition::equal, left_, right_};
    case Question::carry: return {Condition::below, left_, right_};
    case Question::carry_or_zero: return {Condition::below_equal, left_, right_};
    case Question::less: return {Condition::less, left_, right_};
    case Question::less_or_equal: return {Condition::less_equal, left_, right_};
    case Question::sign:
      if (right_ == kZero) return {Condition::less, left_, kZero};
      return {Condition::less, outcome(), kZero};
    case Question::overflow: break;  // the sign is not what the order is
  }
  block_.compare(Condition::less, kFlagsFirst, outcome(), kZero);
  block_.compare(Condition::less, kFlagsSecond, left_, right_);
  return {Condition::not_equal, kFlagsFirst, kFlagsSecond};
}

Answer Flags::answer_of_sum(Question question) {
  const Register made = outcome();
  // Its sign is: the sum does not fit.
  const auto too_large = [&] {
    block_.two(Op::bit_xor, kFlagsSecond, right_, made);
    block_.two(Op::bit_xor, kScratch, left_, made);
    block_.two(Op::bit_and, kFlagsSecond, kFlagsSecond, kScratch);
    return kFlagsSecond;
  };
  switch (question) {
    case Question::zero: return {Condition::equal, made, kZero};
    case Question::carry: return {Condition::below, made, left_};
    case Question::sign: return {Condition::less, made, kZero};
    case Question::overflow: return {Condition::less, too_large(), kZero};
    case Question::carry_or_zero:
      return {Condition::not_equal, both({Condition::equal, made, kZero}, {Condition::below, made, left_}),
              kZero};
    case Question::less:
    case Question::less_or_equal: break;
  }
  block_.two(Op::bit_xor, kFlagsSecond, too_large(), made);
  const Answer less{Condition::less, kFlagsSecond, kZero};
  if (question == Question::less) return less;
  return {Condition::not_equal, both({Condition::equal, made, kZero}, less), kZero};
}

Answer Flags::answer_of_word(Question question) {
  const auto bit = [&](unsigned number, Register into) {
    block_.constant(Op::shift_right_constant, into, left_, number);
    block_.constant(Op::and_constant, into, into, 1);
    return Answer{Condition::not_equal, into, kZero};
  };
  switch (question) {
    case Question::zero: return bit(kZeroBit, kFlagsFirst);
    case Question::carry: return bit(kCarryBit, kFlagsFirst);
    case Question::sign: return bit(kSignBit, kFlagsFirst);
    case Question::overflow: return bit(kOverflowBit, kFlagsFirst);
    case Question::carry_or_zero:
      return {Condition::not_equal, both(bit(kZeroBit, kFlagsFirst), bit(kCarryBit, kFlagsSecond)), kZero};
    case Question::less:
    case Question::less_or_equal: break;
  }
  bit(kSignBit, kFlagsFirst);
  bit(kOverflowBit, kFlagsSecond);
  if (question == Question::less) return {Condition::not_equal, kFlagsFirst, kFlagsSecond};
  block_.two(Op::bit_xor, kFlagsSecond, kFlagsSecond, kFlagsFirst);
  const Answer less{Condition::not_equal, kFlagsSecond, kZero};
  return {Condition::not_equal, both(bit(kZeroBit, kFlagsFirst), less), kZero};
}

std::optional<Answer> Flags::answer(Question question) {
  if (!known()) return std::nullopt;
  const bool asks_carry = question == Question::carry || question == Question::carry_or_zero;
  const bool asks_overflow =
      question == Question::overflow || question == Question::less || question == Question::less_or_equal;
  if ((asks_carry && carry_ == Carry::unknown) || (asks_overflow && !overflow_known_) ||
      (question == Question::sign && !sign_known_))
    return std::nullopt;
  if (asks_carry && carry_ == Carry::kept) {
    const Answer carry{Condition::not_equal, kCarry, kZero};
    if (question == Question::carry) return carry;
    const std::optional<Answer> zero = answer(Question::zero);
    return Answer{Condition::not_equal, both(*zero, carry), kZero};
  }
  if (made_ == Made::word) return answer_of_word(question);
  return made_ == Made::sum ? answer_of_sum(question) : answer_of_difference(question);
}

std::optional<Answer> Flags::ask(Question question, bool negated) {
  std::optional<Answer> result = answer(question);
  if (result && negated) result->condition = opposite(result->condition);
  return result;
}

std::optional<Register> Flags::truth(Question question, bool negated, Register into) {
  const std::optional<Answer> found = ask(question, negated);
  if (!found) return std::nullopt;
  block_.compare(found->condition, into, found->left, found->right);
  return into;
}

std::optional<Register> Flags::carry() {
  if (carry_ == Carry::kept) return known() ? std::optional<Register>(kCarry) : std::nullopt;
  return truth(Question::carry, false, kCarry);
}

}  // namespace assay::exec
