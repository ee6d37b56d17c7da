// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between registers and what lies in memory; scaling and remainders.
#include "machine/x87/rounding.h"

namespace assay::machine::x87 {
namespace {

constexpr unsigned kDecimalDigits = 18;
constexpr std::uint64_t kDecimalLimit = 1'000'000'000'000'000'000U;

struct Whole {
  std::uint64_t value = 0;
  bool too_large = false;
  bool inexact = false;
  bool up = false;
};

// The magnitude of a finite number or zero, as an integer.
Whole to_whole(Rounding rounding, const Number& a) {
  if (a.is_zero()) return {};
  if (a.exponent > 63) return {0, true, false, false};
  // The integer is the high half, the rest decides.
  const Wide shifted = shift_right_sticky(Wide{a.significand} << 64, static_cast<unsigned>(63 - a.exponent));
  const Rounded rounded = round_bits(rounding, a.sign, shifted, 64);
  return {static_cast<std::uint64_t>(rounded.significand >> 64), rounded.carry, rounded.inexact, rounded.up};
}

std::uint64_t to_format(Context& context, const Number& a, const Format& format, unsigned fraction_bits,
                        unsigned top) {
  const unsigned exponent_bits = fraction_bits == 23 ? 8 : 11;
  const auto assemble = [&](bool sign, unsigned exponent, std::uint64_t fraction) {
    return (std::uint64_t{sign ? 1U : 0U} << (fraction_bits + exponent_bits)) |
           (std::uint64_t{exponent} << fraction_bits) | fraction;
  };
  if (a.is_nan()) {
    const Float80 nan = nan_result(context, a);
    const std::uint64_t fraction = nan.significand << 1 >> (64 - fraction_bits);
    return assemble((nan.top & 0x8000U) != 0, top, fraction);
  }
  if (a.is_infinite()) return assemble(a.sign, top, 0);
  if (a.is_zero()) return assemble(a.sign, 0, 0);
  const Packed packed = round_to(context, format, a.sign, a.exponent, Wide{a.significand} << 64);
  const std::uint64_t fraction = packed.significand << 1 >> (64 - fraction_bits);
  const unsigned exponent =
      packed.denormal ? 0 : static_cast<unsigned>(packed.exponent + static_cast<int>(top >> 1));
  return assemble(a.sign, exponent, fraction);
}

}  // namespace

std::uint64_t to_integer(Context& context, const Number& a, unsigned bits) {
  const std::uint64_t lowest = std::uint64_t{1} << (bits - 1);
  if (!a.is_nan() && !a.is_infinite()) {
    const Whole whole = to_whole(context.rounding, a);
    if (!whole.too_large && whole.value <= lowest - (a.sign ? 0U : 1U)) {
      if (whole.inexact) context.raised |= kPrecision;
      context.up = whole.up;
      const std::uint64_t value = a.sign ? 0 - whole.value : whole.value;
      return bits == 64 ? value : value & (2 * lowest - 1);
    }
  }
  context.raised |= kInvalid;
  return lowest;
}

std::uint64_t to_decimal(Context& context, const Number& a, std::uint64_t& high) {
  if (!a.is_nan() && !a.is_infinite()) {
    const Whole whole = to_whole(context.rounding, a);
    if (!whole.too_large && whole.value < kDecimalLimit) {
      if (whole.inexact) context.raised |= kPrecision;
      context.up = whole.up;
      Wide digits = 0;
      std::uint64_t rest = whole.value;
      for (unsigned i = 0; i < kDecimalDigits; ++i, rest /= 10) digits |= Wide{rest % 10} << (4 * i);
      high = static_cast<std::uint64_t>(digits >> 64) | (a.sign ? 0x8000U : 0U);
      return static_cast<std::uint64_t>(digits);
    }
  }
  context.raised |= kInvalid;
  high = 0xFFFF;
  return kIntegerBit | kQuietBit;
}

// A digit above 9 counts as that many: the manuals leave it open.
Float80 from_decimal(std::uint64_t low, std::uint64_t high) {
  const Wide digits = (Wide{high & 0xFF} << 64) | low;
  std::uint64_t value = 0;
  for (unsigned i = kDecimalDigits; i-- > 0;)
    value = value * 10 + (static_cast<unsigned>(digits >> (4 * i)) & 15);
  Number number = from_integer(static_cast<std::int64_t>(value));
  number.sign = (high & 0x8000U) != 0;
  return put_together(number);
}

std::uint64_t to_single(Context& context, const Number& a) {
  return to_format(context, a, kSingle, 23, 0xFF);
}
std::uint64_t to_double(Context& context, const Number& a) {
  return to_format(context, a, kDouble, 52, 0x7FF);
}

Float80 round_to_integer(Context& context, const Number& a) {
  if (a.is_nan()) return nan_result(context, a);
  if (a.is_infinite() || a.is_zero()) return put_together(a);
  if (a.denormal) context.raised |= kDenormal;
  if (a.exponent >= 63) return put_together(a);
  const Whole whole = to_whole(context.rounding, a);
  if (whole.inexact) context.raised |= kPrecision;
  context.up = whole.up;
  Number result = from_integer(static_cast<std::int64_t>(whole.value));
  result.sign = a.sign;
  return put_together(result);
}

Float80 scale(Context& context, const Number& a, const Number& b) {
  constexpr int kFarthest = 0x1'0000;  // beyond any two exponents
  if (a.is_nan() || b.is_nan()) return nan_result(context, a, b);
  if (b.is_infinite() && (b.sign ? a.is_infinite() : a.is_zero())) return invalid(context);
  if (a.denormal || b.denormal) context.raised |= kDenormal;
  if (b.is_infinite() && !b.sign) return infinity(a.sign);
  if (b.is_infinite()) return zero(a.sign);
  if (a.is_zero() || a.is_infinite()) return put_together(a);
  int by = 0;
  if (!b.is_zero() && b.exponent >= 0) {
    by = b.exponent > 16 ? kFarthest : static_cast<int>(b.significand >> (63 - b.exponent));
    if (b.sign) by = -by;
  }
  return round(context, a.sign, a.exponent + by, Wide{a.significand} << 64, 64);
}

Float80 extract(Context& context, const Number& a, Float80& significand) {
  if (a.is_nan()) return significand = nan_result(context, a);
  if (a.is_infinite()) {
    significand = infinity(a.sign);
    return infinity(false);
  }
  if (a.is_zero()) {
    context.raised |= kZeroDivide;
    significand = zero(a.sign);
    return infinity(true);
  }
  if (a.denormal) context.raised |= kDenormal;
  Number part = a;
  part.exponent = 0;
  significand = put_together(part);
  return put_together(from_integer(a.exponent));
}

Remainder remainder(Context& context, const Number& a, const Number& b, bool nearest) {
  Remainder result;
  if (a.is_nan() || b.is_nan()) {
    result.value = nan_result(context, a, b);
    return result;
  }
  if (a.is_infinite() || b.is_zero()) {
    result.value = invalid(context);
    return result;
  }
  result.defined = true;
  if (a.denormal || b.denormal) context.raised |= kDenormal;
  int distance = a.exponent - b.exponent;
  if (a.is_zero() || b.is_infinite() || distance < -1 || (distance < 0 && !nearest)) {
    result.value =
        a.is_zero() ? zero(a.sign) : round(context, a.sign, a.exponent, Wide{a.significand} << 64, 64);
    return result;
  }
  bool sign = a.sign;
  int exponent = b.exponent;
  if (distance >= 64) {
    result.partial = true;
    const int steps = (distance & 31) | 32;
    exponent = a.exponent - steps;
    distance = steps;
  }
  // The remainder so far, below the divisor; both scaled by 2^(64 - ...): distance -1 needs one bit more.
  Wide rest = a.significand;
  Wide divisor = b.significand;
  if (distance < 0) {
    divisor <<= 1;
    exponent -= 1;
    distance = 0;
  }
  std::uint64_t quotient = rest >= divisor ? 1 : 0;
  if (quotient != 0) rest -= divisor;
  for (; distance > 0; --distance) {
    rest <<= 1;
    quotient <<= 1;
    if (rest >= divisor) {
      rest -= divisor;
      quotient |= 1;
    }
  }
  if (nearest && !result.partial && (2 * rest > divisor || (2 * rest == divisor && (quotient & 1) != 0))) {
    rest = divisor - rest;
    sign = !sign;
    ++quotient;
  }
  result.quotient = static_cast<unsigned>(quotient & 7);
  if (rest == 0) {
    result.value = zero(a.sign);
    return result;
  }
  // `rest` may have 65 bits.
  Wide significand = rest << 63;
  exponent += 1;
  while ((significand >> 127) == 0) {
    significand <<= 1;
    --exponent;
  }
  result.value = round(context, sign, exponent, significand, 64);
  return result;
}

}  // namespace assay::machine::x87
