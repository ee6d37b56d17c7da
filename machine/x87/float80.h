// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers of the x87: 80 bits, and what is computed with them, in integers alone, so that the result is the
// same on every host. docs/machine/x86.md has the rules that the manuals leave to the processor.
//
// Sources: "Intel 64 and IA-32 Architectures Software Developer's Manual", volume 1, chapters 4 and 8.
#pragma once

#include <cstdint>

namespace assay::machine::x87 {

__extension__ using Wide = unsigned __int128;

/// A register: the bit of 1 is explicit, the exponent has 15 bits and a bias of 16383.
struct Float80 {
  std::uint64_t significand = 0;
  std::uint16_t top = 0;  ///< the sign (bit 15) and the exponent
  bool operator==(const Float80&) const = default;
};

inline constexpr int kBias = 16383;
inline constexpr unsigned kTopExponent = 0x7FFF;
inline constexpr std::uint64_t kIntegerBit = std::uint64_t{1} << 63;
inline constexpr std::uint64_t kQuietBit = std::uint64_t{1} << 62;
/// What an invalid operation gives.
inline constexpr Float80 kIndefinite{kIntegerBit | kQuietBit, 0xFFFF};

/// Exceptions, with the bits of the status and control words.
inline constexpr unsigned kInvalid = 0x01;
inline constexpr unsigned kDenormal = 0x02;
inline constexpr unsigned kZeroDivide = 0x04;
inline constexpr unsigned kOverflow = 0x08;
inline constexpr unsigned kUnderflow = 0x10;
inline constexpr unsigned kPrecision = 0x20;
inline constexpr unsigned kExceptions = 0x3F;

/// The rounding control.
enum class Rounding : std::uint8_t { nearest, down, up, zero };

/// How to compute, and what came up.
struct Context {
  Rounding rounding = Rounding::nearest;
  unsigned precision = 64;        ///< bits of the significand: 24, 53 or 64
  unsigned masked = kExceptions;  ///< the exceptions that give a result
  unsigned raised = 0;
  bool up = false;  ///< the last rounding went away from zero
};

enum class Kind : std::uint8_t { zero, finite, infinity, quiet_nan, signalling_nan, unsupported };

/// A number taken apart. Of a finite one the value is significand / 2^63 * 2^exponent, the top bit set.
struct Number {
  Kind kind = Kind::zero;
  bool sign = false;
  bool denormal = false;  ///< it was one, or one of the pseudo-denormals
  int exponent = 0;
  std::uint64_t significand = 0;  ///< of a NaN: all of it

  [[nodiscard]] bool is_nan() const { return kind >= Kind::quiet_nan; }
  [[nodiscard]] bool is_zero() const { return kind == Kind::zero; }
  [[nodiscard]] bool is_infinite() const { return kind == Kind::infinity; }
};

Number take_apart(Float80 value);
Number from_single(std::uint32_t bits);
Number from_double(std::uint64_t bits);
Number from_integer(std::int64_t value);
/// A number that needs no rounding.
Float80 put_together(const Number& number);

Float80 zero(bool sign);
Float80 infinity(bool sign);
/// significand / 2^127 * 2^exponent, the top bit set, rounded to a register: to `precision` bits.
Float80 round(Context& context, bool sign, int exponent, Wide significand, unsigned precision);

/// The NaN that an operation with a NaN or an unsupported operand gives; raises what that raises.
Float80 nan_result(Context& context, const Number& a);
Float80 nan_result(Context& context, const Number& a, const Number& b);
Float80 invalid(Context& context);

// Rounded to the context's precision.
Float80 add(Context& context, const Number& a, const Number& b);
Float80 subtract(Context& context, const Number& a, const Number& b);
Float80 multiply(Context& context, const Number& a, const Number& b);
Float80 divide(Context& context, const Number& a, const Number& b);
Float80 square_root(Context& context, const Number& a);

enum class Order : std::uint8_t { less, equal, greater, unordered };
/// `quiet`: a quiet NaN is no invalid operand.
Order compare(Context& context, const Number& a, const Number& b, bool quiet);

/// To an integer of `bits`: its lowest number where it does not fit.
std::uint64_t to_integer(Context& context, const Number& a, unsigned bits);
/// Ten bytes of decimal digits: the low eight are returned, the others in `high`.
std::uint64_t to_decimal(Context& context, const Number& a, std::uint64_t& high);
Float80 from_decimal(std::uint64_t low, std::uint64_t high);
std::uint64_t to_single(Context& context, const Number& a);
std::uint64_t to_double(Context& context, const Number& a);

Float80 round_to_integer(Context& context, const Number& a);
/// a * 2^(b toward zero).
Float80 scale(Context& context, const Number& a, const Number& b);
/// The exponent as a number; `significand` is what is left.
Float80 extract(Context& context, const Number& a, Float80& significand);

struct Remainder {
  Float80 value;
  bool defined = false;   ///< both operands were numbers that have a quotient
  bool partial = false;   ///< not done: the exponent has become smaller
  unsigned quotient = 0;  ///< its low three bits
};
/// `nearest`: the quotient is the nearest integer (fprem1), else the one toward zero.
Remainder remainder(Context& context, const Number& a, const Number& b, bool nearest);

}  // namespace assay::machine::x87
