// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/difference.h"

#include <gtest/gtest.h>

#include "bootstrap/explain/place.h"
#include "bootstrap/explain/token_places.h"
#include "bootstrap/explain/trail_text.h"
#include "bootstrap/tree/testing/one_chain.h"

namespace assay::bootstrap {
namespace {

Side side(std::string name, std::string_view text) {
  return {.name = std::move(name), .bytes = std::make_shared<const Bytes>(to_bytes(text))};
}

std::string told(std::string_view left, std::string_view right, const std::string& ending = ".hex2") {
  const Side a = side("a" + ending, left);
  const Side b = side("b" + ending, right);
  return difference_text(compare_texts(a, b, is_machine_text(a.name)));
}

TEST(CompareTexts, CommentsBlanksAndTheCaseOfDigitsDoNotCount) {
  EXPECT_EQ(told("48 89C3 # copy\n:end\n", "4889c3\n\n:end ; here\n"),
            "the same: comments and blanks differ, machine content does not\n");
  EXPECT_EQ(told("48", "48"), "");
}

TEST(CompareTexts, AReferenceIsNamedWithItsPlaceAndItsLabel) {
  EXPECT_EQ(told(":main\n\tE8 %puts # say\n:end\n", ":main\nE8 %exit\n:end\n"),
            "Likely cause: one reference: '%puts' against '%exit'\n\n"
            "a.hex2:2:5\n    "
            " E8 %puts # say\n        ^^^^^\n"
            "b.hex2:2:4\n    E8 %exit\n       ^^^^^\n"
            "\nBy label:\n  changed      main (2 against 2)\n");
}

TEST(CompareTexts, AStringOfM1IsOneToken) {
  EXPECT_EQ(told(":s\n\"a # b\"\n", ":s\n\"a # c\"\n", ".M1"),
            "Likely cause: a string: \"a # b\" against \"a # c\"\n\n"
            "a.M1:2:1\n    \"a # b\"\n    ^^^^^^^\n"
            "b.M1:2:1\n    \"a # c\"\n    ^^^^^^^\n"
            "\nBy label:\n  changed      s (1 against 1)\n");
}

TEST(CompareTexts, LabelsThatOneOfThemLacks) {
  EXPECT_EQ(told(":a\n00\n:b\n01\n", ":a\n00\n:c\n01\n"),
            "Likely cause: another label: ':b' against ':c'\n\n"
            "a.hex2:3:1\n    :b\n    ^^\n"
            "b.hex2:3:1\n    :c\n    ^^\n"
            "\nBy label:\n  only in the first:  b\n  only in the second: c\n");
}

TEST(CompareTexts, OtherTextsByLines) {
  EXPECT_EQ(told("one\ntwo\n", "one\n", ".c"), "a.c:2:1\n    two\n    ^^^\nb.c: ends before\n");
  // What both lines begin and end with is not marked.
  EXPECT_EQ(told("\tput(\"a\");\n", "\tput(\"bcd\");\n", ".c"),
            "a.c:1:7\n     put(\"a\");\n          ^\nb.c:1:7\n     put(\"bcd\");\n          ^^^\n");
  EXPECT_EQ(told("ab\n", "abc\n", ".c"), "a.c:1:3\n    ab\n      ^\nb.c:1:3\n    abc\n      ^\n");
}

/// A program without symbols for RISC-V: its instructions, then nothing.
Side code(std::string name, std::initializer_list<std::uint32_t> words) {
  Bytes bytes;
  for (const std::uint32_t word : words) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<Byte>(word >> shift));
  }
  return {.name = std::move(name), .bytes = std::make_shared<const Bytes>(std::move(bytes))};
}

TEST(CompareBinaries, TheFirstInstructionThatDiffersIsShownFromBothSides) {
  // addi a0, zero, 1 / addi a7, zero, 93 against 94 / ecall
  const Side a = code("a", {0x00100513, 0x05D00893, 0x00000073});
  const Side b = code("b", {0x00100513, 0x05E00893, 0x00000073});
  const Difference difference = compare_binaries(a, b, "riscv64");
  EXPECT_FALSE(difference.same);
  const std::string text = difference_text(difference);
  EXPECT_NE(text.find("a: offset 0x6, address 0x6: d0"), std::string::npos) << text;
  EXPECT_NE(text.find("> 0x4  9308d005"), std::string::npos) << text;
  EXPECT_NE(text.find("> 0x4  9308e005"), std::string::npos) << text;
  EXPECT_TRUE(compare_binaries(a, a, "riscv64").same);
}

class OwnTree : public testing::Test {
 protected:
  OwnTree()
      : tree_(one_chain()),
        trail_(Products::of(tree_, *tree_.architectures.front(), nullptr)),
        file_(trail_.products().find("riscv64/artifact/hex0")) {}
  Tree tree_;
  Trail trail_;
  FileId file_;
};

TEST_F(OwnTree, AByteIsFollowedToItsDigits) {
  ASSERT_NE(file_, kNoFile);
  EXPECT_EQ(trail_text(trail_, trail_.follow(file_, 0x12), 0x12),
            "riscv64/artifact/hex0 offset 0x12, address 0x600012: f3\n"
            "  <- hex0 riscv64/hex0_riscv64.hex0:21:1\n"
            "      F3 00                      # for RISC-V\n"
            "      ^^\n"
            "  a line of the tree, assembled\n");
  const Explained share = explained(trail_, file_);
  EXPECT_EQ(share.bytes, 332U);
  EXPECT_EQ(share.header, 64U + 56U);
  EXPECT_EQ(share.assembler, 332U - 120U);
}

TEST_F(OwnTree, PlacesAreOffsetsAddressesLinesAndLabels) {
  ASSERT_NE(file_, kNoFile);
  EXPECT_EQ(place_of(trail_, file_, "18")->offset, 18U);
  EXPECT_EQ(place_of(trail_, file_, "18")->taken_for, "offset");
  EXPECT_EQ(place_of(trail_, file_, "0x600078")->offset, 0x78U);
  EXPECT_EQ(place_of(trail_, file_, "0x600078")->taken_for, "address");
  EXPECT_EQ(place_of(trail_, file_, "0x60014C").error().message,
            "'riscv64/artifact/hex0' has 332 bytes, and none at 0x60014c");
  EXPECT_EQ(place_of(trail_, file_, "main").error().message, "'riscv64/artifact/hex0' has no label 'main'");
  const FileId source = trail_.products().find("riscv64/hex0_riscv64.hex0");
  EXPECT_EQ(trail_.follow(source, 0).what, TrailEnd::plain);
  EXPECT_EQ(place_of(trail_, source, ":2")->taken_for, "line 2");
  EXPECT_EQ(trail_.products().find("no/such/file"), kNoFile);
}

TEST(Tokens, MembersOfAStructAreWords) {
  const std::string_view body =
      "\n\tstruct token* next;\n\tunion {\n\t\tchar* a;\n\t\tint b;\n\t};\n\tint line;\n";
  EXPECT_EQ(word_of_member(body, "next"), 0U);
  EXPECT_EQ(word_of_member(body, "a"), 1U);
  EXPECT_EQ(word_of_member(body, "b"), 1U);
  EXPECT_EQ(word_of_member(body, "line"), 2U);
  EXPECT_EQ(word_of_member(body, "lin"), std::nullopt);
}

}  // namespace
}  // namespace assay::bootstrap
