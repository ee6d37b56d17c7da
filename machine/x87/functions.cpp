// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Processors agree on the transcendental functions only to about one unit in the last place. What is exact,
// or an exception, they agree on: that is here. (Volume 1 of Intel's manual, tables 8-10 and D-1 ff.; the
// tables of each instruction in volume 2.)
#include "machine/x87/functions.h"

#include <array>

namespace assay::machine::x87 {
namespace {

struct Constant {
  std::uint64_t down;  ///< the significand, cut off
  std::uint16_t top;
  bool nearest_up;
  bool exact;
};
constexpr std::array<Constant, 7> kConstants{{
    {0x8000'0000'0000'0000, 0x3FFF, false, true},
    {0xD49A'784B'CD1B'8AFE, 0x4000, false, false},  // log2 10
    {0xB8AA'3B29'5C17'F0BB, 0x3FFF, true, false},   // log2 e
    {0xC90F'DAA2'2168'C234, 0x4000, true, false},   // pi
    {0x9A20'9A84'FBCF'F798, 0x3FFD, true, false},   // log10 2
    {0xB172'17F7'D1CF'79AB, 0x3FFE, true, false},   // ln 2
    {0, 0, false, true},
}};

constexpr Float80 kOne{kIntegerBit, 0x3FFF};

bool is_power_of_two(const Number& x) { return x.kind == Kind::finite && x.significand == kIntegerBit; }
bool is_one(const Number& x) { return is_power_of_two(x) && x.exponent == 0; }

bool two_to_x_minus_1(Context& context, const Number& x, FunctionResult& result) {
  if (x.is_nan()) {
    result.value = nan_result(context, x);
    return true;
  }
  if (x.is_zero()) {
    result.value = zero(x.sign);
    return true;
  }
  return false;  // not even of 1: some round 2^1 - 1 down
}

// y * log2 x: exact where x is a power of two.
bool y_log2_x(Context& context, const Number& x, const Number& y, FunctionResult& result) {
  if (x.is_nan() || y.is_nan()) {
    result.value = nan_result(context, y, x);
    return true;
  }
  if ((x.sign && !x.is_zero()) || (x.is_zero() && y.is_zero()) || (is_one(x) && y.is_infinite()) ||
      (x.is_infinite() && y.is_zero())) {
    result.value = invalid(context);
    return true;
  }
  if (x.is_zero() && y.kind == Kind::finite) {
    context.raised |= kZeroDivide;
    result.value = infinity(!y.sign);
    return true;
  }
  const bool below_one = x.is_zero() || (x.kind == Kind::finite && x.exponent < 0);
  if (x.is_infinite() || y.is_infinite()) {
    if (x.denormal || y.denormal) context.raised |= kDenormal;
    result.value = infinity(y.sign != below_one);
    return true;
  }
  if (y.is_zero()) {
    if (x.denormal) context.raised |= kDenormal;
    result.value = zero(y.sign != below_one);
    return true;
  }
  return false;
}

bool y_log2_x_plus_1(Context& context, const Number& x, const Number& y, FunctionResult& result) {
  if (x.is_nan() || y.is_nan()) {
    result.value = nan_result(context, y, x);
    return true;
  }
  if (x.is_zero() && !y.is_infinite()) {
    if (y.denormal) context.raised |= kDenormal;
    result.value = zero(x.sign != y.sign);
    return true;
  }
  if (x.is_zero()) {
    result.value = invalid(context);
    return true;
  }
  return false;
}

bool arc_tangent(Context& context, const Number& x, const Number& y, FunctionResult& result) {
  if (x.is_nan() || y.is_nan()) {
    result.value = nan_result(context, y, x);
    return true;
  }
  if (!x.sign && ((y.is_zero() && !x.is_infinite()) || (x.is_infinite() && !y.is_infinite()))) {
    if (x.denormal || y.denormal) context.raised |= kDenormal;
    result.value = zero(y.sign);
    return true;
  }
  return false;
}

// fsin, fcos, fsincos, fptan.
bool periodic(Context& context, Function function, const Number& x, FunctionResult& result) {
  constexpr int kRange = 63;
  if (x.is_nan() || x.is_infinite()) {
    result.value = x.is_nan() ? nan_result(context, x) : invalid(context);
    result.pushed = result.value;
    return true;
  }
  if (x.kind == Kind::finite && x.exponent >= kRange) {
    result.out_of_range = true;
    return true;
  }
  if (!x.is_zero()) return false;
  result.value = function == Function::cosine ? kOne : zero(x.sign);
  result.pushed = kOne;
  return true;
}

}  // namespace

Float80 constant(Rounding rounding, unsigned which) {
  const Constant& c = kConstants[which];
  const bool up = !c.exact && (rounding == Rounding::up || (rounding == Rounding::nearest && c.nearest_up));
  return {c.down + (up ? 1U : 0U), c.top};
}

bool compute(Context& context, Function function, const Number& x, const Number& y, FunctionResult& result) {
  switch (function) {
    case Function::two_to_x_minus_1: return two_to_x_minus_1(context, x, result);
    case Function::y_log2_x: return y_log2_x(context, x, y, result);
    case Function::arc_tangent: return arc_tangent(context, x, y, result);
    case Function::y_log2_x_plus_1: return y_log2_x_plus_1(context, x, y, result);
    default: return periodic(context, function, x, result);
  }
}

}  // namespace assay::machine::x87
