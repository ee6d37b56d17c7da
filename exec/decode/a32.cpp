// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A32: the integer instructions that programs written by hand, the bootstrap's compilers and their libraries
// use. Any of them may have a condition: what only computes a register is done and then chosen, others are
// jumped over.
#include "exec/decode/a32_reader.h"
#include "exec/decode/arm_ahead.h"

namespace assay::exec {
namespace {

/// Flags in ArmFlags' word, and in the processor's.
constexpr std::pair<unsigned, unsigned> kSavedBits[] = {{ArmFlags::kSignBit, 31},
                                                        {ArmFlags::kZeroBit, 30},
                                                        {ArmFlags::kBorrowBit, 29},
                                                        {ArmFlags::kOverflowBit, 28}};

constexpr bool is_jump(std::uint32_t code) { return (code >> 25 & 7) == 5; }
constexpr bool is_register_jump(std::uint32_t code) { return (code & 0x0fffffd0) == 0x012fff10; }
constexpr bool is_multiply(std::uint32_t code) { return (code & 0x0fc000f0) == 0x00000090; }
/// Data processing, constants of 16 bits among it.
constexpr bool is_data(std::uint32_t code) {
  const unsigned op = code >> 21 & 15;
  const bool sets = (code >> 20 & 1) != 0;
  if ((code >> 25 & 7) == 1) return op < 8 || op > 11 || sets || op == 8 || op == 10;
  const bool extra = (code >> 4 & 1) != 0 && (code >> 7 & 1) != 0;
  return (code >> 25 & 7) == 0 && !extra && (sets || op < 8 || op > 11);
}
/// All it does is to compute a register.
constexpr bool is_pure(std::uint32_t code) {
  const bool multiplies = is_multiply(code);
  if (!multiplies && !is_data(code)) return false;
  return (code >> 20 & 1) == 0 && (code >> (multiplies ? 16 : 12) & 15) != 15;
}
constexpr bool is_branch(std::uint32_t code) {
  return is_jump(code) && (code >> 24 & 1) == 0 && code >> 28 < kAlways;
}
/// 1 into a register if a condition holds and 0 if it does not, in one order or the other.
constexpr bool is_truth(std::uint32_t one, std::uint32_t other) {
  return (one ^ other) >> 28 == 1 && ((one ^ other) & 0x0fffffff) == 1 && (one & 0x0fff0ffe) == 0x03a00000 &&
         (one >> 12 & 15) != 15 && one >> 28 < kAlways;
}

FlagUse flag_use(std::uint32_t code) {
  using Goes = FlagUse::Goes;
  FlagUse use;
  const unsigned when = code >> 28;
  // The letters and digits of texts have conditions that few programs ask for; words of small numbers look
  // like "and if equal".
  constexpr unsigned kFirstOfTexts = 2, kLastOfTexts = 7;
  use.is_code = when != 15 && (when < kFirstOfTexts || when > kLastOfTexts) && code >> 24 != 0;
  const bool sets = (is_data(code) || is_multiply(code)) && (code >> 20 & 1) != 0 && (code >> 12 & 15) != 15;
  const unsigned op = code >> 21 & 15;
  if (sets) {
    const bool subtracts = !is_multiply(code) && (op == 2 || op == 3 || op == 10);
    use.sets = subtracts ? FlagUse::Sets::difference : FlagUse::Sets::others;
  }
  const bool with_carry = is_data(code) && op >= 5 && op <= 7;
  use.asks = when != kAlways || with_carry;
  if (is_jump(code)) {
    use.distance = (static_cast<std::int32_t>(code << 8) >> 6) + 8;
    use.goes = (code >> 24 & 1) != 0 ? Goes::calls : when == kAlways ? Goes::jumps : Goes::leads;
  } else if (is_register_jump(code)) {
    use.goes = (code >> 5 & 1) != 0 ? Goes::calls : Goes::elsewhere;
  } else if (when != kAlways && !is_pure(code)) {
    use.goes = Goes::leads;
    use.distance = 4;
  }
  return use;
}

}  // namespace

bool A32Reader::jump_to(Register to) {
  if (const std::optional<std::int64_t> known = block_.known(to)) {
    go_to(static_cast<std::uint64_t>(*known));
    return true;
  }
  flags_.save(at_);
  block_.emit({.op = Op::jump_register, .a = to});
  done_ = true;
  return true;
}

/// b, bl, bx, blx.
bool A32Reader::jump() {
  if (is_register_jump(code_)) {
    Register to = reg(0, kFirst);
    if (bit(5)) {
      if (to == kLink) {
        block_.move(kFirst, to);
        to = kFirst;
      }
      block_.set(kLink, away(4));
    }
    return jump_to(to);
  }
  const std::uint64_t target = away((static_cast<std::int32_t>(code_ << 8) >> 6) + 8);
  if (bit(24)) block_.set(kLink, away(4));
  if (!bit(24) && target > at_ && target - at_ <= kShortJump) {
    next_ = target;
  } else {
    go_to(target);
  }
  return true;
}

/// mrs of cpsr: the flags above, user mode below.
bool A32Reader::save_flags() {
  constexpr std::int64_t kUserMode = 0x10;
  const std::optional<Register> word = is_counter(12) ? std::nullopt : flags_.word(at_);
  if (!word) return false;
  const auto d = static_cast<Register>(bits(12, 4));
  block_.constant(Op::xor_constant, kThird, *word, 1 << ArmFlags::kBorrowBit);
  block_.set(d, kUserMode);
  for (const auto& [from, to] : kSavedBits) {
    block_.constant(Op::shift_right_constant, kSecond, kThird, from);
    block_.constant(Op::and_constant, kSecond, kSecond, 1);
    block_.constant(Op::shift_left_constant, kSecond, kSecond, to);
    block_.two(Op::bit_or, d, d, kSecond);
  }
  return true;
}

/// msr of cpsr: a program changes the flags only.
bool A32Reader::restore_flags() {
  block_.set(kThird, 1 << ArmFlags::kBorrowBit);
  for (const auto& [to, from] : kSavedBits) {
    block_.constant(Op::shift_right_constant, kSecond, static_cast<Register>(bits(0, 4)), from);
    block_.constant(Op::and_constant, kSecond, kSecond, 1);
    block_.constant(Op::shift_left_constant, kSecond, kSecond, to);
    block_.two(Op::bit_xor, kThird, kThird, kSecond);
  }
  flags_.from_word(kThird);
  return true;
}

bool A32Reader::unconditional() {
  if (is_jump(code_) || is_register_jump(code_)) return jump();
  if ((code_ & 0x0fffffff) == 0x0320f000) return true;  // nothing
  if ((code_ & 0x0fff0fff) == 0x010f0000) return save_flags();
  if ((code_ & 0x0ffefff0) == 0x0128f000 && !is_counter(0)) return restore_flags();
  if ((code_ & 0x0fffffff) == 0x0f000000) {
    constexpr std::int64_t kExit = 1, kExitGroup = 248;
    done_ = !block_.system_call(at_ + 4, 7, kExit, kExitGroup);
    return true;
  }
  if (is_multiply(code_)) return multiply(static_cast<Register>(bits(16, 4)));
  if (is_data(code_)) return data(static_cast<Register>(bits(12, 4)));
  switch (bits(25, 3)) {
    case 0: return half_or_signed();
    case 2: return word_or_byte();
    case 3: return !bit(4) && word_or_byte();
    case 4: return many();
    default: return false;
  }
}

bool A32Reader::makes_truth(unsigned condition) {
  if (!is_truth(code_, code_at(at_ + 4))) return false;
  const std::optional<Answer> answer = flags_.condition(condition ^ (bit(0) ? 0U : 1U), at_);
  if (!answer) return false;
  block_.compare(answer->condition, static_cast<Register>(bits(12, 4)), answer->left, answer->right);
  image_.mark_code(at_ + 4, 4);
  next_ = at_ + 8;
  flags_.after_question();
  return true;
}

/// Whether the code from there on asks for flags, as far as that is seen.
bool A32Reader::may_ask(std::uint64_t at) const {
  constexpr int kMostInstructions = 12;
  for (int seen = 0; seen < kMostInstructions; ++seen, at += 4) {
    const FlagUse use = flag_use(code_at(at));
    if (use.asks) return true;
    if (use.sets != FlagUse::Sets::nothing || use.goes == FlagUse::Goes::calls) return false;
    if (use.goes == FlagUse::Goes::elsewhere) return false;
    if (use.goes == FlagUse::Goes::jumps) at += static_cast<std::uint64_t>(use.distance - 4);
  }
  return true;
}

/// The next instruction asks, and nobody does behind it: then nothing is copied.
void A32Reader::compare(Register a, Register b) {
  const auto lasts = [](Register reg) { return reg < kProgramCounter || reg == kZero; };
  const std::uint32_t next = code_at(at_ + 4);
  const bool is_pair = is_truth(next, code_at(at_ + 8));
  const bool asked_once = lasts(a) && lasts(b) && !image_.keeps_flags() && (is_pair || is_branch(next)) &&
                          !may_ask(at_ + (is_pair ? 12 : 8));
  asked_once ? flags_.difference_for_next(a, b) : flags_.difference(a, b, 4);
}

bool A32Reader::on_condition() {
  const unsigned when = code_ >> 28;
  if (makes_truth(when)) return true;
  if (!is_pure(code_)) flags_.save(at_);
  const std::optional<Answer> answer = flags_.condition(when, at_);
  if (!answer) return false;
  if (is_branch(code_)) {
    const std::uint64_t target = away((static_cast<std::int32_t>(code_ << 8) >> 6) + 8);
    block_.branch(answer->condition, answer->left, answer->right, target);
    flags_.after_question();
    return true;
  }
  if (!is_pure(code_)) {
    block_.branch(opposite(answer->condition), answer->left, answer->right, away(4));
    return unconditional();
  }
  block_.compare(answer->condition, kThird, answer->left, answer->right);
  block_.two(Op::subtract, kThird, kZero, kThird);  // all ones if it holds
  const bool multiplies = is_multiply(code_);
  const auto d = static_cast<Register>(bits(multiplies ? 16 : 12, 4));
  // What reads its own result: movt.
  block_.move(kScratch, d);
  if (!(multiplies ? multiply(kScratch) : data(kScratch))) return false;
  block_.two(Op::bit_xor, kScratch, kScratch, d);
  block_.two(Op::bit_and, kScratch, kScratch, kThird);
  block_.two(Op::bit_xor, d, d, kScratch);
  return true;
}

bool A32Reader::one() {
  const unsigned when = code_ >> 28;
  if (when == 15) return false;
  return when == kAlways ? unconditional() : on_condition();
}

Block decode_a32(Image& image, std::uint64_t address) { return A32Reader(image, address).read(); }

FlagsKept a32_keeps_flags(const Image& image) { return flags_kept(image, flag_use); }

}  // namespace assay::exec
