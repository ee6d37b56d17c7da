// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hidden_text.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::vector<std::uint64_t> places(std::string_view text) {
  std::vector<std::uint64_t> offsets;
  for (const HiddenText& one : find_hidden_text(as_bytes(text), 10)) offsets.push_back(one.offset);
  return offsets;
}

TEST(HiddenText, FindsWhatReordersOrOverwrites) {
  EXPECT_EQ(places("# fine\n\xC3\xA9t\xC3\xA9\r\n"), std::vector<std::uint64_t>{});
  EXPECT_EQ(places("# comment\rDE AD\n"), std::vector<std::uint64_t>{9});
  EXPECT_EQ(places("a \xE2\x80\xAE"
                   "b"),
            std::vector<std::uint64_t>{2});
  EXPECT_EQ(places("\xE2\x81\xA6\xE2\x81\xA9"), (std::vector<std::uint64_t>{0, 3}));
  EXPECT_EQ(places("a\xE2\x80\x8B"
                   "b"),
            std::vector<std::uint64_t>{1});
  EXPECT_EQ(find_hidden_text(as_bytes("a \xE2\x80\xAE"), 1).at(0).what,
            "U+202E, which changes the order in which text is shown");
}

TEST(HiddenText, StopsAtTheMost) { EXPECT_EQ(find_hidden_text(as_bytes("a\rb\rc\rd"), 2).size(), 2U); }

TEST(HiddenText, BytesThatAreNoTextAreNoTrouble) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (std::size_t from = 0; from < all.size(); ++from)
    (void)find_hidden_text(as_bytes(all).subspan(from), 300);
}

TEST(WithoutControls, LeavesLettersAlone) {
  EXPECT_EQ(without_controls("caf\xC3\xA9 \xE2\x82\xAC"), "caf\xC3\xA9 \xE2\x82\xAC");
  EXPECT_EQ(without_controls("a\x1B[31m\tb\x7F"), "a?[31m?b?");
  EXPECT_EQ(without_controls("a\xE2\x80\xAE"
                             "b\xC2\x9B"
                             "31m"),
            "a?b?31m");
  EXPECT_EQ(without_controls("\xFF\xE2\x80"), "???");
}

}  // namespace
}  // namespace assay
