// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Vectors of 16 bytes in the compilers' own notation, the bits of their comparisons, and what can be found
// with those.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace assay {

using Vector = Byte __attribute__((vector_size(16)));
/// Of a comparison: all bits of a byte are set, or none.
using Mask = signed char __attribute__((vector_size(16)));

/// Bit i is that of byte i, for i < 8; the first byte in memory is byte 0. For any host.
constexpr std::uint64_t bits_of_word(std::uint64_t mask) {
  if constexpr (std::endian::native == std::endian::big) mask = __builtin_bswap64(mask);
  // Each product lands on a bit of its own, those of the eight bytes side by side at the top.
  return (mask & 0x8080808080808080) * 0x0002040810204081 >> 56;
}

/// Bit i is that of byte i.
inline std::uint64_t bits_of(Mask mask) {
#if defined(__SSE2__)
  return static_cast<std::uint32_t>(_mm_movemask_epi8(std::bit_cast<__m128i>(mask)));
#else
  const auto words = std::bit_cast<std::array<std::uint64_t, 2> >(mask);
  return bits_of_word(words[0]) | bits_of_word(words[1]) << 8;
#endif
}

/// The first of these characters from `at` on; `end` if there is none.
template <char... kWanted>
const char* find_any(const char* at, const char* end) {
  for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(Vector)); at += sizeof(Vector)) {
    Vector text;
    std::memcpy(&text, at, sizeof(text));
    const std::uint64_t found = bits_of((... | (text == static_cast<Byte>(kWanted))));
    if (found != 0) return at + std::countr_zero(found);
  }
  while (at < end && !(... || (*at == kWanted))) ++at;
  return at;
}

/// How many bits are set, where std::popcount() would be a call.
constexpr std::size_t count_bits(std::uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  return ((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F) * 0x0101010101010101 >> 56;
}

/// Runs that begin with a bit of `starts` and last up to the next one of `ends`, which is not theirs; a start
/// within a run is none. So comments are found in 64 bytes. `carry` is 1 if the first bit is inside a run,
/// and is set for the next 64.
///
/// An addition finds them all at once. In `~ends` a line is a row of ones; the start of a run, added to it,
/// runs as a carry up to the end of the line, and past the last bit where the run goes on. Up to the carry
/// the sum has the ones of the line, under it only the bits of further starts.
inline std::uint64_t runs(std::uint64_t starts, std::uint64_t ends, std::uint64_t& carry) {
  const std::uint64_t lines = ~ends;
  const std::uint64_t partial = lines + starts;
  const std::uint64_t sum = partial + carry;
  carry = static_cast<std::uint64_t>(partial < lines) | static_cast<std::uint64_t>(sum < partial);
  return lines & (~sum | starts);
}

}  // namespace assay
