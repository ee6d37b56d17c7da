// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rounding, private to machine/x87. Significands have 128 bits: what is below the result's bits decides the
// rounding, and the lowest may be sticky (set for anything lost below it).
#pragma once

#include "machine/x87/float80.h"

namespace assay::machine::x87 {

struct Rounded {
  Wide significand = 0;  ///< the bits dropped are 0
  bool inexact = false;
  bool up = false;
  bool carry = false;  ///< out of the top: the significand is 0 and stands for 2^128
};
Rounded round_bits(Rounding rounding, bool sign, Wide significand, unsigned precision);

/// Any bit that is lost leaves its mark in the lowest.
Wide shift_right_sticky(Wide value, unsigned count);

/// Where a result goes.
struct Format {
  unsigned precision;  ///< bits
  int least;           ///< exponents of normal numbers
  int most;
};
inline constexpr Format kSingle{24, -126, 127};
inline constexpr Format kDouble{53, -1022, 1023};

struct Packed {
  std::uint64_t significand = 0;  ///< from the top
  int exponent = 0;               ///< most + 1: infinity
  bool denormal = false;
};
Packed round_to(Context& context, const Format& format, bool sign, int exponent, Wide significand);

}  // namespace assay::machine::x87
