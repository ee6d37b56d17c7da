// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// x86 and AMD64: the instructions that the bootstrap's compilers and their libraries write. All of them use
// whole registers, 32-bit displacements or none, and flags only right behind what sets them.
#include "exec/decode/block_builder.h"
#include "exec/decode/instruction_set.h"

namespace assay::exec {
namespace {

constexpr Register kA = 0;
constexpr Register kD = 2;
constexpr Register kStack = 4;

/// By the low four bits of the opcode; nothing for those that look at overflow, sign or parity alone.
std::optional<Condition> condition_of(unsigned code) {
  switch (code & 15) {
    case 0x2: return Condition::below;
    case 0x3: return Condition::above_equal;
    case 0x4: return Condition::equal;
    case 0x5: return Condition::not_equal;
    case 0x6: return Condition::below_equal;
    case 0x7: return Condition::above;
    case 0xc: return Condition::less;
    case 0xd: return Condition::greater_equal;
    case 0xe: return Condition::less_equal;
    case 0xf: return Condition::greater;
    default: return std::nullopt;
  }
}

class Reader {
 public:
  Reader(Image& image, std::uint64_t address)
      : image_(image), at_(address), wide_(image.word_bytes() == 8), block_(image.word_bytes(), address) {}

  Block read() {
    while (!done_ && (block_.size() < kMostOperations || flags_known_)) {
      start_ = at_;
      settle_flags();
      if (!one()) {
        block_.emit({.op = Op::unknown, .immediate = static_cast<std::int64_t>(start_)});
        done_ = true;
      }
      image_.mark_code(start_, at_ - start_);
      at_ = next_ != 0 ? next_ : at_;
      next_ = 0;
    }
    if (!done_) block_.jump(at_);
    return block_.finish();
  }

 private:
  /// What ModRM names: a register, or memory at base + displacement.
  struct Operand {
    bool memory = false;
    Register reg = 0;   ///< the other operand, or an opcode's extension
    Register base = 0;  ///< the register, if no memory
    std::int64_t displacement = 0;
  };

  Byte byte() {
    if (at_ >= image_.end()) {
      bad_ = true;
      return 0;
    }
    return *image_.at(at_++);
  }
  std::int64_t number(unsigned bytes) {
    std::uint32_t value = 0;
    for (unsigned index = 0; index < bytes; ++index) value |= std::uint32_t{byte()} << (8 * index);
    return bytes == 1 ? static_cast<std::int8_t>(value) : static_cast<std::int32_t>(value);
  }
  bool operand(Operand& operand);
  void go_to(std::uint64_t target) {
    next_ = block_.go_to(at_, target, image_.end());
    done_ = next_ == 0;
    flags_known_ = false;
  }
  bool one();
  bool two_byte();
  bool arithmetic(unsigned which, Register d, Register b, bool whole);
  bool with_constant(unsigned which, Register d, std::int64_t value, bool whole);
  bool unary(const Operand& operand, bool whole);
  bool load(Op op, const Operand& operand);
  void flags(Register left, Register right, bool whole);
  void settle_flags();
  /// Behind a result of 32 bits in a 64-bit program.
  void narrow(Register d, bool whole) {
    if (wide_ && !whole) block_.constant(Op::zero_int, d, d, 0);
  }
  [[nodiscard]] Register extended(unsigned low, unsigned rex_bit) const {
    return static_cast<Register>(low | ((rex_ & rex_bit) != 0 ? 8U : 0U));
  }

  Image& image_;
  std::uint64_t at_;
  std::uint64_t start_ = 0;
  std::uint64_t next_ = 0;  ///< where to read on, if not behind
  bool wide_;
  BlockBuilder block_;
  unsigned rex_ = 0;
  bool half_ = false;  ///< an operand size prefix
  bool done_ = false;
  bool bad_ = false;
  bool flags_known_ = false;    ///< `left_` and `right_` hold what was compared
  bool flags_settled_ = false;  ///< these are kLeft and kRight
  Register left_ = kLeft;
  Register right_ = kRight;
};

bool Reader::operand(Operand& operand) {
  const unsigned modrm = byte();
  const unsigned mode = modrm >> 6;
  operand.reg = extended(modrm >> 3 & 7, 4);
  operand.base = extended(modrm & 7, 1);
  operand.memory = mode != 3;
  if (!operand.memory) return !bad_;
  if ((modrm & 7) == 4) {
    const unsigned sib = byte();
    if ((sib >> 3 & 7) != 4 || (rex_ & 2) != 0) return false;  // an index
    operand.base = extended(sib & 7, 1);
    if (mode == 0 && (sib & 7) == 5) return false;
  } else if (mode == 0 && (modrm & 7) == 5) {
    operand.displacement = number(4);
    operand.base = kZero;
    // Relative to the next instruction: no operand of ours has a constant behind it.
    if (wide_) operand.displacement += static_cast<std::int64_t>(at_);
    return !bad_;
  }
  if (mode == 1) operand.displacement = number(1);
  if (mode == 2) operand.displacement = number(4);
  return !bad_;
}

void Reader::flags(Register left, Register right, bool whole) {
  left_ = left;
  right_ = right;
  flags_known_ = true;
  flags_settled_ = wide_ && !whole;
  if (!flags_settled_) return;
  block_.constant(Op::sign_int, kLeft, left, 0);
  block_.constant(Op::sign_int, kRight, right, 0);
  left_ = kLeft;
  right_ = kRight;
}

/// What is compared is used by the next instruction, nearly always; else it is kept.
void Reader::settle_flags() {
  if (!flags_known_ || flags_settled_) return;
  const bool used_now = at_ + 2 <= image_.end() && *image_.at(at_) == 0x0f && *image_.at(at_ + 1) >= 0x80 &&
                        *image_.at(at_ + 1) <= 0x9f;
  if (used_now) return;
  block_.move(kLeft, left_);
  block_.move(kRight, right_);
  left_ = kLeft;
  right_ = kRight;
  flags_settled_ = true;
}

bool Reader::arithmetic(unsigned which, Register d, Register b, bool whole) {
  const auto on = [&](Op op) {
    block_.two(op, d, d, b);
    narrow(d, whole);
    flags_known_ = false;
    return true;
  };
  switch (which) {
    case 0: return on(Op::add);
    case 1: return on(Op::bit_or);
    case 4: return on(Op::bit_and);
    case 5: return on(Op::subtract);
    case 6:
      if (d != b) return on(Op::bit_xor);
      block_.set(d, 0);
      flags_known_ = false;
      return true;
    case 7: flags(d, b, whole); return true;
    default: return false;
  }
}

bool Reader::with_constant(unsigned which, Register d, std::int64_t value, bool whole) {
  flags_known_ = false;
  switch (which) {
    case 0: block_.constant(Op::add_constant, d, d, value); break;
    case 1: block_.constant(Op::or_constant, d, d, value); break;
    case 4: block_.constant(Op::and_constant, d, d, value); break;
    case 5: block_.constant(Op::add_constant, d, d, -value); break;
    case 6: block_.constant(Op::xor_constant, d, d, value); break;
    case 7: {
      block_.set(kScratch, value);
      flags(d, kScratch, whole);
      return true;
    }
    default: return false;
  }
  narrow(d, whole);
  return true;
}

bool Reader::load(Op op, const Operand& operand) {
  block_.emit({.op = op, .d = operand.reg, .a = operand.base, .immediate = operand.displacement});
  return true;
}

bool Reader::unary(const Operand& operand, bool whole) {
  if (operand.memory || (wide_ && !whole)) return false;
  flags_known_ = false;
  switch (operand.reg & 7) {
    case 2: block_.constant(Op::xor_constant, operand.base, operand.base, -1); return true;
    case 3: block_.two(Op::subtract, operand.base, kZero, operand.base); return true;
    case 4: block_.two(Op::wide_multiply, 0, 0, operand.base); return true;
    case 5: block_.two(Op::wide_multiply_signed, 0, 0, operand.base); return true;
    case 6: block_.two(Op::wide_divide, 0, 0, operand.base); return true;
    case 7: block_.two(Op::wide_divide_signed, 0, 0, operand.base); return true;
    default: return false;
  }
}

bool Reader::one() {
  rex_ = 0;
  half_ = false;
  Byte code = byte();
  if (code == 0x66) {
    half_ = true;
    code = byte();
  }
  if (wide_ && (code & 0xf0) == 0x40) {
    rex_ = code & 15;
    code = byte();
  }
  const bool whole = !wide_ || (rex_ & 8) != 0;
  const auto word_bytes = static_cast<std::int64_t>(image_.word_bytes());
  Operand o;
  if (half_ && code != 0x89) return false;
  if (code < 0x40 && (code & 7) == 1) {  // op r/m, r
    if (!operand(o) || o.memory) return false;
    return arithmetic(code >> 3, o.base, o.reg, whole);
  }
  if (code < 0x40 && (code & 7) == 5) return with_constant(code >> 3, kA, number(4), whole) && !bad_;
  if (code >= 0x50 && code <= 0x57) {
    block_.emit({.op = Op::push, .a = kStack, .b = extended(code & 7, 1), .immediate = word_bytes});
    return true;
  }
  if (code >= 0x58 && code <= 0x5f) {
    block_.emit({.op = Op::pop, .d = extended(code & 7, 1), .a = kStack, .immediate = word_bytes});
    return true;
  }
  if (code >= 0xb8 && code <= 0xbf) {
    const Register d = extended(code & 7, 1);
    if (wide_ && whole) return false;  // eight bytes
    block_.set(d, static_cast<std::int64_t>(static_cast<std::uint32_t>(number(4))));
    return !bad_;
  }
  if (code >= 0x91 && code <= 0x97) {
    const Register other = extended(code & 7, 1);
    if (!whole) return false;
    block_.move(kScratch, other);
    block_.move(other, kA);
    block_.move(kA, kScratch);
    return true;
  }
  switch (code) {
    case 0x0f: return two_byte();
    case 0x63:  // movsxd
      if (!wide_ || !whole || !operand(o)) return false;
      if (o.memory) return load(Op::load_int_signed, o);
      block_.constant(Op::sign_int, o.reg, o.base, 0);
      return true;
    case 0x68:
    case 0x6a:
      block_.set(kScratch, number(code == 0x68 ? 4 : 1));
      block_.emit({.op = Op::push, .a = kStack, .b = kScratch, .immediate = word_bytes});
      return !bad_;
    case 0x81:
    case 0x83: {
      if (!operand(o) || o.memory) return false;
      const std::int64_t value = number(code == 0x81 ? 4 : 1);
      return !bad_ && with_constant(o.reg & 7, o.base, value, whole);
    }
    case 0x85:
      if (!operand(o) || o.memory || o.base != o.reg) return false;
      flags(o.base, kZero, whole);
      return true;
    case 0x88:
      // Without a prefix, registers 4 to 7 would be the second bytes of others.
      if (!operand(o) || !o.memory || o.reg > 3) return false;
      block_.emit({.op = Op::store_byte, .a = o.base, .b = o.reg, .immediate = o.displacement});
      return true;
    case 0x89:
      if (!operand(o)) return false;
      if (o.memory) {
        const Op op = half_ ? Op::store_half : wide_ && whole ? Op::store_long : Op::store_int;
        block_.emit({.op = op, .a = o.base, .b = o.reg, .immediate = o.displacement});
      } else if (whole && !half_) {
        block_.move(o.base, o.reg);
      } else {
        return false;
      }
      return true;
    case 0x8b:
      if (!operand(o)) return false;
      if (o.memory) return load(wide_ && whole ? Op::load_long : Op::load_int, o);
      block_.move(o.reg, o.base);
      narrow(o.reg, whole);
      return true;
    case 0x8d:
      if (!operand(o) || !o.memory || !whole) return false;
      block_.constant(Op::add_constant, o.reg, o.base, o.displacement);
      return true;
    case 0x99:  // cdq, cqo
      if (!whole) return false;
      block_.constant(Op::shift_signed_constant, kD, kA, word_bytes * 8 - 1);
      return true;
    case 0xc1: {
      if (!operand(o) || o.memory || !whole) return false;
      const std::int64_t by = number(1) & (word_bytes * 8 - 1);
      flags_known_ = false;
      const unsigned which = o.reg & 7;
      if (which != 4 && which != 5 && which != 6 && which != 7) return false;
      block_.constant(which == 5   ? Op::shift_right_constant
                      : which == 7 ? Op::shift_signed_constant
                                   : Op::shift_left_constant,
                      o.base, o.base, by);
      return !bad_;
    }
    case 0xd3: {
      if (!operand(o) || o.memory || !whole) return false;
      flags_known_ = false;
      const unsigned which = o.reg & 7;
      if (which < 4) return false;
      block_.two(which == 5   ? Op::shift_right
                 : which == 7 ? Op::shift_signed
                              : Op::shift_left,
                 o.base, o.base, 1);
      return true;
    }
    case 0xc3:
      block_.emit({.op = Op::leave, .a = kStack});
      done_ = true;
      return true;
    case 0xc7:
      if (!operand(o) || o.memory || (o.reg & 7) != 0) return false;
      block_.set(o.base, number(4));
      narrow(o.base, whole);
      return !bad_;
    case 0xcd:
      if (wide_ || byte() != 0x80) return false;
      block_.emit({.op = Op::system_call, .immediate = static_cast<std::int64_t>(at_)});
      return true;
    case 0xe8:
    case 0xe9: {
      const std::int64_t to = number(4);
      if (bad_) return false;
      const std::int64_t target =
          wide_ ? static_cast<std::int64_t>(at_) + to
                : static_cast<std::int64_t>(static_cast<std::uint32_t>(at_ + static_cast<std::uint64_t>(to)));
      if (code == 0xe9) {
        go_to(static_cast<std::uint64_t>(target));
      } else {
        block_.emit(
            {.op = Op::call, .a = kStack, .extra = static_cast<std::uint32_t>(at_), .immediate = target});
        done_ = true;
      }
      return true;
    }
    case 0xf7: return operand(o) && unary(o, whole);
    case 0xff:
      if (!operand(o)) return false;
      if (o.memory && (o.reg & 7) == 6) {
        block_.emit({.op = wide_ ? Op::load_long : Op::load_int,
                     .d = kScratch,
                     .a = o.base,
                     .immediate = o.displacement});
        block_.emit({.op = Op::push, .a = kStack, .b = kScratch, .immediate = word_bytes});
        return true;
      }
      if (o.memory) return false;
      if ((o.reg & 7) == 2) {
        block_.emit(
            {.op = Op::call_register, .a = kStack, .b = o.base, .extra = static_cast<std::uint32_t>(at_)});
      } else if ((o.reg & 7) == 4) {
        block_.emit({.op = Op::jump_register, .a = o.base});
      } else {
        return false;
      }
      done_ = true;
      return true;
    default: return false;
  }
}

bool Reader::two_byte() {
  const Byte code = byte();
  const bool whole = !wide_ || (rex_ & 8) != 0;
  Operand o;
  const std::optional<Condition> condition = condition_of(code);
  if (code == 0x05) {
    if (!wide_) return false;
    block_.emit({.op = Op::system_call, .immediate = static_cast<std::int64_t>(at_)});
    block_.set(1, static_cast<std::int64_t>(at_));
    return true;
  }
  if ((code & 0xf0) == 0x80) {
    const std::int64_t to = number(4);
    if (!condition || !flags_known_ || bad_) return false;
    const std::int64_t target =
        wide_ ? static_cast<std::int64_t>(at_) + to
              : static_cast<std::int64_t>(static_cast<std::uint32_t>(at_ + static_cast<std::uint64_t>(to)));
    block_.branch(*condition, left_, right_, static_cast<std::uint64_t>(target));
    flags_known_ = flags_settled_;
    return true;
  }
  if ((code & 0xf0) == 0x90) {
    if (!operand(o) || o.memory || o.base > 3 || !condition || !flags_known_) return false;
    // Followed by the extension of that byte it is all of the register.
    const std::uint64_t next = at_ + (wide_ ? 1 : 0);
    const bool rex_fits = !wide_ || (at_ < image_.end() && *image_.at(at_) == 0x48);
    if (rex_fits && next + 3 <= image_.end() && *image_.at(next) == 0x0f && *image_.at(next + 1) == 0xb6 &&
        *image_.at(next + 2) == (0xc0 | o.base << 3 | o.base)) {
      at_ = next + 3;
      block_.compare(*condition, o.base, left_, right_);
    } else {
      block_.compare(*condition, kScratch, left_, right_);
      block_.two(Op::insert_byte, o.base, kScratch, o.base);
    }
    flags_known_ = flags_settled_;
    return true;
  }
  if (code == 0xaf) {
    if (!operand(o) || o.memory) return false;
    flags_known_ = false;
    block_.two(Op::multiply, o.reg, o.reg, o.base);
    narrow(o.reg, whole);
    return true;
  }
  if (code != 0xb6 && code != 0xb7 && code != 0xbe && code != 0xbf) return false;
  if (!operand(o)) return false;
  const bool byte_wide = (code & 1) == 0;
  const bool is_signed = code >= 0xbe;
  if (wide_ && !whole && is_signed) return false;
  if (o.memory) {
    return load(byte_wide ? (is_signed ? Op::load_byte_signed : Op::load_byte)
                          : (is_signed ? Op::load_half_signed : Op::load_half),
                o);
  }
  if (byte_wide && o.base > 3 && rex_ == 0) return false;
  if (is_signed) {
    block_.constant(byte_wide ? Op::sign_byte : Op::sign_half, o.reg, o.base, 0);
  } else {
    block_.constant(Op::and_constant, o.reg, o.base, byte_wide ? 0xff : 0xffff);
  }
  return true;
}

}  // namespace

Block decode_x86(Image& image, std::uint64_t address) { return Reader(image, address).read(); }

}  // namespace assay::exec
