// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Taking apart, rounding and putting together; NaNs.
#include "machine/x87/float80.h"

#include <bit>

#include "machine/x87/rounding.h"

namespace assay::machine::x87 {
namespace {

constexpr int kMostExponent = static_cast<int>(kTopExponent) - 1 - kBias;
constexpr int kLeastExponent = 1 - kBias;
constexpr int kUnmaskedScale = 24576;  // the result of an unmasked overflow or underflow is this far away

Number from_bits(std::uint64_t fraction, unsigned bits, unsigned exponent, unsigned top, bool sign) {
  Number number;
  number.sign = sign;
  const int bias = static_cast<int>(top >> 1);
  if (exponent == top) {
    number.significand = kIntegerBit | (fraction << (63 - bits));
    number.kind = fraction == 0                           ? Kind::infinity
                  : (number.significand & kQuietBit) != 0 ? Kind::quiet_nan
                                                          : Kind::signalling_nan;
    return number;
  }
  if (exponent == 0 && fraction == 0) return number;
  number.kind = Kind::finite;
  number.denormal = exponent == 0;
  number.significand = fraction << (63 - bits);
  number.exponent = exponent == 0 ? 1 - bias : static_cast<int>(exponent) - bias;
  if (exponent != 0) {
    number.significand |= kIntegerBit;
  } else {
    const int shift = std::countl_zero(number.significand);
    number.significand <<= shift;
    number.exponent -= shift;
  }
  return number;
}

Float80 quiet(const Number& nan) {
  return {nan.significand | kQuietBit, static_cast<std::uint16_t>(kTopExponent | (nan.sign ? 0x8000U : 0U))};
}

}  // namespace

Number take_apart(Float80 value) {
  Number number;
  number.sign = (value.top & 0x8000U) != 0;
  number.significand = value.significand;
  const unsigned exponent = value.top & kTopExponent;
  const bool integer_bit = (value.significand & kIntegerBit) != 0;
  if (exponent != 0 && !integer_bit) {
    number.kind = Kind::unsupported;
  } else if (exponent == kTopExponent) {
    number.kind = value.significand == kIntegerBit       ? Kind::infinity
                  : (value.significand & kQuietBit) != 0 ? Kind::quiet_nan
                                                         : Kind::signalling_nan;
  } else if (value.significand != 0) {
    number.kind = Kind::finite;
    number.denormal = exponent == 0;
    const int shift = std::countl_zero(value.significand);
    number.significand <<= shift;
    number.exponent = (exponent == 0 ? kLeastExponent : static_cast<int>(exponent) - kBias) - shift;
  }
  return number;
}

Number from_single(std::uint32_t bits) {
  return from_bits(bits & 0x7F'FFFFU, 23, bits >> 23 & 0xFF, 0xFF, bits >> 31 != 0);
}

Number from_double(std::uint64_t bits) {
  return from_bits(bits & 0xF'FFFF'FFFF'FFFFU, 52, static_cast<unsigned>(bits >> 52) & 0x7FF, 0x7FF,
                   bits >> 63 != 0);
}

Number from_integer(std::int64_t value) {
  Number number;
  if (value == 0) return number;
  number.kind = Kind::finite;
  number.sign = value < 0;
  number.significand = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const int shift = std::countl_zero(number.significand);
  number.significand <<= shift;
  number.exponent = 63 - shift;
  return number;
}

Float80 zero(bool sign) { return {0, static_cast<std::uint16_t>(sign ? 0x8000U : 0U)}; }

Float80 infinity(bool sign) {
  return {kIntegerBit, static_cast<std::uint16_t>(kTopExponent | (sign ? 0x8000U : 0U))};
}

Float80 put_together(const Number& number) {
  switch (number.kind) {
    case Kind::zero: return zero(number.sign);
    case Kind::infinity: return infinity(number.sign);
    case Kind::finite: break;
    default: return quiet(number);
  }
  const unsigned sign = number.sign ? 0x8000U : 0U;
  if (number.exponent < kLeastExponent) {
    return {number.significand >> (kLeastExponent - number.exponent), static_cast<std::uint16_t>(sign)};
  }
  return {number.significand,
          static_cast<std::uint16_t>(sign | static_cast<unsigned>(number.exponent + kBias))};
}

Rounded round_bits(Rounding rounding, bool sign, Wide significand, unsigned precision) {
  const unsigned dropped = 128 - precision;
  const Wide unit = Wide{1} << dropped;
  const Wide rest = significand & (unit - 1);
  Rounded result;
  result.significand = significand - rest;
  result.inexact = rest != 0;
  if (!result.inexact) return result;
  switch (rounding) {
    case Rounding::nearest:
      result.up = rest > unit / 2 || (rest == unit / 2 && (significand & unit) != 0);
      break;
    case Rounding::down: result.up = sign; break;
    case Rounding::up: result.up = !sign; break;
    case Rounding::zero: break;
  }
  if (result.up) {
    result.significand += unit;
    result.carry = result.significand == 0;
  }
  return result;
}

Wide shift_right_sticky(Wide value, unsigned count) {
  if (count == 0) return value;
  if (count >= 128) return value != 0 ? 1 : 0;
  const Wide rest = value & ((Wide{1} << count) - 1);
  return (value >> count) | (rest != 0 ? 1 : 0);
}

Packed round_to(Context& context, const Format& format, bool sign, int exponent, Wide significand) {
  constexpr Wide kTopBit = Wide{1} << 127;
  const auto packed = [&](const Rounded& rounded, int at) {
    if (rounded.inexact) context.raised |= kPrecision;
    context.up = rounded.up;
    return Packed{rounded.carry ? kIntegerBit : static_cast<std::uint64_t>(rounded.significand >> 64),
                  at + (rounded.carry ? 1 : 0), false};
  };
  const Rounded rounded = round_bits(context.rounding, sign, significand, format.precision);
  const int result = exponent + (rounded.carry ? 1 : 0);
  if (result > format.most) {
    context.raised |= kOverflow;
    if ((context.masked & kOverflow) == 0 && result - kUnmaskedScale <= format.most)
      return packed(rounded, exponent - kUnmaskedScale);
    context.raised |= kPrecision;
    context.up =
        context.rounding == Rounding::nearest || context.rounding == (sign ? Rounding::down : Rounding::up);
    if (context.up) return {kIntegerBit, format.most + 1, false};
    return {~std::uint64_t{0} << (64 - format.precision), format.most, false};
  }
  if (result >= format.least) return packed(rounded, exponent);
  if ((context.masked & kUnderflow) == 0) {
    context.raised |= kUnderflow;
    if (result + kUnmaskedScale >= format.least) return packed(rounded, exponent + kUnmaskedScale);
  }
  const Wide small = shift_right_sticky(significand, static_cast<unsigned>(format.least - exponent));
  const Rounded tiny = round_bits(context.rounding, sign, small, format.precision);
  if (tiny.inexact) context.raised |= kUnderflow;
  Packed out = packed(tiny, format.least);
  out.denormal = (tiny.significand & kTopBit) == 0;
  return out;
}

Float80 round(Context& context, bool sign, int exponent, Wide significand, unsigned precision) {
  const Packed packed =
      round_to(context, {precision, kLeastExponent, kMostExponent}, sign, exponent, significand);
  const int biased = packed.denormal ? 0 : packed.exponent + kBias;
  return {packed.significand,
          static_cast<std::uint16_t>((sign ? 0x8000U : 0U) | static_cast<unsigned>(biased))};
}

Float80 invalid(Context& context) {
  context.raised |= kInvalid;
  return kIndefinite;
}

Float80 nan_result(Context& context, const Number& a) {
  if (a.kind == Kind::unsupported) return invalid(context);
  if (a.kind == Kind::signalling_nan) context.raised |= kInvalid;
  return quiet(a);
}

// Of two NaNs a quiet one goes before a signalling one, then the larger significand, then the positive one.
Float80 nan_result(Context& context, const Number& a, const Number& b) {
  if (a.kind == Kind::unsupported || b.kind == Kind::unsupported) return invalid(context);
  if (a.kind == Kind::signalling_nan || b.kind == Kind::signalling_nan) context.raised |= kInvalid;
  if (!b.is_nan()) return quiet(a);
  if (!a.is_nan()) return quiet(b);
  if (a.kind != b.kind) return quiet(a.kind == Kind::quiet_nan ? a : b);
  if (a.significand != b.significand) return quiet(a.significand > b.significand ? a : b);
  return quiet(a.sign ? b : a);
}

}  // namespace assay::machine::x87
