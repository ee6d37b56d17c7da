// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// x86 and AMD64: the integer instructions that programs written by hand, the bootstrap's compilers and their
// libraries use. Segments are flat; strings, vectors and floating point are none of it.
#include "exec/decode/x86_reader.h"

namespace assay::exec {

Block X86Reader::read() {
  const std::uint64_t begin = at_;
  while (!done_ && (block_.size() < kMostOperations || (block_.size() < kMostForFlags && flags_.known()))) {
    start_ = at_;
    const bool is_read = one();
    if (!is_read) {
      block_.emit({.op = Op::unknown,
                   .extra = asks_flags_ ? 1U : 0U,
                   .immediate = static_cast<std::int64_t>(start_)});
      done_ = true;
    }
    // What cannot be read behind others may be data.
    if (is_read || start_ == begin) image_.mark_code(start_, at_ - start_);
    at_ = next_ != 0 ? next_ : at_;
    next_ = 0;
  }
  if (!done_) {
    flags_.save();
    block_.jump(at_);
  }
  return block_.finish();
}

void X86Reader::go_to(std::uint64_t target) {
  flags_.save();
  next_ = block_.go_to(at_, target, image_.joins_end());
  done_ = next_ == 0;
}

bool X86Reader::prefixes(unsigned& code) {
  rex_ = 0;
  has_rex_ = half_ = short_address_ = false;
  for (code = byte();; code = byte()) {
    const bool is_segment = code == 0x26 || code == 0x2e || code == 0x36 || code == 0x3e;
    if (code == 0x66) {
      half_ = true;
    } else if (code == 0x67 && wide_) {
      short_address_ = true;
    } else if (!is_segment) {
      break;
    }
  }
  if (wide_ && (code & 0xf0) == 0x40) {
    has_rex_ = true;
    rex_ = code & 15;
    code = byte();
  }
  return !bad_;
}

bool X86Reader::one() {
  unsigned code = 0;
  if (!prefixes(code)) return false;
  if (code == 0x0f) return two_byte() && !bad_;
  if (code < 0x40 && (code & 7) < 6) {
    const unsigned which = code >> 3;
    const unsigned bytes = size_of(code);
    if ((code & 7) >= 4) return with_constant(which, in_register(kA), constant_of(bytes), bytes) && !bad_;
    Operand o;
    if (!operand(o)) return false;
    if ((code & 2) == 0) return arithmetic(which, o, get(o.reg, bytes, kOther), bytes);
    return arithmetic(which, in_register(o.reg), get(o, bytes, kOther), bytes);
  }
  if (code >= 0x40 && code < 0x50) return step(in_register(code & 7), code < 0x48, size());
  if (code >= 0x70 && code < 0x80) {
    const std::int64_t distance = number(1);
    return !bad_ && branch(code, away(distance));
  }
  return simple(code) && !bad_;
}

bool X86Reader::simple(unsigned code) {
  const unsigned bytes = size_of(code);
  Operand o;
  switch (code) {
    case 0x63:  // movsxd
      if (!wide_ || !operand(o)) return false;
      if (bytes == 8 && o.memory) {
        block_.emit({.op = Op::load_int_signed, .d = o.reg, .a = o.base, .immediate = o.displacement});
      } else if (bytes == 8) {
        block_.constant(Op::sign_int, o.reg, o.base, 0);
      } else {
        put(o.reg, bytes, get(o, bytes, kValue));
      }
      return true;
    case 0x69:
    case 0x6b: {
      const unsigned words = size();
      const unsigned behind = code == 0x6b ? 1 : words < 4 ? words : 4;
      if (!operand(o, behind)) return false;
      block_.set(kOther, number(behind));
      return multiply_to(o.reg, get(o, words, kValue), kOther, words);
    }
    case 0x80:
    case 0x82:
      if ((code == 0x82 && wide_) || !operand(o, 1)) return false;
      return with_constant(o.which(), o, number(1), 1);
    case 0x81:
    case 0x83: {
      const unsigned behind = code == 0x83 ? 1 : bytes < 4 ? bytes : 4;
      if (!operand(o, behind)) return false;
      const std::int64_t value = number(behind);
      return !bad_ && with_constant(o.which(), o, value, bytes);
    }
    case 0x84:
    case 0x85:
      if (!operand(o)) return false;
      test(get(o, bytes, kValue), get(o.reg, bytes, kOther), bytes);
      return true;
    case 0xa8:
    case 0xa9:
      block_.set(kOther, constant_of(bytes));
      test(kA, kOther, bytes);
      return true;
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: return shift(code);
    case 0xf6:
    case 0xf7: return unary(code);
    case 0xf8:
    case 0xf9:  // the other flags stay: of these, only the carry can be asked for
    case 0xf5: {
      if (!flags_are_used()) return true;
      flags_.know(start_);
      asks_flags_ = !flags_.known();
      if (asks_flags_) return false;
      block_.set(kOther, code & 1);
      if (code == 0xf5) {
        const std::optional<Register> carry = flags_.carry();
        asks_flags_ = !carry;
        if (!carry) return false;
        block_.constant(Op::xor_constant, kOther, *carry, 1);
      }
      flags_.set_carry(kOther);
      return true;
    }
    case 0xfc: return true;  // strings would go up
    case 0x9e:
    case 0x9f: return flags_in_ah(code);
    case 0xfe:
      if (!operand(o) || o.which() > 1) return false;
      return step(o, o.which() == 0, 1);
    case 0xff: return operand(o) && group_five(o, bytes);
    default: return move(code) || stack(code) || jump(code) || floats(code);
  }
}

bool X86Reader::group_five(const Operand& o, unsigned bytes) {
  const unsigned which = o.which();
  if (which < 2) return step(o, which == 0, bytes);
  if (half_ || (which != 2 && which != 4 && which != 6)) return false;
  const Register value = get(o, word_bytes_, kValue);
  if (which == 6) {
    push(value);
    return true;
  }
  flags_.save();
  if (which == 2) {
    block_.emit({.op = Op::call_register, .a = kStack, .b = value, .extra = static_cast<std::uint32_t>(at_)});
  } else {
    block_.emit({.op = Op::jump_register, .a = value});
  }
  done_ = true;
  return true;
}

/// What copies, and does no more.
bool X86Reader::move(unsigned code) {
  const unsigned bytes = size_of(code);
  Operand o;
  if (code >= 0xb0 && code < 0xb8) {
    block_.set(kValue, number(1));
    put(extended(code & 7, 1), 1, kValue);
    return true;
  }
  if (code >= 0xb8 && code < 0xc0) {
    const Register d = extended(code & 7, 1);
    const unsigned words = size();
    const std::int64_t value = number(words);
    if (words == 2) {
      block_.set(kValue, value);
      put(d, 2, kValue);
    } else {
      block_.set(d, words == 4 ? static_cast<std::int64_t>(static_cast<std::uint32_t>(value)) : value);
    }
    return true;
  }
  if (code == 0x90 && (rex_ & 1) == 0) return true;
  if (code >= 0x90 && code < 0x98) {
    const Register other = extended(code & 7, 1);
    const unsigned words = size();
    block_.move(kOther, other);
    put(other, words, kA);
    put(kA, words, kOther);
    return true;
  }
  switch (code) {
    case 0x86:
    case 0x87: {
      if (!operand(o)) return false;
      const Register value = get(o, bytes, kValue);
      block_.move(kOther, value);
      put(o, bytes, get(o.reg, bytes, kValue));
      put(o.reg, bytes, kOther);
      return true;
    }
    case 0x88:
    case 0x89:
      if (!operand(o)) return false;
      put(o, bytes, get(o.reg, bytes, kOther));
      return true;
    case 0x8a:
    case 0x8b:
      if (!operand(o)) return false;
      if (o.memory && bytes >= 4) {
        load(o.reg, o, bytes);
      } else {
        put(o.reg, bytes, get(o, bytes, kOther));
      }
      return true;
    case 0x8d: {
      const unsigned words = size();
      if (!operand(o) || !o.memory) return false;
      if (words >= 4) {
        block_.constant(Op::add_constant, o.reg, o.base, o.displacement);
        narrow(o.reg, words);
      } else {
        block_.constant(Op::add_constant, kValue, o.base, o.displacement);
        put(o.reg, words, kValue);
      }
      return true;
    }
    case 0x98:  // to twice as many bytes
      sign_extend(kValue, kA, size() / 2);
      put(kA, size(), kValue);
      return true;
    case 0x99: {
      const unsigned words = size();
      if (words == word_bytes_) {
        block_.constant(Op::shift_signed_constant, kD, kA, 8 * words - 1);
        return true;
      }
      sign_extend(kValue, kA, words);
      block_.constant(Op::shift_signed_constant, kValue, kValue, 8 * words - 1);
      put(kD, words, kValue);
      return true;
    }
    case 0xa0:
    case 0xa1:
    case 0xa2:
    case 0xa3: return move_absolute(code);
    case 0xc6:
    case 0xc7: {
      const unsigned behind = bytes < 4 ? bytes : 4;
      if (!operand(o, behind) || o.which() != 0) return false;
      const bool whole = !o.memory && bytes >= 4;
      const Register d = whole ? o.base : kValue;
      block_.set(d, number(behind));
      whole ? narrow(d, bytes) : put(o, bytes, d);
      return true;
    }
    default: return false;
  }
}

/// al, ax, eax, rax from or to an address.
bool X86Reader::move_absolute(unsigned code) {
  if (short_address_) return false;
  const unsigned bytes = size_of(code);
  Operand place{.memory = true, .base = kZero};
  place.displacement = number(word_bytes_);
  if (!wide_) place.displacement = static_cast<std::uint32_t>(place.displacement);
  if (code >= 0xa2) {
    store(place, bytes, kA);
  } else {
    put(kA, bytes, get(place, bytes, kValue));
  }
  return true;
}

bool X86Reader::stack(unsigned code) {
  if (half_) return false;
  if (code >= 0x50 && code < 0x58) {
    push(extended(code & 7, 1));
    return true;
  }
  if (code >= 0x58 && code < 0x60) {
    pop(extended(code & 7, 1));
    return true;
  }
  switch (code) {
    case 0x68:
    case 0x6a:
      block_.set(kScratch, number(code == 0x68 ? 4 : 1));
      push(kScratch);
      return true;
    case 0x8f: {
      // An address by the stack pointer is one behind the pop.
      pop(kValue);
      Operand o;
      if (!operand(o) || o.which() != 0) return false;
      put(o, word_bytes_, kValue);
      return true;
    }
    case 0x9c: {
      flags_.know(start_);
      const std::optional<Register> word = flags_.word();
      asks_flags_ = !word;
      if (word) push(*word);
      return word.has_value();
    }
    case 0x9d:
      pop(kValue);
      flags_.expect_no_others(kValue, start_);
      flags_.from_word(kValue);
      return true;
    case 0xc9:
      block_.move(kStack, kFrame);
      pop(kFrame);
      return true;
    default: return false;
  }
}

bool X86Reader::jump(unsigned code) {
  if (half_) return false;
  switch (code) {
    case 0xc2: {
      flags_.save();
      const std::int64_t more = number(2) & 0xffff;
      pop(kValue);
      block_.constant(Op::add_constant, kStack, kStack, more);
      block_.emit({.op = Op::jump_register, .a = kValue});
      done_ = true;
      return true;
    }
    case 0xc3:
      flags_.save();
      block_.emit({.op = Op::leave, .a = kStack});
      done_ = true;
      return true;
    case 0xcd:
      if (wide_ || byte() != 0x80) return false;
      return system_call();
    case 0xe0:
    case 0xe1:
    case 0xe2:
    case 0xe3: return loop(code);
    case 0xe8: {
      const std::int64_t distance = number(4);
      if (bad_) return false;
      flags_.save();
      block_.emit({.op = Op::call,
                   .a = kStack,
                   .extra = static_cast<std::uint32_t>(at_),
                   .immediate = static_cast<std::int64_t>(away(distance))});
      done_ = true;
      return true;
    }
    case 0xe9:
    case 0xeb: {
      const std::int64_t distance = number(code == 0xe9 ? 4 : 1);
      if (bad_) return false;
      go_to(away(distance));
      return true;
    }
    default: return false;
  }
}

/// loopne, loope, loop, jcxz: flags stay as they are.
bool X86Reader::loop(unsigned code) {
  const std::int64_t distance = number(1);
  if (bad_ || short_address_) return false;
  flags_.know(start_);
  flags_.save();
  if (code == 0xe3) {
    block_.branch(Condition::equal, kC, kZero, away(distance));
    return true;
  }
  if (code == 0xe2) {
    block_.constant(Op::add_constant, kC, kC, -1);
    block_.branch(Condition::not_equal, kC, kZero, away(distance));
    return true;
  }
  if (!flags_.truth(Question::zero, code == 0xe0, kValue)) {
    asks_flags_ = true;
    return false;
  }
  block_.constant(Op::add_constant, kC, kC, -1);
  block_.compare(Condition::not_equal, kOther, kC, kZero);
  block_.two(Op::bit_and, kOther, kOther, kValue);
  block_.branch(Condition::not_equal, kOther, kZero, away(distance));
  return true;
}

bool X86Reader::system_call() {
  done_ = !block_.system_call(at_, kA, wide_ ? 60 : 1, wide_ ? 231 : 252);
  return true;
}

Block decode_x86(Image& image, std::uint64_t address) { return X86Reader(image, address).read(); }

}  // namespace assay::exec
