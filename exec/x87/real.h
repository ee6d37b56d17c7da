// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers of 80 bits, as the x87 has them, and their arithmetic in integers: what comes out does not depend
// on the host. It shares nothing with the machine's; both are held against the processor by test.
//
// Source: "Intel 64 and IA-32 Architectures Software Developer's Manual", volume 1, chapters 4 and 8.
#pragma once

#include <cstdint>

namespace assay::exec::x87 {

/// As a register holds it: bit 63 of the significand is the integer's; bit 15 of `top` is the sign, the
/// others are the exponent + 16383.
struct Extended {
  std::uint64_t significand = 0;
  std::uint16_t top = 0;
};

/// The same taken apart.
struct Real {
  enum class Kind : std::uint8_t { zero, finite, infinite, quiet_nan, signalling_nan, no_number };
  Kind kind = Kind::zero;
  bool negative = false;
  bool denormal = false;
  int exponent = 0;               ///< finite: significand * 2^exponent
  std::uint64_t significand = 0;  ///< bit 63 is set
  [[nodiscard]] bool is_nan() const { return kind >= Kind::quiet_nan; }
};

/// Bits of the status word, and of the control word where they are masked.
inline constexpr unsigned kInvalid = 1, kDenormal = 2, kZeroDivide = 4, kOverflow = 8, kUnderflow = 16,
                          kInexact = 32, kAllExceptions = 63;

/// What an operation is done by, and what it raises.
struct Arithmetic {
  enum class Rounding : std::uint8_t { nearest, down, up, zero };
  Rounding rounding = Rounding::nearest;
  unsigned bits = 64;  ///< of a result
  unsigned raised = 0;
  bool away = false;  ///< the result was rounded away from zero
};

Real real_of(const Extended& value);
Real real_of_single(std::uint32_t bits);
Real real_of_double(std::uint64_t bits);
Real real_of_integer(std::int64_t value);

/// Exact ones, and NaNs as they are.
Extended extended_of(const Real& value);

Extended add(Arithmetic& how, const Real& a, const Real& b);
Extended subtract(Arithmetic& how, const Real& a, Real b);
Extended multiply(Arithmetic& how, const Real& a, const Real& b);
Extended divide(Arithmetic& how, const Real& a, const Real& b);

enum class Order : std::uint8_t { greater, less, equal, unordered };
/// `quietly`: a quiet NaN is not invalid.
Order compare(Arithmetic& how, const Real& a, const Real& b, bool quietly);

std::uint32_t single_of(Arithmetic& how, const Real& value);
std::uint64_t double_of(Arithmetic& how, const Real& value);
/// Of so many bits with its sign; what does not fit is the lowest one.
std::uint64_t integer_of(Arithmetic& how, const Real& value, unsigned bits);
/// To an integer that is a number of 80 bits.
Extended whole(Arithmetic& how, const Real& value);

}  // namespace assay::exec::x87
