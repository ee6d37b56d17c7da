// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/a64_reader.h"

namespace assay::exec {
namespace {

/// What six bits and six bits more say: a run of ones, turned, over and over. Nothing for those that say
/// nothing.
std::optional<std::uint64_t> repeated_ones(bool large, unsigned turned, unsigned ones, bool wide) {
  unsigned size = 64;
  if (!large) {
    // The highest bit that is 0.
    unsigned top = 5;
    while (top > 0 && (ones >> top & 1) != 0) --top;
    if (top == 0) return std::nullopt;
    size = 1U << top;
  }
  if (size == 64 && !wide) return std::nullopt;
  const unsigned count = (ones & (size - 1)) + 1;
  if (count == size) return std::nullopt;
  const unsigned by = turned & (size - 1);
  const std::uint64_t all = size == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1;
  const std::uint64_t run = (std::uint64_t{1} << count) - 1;
  std::uint64_t one = by == 0 ? run : (run >> by | run << (size - by)) & all;
  for (; size < 64; size *= 2) one |= one << size;
  return wide ? one : static_cast<std::uint32_t>(one);
}

}  // namespace

bool A64Reader::with_constant() {
  switch (bits(23, 3)) {
    case 0:
    case 1: return address();
    case 2: return add_constant();
    case 4: return logic_constant();
    case 5: return move_wide();
    case 6: return bit_field();
    case 7: return extract();
    default: return false;
  }
}

bool A64Reader::address() {
  constexpr std::int64_t kPage = 4096;
  const std::int64_t distance = signed_bits(5, 19) * 4 + static_cast<std::int64_t>(bits(29, 2));
  const std::uint64_t to =
      bit(31) ? (at_ & ~std::uint64_t{kPage - 1}) + static_cast<std::uint64_t>(distance * kPage)
              : away(distance);
  block_.set(reg(0), static_cast<std::int64_t>(to));
  return true;
}

bool A64Reader::add_constant() {
  const std::int64_t value = static_cast<std::int64_t>(bits(10, 12)) << (bit(22) ? 12 : 0);
  const bool subtracts = bit(30);
  const bool sets_flags = bit(29);
  const Register a = reg_or_stack(5);
  if (sets_flags) {
    block_.set(kScratch, value);
    if (subtracts && bits(0, 5) == 31) return compare(a, kScratch);
    subtracts ? flags_.difference(a, kScratch, bytes()) : flags_.sum(a, kScratch, bytes());
  }
  const Register d = sets_flags ? reg(0) : reg_or_stack(0);
  block_.constant(Op::add_constant, d, a, subtracts ? -value : value);
  narrow(d);
  return true;
}

bool A64Reader::logic_constant() {
  const std::optional<std::uint64_t> value = repeated_ones(bit(22), bits(16, 6), bits(10, 6), wide());
  if (!value) return false;
  const auto constant = static_cast<std::int64_t>(*value);
  const unsigned which = bits(29, 2);
  static constexpr Op kOps[] = {Op::and_constant, Op::or_constant, Op::xor_constant, Op::and_constant};
  if (which == 3) {
    block_.constant(Op::and_constant, kFirst, reg(5), constant);
    flags_.result(kFirst, bytes());
    block_.move(reg(0), kFirst);
    return true;
  }
  const Register d = reg_or_stack(0);
  if (which == 1 && reg(5) == kZero) {
    block_.set(d, constant);
    return true;
  }
  block_.constant(kOps[which], d, reg(5), constant);
  narrow(d);
  return true;
}

bool A64Reader::move_wide() {
  const unsigned shift = bits(21, 2) * 16;
  const std::uint64_t value = std::uint64_t{bits(5, 16)} << shift;
  if (!wide() && shift > 16) return false;
  switch (bits(29, 2)) {
    case 0:
      block_.set(reg(0), static_cast<std::int64_t>(wide() ? ~value : static_cast<std::uint32_t>(~value)));
      return true;
    case 2: block_.set(reg(0), static_cast<std::int64_t>(value)); return true;
    case 3:
      block_.constant(Op::and_constant, reg(0), reg(0),
                      static_cast<std::int64_t>(~(std::uint64_t{0xffff} << shift)));
      block_.constant(Op::or_constant, reg(0), reg(0), static_cast<std::int64_t>(value));
      narrow(reg(0));
      return true;
    default: return false;
  }
}

/// Bits from `from` up to `last` go down to 0; or those up to `last` go up, if `from` is more. By shifts of
/// 64 bits: first to the top, then to their place.
bool A64Reader::bit_field() {
  const unsigned from = bits(16, 6);
  const unsigned last = bits(10, 6);
  const unsigned which = bits(29, 2);  // 0 with the sign above, 1 into what is there, 2 with nothing above
  if (bit(22) != wide() || which == 3 || from >= width() || last >= width()) return false;
  const unsigned place = last >= from ? 0 : width() - from;
  const unsigned to_top = 63 - last;
  const unsigned down = last >= from ? to_top + from : to_top - place;
  Register value = reg(5);
  const Register d = which == 1 ? kFirst : reg(0);
  if (to_top != 0) {
    block_.constant(Op::shift_left_constant, kFirst, value, to_top);
    value = kFirst;
  }
  block_.constant(which == 0 ? Op::shift_signed_constant : Op::shift_right_constant, d, value, down);
  if (which == 1) {
    const unsigned count = last >= from ? last - from + 1 : last + 1;
    const std::uint64_t ones = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    block_.constant(Op::and_constant, kSecond, reg(0), static_cast<std::int64_t>(~(ones << place)));
    block_.two(Op::bit_or, reg(0), kFirst, kSecond);
  }
  narrow(reg(0));
  return true;
}

bool A64Reader::extract() {
  const unsigned by = bits(10, 6);
  if (bits(29, 2) != 0 || bit(21) || bit(22) != wide() || by >= width()) return false;
  rotate(reg(0), reg(5), reg(16), by);
  return true;
}

/// d = the low bits of high:low moved down.
void A64Reader::rotate(Register d, Register high, Register low, unsigned by) {
  low = zero_extended(low, kFirst);
  if (by == 0) return block_.move(d, low);
  block_.constant(Op::shift_left_constant, kSecond, high, width() - by);
  block_.constant(Op::shift_right_constant, kFirst, low, by);
  block_.two(Op::bit_or, d, kFirst, kSecond);
  narrow(d);
}

}  // namespace assay::exec
