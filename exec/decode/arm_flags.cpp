// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/arm_flags.h"

namespace assay::exec {

/// Whether a sum has carried (`above`: and is not zero).
std::optional<Answer> ArmFlags::asked_of_sum(bool above, bool negated) {
  if (!above) return flags_.ask(Question::carry, negated);
  if (!flags_.truth(Question::carry, false, kFirst) || !flags_.truth(Question::zero, true, kSecond))
    return std::nullopt;
  block_.two(Op::bit_and, kFirst, kFirst, kSecond);
  return Answer{negated ? Condition::equal : Condition::not_equal, kFirst, kZero};
}

/// The carry of a difference is that nothing had to be borrowed.
std::optional<Answer> ArmFlags::condition(unsigned code, std::uint64_t address) {
  const unsigned which = code >> 1;
  const bool negated = (code & 1) != 0;
  if (which == 7) return Answer{Condition::equal, kZero, kZero};
  std::optional<Answer> answer;
  flags_.know(address);
  const bool asks_carry = which == 1 || which == 4;
  if (!flags_.known()) {
    // none
  } else if (asks_carry && carry_ == Carry::clear) {
    answer = Answer{negated ? Condition::equal : Condition::not_equal, kZero, kZero};
  } else if (asks_carry && carry_ == Carry::of_sum) {
    answer = asked_of_sum(which == 4, negated);
  } else {
    switch (which) {
      case 0: answer = flags_.ask(Question::zero, negated); break;
      case 1: answer = flags_.ask(Question::carry, !negated); break;
      case 2: answer = flags_.ask(Question::sign, negated); break;
      case 3: answer = flags_.ask(Question::overflow, negated); break;
      case 4: answer = flags_.ask(Question::carry_or_zero, !negated); break;
      case 5: answer = flags_.ask(Question::less, !negated); break;
      default: answer = flags_.ask(Question::less_or_equal, !negated); break;
    }
  }
  asked_in_vain_ = !answer;
  return answer;
}

std::optional<Register> ArmFlags::word(std::uint64_t address) {
  static constexpr std::pair<unsigned, unsigned> kBits[] = {
      {0, kZeroBit}, {3, kBorrowBit}, {4, kSignBit}, {6, kOverflowBit}};
  block_.set(kFirst, 0);
  for (const auto& [asked, bit] : kBits) {
    const std::optional<Answer> answer = condition(asked, address);
    if (!answer) return std::nullopt;
    block_.compare(answer->condition, kSecond, answer->left, answer->right);
    block_.constant(Op::shift_left_constant, kSecond, kSecond, bit);
    block_.two(Op::bit_or, kFirst, kFirst, kSecond);
  }
  return kFirst;
}

void ArmFlags::save(std::uint64_t address) {
  if (!flags_.saves_words()) return flags_.save(carry_ == Carry::of_difference);
  if (flags_.are_saved()) return;
  flags_.save_word(flags_.known() ? word(address) : std::nullopt);
}

}  // namespace assay::exec
