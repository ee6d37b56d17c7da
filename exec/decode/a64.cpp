// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A64: the integer instructions that programs written by hand, the bootstrap's compilers and their libraries
// use. Compilers write constants into the code, read by a literal load and jumped over; a conditional jump
// skips a jump through a register.
#include "exec/decode/a64_reader.h"

namespace assay::exec {
namespace {

constexpr std::uint32_t kJumpRegister = 0xd61f0000;
constexpr std::uint32_t kCallRegister = 0xd63f0000;
constexpr std::uint32_t kReturn = 0xd65f0000;
constexpr std::uint32_t kNothing = 0xd503201f;

}  // namespace

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

/// Compared; then often 1, skipped over by a condition, or 0.
bool A64Reader::compare(Register left, Register right) {
  const std::uint32_t one = code_at(at_ + 4);
  const std::uint32_t skip = code_at(at_ + 8);
  const std::uint32_t zero = code_at(at_ + 12);
  flags_.difference(left, right, bytes());
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
      block_.move(kThird, to);
      to = kThird;
    }
    block_.set(30, static_cast<std::int64_t>(at_ + 4));
  }
  if (const std::optional<std::int64_t> known = block_.known(to)) {
    go_to(static_cast<std::uint64_t>(*known));
    return true;
  }
  flags_.save(at_);
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
  if ((code_ >> 24 & 0x7c) == 0x34 || code_ >> 24 == 0x54) flags_.save(at_);
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

Block decode_a64(Image& image, std::uint64_t address) { return A64Reader(image, address).read(); }

}  // namespace assay::exec
