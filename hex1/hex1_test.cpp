// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex1/hex1.h"

#include <gtest/gtest.h>

#include "hex1/diagnostics.h"
#include "tests/support/diagnostic_text.h"

namespace assay::hex1 {
namespace {

using namespace std::string_view_literals;

Output run(std::string_view dialect, std::string_view text, DiagnosticSink& sink) {
  return assemble({"in", as_bytes(text)},
                  {.dialect = find_dialect(dialect), .want_map = true, .want_warnings = true}, sink);
}

/// 0x1100 bytes after :a, then a reference that many bytes back.
const std::string& far_back() {
  static const std::string text = ":a" + std::string(2 * 0x1100, '0') + "~a 37000000 00000000\n";
  return text;
}
const std::string& out_of_branch_reach() {
  static const std::string text = ":a" + std::string(2 * 0x2000, '0') + "@a 63000000\n";
  return text;
}

const test::Example kExamples[] = {
    {"AMD64", ":a 41 %a # fine\n", ""},
    {"AMD64", "41 4\n", "1:4+1 hex1-odd-nibble: half a byte is dropped at the end of the text\n"},
    {"AMD64", ":a 4%a1\n", "1:4+4 hex1-split-byte: the two digits of a byte are apart\n"},
    {"AMD64", ":a ~ 41 ^^\n",
     "1:4+1 hex1-ignored-character: character is ignored\n1:9+2 hex1-ignored-character: 2 characters are "
     "ignored\n"},
    {"AMD64", "41\0\n"sv, "1:3+1 hex1-nul: zero byte is ignored\n"},
    {"AMD64", "41\r\n", "1:3+1 hex1-carriage-return: carriage return outside a comment is ignored\n"},
    {"AArch64", "#\r41\n",
     "1:2+1 hex1-comment-carriage-return: comment goes on after a carriage return; other tools end it "
     "here\n"},
    {"AMD64", "#\r41\n", "1:2+1 hex1-comment-carriage-return: comment ends at a lone carriage return\n"},
    {"AMD64", "41 \xfc 42\n", "1:4+1 hex1-end-marker: byte 0xFC ends the text\n"},
    {"x86", "41 \xfc 42\n", "1:4+1 hex1-end-marker: byte 0xFC is ignored; other tools end the text here\n"},
    {"knight", "4`\n", "1:2+1 hex1-backtick: '`' counts as the digit 9\n"},
    {"AMD64", "%q\n", "1:1+2 hex1-undefined-label: label 'q' is not defined: address 0 is used\n"},
    {"AMD64", ":a 41\n:a 42\n",
     "2:1+2 hex1-duplicate-label: label 'a' is defined again (1:1 previous definition)\n"},
    {"AMD64", ":\n41\n", "1:1+2 hex1-blank-label: label is the character 0x0A\n"},
    {"AMD64", "4:a1\n",
     "1:2+2 hex1-label-inside-byte: label 'a' is between the two digits of a byte\n"
     "1:1+4 hex1-split-byte: the two digits of a byte are apart\n"},
    {"AMD64", "41 :", "1:4+1 hex1-label-at-end: ':' at the end of the text defines nothing\n"},
    {"riscv32", "41 :",
     "1:4+1 hex1-cut-label: ':' at the end of the text makes the riscv32 tool write outside its table\n"},
    {"AArch64", "41 &a :",
     "1:7+1 hex1-label-at-end: ':' at the end of the text defines nothing\n"
     "1:7+1 hex1-cut-label: ':' at the end of the text makes the AArch64 tool overwrite itself: it "
     "crashes\n"},
    {"armv7l", "41 :",
     "1:4+1 hex1-label-at-end: ':' at the end of the text defines nothing\n"
     "1:4+1 hex1-cut-label: ':' at the end of the text makes the armv7l tool overwrite itself: it crashes\n"},
    {"armv7l", "4 :",
     "1:3+1 hex1-label-at-end: ':' at the end of the text defines nothing\n"
     "1:1+1 hex1-odd-nibble: half a byte is dropped at the end of the text\n"},
    {"riscv32", out_of_branch_reach(), "1:16387+2 hex1-out-of-range: value -8192 does not fit\n"},
    {"AArch64", ":a 41 ~a 42\n", "1:7+2 hex1-misaligned: distance -1 is not a multiple of 4\n"},
    {"riscv32", ":a 41 $a 6F000000\n", "1:7+2 hex1-misaligned: distance -1 is odd\n"},
    {"riscv32", ":a 41 42 !a FF FF FF FF\n",
     "1:19+2 hex1-nibble-carry: the byte overlaps the bits of a reference and the sum carries\n"},
    {"riscv64", far_back(),
     "1:8707+2 hex1-leaked-bits: the sign of the pattern reaches the four bytes after the word\n"},
    {"riscv32", far_back(), ""},
    {"riscv32", "41 :a 42 !a 13\n",
     "2:1+0 hex1-leftover-bits: bits of a reference are left over at the end of the text\n"},
    {"AMD64", "41 # a",
     "1:4+3 hex1-endless-comment: text ends inside a comment: the AMD64 tool waits for its end for ever\n"},
    {"riscv32", ":\x80\n",
     "1:1+2 hex1-unsafe-label: label 0x80 falls outside the table of labels of the riscv32 tool\n"},
    {"AMD64", ":a 41 %", "1:7+1 hex1-reference-at-end: reference without a label at the end of the text\n"},
};

TEST(Hex1, SaysWhatIsOddAndWhere) {
  for (const test::Example& example : kExamples) {
    DiagnosticList list;
    run(example.dialect, example.text, list);
    EXPECT_EQ(test::diagnostic_text(list, example.text), example.said)
        << example.dialect << ": " << example.text.substr(0, 80);
  }
}

TEST(Hex1, EveryIdHasAnExample) {
  // Ids about files have theirs in the tests of the program.
  const std::set<std::string_view> files{"hex1-lost-output",      "hex1-ignored-input",
                                         "hex1-no-rewind",        "hex1-missing-input",
                                         "hex1-unreadable-input", "hex1-input-too-large"};
  EXPECT_EQ(test::ids_without_example(kKinds, kExamples), files);
}

TEST(Hex1, PipesComeOutEmpty) {
  DiagnosticList list;
  const Output output =
      assemble({"in", as_bytes("41 42\n")}, {.want_warnings = true, .rewinds = false}, list);
  EXPECT_TRUE(output.succeeded());
  EXPECT_TRUE(output.bytes.empty());
  EXPECT_TRUE(list.has("hex1-no-rewind"));
}

TEST(Hex1, MapsPointersToSigilAndLabel) {
  DiagnosticList list;
  const Output output = run("AMD64", ":a\n41 %a\n", list);
  ASSERT_EQ(output.map.entries().size(), 2U);
  EXPECT_EQ(output.map.entries()[1], (MapEntry{1, 4, {0, 6, 2}}));
}

TEST(Hex1, AArch64StartsAtItsLoadAddress) {
  DiagnosticList list;
  const Output output = run("AArch64", "41 :a &a\n", list);
  EXPECT_EQ(output.base_address, 0x600000U);
  EXPECT_EQ(output.bytes, (Bytes{0x41, 0x01, 0x00, 0x60, 0x00}));
}

}  // namespace
}  // namespace assay::hex1
