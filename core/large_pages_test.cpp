// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/large_pages.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>

namespace assay {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

TEST(LargePages, pieces_of_any_size_can_be_used_to_their_last_byte) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kLargePage - 1, kLargePage, kLargePage + 1,
                                 3 * kLargePage - 4096, 5 * kLargePage + 4097}) {
    auto* const piece = static_cast<unsigned char*>(allocate_large(size));
    ASSERT_NE(piece, nullptr);
    for (std::size_t at = 0; at < size; at += 4096) piece[at] = 1;
    if (size > 0) piece[size - 1] = 2;
    free_large(piece, size);
  }
}

TEST(LargePages, a_vector_keeps_its_elements_as_it_grows) {
  LargeVector<std::uint64_t> numbers;
  for (std::uint64_t number = 0; number < 1'000'000; ++number) {
    make_room(numbers, 1);
    numbers.push_back(number);
  }
  const LargeVector<std::uint64_t> copy = numbers;
  numbers.clear();
  numbers.shrink_to_fit();
  EXPECT_EQ(std::accumulate(copy.begin(), copy.end(), std::uint64_t{0}), 499'999'500'000U);
  EXPECT_EQ(copy.back(), 999'999U);
}

TEST(LargePages, room_at_least_doubles) {
  LargeVector<char> bytes(100);
  make_room(bytes, 1);
  EXPECT_GE(bytes.capacity(), 200U);
  make_room(bytes, 1000);
  EXPECT_GE(bytes.capacity(), 1100U);
}

}  // namespace
}  // namespace assay
