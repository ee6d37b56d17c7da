// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1_plain.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "M1/m1_scanner.h"

namespace assay::m1 {
namespace {

using namespace std::string_view_literals;

struct Token {
  std::size_t offset;
  std::size_t size;
  bool after_newline;
  bool operator==(const Token&) const = default;
};

void PrintTo(const Token& token, std::ostream* out) {
  *out << token.offset << '+' << token.size << (token.after_newline ? " after a newline" : "");
}

/// Adds what the Scanner finds from `from` on; the kind of its last item.
Item::Kind scan(std::string_view text, std::size_t from, std::vector<Token>& tokens) {
  Scanner scanner(text, from);
  bool newline = false;
  for (Item item = scanner.next();; item = scanner.next()) {
    if (item.kind == Item::Kind::newline) {
      newline = true;
    } else if (item.kind == Item::Kind::atom || item.kind == Item::Kind::string) {
      tokens.push_back({item.offset, item.text.size(), newline});
      newline = false;
    } else {
      return item.kind;
    }
  }
}

/// Tokens that PlainScan found; the Scanner finds the others.
std::size_t compare(std::string_view text) {
  std::vector<Token> want;
  const Item::Kind end = scan(text, 0, want);
  std::vector<Token> have;
  PlainScan plain(text);
  while (plain.more()) {
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const std::string_view spelling = plain.spelling(i);
      have.push_back(
          {static_cast<std::size_t>(spelling.data() - text.data()), spelling.size(), plain.after_newline(i)});
      EXPECT_EQ(spelling.find('\0'), std::string_view::npos);
    }
  }
  const std::size_t found = have.size();
  EXPECT_EQ(scan(text, plain.rest(), have), end);
  EXPECT_EQ(have, want) << text;
  return found;
}

TEST(PlainScan, finds_all_but_what_is_near_the_end) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "# note\n:label_1\n\top %12 'a b' !0x3 ; note\n\n\"x\ny\"z\n";
  EXPECT_GE(compare(text), 7u * 1000 - 64);
}

TEST(PlainScan, leaves_long_tokens_and_strings_to_the_scanner) {
  const std::string begin = "some tokens to begin with\n";
  const std::string rest(200, '\n');
  for (const std::size_t size :
       {kBufferSize - 2, kBufferSize - 1, kBufferSize, kBufferSize + 1, 3 * kBufferSize}) {
    compare(begin + std::string(size, 'a') + rest);
    compare(begin + '"' + std::string(size - 1, 'a') + '"' + rest);
    compare(begin + '#' + std::string(size, 'a') + rest);
    compare(begin + '\'' + std::string(size, 'a') + rest);
  }
}

TEST(PlainScan, agrees_with_the_scanner_on_random_texts) {
  constexpr std::string_view kPieces[] = {"a",
                                          "bcd",
                                          " ",
                                          "\n",
                                          "\t",
                                          "#",
                                          ";x",
                                          "\r",
                                          "'",
                                          "\"",
                                          "'x y'",
                                          "\"#\n\"",
                                          "# c\n",
                                          "; c\r",
                                          "#\n",
                                          "\r\n",
                                          "%1",
                                          "\n\n",
                                          "a#b",
                                          "a'b",
                                          "\0"sv,
                                          "FUNCTION_of_some_length_and_more_than_that",
                                          "                    "};
  std::mt19937 random(20261128);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const std::size_t size = random() % 600;
    const bool nul = random() % 8 == 0;
    const std::size_t kinds = 1 + random() % std::size(kPieces);
    while (text.size() < size) {
      const std::string_view piece = kPieces[random() % kinds];
      if (piece != "\0"sv || nul) text += piece;
      if (kinds == 1 + random() % 3) break;
    }
    compare(text);
    if (HasFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace assay::m1
