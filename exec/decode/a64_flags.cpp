// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What A64 programs do with flags besides asking once, at once: those of x86's word say the same, where its
// carry is that of a difference, the borrow.
#include "exec/decode/a64_reader.h"

namespace assay::exec {

/// Whether a sum has carried (`above`: and is not zero).
std::optional<Answer> A64Reader::asked_of_sum(bool above, bool negated) {
  if (!above) return flags_.ask(Question::carry, negated);
  if (!flags_.truth(Question::carry, false, kFirst) || !flags_.truth(Question::zero, true, kSecond))
    return std::nullopt;
  block_.two(Op::bit_and, kFirst, kFirst, kSecond);
  return Answer{negated ? Condition::equal : Condition::not_equal, kFirst, kZero};
}

/// The carry of a difference is that nothing had to be borrowed.
std::optional<Answer> A64Reader::condition(unsigned code) {
  const unsigned which = code >> 1;
  const bool negated = (code & 1) != 0;
  if (which == 7) return Answer{Condition::equal, kZero, kZero};
  std::optional<Answer> answer;
  flags_.know(at_);
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
  asks_flags_ = !answer;
  return answer;
}

namespace {

constexpr unsigned kBorrowBit = 0, kZeroBit = 6, kSignBit = 7, kOverflowBit = 11;

}  // namespace

/// All flags that are known, in kFirst.
std::optional<Register> A64Reader::flags_word() {
  static constexpr std::pair<unsigned, unsigned> kBits[] = {
      {0, kZeroBit}, {3, kBorrowBit}, {4, kSignBit}, {6, kOverflowBit}};
  block_.set(kFirst, 0);
  for (const auto& [asked, bit] : kBits) {
    const std::optional<Answer> answer = condition(asked);
    if (!answer) return std::nullopt;
    block_.compare(answer->condition, kSecond, answer->left, answer->right);
    block_.constant(Op::shift_left_constant, kSecond, kSecond, bit);
    block_.two(Op::bit_or, kFirst, kFirst, kSecond);
  }
  return kFirst;
}

void A64Reader::flags_from_word(Register word) {
  flags_.from_word(word);
  carry_ = Carry::of_difference;
}

void A64Reader::save_flags() {
  if (!flags_.saves_words()) return flags_.save(carry_ == Carry::of_difference);
  if (flags_.are_saved()) return;
  flags_.save_word(flags_.known() ? flags_word() : std::nullopt);
}

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
  carry_ = bit(30) ? Carry::of_difference : Carry::of_sum;
  bit(30) ? flags_.difference(reg(5), b, bytes()) : flags_.sum(reg(5), b, bytes());
  const std::optional<Register> word = flags_word();
  if (!word) return false;
  const auto flag = [&](unsigned from, unsigned to) { return std::int64_t{bit(from)} << to; };
  const std::int64_t otherwise =
      (flag(3, kSignBit) | flag(2, kZeroBit) | flag(1, kBorrowBit) | flag(0, kOverflowBit)) ^
      (std::int64_t{1} << kBorrowBit);
  block_.constant(Op::xor_constant, kFirst, *word, otherwise);
  block_.two(Op::bit_and, kFirst, kFirst, kThird);
  block_.constant(Op::xor_constant, kFirst, kFirst, otherwise);
  flags_from_word(kFirst);
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
  put(kZeroBit);
  block_.compare(Condition::less, kSecond, kThird, kZero);
  put(kSignBit);
  block_.two(Op::bit_xor, kSecond, kLeft, kThird);
  block_.two(Op::bit_xor, kScratch, kRight, kThird);
  block_.two(Op::bit_and, kSecond, kSecond, kScratch);
  block_.constant(Op::shift_right_constant, kSecond, kSecond, 63);
  put(kOverflowBit);
  block_.constant(Op::shift_right_constant, reg(0), kThird, up);
  flags_from_word(kFirst);
  return true;
}

namespace {

constexpr int kMostInstructions = 8;

enum class Sets : std::uint8_t { nothing, difference, others };

/// What an instruction sets flags to.
Sets sets_flags(std::uint32_t code) {
  const bool adds = (code & 0x1f000000) == 0x11000000 || (code & 0x1f000000) == 0x0b000000;
  if (adds && (code >> 29 & 1) != 0) return (code >> 30 & 1) != 0 ? Sets::difference : Sets::others;
  const bool tests = (code & 0x7f800000) == 0x72000000 || (code & 0x7f000000) == 0x6a000000;
  const bool carries = (code & 0x3fe0fc00) == 0x3a000000;
  const bool compares = (code & 0x3fe00410) == 0x3a400000;
  return tests || carries || compares ? Sets::others : Sets::nothing;
}

bool is_conditional_jump(std::uint32_t code) { return (code & 0xff000010) == 0x54000000; }

bool is_call(std::uint32_t code) { return code >> 26 == 0x25 || (code & ~(31U << 5)) == 0xd63f0000; }

/// Jumps, calls, returns.
bool leaves(std::uint32_t code) {
  return is_conditional_jump(code) || is_call(code) || code >> 26 == 0x05 || code >> 25 == 0x6b ||
         (code >> 24 & 0x7c) == 0x34;
}

/// The codes of a program.
class Codes {
 public:
  explicit Codes(const Image& image) : image_(image) {}
  [[nodiscard]] std::uint64_t begin() const { return (image_.base() + 3) & ~std::uint64_t{3}; }
  [[nodiscard]] bool holds(std::uint64_t at) const { return at >= image_.base() && at + 4 <= image_.end(); }
  [[nodiscard]] std::uint32_t operator[](std::uint64_t at) const { return image_.load<std::uint32_t>(at); }

  /// Whether the flags are asked for, before they are set, by the code from there on.
  [[nodiscard]] bool ask(std::uint64_t at) const {
    for (int seen = 0; seen < kMostInstructions && is_code(at); ++seen, at += 4) {
      const std::uint32_t code = (*this)[at];
      const bool chooses = (code & 0x1fe00000) == 0x1a800000;
      const bool with_carry = (code & 0x1fe0fc00) == 0x1a000000;
      const bool compares = (code & 0x3fe00410) == 0x3a400000;
      if (is_conditional_jump(code) || chooses || with_carry || compares) return true;
      if (sets_flags(code) != Sets::nothing) return false;
      if (code >> 26 == 0x25 || code >> 25 == 0x6b) return false;
      if (code >> 26 == 0x05)
        at += static_cast<std::uint64_t>((static_cast<std::int32_t>(code << 6) >> 4) - 4);
    }
    return false;
  }
  /// Whether they are set by the few before.
  [[nodiscard]] bool set_before(std::uint64_t at) const {
    for (int seen = 0; seen < kMostInstructions && is_code(at -= 4); ++seen) {
      if (sets_flags((*this)[at]) != Sets::nothing) return true;
    }
    return false;
  }
  /// Whether the code from there on goes elsewhere soon.
  [[nodiscard]] bool leave(std::uint64_t at) const {
    for (int seen = 0; seen < kMostInstructions && is_code(at); ++seen, at += 4) {
      if (leaves((*this)[at])) return true;
    }
    return false;
  }

 private:
  /// Whether it may be an instruction: of small numbers, which texts of symbols are full of, none is.
  [[nodiscard]] bool is_code(std::uint64_t at) const { return holds(at) && ((*this)[at] >> 25 & 15) >= 4; }

  const Image& image_;
};

}  // namespace

/// They are asked for behind a call, or where a condition leads. What is taken for an instruction here may be
/// none: texts and symbols have words like a jump's, but seldom between others that are.
FlagsKept a64_keeps_flags(const Image& image) {
  const Codes codes(image);
  bool keeps = false;
  bool all = false;
  for (std::uint64_t at = codes.begin(); codes.holds(at); at += 4) {
    const std::uint32_t code = codes[at];
    all = all || (sets_flags(code) == Sets::others && codes.leave(at + 4));
    if (keeps) continue;
    if (is_call(code)) {
      keeps = codes.ask(at + 4);
    } else if (is_conditional_jump(code)) {
      const std::int32_t distance = static_cast<std::int32_t>(code << 8) >> 13 << 2;
      // Over one jump, the block goes on.
      keeps = distance != 8 && codes.set_before(at) &&
              codes.ask(at + static_cast<std::uint64_t>(std::int64_t{distance}));
    }
  }
  return !keeps ? FlagsKept::none : all ? FlagsKept::all : FlagsKept::differences;
}

}  // namespace assay::exec
