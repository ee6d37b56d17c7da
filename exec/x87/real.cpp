// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/x87/real.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace assay::exec::x87 {
namespace {

__extension__ typedef unsigned __int128 Unsigned128;  // NOLINT(modernize-use-using): the extension mark

using Kind = Real::Kind;

constexpr std::uint64_t kTopBit = std::uint64_t{1} << 63;
constexpr std::uint64_t kQuiet = std::uint64_t{1} << 62;
constexpr int kBias = 16383;
constexpr unsigned kMost = 0x7fff;
constexpr std::uint16_t kSign = 0x8000;
constexpr Extended kIndefinite{kTopBit | kQuiet, 0xffff};

/// Numbers of a size: bits of a significand, exponents of the least bit and of the highest.
struct Size {
  unsigned bits;
  int least;
  int highest;
};
constexpr Size kSingle{24, -149, 127}, kDouble{53, -1074, 1023}, kExtended{64, -16445, 16383};

/// significand * 2^exponent, or more than there is.
struct Rounded {
  bool infinite = false;
  std::uint64_t significand = 0;
  int exponent = 0;
};

int top_of(Unsigned128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high != 0 ? 127 - std::countl_zero(high) : 63 - std::countl_zero(static_cast<std::uint64_t>(value));
}

/// All but the lowest `drop` bits of a value, some more of which are left out already if `more`.
struct Cut {
  std::uint64_t kept = 0;
  bool carries = false;  ///< it is 2^64
  bool inexact = false;
  bool away = false;
};
Cut cut(const Arithmetic& how, bool negative, Unsigned128 value, int drop, bool more) {
  Cut result;
  bool half = false;
  bool rest = more;
  if (drop <= 0) {
    result.kept = static_cast<std::uint64_t>(value);
  } else if (drop > 128) {
    rest = rest || value != 0;
  } else {
    result.kept = drop == 128 ? 0 : static_cast<std::uint64_t>(value >> drop);
    half = (value >> (drop - 1) & 1) != 0;
    rest = rest || (value & ((Unsigned128{1} << (drop - 1)) - 1)) != 0;
  }
  result.inexact = half || rest;
  switch (how.rounding) {
    case Arithmetic::Rounding::nearest: result.away = half && (rest || (result.kept & 1) != 0); break;
    case Arithmetic::Rounding::down: result.away = negative && result.inexact; break;
    case Arithmetic::Rounding::up: result.away = !negative && result.inexact; break;
    case Arithmetic::Rounding::zero: break;
  }
  if (result.away) result.carries = ++result.kept == 0;
  return result;
}

/// value * 2^exponent, which is not 0, to a number of `size` with so many bits.
Rounded round(Arithmetic& how, bool negative, Unsigned128 value, int exponent, bool more, const Size& size,
              unsigned bits) {
  const int shift = 127 - top_of(value);
  value <<= shift;
  exponent -= shift;
  const auto cut_at = [&](int drop) {
    const Cut one = cut(how, negative, value, drop, more);
    how.away = one.away;
    Rounded result{false, one.kept, exponent + drop};
    if (one.carries) result = {false, kTopBit, exponent + drop + 1};
    return std::pair(result, one.inexact);
  };
  const int drop = 128 - static_cast<int>(bits);
  Rounded result{};
  bool inexact = false;
  std::tie(result, inexact) = cut_at(drop);
  const auto top = [&] { return result.exponent + 63 - std::countl_zero(result.significand); };
  const bool tiny = top() < size.least + static_cast<int>(size.bits) - 1;
  // Of a result with fewer bits the low ones are 0 in a denormal, too.
  const int least = size.least + static_cast<int>(size.bits - bits);
  if (tiny && least - exponent > drop) std::tie(result, inexact) = cut_at(least - exponent);
  if (result.significand != 0 && top() > size.highest) {
    how.raised |= kOverflow | kInexact;
    how.away = how.rounding == Arithmetic::Rounding::nearest ||
               how.rounding == (negative ? Arithmetic::Rounding::down : Arithmetic::Rounding::up);
    const int above = 64 - static_cast<int>(bits);
    return {how.away, ~std::uint64_t{0} << above, size.highest - 63};
  }
  if (inexact) how.raised |= tiny ? kInexact | kUnderflow : kInexact;
  return result;
}

Extended zero(bool negative) { return {0, static_cast<std::uint16_t>(negative ? kSign : 0)}; }
Extended infinity(bool negative) {
  return {kTopBit, static_cast<std::uint16_t>(kMost | (negative ? kSign : 0U))};
}

Extended pack(bool negative, Rounded one) {
  if (one.infinite) return infinity(negative);
  if (one.significand == 0) return zero(negative);
  const int shift = std::min(std::countl_zero(one.significand), one.exponent - kExtended.least);
  one.significand <<= shift;
  const bool denormal = (one.significand & kTopBit) == 0;
  const int biased = denormal ? 0 : one.exponent - shift + 63 + kBias;
  return {one.significand, static_cast<std::uint16_t>(biased | (negative ? kSign : 0))};
}

Extended result(Arithmetic& how, bool negative, Unsigned128 value, int exponent, bool more) {
  return pack(negative, round(how, negative, value, exponent, more, kExtended, how.bits));
}

Extended invalid(Arithmetic& how) {
  how.raised |= kInvalid;
  return kIndefinite;
}

Extended quieted(Arithmetic& how, const Real& nan) {
  if (nan.kind == Kind::signalling_nan) how.raised |= kInvalid;
  return {nan.significand | kQuiet, static_cast<std::uint16_t>(kMost | (nan.negative ? kSign : 0U))};
}

/// Of two operands one of which is no number.
Extended nan_of(Arithmetic& how, const Real& a, const Real& b) {
  if (a.kind == Kind::no_number || b.kind == Kind::no_number) return invalid(how);
  if (!b.is_nan()) return quieted(how, a);
  if (!a.is_nan()) return quieted(how, b);
  if (a.kind == Kind::signalling_nan || b.kind == Kind::signalling_nan) how.raised |= kInvalid;
  if (a.kind != b.kind) return quieted(how, a.kind == Kind::quiet_nan ? a : b);
  const bool first = a.significand != b.significand ? a.significand > b.significand : !a.negative;
  return quieted(how, first ? a : b);
}

void note_denormals(Arithmetic& how, const Real& a, const Real& b) {
  if (a.denormal || b.denormal) how.raised |= kDenormal;
}

Real of_fields(bool negative, std::uint64_t fraction, int exponent, const Size& size) {
  const int least = size.least;
  const auto fraction_bits = static_cast<int>(size.bits) - 1;
  Real real{.negative = negative};
  const int most = size.highest - least - fraction_bits + 2;
  if (exponent == most) {
    real.significand = kTopBit | fraction << (63 - fraction_bits);
    real.kind = fraction == 0                      ? Kind::infinite
                : (real.significand & kQuiet) != 0 ? Kind::quiet_nan
                                                   : Kind::signalling_nan;
    return real;
  }
  real.denormal = exponent == 0 && fraction != 0;
  if (exponent != 0) fraction |= std::uint64_t{1} << fraction_bits;
  if (fraction == 0) return real;
  const int shift = std::countl_zero(fraction);
  real.kind = Kind::finite;
  real.significand = fraction << shift;
  real.exponent = std::max(exponent, 1) - 1 + least - shift;
  return real;
}

/// The fields of a smaller number.
std::uint64_t to_fields(Arithmetic& how, const Real& value, const Size& size) {
  const auto fraction_bits = static_cast<int>(size.bits) - 1;
  const std::uint64_t most = static_cast<std::uint64_t>(size.highest - size.least - fraction_bits + 2)
                             << fraction_bits;
  const std::uint64_t sign = value.negative ? std::uint64_t{1} << (size.bits == kSingle.bits ? 31 : 63) : 0;
  if (value.kind == Kind::no_number) {
    how.raised |= kInvalid;
    const std::uint64_t negative = std::uint64_t{1} << (size.bits == kSingle.bits ? 31 : 63);
    return negative | most | std::uint64_t{1} << (fraction_bits - 1);
  }
  if (value.is_nan())
    return sign | most | (quieted(how, value).significand & ~kTopBit) >> (63 - fraction_bits);
  if (value.kind == Kind::infinite) return sign | most;
  if (value.kind == Kind::zero) return sign;
  const Rounded one = round(how, value.negative, value.significand, value.exponent, false, size, size.bits);
  if (one.infinite) return sign | most;
  if (one.significand == 0) return sign;
  const int top = 63 - std::countl_zero(one.significand);
  const int exponent = one.exponent + top - fraction_bits - size.least + 1;  // of a normal one
  if (exponent <= 0) {
    // Its unit is the least bit, or a multiple of it.
    return sign | one.significand << (one.exponent - size.least);
  }
  const std::uint64_t fraction = top > fraction_bits ? one.significand >> (top - fraction_bits)
                                                     : one.significand << (fraction_bits - top);
  return sign | static_cast<std::uint64_t>(exponent) << fraction_bits |
         (fraction & ((std::uint64_t{1} << fraction_bits) - 1));
}

}  // namespace

Real real_of(const Extended& value) {
  Real real{.negative = (value.top & kSign) != 0, .significand = value.significand};
  const unsigned exponent = value.top & kMost;
  const bool integer = (value.significand & kTopBit) != 0;
  if (exponent == 0 && value.significand == 0) return real;
  if (exponent != 0 && !integer) {
    real.kind = Kind::no_number;
  } else if (exponent == kMost) {
    real.kind = value.significand == kTopBit        ? Kind::infinite
                : (value.significand & kQuiet) != 0 ? Kind::quiet_nan
                                                    : Kind::signalling_nan;
  } else {
    real.kind = Kind::finite;
    real.denormal = exponent == 0;
    const int shift = std::countl_zero(value.significand);
    real.significand <<= shift;
    real.exponent = std::max<int>(static_cast<int>(exponent), 1) - kBias - 63 - shift;
  }
  return real;
}

Real real_of_single(std::uint32_t bits) {
  return of_fields((bits >> 31) != 0, bits & 0x7fffff, static_cast<int>(bits >> 23 & 0xff), kSingle);
}
Real real_of_double(std::uint64_t bits) {
  return of_fields((bits >> 63) != 0, bits & ((std::uint64_t{1} << 52) - 1),
                   static_cast<int>(bits >> 52 & 0x7ff), kDouble);
}
Real real_of_integer(std::int64_t value) {
  Real real{.negative = value < 0};
  if (value == 0) return real;
  const std::uint64_t size =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const int shift = std::countl_zero(size);
  real.kind = Kind::finite;
  real.significand = size << shift;
  real.exponent = -shift;
  return real;
}

Extended extended_of(const Real& value) {
  switch (value.kind) {
    case Kind::zero: return zero(value.negative);
    case Kind::finite: return pack(value.negative, {false, value.significand, value.exponent});
    case Kind::infinite: return infinity(value.negative);
    default: return {value.significand, static_cast<std::uint16_t>(kMost | (value.negative ? kSign : 0U))};
  }
}

Extended add(Arithmetic& how, const Real& a, const Real& b) {
  if (a.is_nan() || b.is_nan()) return nan_of(how, a, b);
  const bool both_infinite = a.kind == Kind::infinite && b.kind == Kind::infinite;
  if (both_infinite && a.negative != b.negative) return invalid(how);
  note_denormals(how, a, b);
  if (a.kind == Kind::infinite) return infinity(a.negative);
  if (b.kind == Kind::infinite) return infinity(b.negative);
  const bool down = how.rounding == Arithmetic::Rounding::down;
  if (a.kind == Kind::zero && b.kind == Kind::zero) return zero(a.negative == b.negative ? a.negative : down);
  if (a.kind == Kind::zero) return result(how, b.negative, b.significand, b.exponent, false);
  if (b.kind == Kind::zero) return result(how, a.negative, a.significand, a.exponent, false);
  const bool swap = a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand);
  const Real& large = swap ? b : a;
  const Real& small = swap ? a : b;
  constexpr int kRoom = 62;  // above is a bit for the carry
  const int apart = large.exponent - small.exponent;
  const Unsigned128 first = Unsigned128{large.significand} << kRoom;
  const Unsigned128 whole = Unsigned128{small.significand} << kRoom;
  const Unsigned128 second = apart > 127 ? 0 : whole >> apart;
  const bool more = apart > 127 || (second << apart) != whole;
  const int exponent = large.exponent - kRoom;
  if (large.negative == small.negative) return result(how, large.negative, first + second, exponent, more);
  const Unsigned128 difference = first - second - (more ? 1 : 0);
  if (difference == 0 && !more) return zero(down);
  return result(how, large.negative, difference, exponent, more);
}

Extended subtract(Arithmetic& how, const Real& a, Real b) {
  if (!b.is_nan()) b.negative = !b.negative;
  return add(how, a, b);
}

Extended multiply(Arithmetic& how, const Real& a, const Real& b) {
  if (a.is_nan() || b.is_nan()) return nan_of(how, a, b);
  const bool is_zero = a.kind == Kind::zero || b.kind == Kind::zero;
  const bool is_infinite = a.kind == Kind::infinite || b.kind == Kind::infinite;
  if (is_zero && is_infinite) return invalid(how);
  note_denormals(how, a, b);
  const bool negative = a.negative != b.negative;
  if (is_infinite) return infinity(negative);
  if (is_zero) return zero(negative);
  return result(how, negative, Unsigned128{a.significand} * b.significand, a.exponent + b.exponent, false);
}

Extended divide(Arithmetic& how, const Real& a, const Real& b) {
  if (a.is_nan() || b.is_nan()) return nan_of(how, a, b);
  if (a.kind == b.kind && a.kind != Kind::finite) return invalid(how);
  const bool negative = a.negative != b.negative;
  const bool by_zero = b.kind == Kind::zero && a.kind == Kind::finite;
  by_zero ? (void)(how.raised |= kZeroDivide) : note_denormals(how, a, b);
  if (a.kind == Kind::infinite || b.kind == Kind::zero) return infinity(negative);
  if (a.kind == Kind::zero || b.kind == Kind::infinite) return zero(negative);
  // 96 bits of the quotient, or one more.
  const Unsigned128 dividend = Unsigned128{a.significand} << 64;
  Unsigned128 quotient = dividend / b.significand;
  Unsigned128 rest = dividend % b.significand;
  rest <<= 32;
  quotient = quotient << 32 | rest / b.significand;
  return result(how, negative, quotient, a.exponent - b.exponent - 96, rest % b.significand != 0);
}

Order compare(Arithmetic& how, const Real& a, const Real& b, bool quietly) {
  if (a.is_nan() || b.is_nan()) {
    const auto is_wrong = [&](const Real& one) {
      return one.kind == Kind::signalling_nan || one.kind == Kind::no_number ||
             (one.kind == Kind::quiet_nan && !quietly);
    };
    if (is_wrong(a) || is_wrong(b)) how.raised |= kInvalid;
    return Order::unordered;
  }
  note_denormals(how, a, b);
  if (a.kind == Kind::zero && b.kind == Kind::zero) return Order::equal;
  const auto sign = [](const Real& one) { return one.kind == Kind::zero ? 0 : one.negative ? -1 : 1; };
  if (sign(a) != sign(b)) return sign(a) < sign(b) ? Order::less : Order::greater;
  const auto size = [](const Real& one) {
    return std::pair(one.kind == Kind::infinite ? kBias * 2 : one.exponent, one.significand);
  };
  if (a.kind == b.kind && (a.kind == Kind::infinite || size(a) == size(b))) return Order::equal;
  return (size(a) < size(b)) != a.negative ? Order::less : Order::greater;
}

std::uint32_t single_of(Arithmetic& how, const Real& value) {
  return static_cast<std::uint32_t>(to_fields(how, value, kSingle));
}
std::uint64_t double_of(Arithmetic& how, const Real& value) { return to_fields(how, value, kDouble); }

std::uint64_t integer_of(Arithmetic& how, const Real& value, unsigned bits) {
  const std::uint64_t lowest = ~std::uint64_t{0} << (bits - 1);
  if (value.kind == Kind::zero) return 0;
  const auto does_not_fit = [&] {
    how.raised = kInvalid;
    how.away = false;
    return lowest;
  };
  if (value.kind != Kind::finite || value.exponent > 0) return does_not_fit();
  const Cut one = cut(how, value.negative, value.significand, -value.exponent, false);
  const std::uint64_t most = value.negative ? 0 - lowest : ~lowest;
  if (one.carries || one.kept > most) return does_not_fit();
  if (one.inexact) how.raised |= kInexact;
  how.away = one.away;
  return value.negative ? 0 - one.kept : one.kept;
}

Extended whole(Arithmetic& how, const Real& value) {
  if (value.is_nan()) return nan_of(how, value, value);
  if (value.denormal) how.raised |= kDenormal;
  if (value.kind != Kind::finite || value.exponent >= 0) return extended_of(value);
  const Cut one = cut(how, value.negative, value.significand, -value.exponent, false);
  if (one.inexact) how.raised |= kInexact;
  how.away = one.away;
  return pack(value.negative, one.carries ? Rounded{false, kTopBit, 1} : Rounded{false, one.kept, 0});
}

}  // namespace assay::exec::x87
