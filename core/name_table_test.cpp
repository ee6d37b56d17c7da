// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_table.h"

#include <gtest/gtest.h>

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

TEST(NameTable, names_of_one_chain_in_the_real_tools_do_not_collide) {
  // M1 multiplies by 33 and hex2 by 31 and both keep 16 bits: "b" + "A" and "a" + "b" are one chain for 33.
  std::set<std::uint64_t> hashes;
  for (int bits = 0; bits < 1 << 14; ++bits) {
    std::string name;
    for (int bit = 0; bit < 14; ++bit) name += (bits >> bit & 1) != 0 ? "bA" : "ab";
    hashes.insert(hash_bytes(name) & 0xFFFFFFFF);
  }
  EXPECT_GE(hashes.size(), (1u << 14) - 8);
}

}  // namespace
}  // namespace assay
