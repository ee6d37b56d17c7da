// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The x87, and the two instructions that move flags to ah and back, which mescc writes for `!`.
#include <algorithm>
#include <array>

#include "exec/decode/x86_reader.h"
#include "exec/x87/unit.h"

namespace assay::exec {

bool X86Reader::floats(unsigned code) {
  if (code == 0x9b) return true;  // waits for exceptions, and none is unmasked
  if ((code & 0xf8) != 0xd8 || half_ || at_ >= image_.end()) return false;
  const unsigned number = x87::code_of(code, *image_.at(at_));
  Operand o;
  if (!operand(o) || !x87::access_of(number)) return false;
  if (o.memory) block_.constant(Op::add_constant, kOther, o.base, o.displacement);
  const bool answers = number == x87::kStatusToAx;
  block_.emit({.op = Op::x87,
               .d = answers ? kValue : kNowhere,
               .a = o.memory ? kOther : kZero,
               .extra = number,
               .immediate = static_cast<std::int64_t>(start_)});
  if (answers) put(kA, 2, kValue);
  return true;
}

bool X86Reader::flags_in_ah(unsigned code) {
  constexpr Register kHigh = 4;  // ah, as an operand of one byte
  constexpr std::int64_t kBits = 0xd5, kAlways = 2;
  constexpr unsigned kOverflowBit = 11;
  flags_.know(start_);
  if (code == 0x9f) {
    // lahf; xor ah, 0x40; sahf; sete al; movzx eax, al: what ah holds is for nobody, and all that is asked
    // of the flags is whether zero is clear now.
    static constexpr std::array<Byte, 10> kNot{0x80, 0xf4, 0x40, 0x9e, 0x0f, 0x94, 0xc0, 0x0f, 0xb6, 0xc0};
    if (!wide_ && at_ + kNot.size() <= image_.end() &&
        std::ranges::equal(kNot, std::span(image_.at(at_), kNot.size())) &&
        flags_.truth(Question::zero, false, kOther)) {
      at_ += 4;
      flags_.zero_unless(kOther);
      return true;
    }
    const std::optional<Register> word = flags_.word();
    asks_flags_ = !word;
    if (word) put(kHigh, 1, *word);
    return word.has_value();
  }
  const bool overflow_known = flags_.truth(Question::overflow, false, kValue).has_value();
  block_.constant(Op::and_constant, kOther, get(kHigh, 1, kOther), kBits);
  block_.constant(Op::or_constant, kOther, kOther, kAlways);
  if (overflow_known) {
    block_.constant(Op::shift_left_constant, kValue, kValue, kOverflowBit);
    block_.two(Op::bit_or, kOther, kOther, kValue);
  }
  flags_.from_word(kOther);
  if (!overflow_known) flags_.forget_overflow();
  return true;
}

}  // namespace assay::exec
