// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_table.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <set>
#include <string>

namespace assay {
namespace {

TEST(NameTable, numbers_names_in_order_of_first_appearance) {
  NameTable names;
  EXPECT_EQ(names.find("a"), NameTable::kNone);
  EXPECT_EQ(names.intern("a"), 0u);
  EXPECT_EQ(names.intern(""), 1u);
  EXPECT_EQ(names.intern("a"), 0u);
  EXPECT_EQ(names.find(""), 1u);
  EXPECT_EQ(names[1], "");
  EXPECT_EQ(names.size(), 2u);
}

TEST(NameTable, agrees_with_a_map_on_random_names) {
  std::mt19937 random(7);
  std::vector<std::string> spellings;
  for (int i = 0; i < 20000; ++i) {
    std::string& name = spellings.emplace_back();
    for (auto length = random() % 20; length > 0; --length) name.push_back(static_cast<char>(random() % 3));
  }
  NameTable names;
  std::map<std::string_view, std::uint32_t> expected;
  for (const std::string& name : spellings) {
    const auto [row, fresh] = expected.try_emplace(name, static_cast<std::uint32_t>(expected.size()));
    ASSERT_EQ(names.intern(name), row->second);
  }
  for (const auto& [name, number] : expected) {
    ASSERT_EQ(names.find(name), number);
    ASSERT_EQ(names[number], name);
  }
}

TEST(NameTable, what_is_expected_changes_no_number) {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += std::to_string(i % 20000) + ' ';
  const std::string_view all = text;
  NameTable plain;
  NameTable expecting;
  std::size_t at = 0;
  for (int i = 0; i < 30000; ++i) {
    const std::string_view name = all.substr(at, all.find(' ', at) - at);
    at += name.size() + 1;
    // Of this text, of one far longer than there is, of none, and by a name that is not of it.
    if (i % 4 == 0) expecting.expect(0, all, name);
    if (i % 4 == 1) expecting.expect(0, {all.data(), std::size_t{1} << 40}, name);
    if (i % 4 == 2) expecting.expect(expecting.size(), all, all);
    if (i % 4 == 3) expecting.expect(0, all, "\xFF");
    ASSERT_EQ(expecting.intern(name), plain.intern(name));
  }
  EXPECT_EQ(expecting.size(), 20000u);
}

TEST(NameTable, numbers_batches_as_single_names) {
  // Names side by side in one text, of lengths around those of a word and of the words; the last ones cannot
  // be read beyond their ends.
  std::mt19937 random(11);
  std::string text;
  std::vector<std::size_t> lengths;
  for (int i = 0; i < 6000; ++i) {
    lengths.push_back(random() % 4 == 0 ? random() % 70 : random() % 27);
    for (std::size_t left = lengths.back(); left > 0; --left) text += static_cast<char>('a' + random() % 2);
  }
  NameTable batches;
  NameTable single;
  const std::string_view all = text;
  std::size_t at = 0;
  for (std::size_t first = 0; first < lengths.size();) {
    std::vector<std::string_view> names;
    const std::size_t most = 1 + random() % NameTable::kMostAtOnce;
    for (; names.size() < most && first < lengths.size(); ++first) {
      names.push_back(all.substr(at, lengths[first]));
      at += lengths[first];
    }
    std::array<std::uint32_t, NameTable::kMostAtOnce> numbers;
    batches.intern(names, NameTable::has_words(all, names.back()), numbers.data());
    for (std::size_t i = 0; i < names.size(); ++i) {
      ASSERT_EQ(numbers[i], single.intern(names[i]));
      ASSERT_EQ(batches[numbers[i]], names[i]);
      ASSERT_EQ(batches.find(names[i]), numbers[i]);
    }
  }
  EXPECT_EQ(batches.size(), single.size());
  EXPECT_EQ(batches.find("absent"), NameTable::kNone);
}

TEST(NameTable, tells_names_of_one_hash_apart) {
  // Of 2^19 names about 30 pairs have their 32 bits in common.
  constexpr std::uint32_t kCount = 1 << 19;
  std::string text;
  for (std::uint32_t i = 0; i < kCount; ++i) text += std::to_string(10'000'000 + i);
  const std::string_view all = text;
  NameTable names;
  std::set<std::uint32_t> hashes;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const std::string_view name = all.substr(8 * std::size_t{i}, 8);
    std::uint32_t number = 0;
    names.intern({&name, 1}, NameTable::has_words(all, name), &number);
    ASSERT_EQ(number, i);
    hashes.insert(NameTable::hash_of(name));
  }
  ASSERT_LT(hashes.size(), std::size_t{kCount}) << "the test wants some of one hash";
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const std::string_view name = all.substr(8 * std::size_t{i}, 8);
    std::uint32_t number = 0;
    names.intern({&name, 1}, NameTable::has_words(all, name), &number);
    ASSERT_EQ(number, i);
    ASSERT_EQ(names.find(name), i);
  }
}

TEST(NameTable, knows_where_words_can_be_read) {
  const std::string text(NameTable::kWordBytes + 1, 'a');
  const std::string_view all = text;
  EXPECT_TRUE(NameTable::has_words(all, all.substr(1, 2)));
  EXPECT_FALSE(NameTable::has_words(all, all.substr(2, 2)));
  EXPECT_FALSE(NameTable::has_words(all, std::string(2, 'a')));
}

TEST(NameTable, names_of_one_chain_in_the_real_tools_do_not_collide) {
  // M1 multiplies by 33 and hex2 by 31 and both keep 16 bits: "b" + "A" and "a" + "b" are one chain for 33.
  std::set<std::uint32_t> hashes;
  for (int bits = 0; bits < 1 << 14; ++bits) {
    std::string name;
    for (int bit = 0; bit < 14; ++bit) name += (bits >> bit & 1) != 0 ? "bA" : "ab";
    hashes.insert(NameTable::hash_of(name));
  }
  EXPECT_GE(hashes.size(), (1u << 14) - 8);
}

}  // namespace
}  // namespace assay
