// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The operations whose result the precision control rounds, and comparison.
#include <bit>
#include <utility>

#include "machine/x87/rounding.h"

namespace assay::machine::x87 {
namespace {

void note_denormals(Context& context, const Number& a, const Number& b) {
  if (a.denormal || b.denormal) context.raised |= kDenormal;
}

// significand / 2^127 * 2^exponent, the top bit anywhere.
Float80 normalise_and_round(Context& context, bool sign, int exponent, Wide significand) {
  const auto high = static_cast<std::uint64_t>(significand >> 64);
  const int shift =
      high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(significand));
  return round(context, sign, exponent - shift, significand << shift, context.precision);
}

// What a zero with the sign of `a` and one with that of `b` add up to.
Float80 zero_sum(const Context& context, bool a, bool b) {
  return zero(a == b ? a : context.rounding == Rounding::down);
}

Float80 sum(Context& context, const Number& a, Number b, bool negate) {
  if (a.is_nan() || b.is_nan()) return nan_result(context, a, b);
  b.sign = b.sign != negate;
  if (a.is_infinite() && b.is_infinite() && a.sign != b.sign) return invalid(context);
  note_denormals(context, a, b);
  if (a.is_infinite() || b.is_infinite()) return infinity(a.is_infinite() ? a.sign : b.sign);
  if (a.is_zero() && b.is_zero()) return zero_sum(context, a.sign, b.sign);
  if (a.is_zero() || b.is_zero()) {
    const Number& other = a.is_zero() ? b : a;
    return normalise_and_round(context, other.sign, other.exponent, Wide{other.significand} << 64);
  }
  const Number* large = &a;
  const Number* small = &b;
  if (large->exponent < small->exponent ||
      (large->exponent == small->exponent && large->significand < small->significand)) {
    std::swap(large, small);
  }
  // One bit is kept free for the carry.
  const Wide x = Wide{large->significand} << 63;
  const Wide y = shift_right_sticky(Wide{small->significand} << 63,
                                    static_cast<unsigned>(large->exponent - small->exponent));
  const Wide result = large->sign == small->sign ? x + y : x - y;
  if (result == 0) return zero_sum(context, large->sign, small->sign);
  return normalise_and_round(context, large->sign, large->exponent + 1, result);
}

}  // namespace

Float80 add(Context& context, const Number& a, const Number& b) { return sum(context, a, b, false); }
Float80 subtract(Context& context, const Number& a, const Number& b) { return sum(context, a, b, true); }

Float80 multiply(Context& context, const Number& a, const Number& b) {
  if (a.is_nan() || b.is_nan()) return nan_result(context, a, b);
  if ((a.is_infinite() && b.is_zero()) || (a.is_zero() && b.is_infinite())) return invalid(context);
  note_denormals(context, a, b);
  const bool sign = a.sign != b.sign;
  if (a.is_infinite() || b.is_infinite()) return infinity(sign);
  if (a.is_zero() || b.is_zero()) return zero(sign);
  return normalise_and_round(context, sign, a.exponent + b.exponent + 1, Wide{a.significand} * b.significand);
}

Float80 divide(Context& context, const Number& a, const Number& b) {
  if (a.is_nan() || b.is_nan()) return nan_result(context, a, b);
  if ((a.is_infinite() && b.is_infinite()) || (a.is_zero() && b.is_zero())) return invalid(context);
  const bool sign = a.sign != b.sign;
  if (b.is_zero()) {
    if (!a.is_infinite()) context.raised |= kZeroDivide;
    return infinity(sign);
  }
  note_denormals(context, a, b);
  if (a.is_infinite()) return infinity(sign);
  if (a.is_zero() || b.is_infinite()) return zero(sign);
  // 128 bits of the quotient, the last one sticky.
  const Wide dividend = Wide{a.significand} << 63;
  const Wide high = dividend / b.significand;
  const Wide next = (dividend % b.significand) << 64;
  const Wide low = next / b.significand;
  const Wide quotient = (high << 64) | low | (next % b.significand != 0 ? 1 : 0);
  return normalise_and_round(context, sign, a.exponent - b.exponent, quotient);
}

Float80 square_root(Context& context, const Number& a) {
  if (a.is_nan()) return nan_result(context, a);
  if (a.is_zero()) return zero(a.sign);
  if (a.sign) return invalid(context);
  if (a.denormal) context.raised |= kDenormal;
  if (a.is_infinite()) return infinity(false);
  // Two bits of the operand, one of the root: 64 bits of root, one more for rounding, and what is left.
  const bool odd = (a.exponent & 1) != 0;
  const Wide operand = Wide{a.significand} << (odd ? 64 : 63);  // its top two bits are 01, 10 or 11
  Wide rest = 0;
  Wide root = 0;
  for (int bit = 0; bit < 66; ++bit) {
    const auto next = bit < 64 ? static_cast<unsigned>(operand >> (126 - 2 * bit)) & 3U : 0U;
    rest = (rest << 2) | next;
    const Wide trial = (root << 2) | 1;
    root <<= 1;
    if (rest >= trial) {
      rest -= trial;
      root |= 1;
    }
  }
  const int exponent = (a.exponent - (odd ? 1 : 0)) / 2;
  return round(context, false, exponent, (root << 62) | (rest != 0 ? 1 : 0), context.precision);
}

Order compare(Context& context, const Number& a, const Number& b, bool quiet) {
  if (a.is_nan() || b.is_nan()) {
    if (!quiet || a.kind > Kind::quiet_nan || b.kind > Kind::quiet_nan) context.raised |= kInvalid;
    return Order::unordered;
  }
  note_denormals(context, a, b);
  if (a.is_zero() && b.is_zero()) return Order::equal;
  const auto sign_of = [](const Number& n) { return n.is_zero() ? 0 : n.sign ? -1 : 1; };
  if (sign_of(a) != sign_of(b)) return sign_of(a) < sign_of(b) ? Order::less : Order::greater;
  const auto rank = [](const Number& n) { return n.is_infinite() ? 2 * kBias : n.exponent; };
  const std::uint64_t x = a.significand;
  const std::uint64_t y = b.significand;
  if (rank(a) == rank(b) && x == y) return Order::equal;
  const bool less = rank(a) != rank(b) ? rank(a) < rank(b) : x < y;
  return less != a.sign ? Order::less : Order::greater;
}

}  // namespace assay::machine::x87
