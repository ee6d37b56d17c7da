// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A64: the instructions that the bootstrap's compilers and their libraries write. Constants stand in the
// code, read by a literal load and jumped over; a conditional jump skips a jump through a register.
#include <bit>

#include "exec/decode/block_builder.h"
#include "exec/decode/instruction_set.h"

namespace assay::exec {
namespace {

constexpr std::uint64_t kShortJump = 64;  // bytes: a jump over data is no jump
constexpr std::uint32_t kJumpRegister = 0xd61f0000;

std::optional<Condition> condition_of(unsigned code) {
  switch (code) {
    case 0: return Condition::equal;
    case 1: return Condition::not_equal;
    case 2: return Condition::above_equal;
    case 3: return Condition::below;
    case 8: return Condition::above;
    case 9: return Condition::below_equal;
    case 10: return Condition::greater_equal;
    case 11: return Condition::less;
    case 12: return Condition::greater;
    case 13: return Condition::less_equal;
    default: return std::nullopt;
  }
}

class Reader {
 public:
  Reader(Image& image, std::uint64_t address) : image_(image), at_(address), block_(8, address) {}

  Block read() {
    while (!done_ && (block_.size() < kMostOperations || flags_known_)) {
      const bool whole = at_ + 4 <= image_.end() && at_ % 4 == 0;
      if (whole) code_ = image_.load<std::uint32_t>(at_);
      if (!whole || !one()) {
        block_.emit({.op = Op::unknown, .immediate = static_cast<std::int64_t>(at_)});
        done_ = true;
      }
      image_.mark_code(at_, 4);
      at_ = next_ != 0 ? next_ : at_ + 4;
      next_ = 0;
    }
    if (!done_) block_.jump(at_);
    return block_.finish();
  }

 private:
  [[nodiscard]] std::uint32_t bits(unsigned low, unsigned count) const {
    return code_ >> low & ((1U << count) - 1);
  }
  [[nodiscard]] std::int64_t signed_bits(unsigned low, unsigned count) const {
    return static_cast<std::int32_t>(code_ << (32 - low - count)) >> (32 - count);
  }
  [[nodiscard]] std::uint64_t away(std::int64_t offset) const {
    return at_ + static_cast<std::uint64_t>(offset);
  }
  /// A register field in which 31 is zero, or the stack pointer.
  [[nodiscard]] Register reg(unsigned low) const {
    const std::uint32_t number = bits(low, 5);
    return number == 31 ? kZero : static_cast<Register>(number);
  }
  [[nodiscard]] Register reg_or_stack(unsigned low) const { return static_cast<Register>(bits(low, 5)); }
  [[nodiscard]] std::uint32_t code_at(std::uint64_t address) const {
    return address + 4 <= image_.end() ? image_.load<std::uint32_t>(address) : 0;
  }

  void go_to(std::uint64_t target) {
    next_ = block_.go_to(at_, target, image_.end());
    done_ = next_ == 0;
    flags_known_ = false;
  }
  bool one();
  bool arithmetic();
  bool two_sources();
  bool memory();
  bool jump_or_branch();
  bool move_wide();
  void branch(Condition condition, Register left, Register right);
  bool compare(Register left, Register right);

  Image& image_;
  std::uint64_t at_;
  std::uint64_t next_ = 0;  ///< where to read on, if not behind
  std::uint32_t code_ = 0;
  BlockBuilder block_;
  bool done_ = false;
  bool flags_known_ = false;  ///< kLeft and kRight hold what was compared
};

/// Compared; then often 1, skipped over by a condition, or 0.
bool Reader::compare(Register left, Register right) {
  const std::uint32_t one = code_at(at_ + 4);
  const std::uint32_t skip = code_at(at_ + 8);
  const std::uint32_t zero = code_at(at_ + 12);
  const std::optional<Condition> condition = condition_of(skip & 15);
  if ((one & ~31U) == 0xd2800020 && (zero & ~31U) == 0xd2800000 && (one & 31) == (zero & 31) &&
      (one & 31) != 31 && (skip & ~15U) == 0x54000040 && condition) {
    block_.compare(*condition, static_cast<Register>(one & 31), left, right);
    image_.mark_code(at_ + 4, 12);
    next_ = at_ + 16;
    flags_known_ = false;
    return true;
  }
  block_.move(kLeft, left);
  block_.move(kRight, right);
  flags_known_ = true;
  return true;
}

bool Reader::move_wide() {
  const bool wide = bits(31, 1) != 0;
  const unsigned shift = bits(21, 2) * 16;
  const std::uint64_t value = std::uint64_t{bits(5, 16)} << shift;
  if (!wide && shift > 16) return false;
  switch (bits(29, 2)) {
    case 0:
      block_.set(reg(0), static_cast<std::int64_t>(wide ? ~value : static_cast<std::uint32_t>(~value)));
      return true;
    case 2: block_.set(reg(0), static_cast<std::int64_t>(value)); return true;
    case 3:
      if (!wide) return false;
      block_.constant(Op::and_constant, reg(0), reg(0),
                      static_cast<std::int64_t>(~(std::uint64_t{0xffff} << shift)));
      block_.constant(Op::or_constant, reg(0), reg(0), static_cast<std::int64_t>(value));
      return true;
    default: return false;
  }
}

bool Reader::arithmetic() {
  // 64 bits only, but for a shift by 0.
  const std::uint32_t top = code_ >> 21;
  if (code_ >> 24 == 0x91 || code_ >> 24 == 0xd1 || code_ >> 24 == 0xf1) {  // a constant
    const std::int64_t value = static_cast<std::int64_t>(bits(10, 12)) << (bits(22, 1) != 0 ? 12 : 0);
    if (bits(23, 1) != 0) return false;
    if (code_ >> 24 == 0xf1) {
      if (bits(0, 5) != 31) return false;
      block_.set(kScratch, value);
      return compare(reg_or_stack(5), kScratch);
    }
    block_.constant(Op::add_constant, reg_or_stack(0), reg_or_stack(5), code_ >> 24 == 0x91 ? value : -value);
    return true;
  }
  if (bits(10, 6) != 0) return false;
  switch (top) {
    case 0x458: block_.two(Op::add, reg(0), reg(5), reg(16)); return true;
    case 0x658: block_.two(Op::subtract, reg(0), reg(5), reg(16)); return true;
    case 0x758: return bits(0, 5) == 31 && compare(reg(5), reg(16));
    case 0x450: block_.two(Op::bit_and, reg(0), reg(5), reg(16)); return true;
    case 0x650: block_.two(Op::bit_xor, reg(0), reg(5), reg(16)); return true;
    case 0x550:
      if (reg(5) == kZero) {
        block_.move(reg(0), reg(16));
      } else {
        block_.two(Op::bit_or, reg(0), reg(5), reg(16));
      }
      return true;
    case 0x551:  // not
      if (reg(5) != kZero) return false;
      block_.constant(Op::xor_constant, reg(0), reg(16), -1);
      return true;
    default: return false;
  }
}

bool Reader::two_sources() {
  if (code_ >> 21 == 0x4d8) {  // multiply and add or subtract
    const Op op = bits(15, 1) != 0 ? Op::subtract : Op::add;
    if (reg(10) == kZero && op == Op::add) {
      block_.two(Op::multiply, reg(0), reg(5), reg(16));
    } else {
      block_.two(Op::multiply, kScratch, reg(5), reg(16));
      block_.two(op, reg(0), reg(10), kScratch);
    }
    return true;
  }
  if (code_ >> 21 != 0x4d6) return false;
  switch (bits(10, 6)) {
    case 2: block_.two(Op::divide_unsigned, reg(0), reg(5), reg(16)); return true;
    case 3: block_.two(Op::divide_signed, reg(0), reg(5), reg(16)); return true;
    case 8: block_.two(Op::shift_left, reg(0), reg(5), reg(16)); return true;
    case 9: block_.two(Op::shift_right, reg(0), reg(5), reg(16)); return true;
    case 10: block_.two(Op::shift_signed, reg(0), reg(5), reg(16)); return true;
    default: return false;
  }
}

bool Reader::memory() {
  const unsigned size = code_ >> 30;
  const unsigned kind = bits(22, 2);  // 0 store, 1 load, 2 load sign extended to 64 bits
  static constexpr Op kStores[4] = {Op::store_byte, Op::store_half, Op::store_int, Op::store_long};
  static constexpr Op kLoads[4] = {Op::load_byte, Op::load_half, Op::load_int, Op::load_long};
  static constexpr Op kSigned[3] = {Op::load_byte_signed, Op::load_half_signed, Op::load_int_signed};
  if (kind == 3 || (kind == 2 && size == 3)) return false;
  const Op op = kind == 0 ? kStores[size] : kind == 1 ? kLoads[size] : kSigned[size];
  const Register base = reg_or_stack(5);
  const auto access = [&](std::int64_t offset) {
    if (kind == 0) {
      block_.emit({.op = op, .a = base, .b = reg(0), .immediate = offset});
    } else {
      block_.emit({.op = op, .d = reg(0), .a = base, .immediate = offset});
    }
  };
  if ((code_ >> 24 & 0x3f) == 0x39) {
    access(static_cast<std::int64_t>(bits(10, 12)) << size);
    return true;
  }
  if ((code_ >> 24 & 0x3f) != 0x38 || bits(21, 1) != 0) return false;
  const std::int64_t offset = signed_bits(12, 9);
  switch (bits(10, 2)) {
    case 0: access(offset); return true;
    case 1:  // then moved
      if (size == 3 && kind == 1 && offset == 8 && reg(0) != base) {
        block_.emit({.op = Op::pop, .d = reg(0), .a = base, .immediate = 8});
        return true;
      }
      if (kind != 0 && reg(0) == base) return false;
      access(0);
      block_.constant(Op::add_constant, base, base, offset);
      return true;
    case 3:  // moved before
      if (reg(0) == base) return false;
      if (size == 3 && kind == 0 && offset == -8) {
        block_.emit({.op = Op::push, .a = base, .b = reg(0), .immediate = 8});
        return true;
      }
      block_.constant(Op::add_constant, base, base, offset);
      access(0);
      return true;
    default: return false;
  }
}

/// Over a few instructions, the last of which jumps: the other way round, and the block goes on.
void Reader::branch(Condition condition, Register left, Register right) {
  const std::uint64_t target = away(signed_bits(5, 19) * 4);
  const bool skips = target > at_ + 4 && target - at_ <= kShortJump;
  if (skips && (code_at(target - 4) & ~(31U << 5)) == kJumpRegister) {
    block_.branch(opposite(condition), left, right, at_ + 4);
    next_ = target;
  } else {
    block_.branch(condition, left, right, target);
  }
}

bool Reader::jump_or_branch() {
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
  if (code_ >> 24 == 0xb4 || code_ >> 24 == 0xb5) {
    branch(code_ >> 24 == 0xb4 ? Condition::equal : Condition::not_equal, reg(0), kZero);
    return true;
  }
  if (code_ >> 24 == 0x54 && bits(4, 1) == 0) {
    const std::optional<Condition> condition = condition_of(bits(0, 4));
    if (!condition || !flags_known_) return false;
    branch(*condition, kLeft, kRight);
    return true;
  }
  const std::uint32_t form = code_ & ~(31U << 5);
  if (form != kJumpRegister && form != 0xd63f0000 && form != 0xd65f0000) return false;
  Register to = reg(5);
  if (form == 0xd63f0000) {
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
  block_.emit({.op = Op::jump_register, .a = to});
  done_ = true;
  return true;
}

bool Reader::one() {
  if (code_ == 0xd4000001) {
    block_.emit({.op = Op::system_call, .immediate = static_cast<std::int64_t>(at_ + 4)});
    return true;
  }
  const unsigned top = code_ >> 24;
  if (top == 0x18 || top == 0x58 || top == 0x98) {  // a literal
    const std::uint64_t from = away(signed_bits(5, 19) * 4);
    const unsigned width = top == 0x58 ? 8 : 4;
    if (from < image_.base() || from + width > image_.end()) return false;
    image_.mark_code(from, width);
    std::int64_t value = image_.load<std::int32_t>(from);
    if (top == 0x18) value = static_cast<std::uint32_t>(value);
    if (top == 0x58) value = image_.load<std::int64_t>(from);
    block_.set(reg(0), value);
    return true;
  }
  if ((top & 0x1f) == 0x12 && bits(23, 1) != 0) return move_wide();
  if ((top & 0x3f) == 0x38 || (top & 0x3f) == 0x39) return memory();
  if (top == 0x9a || top == 0x9b) return two_sources();
  if ((top & 0x7c) == 0x14 || top == 0xb4 || top == 0xb5 || top == 0x54 || top == 0xd6)
    return jump_or_branch();
  return arithmetic();
}

}  // namespace

Block decode_a64(Image& image, std::uint64_t address) { return Reader(image, address).read(); }

}  // namespace assay::exec
