// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kernels share: the buffer between their two stages, and how few digits get there.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "core/byte_masks.h"
#include "hex0/kernels.h"

namespace assay::hex0::kernels {

inline constexpr std::size_t kBlock = 4096;  ///< bytes of text between two turns of the second stage
inline constexpr std::size_t kLane = 64;

/// Digits, gathered by the first stage: as values (the kernel for AVX-512), or as characters.
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

/// The lane of a block at `at`, so that kReadable bytes may be read from it: where the block ends before, it
/// is `last`, with zeros behind the text. The bits of `present` are its bytes of the text.
template <std::size_t kReadable>
const Byte* lane_of(ByteView block, std::size_t at, std::array<Byte, kReadable>& last,
                    std::uint64_t& present) {
  const std::size_t left = block.size() - at;
  present = left < kLane ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
  const Byte* const from = block.data() + at;
  if (left >= kReadable) return from;
  last.fill(0);
  std::memcpy(last.data(), from, left);
  return last.data();
}

/// The first of the `nuls` ends the text: what is `wanted` is before it, and no comment goes on.
inline void end_at(std::uint64_t nuls, std::uint64_t& wanted, std::uint64_t& comment, Place& place) {
  if (nuls == 0) return;
  wanted &= (nuls & (~nuls + 1)) - 1;
  comment = 0;
  place.ended = true;
}

/// As people write hex0, most lanes have a few pairs of digits, and nobody foresees how many and where: so
/// some are copied without asking whether they are there. Copies the characters of the `wanted` digits of a
/// lane to `out`, and a few more, and returns their end; null: they are not all pairs, and none was copied.
/// `taken`: the first byte of the lane, then of the next one, is the second of a pair that was copied. Reads
/// up to one byte behind the lane.
inline Byte* take_pairs(const Byte* from, std::uint64_t& wanted, const Rules& rules, std::uint64_t& taken,
                        Byte* out) {
  constexpr int kAtOnce = 6;
  constexpr std::uint64_t kLast = std::uint64_t{1} << (kLane - 1);
  wanted &= ~taken;
  std::uint64_t pairs = wanted & ~(wanted << 1);
  taken = pairs >> (kLane - 1);
  if ((pairs | pairs << 1) != wanted || (taken != 0 && rules.values[from[kLane]] == kOther)) {
    taken = 0;
    return nullptr;
  }
  Byte* const end = out + 2 * count_bits(pairs);
  do {
    for (int i = 0; i < kAtOnce; ++i, pairs &= pairs - 1, out += 2) {
      std::memcpy(out, from + std::countr_zero(pairs | kLast), 2);
    }
  } while (pairs != 0);
  return end;
}

}  // namespace assay::hex0::kernels
