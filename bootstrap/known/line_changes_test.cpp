// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/known/line_changes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

namespace assay::bootstrap {
namespace {

/// "12-2+1": two lines that stood in line 12 are gone, one stands there; for all places.
std::string text_of(const std::vector<LineChange>& changes) {
  std::string text;
  for (const LineChange& one : changes)
    text += fmt::format("{}{}-{}+{}", text.empty() ? "" : " ", one.line, one.gone, one.come);
  return text;
}

std::string apart(std::string_view known, std::string_view text) {
  std::string found = text_of(changed_from_codes(line_codes(known), text));
  EXPECT_EQ(found, text_of(changed_from_text(known, text)));
  return found;
}

TEST(LineCodes, are_the_first_bits_of_each_lines_digest) {
  EXPECT_EQ(line_codes(""), "");
  // SHA-256 of nothing begins e3b0c442, of "a" ca978112.
  EXPECT_EQ(line_codes("\na\n"), "47yp");
  EXPECT_EQ(line_codes("\na"), "47yp") << "a last line without its end";
  EXPECT_EQ(line_codes("\n\n"), "4747");
}

TEST(LineChanges, name_what_was_changed_put_in_and_taken_out) {
  EXPECT_EQ(apart("a\nb\nc\n", "a\nb\nc\n"), "");
  EXPECT_EQ(apart("a\nb\nc\n", "a\nx\nc\n"), "2-1+1");
  EXPECT_EQ(apart("a\nb\nc\n", "a\nc\n"), "2-1+0");
  EXPECT_EQ(apart("a\nb\nc\n", "a\nb\n"), "3-1+0") << "where the file ends";
  EXPECT_EQ(apart("a\nc\n", "a\nb\nc\n"), "2-0+1");
  EXPECT_EQ(apart("a\nb\nc\nd\ne\n", "x\nb\nc\ne\nf\n"), "1-1+1 4-1+0 5-0+1");
  EXPECT_EQ(apart("", "a\n"), "1-0+1");
  EXPECT_EQ(apart("a\n", ""), "1-1+0");
}

TEST(LineChanges, of_lines_that_are_alike_name_the_first) {
  EXPECT_EQ(apart("a\nb\nc\n", "a\nb\nb\nc\n"), "2-0+1");
  EXPECT_EQ(apart("a\n}\n}\n}\nc\n", "a\n}\n}\nc\n"), "2-1+0");
}

TEST(LineChanges, of_texts_with_nothing_in_common_are_one) {
  std::string known, text;
  for (int line = 0; line < 2000; ++line) {
    known += fmt::format("k{}\n", line);
    text += fmt::format("t{}\n", line);
  }
  EXPECT_EQ(text_of(changed_from_text(known, text)), "1-2000+2000");
}

// What is left when the changes are made must be the text, and no script may be longer than the best.
TEST(LineChanges, turn_any_text_into_any_other_by_the_fewest_lines) {
  std::mt19937 random(20261130);
  for (int round = 0; round < 2000; ++round) {
    const auto make = [&] {
      std::string text;
      for (auto left = random() % 8; left > 0; --left) text += fmt::format("{}\n", random() % 3);
      return text;
    };
    const std::string known = make();
    const std::string text = make();
    const std::vector<std::string_view> before = lines_of(known);
    const std::vector<std::string_view> now = lines_of(text);
    std::vector<std::string_view> built;
    std::size_t at = 0;
    std::size_t edits = 0;
    for (const LineChange& one : changed_from_text(known, text)) {
      while (at + 1 < one.known) built.push_back(before[at++]);
      ASSERT_EQ(built.size() + 1, one.line);
      at += one.gone;
      for (std::uint64_t line = 0; line < one.come; ++line) built.push_back(now[one.line - 1 + line]);
      edits += one.gone + one.come;
    }
    while (at < before.size()) built.push_back(before[at++]);
    ASSERT_EQ(built, now) << known << "to\n" << text;
    std::vector<std::vector<std::size_t>> common(before.size() + 1, std::vector<std::size_t>(now.size() + 1));
    for (std::size_t x = 0; x < before.size(); ++x)
      for (std::size_t y = 0; y < now.size(); ++y)
        common[x + 1][y + 1] =
            before[x] == now[y] ? common[x][y] + 1 : std::max(common[x][y + 1], common[x + 1][y]);
    EXPECT_EQ(edits, before.size() + now.size() - 2 * common.back().back()) << known << "to\n" << text;
  }
}

TEST(CommonLines, are_counted_wherever_they_stand) {
  EXPECT_EQ(common_lines(line_codes("a\nb\nc\n"), line_codes("c\nx\na\n")), 2U);
  EXPECT_EQ(common_lines(line_codes("a\na\n"), line_codes("a\n")), 1U) << "each line counts once";
  EXPECT_EQ(common_lines("", line_codes("a\n")), 0U);
}

TEST(CodeOfLine, is_what_a_line_says_without_its_comment) {
  EXPECT_EQ(code_of_line("a.c", "\tint a; // words"), "int a;");
  EXPECT_EQ(code_of_line("a.c", "\tf(\"//\\\" \", '\"'); /* words */"), "f(\"//\\\" \", '\"');");
  EXPECT_EQ(code_of_line("a.h", " * words"), "");
  EXPECT_EQ(code_of_line("a.h", "#define A 1"), "#define A 1");
  EXPECT_EQ(code_of_line("a.hex0", "  7F 45 # words"), "7F 45");
  EXPECT_EQ(code_of_line("a.M1", "\"a ; b\" ; words\r"), "\"a ; b\"");
  EXPECT_EQ(code_of_line("kaem.run", "# words"), "");
  EXPECT_EQ(code_of_line("a.c", "\"no end\\"), "\"no end\\");
  EXPECT_EQ(code_of_line("a.c", ""), "");
}

}  // namespace
}  // namespace assay::bootstrap
