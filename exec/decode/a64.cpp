// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A64: the integer instructions that programs written by hand, the bootstrap's compilers and their libraries
// use. Compilers write constants into the code, read by a literal load and jumped over; a conditional jump
// skips a jump through a register.
#include "exec/decode/a64_reader.h"

namespace assay::exec {
namespace {

constexpr std::uint64_t kShortJump = 64;  // bytes: a jump over data is no jump
constexpr std::uint32_t kJumpRegister = 0xd61f0000;
constexpr std::uint32_t kCallRegister = 0xd63f0000;
constexpr std::uint32_t kReturn = 0xd65f0000;
constexpr std::uint32_t kNothing = 0xd503201f;
constexpr std::size_t kMostForFlags = 4 * kMostOperations;

}  // namespace

Block A64Reader::read() {
  const std::uint64_t begin = at_;
  while (!done_ && (block_.size() < kMostOperations || (block_.size() < kMostForFlags && flags_.known()))) {
    const bool whole = at_ + 4 <= image_.end() && at_ % 4 == 0;
    if (whole) code_ = image_.load<std::uint32_t>(at_);
    const bool is_read = whole && one();
    if (!is_read) {
      block_.emit(
          {.op = Op::unknown, .extra = asks_flags_ ? 1U : 0U, .immediate = static_cast<std::int64_t>(at_)});
      done_ = true;
    }
    // What cannot be read behind others may be data.
    if (is_read || at_ == begin) image_.mark_code(at_, 4);
    at_ = next_ != 0 ? next_ : at_ + 4;
    next_ = 0;
  }
  if (!done_) {
    save_flags();
    block_.jump(at_);
  }
  return block_.finish();
}

void A64Reader::go_to(std::uint64_t target) {
  save_flags();
  next_ = block_.go_to(at_, target, image_.end());
  done_ = next_ == 0;
}

Register A64Reader::zero_extended(Register a, Register into) {
  if (wide() || a == kZero) return a;
  block_.constant(Op::zero_int, into, a, 0);
  return into;
}

Register A64Reader::sign_extended(Register a, Register into) {
  if (wide() || a == kZero) return a;
  block_.constant(Op::sign_int, into, a, 0);
  return into;
}

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

/// Compared; then often 1, skipped over by a condition, or 0.
bool A64Reader::compare(Register left, Register right) {
  const std::uint32_t one = code_at(at_ + 4);
  const std::uint32_t skip = code_at(at_ + 8);
  const std::uint32_t zero = code_at(at_ + 12);
  flags_.difference(left, right, bytes());
  carry_ = Carry::of_difference;
  const bool makes_truth = (one & ~31U) == 0xd2800020 && (zero & ~31U) == 0xd2800000 &&
                           (one & 31) == (zero & 31) && (one & 31) != 31 && (skip & ~15U) == 0x54000040 &&
                           (skip & 15) < 14;
  if (!makes_truth) return true;
  if (wide()) flags_.difference_for_next(left, right);
  const std::optional<Answer> answer = condition(skip & 15);
  if (!answer) return false;
  block_.compare(answer->condition, static_cast<Register>(one & 31), answer->left, answer->right);
  image_.mark_code(at_ + 4, 12);
  next_ = at_ + 16;
  flags_.after_question();
  return true;
}

/// Over a few instructions, the last of which jumps: the other way round, and the block goes on.
void A64Reader::branch(Condition condition, Register left, Register right, std::uint64_t target) {
  const bool skips = target > at_ + 4 && target - at_ <= kShortJump;
  const std::uint32_t last = code_at(target - 4);
  if (skips && ((last & ~(31U << 5)) == kJumpRegister || last >> 26 == 0x05)) {
    block_.branch(opposite(condition), left, right, at_ + 4);
    next_ = target;
  } else {
    block_.branch(condition, left, right, target);
  }
}

bool A64Reader::jump_to_register() {
  const std::uint32_t form = code_ & ~(31U << 5);
  if (form != kJumpRegister && form != kCallRegister && form != kReturn) return false;
  Register to = reg(5);
  if (form == kCallRegister) {
    if (to == 30) {
      block_.move(kScratch, to);
      to = kScratch;
    }
    block_.set(30, static_cast<std::int64_t>(at_ + 4));
  }
  if (const std::optional<std::int64_t> known = block_.known(to)) {
    go_to(static_cast<std::uint64_t>(*known));
    return true;
  }
  save_flags();
  block_.emit({.op = Op::jump_register, .a = to});
  done_ = true;
  return true;
}

bool A64Reader::jump_or_branch() {
  if (code_ >> 26 == 0x05 || code_ >> 26 == 0x25) {
    const std::uint64_t target = away(signed_bits(0, 26) * 4);
    if (code_ >> 26 == 0x25) block_.set(30, static_cast<std::int64_t>(at_ + 4));
    if (code_ >> 26 == 0x05 && target > at_ && target - at_ <= kShortJump) {
      next_ = target;
      return true;
    }
    go_to(target);
    return true;
  }
  if ((code_ >> 24 & 0x7c) == 0x34 || code_ >> 24 == 0x54) save_flags();
  if ((code_ >> 24 & 0x7e) == 0x34) {
    const Condition condition = bit(24) ? Condition::not_equal : Condition::equal;
    branch(condition, zero_extended(reg(0), kFirst), kZero, away(signed_bits(5, 19) * 4));
    return true;
  }
  if ((code_ >> 24 & 0x7e) == 0x36) {
    const unsigned which = bits(19, 5) | (wide() ? 32U : 0U);
    block_.constant(Op::and_constant, kFirst, reg(0), static_cast<std::int64_t>(std::uint64_t{1} << which));
    branch(bit(24) ? Condition::not_equal : Condition::equal, kFirst, kZero, away(signed_bits(5, 14) * 4));
    return true;
  }
  if (code_ >> 24 == 0x54 && !bit(4)) {
    const std::optional<Answer> answer = condition(bits(0, 4));
    if (answer) branch(answer->condition, answer->left, answer->right, away(signed_bits(5, 19) * 4));
    return answer.has_value();
  }
  return jump_to_register();
}

bool A64Reader::one() {
  if ((code_ & 0xffe0001f) == 0xd4000001) {
    done_ = !block_.system_call(at_ + 4, 8, 93, 94);
    return true;
  }
  if (code_ == kNothing) return true;
  switch (bits(25, 4)) {
    case 0x8:
    case 0x9: return with_constant();
    case 0xa:
    case 0xb: return jump_or_branch();
    case 0x4:
    case 0xc: return memory();
    case 0x5:
    case 0xd: return with_registers();
    default: return false;
  }
}

namespace {

constexpr int kMostInstructions = 8;

/// Whether the flags are asked for, before they are set, by the code from there on.
bool asks_for_flags(const Image& image, std::uint64_t at) {
  for (int seen = 0; seen < kMostInstructions; ++seen, at += 4) {
    if (at < image.base() || at + 4 > image.end()) return false;
    const auto code = image.load<std::uint32_t>(at);
    if ((code & 0xff000010) == 0x54000000 || (code & 0x1fe00000) == 0x1a800000) return true;
    const bool adds = (code & 0x1f000000) == 0x11000000 || (code & 0x1f000000) == 0x0b000000;
    const bool tests = (code & 0x7f800000) == 0x72000000 || (code & 0x7f000000) == 0x6a000000;
    if ((adds && (code >> 29 & 1) != 0) || tests) return false;
    if (code >> 26 == 0x25 || code >> 25 == 0x6b) return false;  // calls, goes to a register
    if (code >> 26 == 0x05) at += static_cast<std::uint64_t>((static_cast<std::int32_t>(code << 6) >> 4) - 4);
  }
  return false;
}

}  // namespace

/// Behind a call, or where a condition leads. What is taken for an instruction here may be none.
bool a64_keeps_flags(const Image& image) {
  for (std::uint64_t at = (image.base() + 3) & ~std::uint64_t{3}; at + 4 <= image.end(); at += 4) {
    const auto code = image.load<std::uint32_t>(at);
    const bool calls = code >> 26 == 0x25 || (code & ~(31U << 5)) == kCallRegister;
    const bool branches = (code & 0xff000010) == 0x54000000;
    if (!calls && !branches) continue;
    const std::int32_t distance = calls ? 4 : static_cast<std::int32_t>(code << 8) >> 13 << 2;
    // Over one jump, the block goes on.
    if (branches && distance == 8) continue;
    if (asks_for_flags(image, at + static_cast<std::uint64_t>(std::int64_t{distance}))) return true;
  }
  return false;
}

Block decode_a64(Image& image, std::uint64_t address) { return A64Reader(image, address).read(); }

}  // namespace assay::exec
