// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Vectors of 16 bytes in the compilers' own notation, and the bits of their comparisons.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "core/bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace assay::hex0::kernels {

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

}  // namespace assay::hex0::kernels
