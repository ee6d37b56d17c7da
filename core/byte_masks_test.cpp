// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/byte_masks.h"

#include <gtest/gtest.h>

#include <random>

namespace assay {
namespace {

TEST(ByteMasks, bits_of_comparisons_are_the_same_on_any_host) {
  for (unsigned bits = 0; bits < 256; ++bits) {
    std::uint64_t word = 0;
    Mask mask{};
    for (unsigned i = 0; i < 8; ++i) {
      if ((bits >> i & 1) == 0) continue;
      word |= std::uint64_t{0xFF} << (8 * i);
      mask[i + 8] = -1;
    }
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    ASSERT_EQ(bits_of_word(word), bits);
    ASSERT_EQ(bits_of(mask), bits << 8);
  }
}

TEST(ByteMasks, bits_are_counted_and_runs_found_as_one_by_one) {
  std::mt19937_64 random(3);
  std::uint64_t carry = 0;
  bool inside = false;
  for (int round = 0; round < 20000; ++round) {
    // Few bits and many, of both kinds; none in both.
    const std::uint64_t sparse = random() & random() & random();
    const std::uint64_t starts = round % 3 == 0 ? sparse : random();
    const std::uint64_t ends = (round % 5 == 0 ? sparse : random() & random()) & ~starts;
    ASSERT_EQ(count_bits(starts), static_cast<std::size_t>(__builtin_popcountll(starts)));
    std::uint64_t want = 0;
    for (int bit = 0; bit < 64; ++bit) {
      if ((ends >> bit & 1) != 0) inside = false;
      if ((starts >> bit & 1) != 0) inside = true;
      want |= std::uint64_t{inside} << bit;
    }
    ASSERT_EQ(runs(starts, ends, carry), want) << "round " << round;
    ASSERT_EQ(carry, std::uint64_t{inside}) << "round " << round;
  }
}

}  // namespace
}  // namespace assay
