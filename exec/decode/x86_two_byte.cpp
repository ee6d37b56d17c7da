// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/x86_reader.h"

namespace assay::exec {

/// By the low four bits of the opcode.
std::optional<Answer> X86Reader::condition(unsigned code) {
  static constexpr Question kQuestions[] = {Question::overflow, Question::carry, Question::zero,
                                            Question::carry_or_zero, Question::sign};
  const unsigned which = code >> 1 & 7;
  const bool negated = (code & 1) != 0;
  std::optional<Answer> answer;
  flags_.know(start_);
  if (which < 5) answer = flags_.ask(kQuestions[which], negated);
  if (which > 5) answer = flags_.ask(which == 6 ? Question::less : Question::less_or_equal, negated);
  asks_flags_ = !answer;
  return answer;
}

bool X86Reader::branch(unsigned code, std::uint64_t target) {
  if (half_) return false;
  flags_.know(start_);
  flags_.save();
  const std::optional<Answer> answer = condition(code);
  if (!answer) return false;
  block_.branch(answer->condition, answer->left, answer->right, target);
  flags_.after_question();
  return true;
}

bool X86Reader::set_byte(unsigned code) {
  Operand o;
  if (!operand(o)) return false;
  const std::optional<Answer> answer = condition(code);
  if (!answer) return false;
  // Followed by the extension of that byte it is all of the register.
  const std::uint64_t next = at_ + (wide_ ? 1 : 0);
  const bool rex_fits = !wide_ || (at_ < image_.end() && *image_.at(at_) == 0x48);
  const bool is_simple = !o.memory && o.base < 4;
  if (is_simple && rex_fits && next + 3 <= image_.end() && *image_.at(next) == 0x0f &&
      *image_.at(next + 1) == 0xb6 && *image_.at(next + 2) == (0xc0 | o.base << 3 | o.base)) {
    at_ = next + 3;
    block_.compare(answer->condition, o.base, answer->left, answer->right);
  } else {
    block_.compare(answer->condition, kValue, answer->left, answer->right);
    put(o, 1, kValue);
  }
  flags_.after_question();
  return true;
}

/// All ones if it holds: what is chosen, and what not, by masks.
bool X86Reader::move_if(unsigned code) {
  const unsigned bytes = size();
  Operand o;
  if (!operand(o)) return false;
  const Register from = get(o, bytes, kOther);
  const std::optional<Answer> answer = condition(code);
  if (!answer) return false;
  block_.compare(answer->condition, kValue, answer->left, answer->right);
  block_.two(Op::subtract, kValue, kZero, kValue);
  block_.two(Op::bit_xor, kScratch, from, o.reg);
  block_.two(Op::bit_and, kValue, kValue, kScratch);
  block_.two(Op::bit_xor, kValue, kValue, o.reg);
  put(o.reg, bytes, kValue);
  flags_.after_question();
  return true;
}

/// movzx, movsx.
bool X86Reader::extend(unsigned code) {
  const unsigned to = size();
  const unsigned from = (code & 1) == 0 ? 1 : 2;
  const bool has_sign = code >= 0xbe;
  Operand o;
  if (!operand(o)) return false;
  const bool whole = to == word_bytes_ || (to == 4 && !has_sign);
  const Register d = whole ? o.reg : kValue;
  if (o.memory) {
    const Op op = from == 1 ? (has_sign ? Op::load_byte_signed : Op::load_byte)
                            : (has_sign ? Op::load_half_signed : Op::load_half);
    block_.emit({.op = op, .d = d, .a = o.base, .immediate = o.displacement});
  } else {
    const Register value = get(o, from, kOther);
    has_sign ? sign_extend(d, value, from) : zero_extend(d, value, from);
  }
  if (!whole) put(o.reg, to, d);
  return true;
}

bool X86Reader::two_byte() {
  const unsigned code = byte();
  Operand o;
  switch (code >> 4) {
    case 0x4: return move_if(code);
    case 0x8: {
      const std::int64_t distance = number(4);
      return !bad_ && branch(code, away(distance));
    }
    case 0x9: return set_byte(code);
    default: break;
  }
  switch (code) {
    case 0x05:
      // It leaves its flags in r11. What they are is no program's business; that they are there is.
      if (!wide_ || !system_call()) return false;
      if (done_) return true;
      block_.set(kC, static_cast<std::int64_t>(at_));
      block_.set(11, 0x246);
      return true;
    case 0x1f: return operand(o);
    case 0xaf: {
      const unsigned bytes = size();
      return operand(o) && multiply_to(o.reg, o.reg, get(o, bytes, kOther), bytes);
    }
    case 0xb6:
    case 0xb7:
    case 0xbe:
    case 0xbf: return extend(code);
    default: return false;
  }
}

}  // namespace assay::exec
