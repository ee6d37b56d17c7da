// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RISC-V, 32 and 64 bits: the base and the multiplications, as the bootstrap's compilers write them.
#include "exec/decode/block_builder.h"
#include "exec/decode/instruction_set.h"

namespace assay::exec {
namespace {

class Reader {
 public:
  Reader(Image& image, std::uint64_t address)
      : image_(image), at_(address), wide_(image.word_bytes() == 8), block_(image.word_bytes(), address) {}

  Block read() {
    const std::uint64_t begin = at_;
    while (!done_ && block_.size() < kMostOperations) {
      const bool whole = at_ + 4 <= image_.end() && at_ % 2 == 0;
      if (whole) code_ = image_.load<std::uint32_t>(at_);
      const bool is_read = whole && one();
      if (!is_read) {
        block_.emit({.op = Op::unknown, .immediate = static_cast<std::int64_t>(at_)});
        done_ = true;
      }
      // What cannot be read behind others may be data.
      if (is_read || at_ == begin) image_.mark_code(at_, 4);
      at_ = next_ != 0 ? next_ : at_ + 4;
      next_ = 0;
    }
    if (!done_) block_.jump(at_);
    return block_.finish();
  }

 private:
  [[nodiscard]] unsigned bits(unsigned low, unsigned count) const {
    return code_ >> low & ((1U << count) - 1);
  }
  [[nodiscard]] Register reg(unsigned low) const {
    const unsigned number = bits(low, 5);
    return number == 0 ? kZero : static_cast<Register>(number);
  }
  [[nodiscard]] Register d() const { return reg(7); }
  [[nodiscard]] Register a() const { return reg(15); }
  [[nodiscard]] Register b() const { return reg(20); }
  [[nodiscard]] std::int64_t immediate() const { return static_cast<std::int32_t>(code_) >> 20; }
  [[nodiscard]] std::uint64_t away(std::int64_t offset) const {
    const std::uint64_t to = at_ + static_cast<std::uint64_t>(offset);
    return wide_ ? to : static_cast<std::uint32_t>(to);
  }
  void go_to(std::uint64_t target) {
    next_ = block_.go_to(at_, target, image_.joins_end());
    done_ = next_ == 0;
  }
  bool one();
  bool with_constant(bool narrow);
  bool with_register(bool narrow);
  bool branch();
  bool load();
  bool store();
  bool narrow_shift(Op op, Register by_register, std::int64_t by, bool by_constant);

  Image& image_;
  std::uint64_t at_;
  std::uint64_t next_ = 0;  ///< where to read on, if not behind
  std::uint32_t code_ = 0;
  bool wide_;
  BlockBuilder block_;
  bool done_ = false;
};

bool Reader::one() {
  switch (code_ & 0x7f) {
    case 0x37: block_.set(d(), static_cast<std::int32_t>(code_ & 0xfffff000)); return true;
    case 0x17:
      block_.set(d(), static_cast<std::int64_t>(away(static_cast<std::int32_t>(code_ & 0xfffff000))));
      return true;
    case 0x6f: {
      const std::int32_t offset =
          static_cast<std::int32_t>(code_ & 0x80000000) >> 11 |
          static_cast<std::int32_t>(bits(12, 8) << 12 | bits(20, 1) << 11 | bits(21, 10) << 1);
      if (d() != kZero) block_.set(d(), static_cast<std::int64_t>(away(4)));
      go_to(away(offset));
      return true;
    }
    case 0x67: {
      if (bits(12, 3) != 0) return false;
      Register to = a();
      if (d() != kZero && d() == to) {
        block_.move(kScratch, to);
        to = kScratch;
      }
      if (d() != kZero) block_.set(d(), static_cast<std::int64_t>(away(4)));
      if (const std::optional<std::int64_t> known = block_.known(to)) {
        const std::uint64_t target =
            static_cast<std::uint64_t>(*known) + static_cast<std::uint64_t>(immediate());
        go_to(wide_ ? target : static_cast<std::uint32_t>(target));
        return true;
      }
      block_.emit({.op = Op::jump_register, .a = to, .immediate = immediate()});
      done_ = true;
      return true;
    }
    case 0x63: return branch();
    case 0x03: return load();
    case 0x23: return store();
    case 0x13: return with_constant(false);
    case 0x1b: return wide_ && with_constant(true);
    case 0x33: return with_register(false);
    case 0x3b: return wide_ && with_register(true);
    case 0x0f: return true;  // fence
    case 0x73:
      if (code_ != 0x73) return false;
      done_ = !block_.system_call(at_ + 4, 17, 93, 94);
      return true;
    default: return false;
  }
}

bool Reader::branch() {
  static constexpr std::optional<Condition> kConditions[8] = {
      Condition::equal, Condition::not_equal,     std::nullopt,     std::nullopt,
      Condition::less,  Condition::greater_equal, Condition::below, Condition::above_equal};
  const std::optional<Condition> condition = kConditions[bits(12, 3)];
  if (!condition) return false;
  const std::int32_t offset =
      static_cast<std::int32_t>(code_ & 0x80000000) >> 19 |
      static_cast<std::int32_t>(bits(7, 1) << 11 | bits(25, 6) << 5 | bits(8, 4) << 1);
  // Over a jump: the other way round, and the block goes on.
  const bool skips = offset == 8 && at_ + 8 <= image_.end();
  if (skips && (image_.load<std::uint32_t>(at_ + 4) & 0xfff) == 0x06f) {
    block_.branch(opposite(*condition), a(), b(), away(4));
    next_ = at_ + 8;
    return true;
  }
  block_.branch(*condition, a(), b(), away(offset));
  return true;
}

bool Reader::load() {
  static constexpr Op kLoads[8] = {Op::load_byte_signed, Op::load_half_signed, Op::load_int_signed,
                                   Op::load_long,        Op::load_byte,        Op::load_half,
                                   Op::load_int,         Op::unknown};
  const unsigned which = bits(12, 3);
  if (which == 7 || (!wide_ && (which == 3 || which == 6))) return false;
  const Op op = !wide_ && which == 2 ? Op::load_int : kLoads[which];
  block_.emit({.op = op, .d = d(), .a = a(), .immediate = immediate()});
  return true;
}

bool Reader::store() {
  static constexpr Op kStores[4] = {Op::store_byte, Op::store_half, Op::store_int, Op::store_long};
  const unsigned which = bits(12, 3);
  if (which > (wide_ ? 3U : 2U)) return false;
  const std::int64_t offset =
      (static_cast<std::int32_t>(code_ & 0xfe000000) >> 20) | static_cast<std::int32_t>(bits(7, 5));
  block_.emit({.op = kStores[which], .a = a(), .b = b(), .immediate = offset});
  return true;
}

/// Shifts of the low 32 bits in a 64-bit program.
bool Reader::narrow_shift(Op op, Register by_register, std::int64_t by, bool by_constant) {
  if (by_constant) {
    block_.set(kRight, by);
  } else {
    block_.constant(Op::and_constant, kRight, by_register, 31);
  }
  block_.constant(op == Op::shift_signed ? Op::sign_int : Op::zero_int, kLeft, a(), 0);
  block_.two(op, d(), kLeft, kRight);
  block_.constant(Op::sign_int, d(), d(), 0);
  return true;
}

bool Reader::with_constant(bool narrow) {
  const std::int64_t value = immediate();
  const unsigned width = wide_ && !narrow ? 6 : 5;
  const auto by = static_cast<std::int64_t>(bits(20, width));
  const unsigned high = code_ >> (20 + width);
  const bool arithmetic = high == 0x20U >> (width - 5);
  const unsigned which = bits(12, 3);
  if (narrow) {
    switch (which) {
      case 0:
        block_.constant(Op::add_constant, d(), a(), value);
        block_.constant(Op::sign_int, d(), d(), 0);
        return true;
      case 1: return high == 0 && narrow_shift(Op::shift_left, kZero, by, true);
      case 5:
        return (high == 0 || arithmetic) &&
               narrow_shift(arithmetic ? Op::shift_signed : Op::shift_right, kZero, by, true);
      default: return false;
    }
  }
  switch (which) {
    case 0: block_.constant(Op::add_constant, d(), a(), value); return true;
    case 1:
      if (high != 0) return false;
      block_.constant(Op::shift_left_constant, d(), a(), by);
      return true;
    case 2:
    case 3:
      if (which == 3 && value == 1) {  // below 1
        block_.compare(Condition::equal, d(), a(), kZero);
        return true;
      }
      block_.set(kRight, value);
      block_.compare(which == 2 ? Condition::less : Condition::below, d(), a(), kRight);
      return true;
    case 4: block_.constant(Op::xor_constant, d(), a(), value); return true;
    case 5:
      if (high != 0 && !arithmetic) return false;
      block_.constant(arithmetic ? Op::shift_signed_constant : Op::shift_right_constant, d(), a(), by);
      return true;
    case 6: block_.constant(Op::or_constant, d(), a(), value); return true;
    default: block_.constant(Op::and_constant, d(), a(), value); return true;
  }
}

bool Reader::with_register(bool narrow) {
  const unsigned which = bits(12, 3);
  const unsigned group = bits(25, 7);
  std::optional<Op> op;
  if (group == 0) {
    switch (which) {
      case 0: op = Op::add; break;
      case 1: op = Op::shift_left; break;
      case 2: block_.compare(Condition::less, d(), a(), b()); return !narrow;
      case 3: block_.compare(Condition::below, d(), a(), b()); return !narrow;
      case 4: op = Op::bit_xor; break;
      case 5: op = Op::shift_right; break;
      case 6: op = Op::bit_or; break;
      default: op = Op::bit_and; break;
    }
  } else if (group == 0x20) {
    if (which == 0) op = Op::subtract;
    if (which == 5) op = Op::shift_signed;
  } else if (group == 1) {
    if (which == 0) op = Op::multiply;
    if (which == 4) op = Op::divide_signed;
    if (which == 5) op = Op::divide_unsigned;
    if (which == 6) op = Op::remainder_signed;
    if (which == 7) op = Op::remainder_unsigned;
  }
  if (!op) return false;
  if (!narrow) {
    block_.two(*op, d(), a(), b());
    return true;
  }
  switch (*op) {
    case Op::shift_left:
    case Op::shift_right:
    case Op::shift_signed: return narrow_shift(*op, b(), 0, false);
    case Op::add:
    case Op::subtract:
    case Op::multiply: block_.two(*op, d(), a(), b()); break;
    case Op::divide_signed:
    case Op::divide_unsigned:
    case Op::remainder_signed:
    case Op::remainder_unsigned: {
      const bool is_signed = *op == Op::divide_signed || *op == Op::remainder_signed;
      block_.constant(is_signed ? Op::sign_int : Op::zero_int, kLeft, a(), 0);
      block_.constant(is_signed ? Op::sign_int : Op::zero_int, kRight, b(), 0);
      block_.two(*op, d(), kLeft, kRight);
      break;
    }
    default: return false;
  }
  block_.constant(Op::sign_int, d(), d(), 0);
  return true;
}

}  // namespace

Block decode_riscv(Image& image, std::uint64_t address) { return Reader(image, address).read(); }

}  // namespace assay::exec
