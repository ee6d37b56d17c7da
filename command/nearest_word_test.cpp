// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/nearest_word.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay {
namespace {

TEST(NearestWord, finds_what_was_mistyped) {
  const std::vector<std::string> known = {"preflight", "run", "image", "cache"};
  EXPECT_EQ(nearest_word("prefligt", known), "preflight");
  EXPECT_EQ(nearest_word("preflgiht", known), "preflight");
  EXPECT_EQ(nearest_word("rnu", known), "run");
  EXPECT_EQ(nearest_word("images", known), "image");
}

TEST(NearestWord, finds_nothing_where_nothing_is_near) {
  const std::vector<std::string> known = {"preflight", "run", "image", "cache"};
  EXPECT_EQ(nearest_word("explain", known), "");
  EXPECT_EQ(nearest_word("ls", known), "");
  EXPECT_EQ(nearest_word("", known), "");
  EXPECT_EQ(nearest_word(std::string(100'000, 'a'), known), "");
  EXPECT_EQ(nearest_word("run", {}), "");
}

TEST(NearestWord, KnownWordsAreNamed) {
  const std::vector<std::string> known{"AMD64", "riscv64"};
  EXPECT_EQ(known_words("amd46", known), "did you mean 'AMD64'?");
  EXPECT_EQ(known_words("knight", known), "there are AMD64, riscv64");
}

TEST(NearMiss, NamesThatProgramsDefine) {
  const std::vector<std::string_view> known{"after_open", "main_loop", "mov_rax,rbx", "ret"};
  EXPECT_EQ(near_miss("after_open_gone", known), ": did you mean 'after_open'?");
  EXPECT_EQ(near_miss("main_lop", known), ": did you mean 'main_loop'?");
  EXPECT_EQ(near_miss("mov_rax,rbxx", known), ": did you mean 'mov_rax,rbx'?");
  EXPECT_EQ(near_miss("main", known), ": did you mean 'main_loop'?");
  EXPECT_EQ(near_miss("Hash", known), "");
  EXPECT_EQ(near_miss("re", known), "") << "two letters are near to everything";
}

}  // namespace
}  // namespace assay
