// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is no number is settled here, bit by bit, as the manuals have it; the rest is the host's arithmetic,
// which IEEE 754 leaves no choice.
#include "machine/sse/unit.h"

#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>

namespace assay::machine::sse {

static_assert(FLT_EVAL_METHOD == 0 && std::numeric_limits<double>::is_iec559 &&
              std::numeric_limits<float>::is_iec559);

namespace {

/// A number's bits.
template <class F>
struct Layout;
template <>
struct Layout<float> {
  using Bits = std::uint32_t;
  static constexpr unsigned kFraction = 23;
  static constexpr Bits kQuiet = 0x0040'0000;
  static constexpr Bits kDefault = 0xFFC0'0000;
};
template <>
struct Layout<double> {
  using Bits = std::uint64_t;
  static constexpr unsigned kFraction = 52;
  static constexpr Bits kQuiet = 0x0008'0000'0000'0000;
  static constexpr Bits kDefault = 0xFFF8'0000'0000'0000;
};
template <class F>
using Bits = typename Layout<F>::Bits;

template <class F>
F number(std::uint64_t bits) {
  return std::bit_cast<F>(static_cast<Bits<F>>(bits));
}
template <class F>
Bits<F> bits_of(F value) {
  return std::bit_cast<Bits<F>>(value);
}

template <class F>
Bits<F> arithmetic(Do what, std::uint64_t to, std::uint64_t from) {
  const F a = number<F>(to);
  const F b = number<F>(from);
  if (what == Do::minimum) return a < b ? bits_of(a) : bits_of(b);
  if (what == Do::maximum) return a > b ? bits_of(a) : bits_of(b);
  if (what != Do::square_root && std::isnan(a)) return bits_of(a) | Layout<F>::kQuiet;
  if (std::isnan(b)) return bits_of(b) | Layout<F>::kQuiet;
  F result{};
  switch (what) {
    case Do::add: result = a + b; break;
    case Do::multiply: result = a * b; break;
    case Do::subtract: result = a - b; break;
    case Do::divide: result = a / b; break;
    default: result = std::sqrt(b); break;
  }
  return std::isnan(result) ? Layout<F>::kDefault : bits_of(result);
}

/// A number of the other size.
template <class To, class From>
Bits<To> converted(std::uint64_t bits) {
  const From value = number<From>(bits);
  if (!std::isnan(value)) return bits_of(static_cast<To>(value));
  constexpr int kMore = static_cast<int>(Layout<To>::kFraction) - static_cast<int>(Layout<From>::kFraction);
  const std::uint64_t raw = bits_of(value);
  const std::uint64_t fraction = raw & ((std::uint64_t{1} << Layout<From>::kFraction) - 1);
  const Bits<To> sign = std::signbit(value) ? Layout<To>::kDefault : Layout<To>::kDefault << 1U >> 1U;
  return sign | static_cast<Bits<To>>(kMore > 0 ? fraction << (kMore & 63) : fraction >> (-kMore & 63));
}

std::uint64_t integer(double value, bool wide, bool truncated) {
  const double whole = truncated ? std::trunc(value) : std::nearbyint(value);
  const double end = wide ? 0x1p63 : 0x1p31;
  if (!(whole >= -end && whole < end))  // nor what is no number
    return wide ? std::uint64_t{1} << 63U : std::uint64_t{1} << 31U;
  const auto result = static_cast<std::uint64_t>(static_cast<std::int64_t>(whole));
  return wide ? result : result & 0xFFFF'FFFFU;
}

template <class F>
std::uint64_t order(std::uint64_t to, std::uint64_t from) {
  const F a = number<F>(to);
  const F b = number<F>(from);
  if (std::isnan(a) || std::isnan(b)) return kFlagZero | kFlagParity | kFlagCarry;
  if (a < b) return kFlagCarry;
  return a == b ? kFlagZero : 0;
}

constexpr std::uint64_t kSingle = 0xFFFF'FFFF;

std::uint64_t with_single(std::uint64_t into, std::uint64_t part) {
  return (into & ~kSingle) | (part & kSingle);
}

}  // namespace

std::uint64_t execute(std::uint64_t* slots, std::uint64_t operation, std::uint64_t a, std::uint64_t b) {
  const Operation doing = Operation::of(operation);
  std::uint64_t& low = slots[kLow + doing.to];
  std::uint64_t& high = slots[kHigh + doing.to];
  const bool single = doing.single;
  const auto put = [&](std::uint64_t result) { low = single ? with_single(low, result) : result; };
  switch (doing.what) {
    case Do::get_low: return low;
    case Do::get_high: return high;
    case Do::set: low = a, high = b; break;
    case Do::set_low: low = a; break;
    case Do::set_single: low = with_single(low, a); break;
    case Do::add:
    case Do::multiply:
    case Do::subtract:
    case Do::minimum:
    case Do::divide:
    case Do::maximum:
    case Do::square_root:
      put(single ? arithmetic<float>(doing.what, low, a) : arithmetic<double>(doing.what, low, a));
      break;
    case Do::convert: put(single ? converted<float, double>(a) : converted<double, float>(a)); break;
    case Do::from_integer: {
      const std::int64_t value = doing.wide ? static_cast<std::int64_t>(a)
                                            : static_cast<std::int32_t>(static_cast<std::uint32_t>(a));
      put(single ? bits_of(static_cast<float>(value)) : bits_of(static_cast<double>(value)));
      break;
    }
    case Do::to_integer:
    case Do::to_integer_truncated:
      return integer(single ? double{number<float>(a)} : number<double>(a), doing.wide,
                     doing.what == Do::to_integer_truncated);
    case Do::compare: return single ? order<float>(low, a) : order<double>(low, a);
    case Do::bit_and: low &= a, high &= b; break;
    case Do::bit_and_not: low = ~low & a, high = ~high & b; break;
    case Do::bit_or: low |= a, high |= b; break;
    case Do::bit_xor: low ^= a, high ^= b; break;
    case Do::unpack:
      high = single ? low >> 32 | (a & ~kSingle) : a;
      if (single) low = (low & kSingle) | a << 32;
      break;
    case Do::convert_pair:
      if (single) {
        low = converted<float, double>(a) | std::uint64_t{converted<float, double>(b)} << 32;
        high = 0;
      } else {
        low = converted<double, float>(a);
        high = converted<double, float>(a >> 32);
      }
      break;
  }
  return 0;
}

}  // namespace assay::machine::sse
