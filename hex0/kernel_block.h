// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kernels share: the buffer between their two stages, and where comments are in 64 bytes.
#pragma once

#include <algorithm>
#include <cstring>

#include "hex0/kernels.h"

namespace assay::hex0::kernels {

inline constexpr std::size_t kBlock = 4096;  ///< bytes of text between two turns of the second stage
inline constexpr std::size_t kLane = 64;

/// Digits, gathered by the first stage: as values, or (the portable kernel) as characters.
struct Digits {
  explicit Digits(const Place& place) : count(place.half ? 1 : 0) { values[0] = place.held; }

  /// Behind the second stage: keeps the value that has no partner yet.
  void keep_last() {
    const std::size_t rest = count % 2;
    if (rest != 0) values[0] = values[count - 1];
    count = rest;
  }
  void leave(Place& place) const {
    place.half = count != 0;
    place.held = values[0];
  }

  std::size_t count;
  alignas(kLane) Byte values[1 + kBlock + kLane];
};

/// The bytes of a lane that are inside comments. Bit i stands for byte i: `starts` are the characters that
/// start a comment, `ends` those that end one; `carry` is 1 if the lane begins inside a comment, and is set
/// for the next one.
///
/// An addition finds them all at once. In `~ends` a line is a row of ones; the start of a comment, added to
/// it, runs as a carry up to the end of the line, and past the lane where the comment goes on. Up to the
/// carry the sum has the ones of the line, under it only the bits of further starts.
inline std::uint64_t comment_bits(std::uint64_t starts, std::uint64_t ends, std::uint64_t& carry) {
  const std::uint64_t lines = ~ends;
  const std::uint64_t partial = lines + starts;
  const std::uint64_t sum = partial + carry;
  carry = static_cast<std::uint64_t>(partial < lines) | static_cast<std::uint64_t>(sum < partial);
  return lines & (~sum | starts);
}

}  // namespace assay::hex0::kernels
