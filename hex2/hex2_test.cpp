// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex2/hex2.h"

#include <gtest/gtest.h>

#include "hex2/diagnostics.h"
#include "tests/support/diagnostic_text.h"

namespace assay::hex2 {
namespace {

using namespace std::string_view_literals;

Output run(std::string_view dialect, std::string_view text, DiagnosticSink& sink) {
  return assemble({"in", as_bytes(text)},
                  {.dialect = find_dialect(dialect), .want_map = true, .want_warnings = true}, sink);
}

const std::string& long_names() {
  static const std::string name(2048, 'n');
  static const std::string text = ":" + name + "\n&" + name + "\n";
  return text;
}

/// Labels for more than the 1 MiB that riscv32 has.
const std::string& many_labels() {
  static const std::string text = [] {
    std::string made;
    for (int i = 0; i < 550; ++i) made += ":" + std::to_string(i) + std::string(1997, 'n') + "\n";
    return made;
  }();
  return text;
}

const test::Example kExamples[] = {
    {"AMD64", ":a 41 %a !a # fine\n", ""},
    {"AMD64", "41 4\n", "1:4+1 hex2-odd-nibble: half a byte is dropped at the end of the text\n"},
    {"AMD64", "4 1\n", "1:1+3 hex2-split-byte: the two digits of a byte are apart\n"},
    {"AMD64", "41 ~ 42\n", "1:4+1 hex2-ignored-character: character is ignored\n"},
    {"AMD64", "41\0\n"sv, "1:3+1 hex2-nul: zero byte is ignored\n"},
    {"AMD64", "41\r\n", "1:3+1 hex2-carriage-return: carriage return outside a comment is ignored\n"},
    {"AMD64", "#\r41\n", "1:2+1 hex2-comment-carriage-return: comment ends at a lone carriage return\n"},
    {"knight", "41 # a", "1:4+3 hex2-comment-at-end: text ends inside a comment\n"},
    {"AArch64", "41 \xfc 42\n", "1:4+1 hex2-end-marker: byte 0xFC ends the text\n"},
    {"AMD64", "41 \xfc 42\n",
     "1:4+1 hex2-end-marker: byte 0xFC is ignored; the AArch64 tool ends the text here\n"},
    {"knight", "4`\n", "1:2+1 hex2-backtick: '`' counts as the digit 9\n"},
    {"AMD64", ":a\n41\n:a\n",
     "3:1+2 hex2-duplicate-label: label 'a' is defined again (1:1 previous definition)\n"},
    {"AMD64", "4:a 1\n",
     "1:2+2 hex2-label-inside-byte: label 'a' is between the two digits of a byte\n"
     "1:1+5 hex2-split-byte: the two digits of a byte are apart\n"},
    {"knight", ":a &b\n",
     "1:4+2 hex2-undefined-constant: label 'b' is not defined: the address 0x2f04000d is used\n"},
    {"AMD64", ": 41 \n", "1:1+1 hex2-empty-name: the name is empty\n"},
    {"AMD64", ":a\0b \n"sv, "1:1+4 hex2-nul-in-name: zero byte in the name 'a\\x00b'\n"},
    {"AMD64", ":a\r\n41",
     "1:1+3 hex2-carriage-return-in-name: carriage return is part of the name 'a\\x0d'\n"},
    {"AMD64", ":a;\n", "1:1+3 hex2-comment-in-name: the comment character is part of the name 'a;'\n"},
    {"AMD64", ":a:b \n", "1:1+4 hex2-sigil-in-name: a sigil is part of the name 'a:b'\n"},
    {"AMD64", ":a> \n", "1:3+1 hex2-greater-after-label: '>' ends the name of a definition\n"},
    {"AArch64", "41 :a", "1:4+2 hex2-token-at-end: text ends inside a name\n"},
    {"AMD64", ":a :b &a>b\n", "1:7+4 hex2-absolute-base: absolute reference with a base\n"},
    {"riscv64", ":a @a> 63000000\n", "1:6+1 hex2-ignored-base: '>' ends the name of an instruction field\n"},
    {"AArch64", ":a ^ ~a \n", "1:4+1 hex2-lost-caret: '^' has no effect here\n"},
    {"AArch64", ":a ^^~a \n", "1:4+1 hex2-lost-caret: '^' has no effect here\n"},
    {"AArch64", ":a ^&a \n", "1:4+1 hex2-lost-caret: '^' has no effect here\n"},
    {"AArch64", ":a 41 ^~a \n", "1:8+2 hex2-misaligned: distance -1 is not a multiple of 4\n"},
    {"riscv32", ":a 41 @a 63000000\n", "1:7+2 hex2-misaligned: distance -1 is odd\n"},
    {"AMD64", ":a $a \n", "1:4+2 hex2-out-of-range: value 6291456 does not fit\n"},
    {"riscv32", "41 .11223\n", "1:4+1 hex2-mask-at-end: text ends inside the word after '.'\n"},
    {"riscv32", ".90000000 90000000\n",
     "1:11+2 hex2-nibble-carry: the byte overlaps pending instruction bits and the sum carries\n"},
    {"riscv32", ".00000001 41\n",
     "2:1+0 hex2-leftover-bits: instruction bits are left over at the end of the text\n"},
    {"AMD64", ":a 41 %b %c\n",
     "1:7+2 hex2-undefined-label: label 'b' is not defined\n1:10+2 hex2-undefined-label: label 'c' is not "
     "defined\n"},
    {"AMD64", "41 %b\n",
     "1:4+2 hex2-no-labels: label 'b' is not defined, and no other one is: the AMD64 tool crashes\n"},
    {"AMD64", "41 # a",
     "1:4+3 hex2-endless-comment: text ends inside a comment: the AMD64 tool waits for its end for ever\n"},
    {"knight", ":a &a",
     "1:4+2 hex2-endless-token: text ends inside a name: the knight tool waits for its end for ever\n"},
    {"AMD64", "41 :a",
     "1:4+2 hex2-open-token: text ends inside a name: the AMD64 tool reads on until it crashes\n"},
    {"AMD64", long_names(),
     "2:1+2049 hex2-long-token: reference of 2048 bytes overruns the buffer of the AMD64 tool\n"},
    {"x86", long_names(),
     "2:1+2049 hex2-long-token: reference of 2048 bytes overruns the buffer of the AMD64 tool\n"},
    {"riscv32", many_labels(),
     "521:1+2001 hex2-label-heap: labels take more than the 1048576 bytes that the riscv32 tool has for "
     "them\n"},
};

TEST(Hex2, SaysWhatIsOddAndWhere) {
  for (const test::Example& example : kExamples) {
    DiagnosticList list;
    run(example.dialect, example.text, list);
    EXPECT_EQ(test::diagnostic_text(list, example.text), example.said)
        << example.dialect << ": " << example.text.substr(0, 80);
  }
}

TEST(Hex2, EveryIdHasAnExample) {
  // Ids about files have theirs in the tests of the program.
  const std::set<std::string_view> files{"hex2-lost-output",      "hex2-ignored-input",
                                         "hex2-no-rewind",        "hex2-missing-input",
                                         "hex2-unreadable-input", "hex2-input-too-large"};
  EXPECT_EQ(test::ids_without_example(kKinds, kExamples), files);
}

TEST(Hex2, BytesBeforeAnUndefinedLabelAreKept) {
  DiagnosticList list;
  const Output output = run("AMD64", ":a 41 %a %b 42 %c 43\n", list);
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.bytes, (Bytes{0x41, 0xFB, 0xFF, 0xFF, 0xFF}));
  EXPECT_EQ(output.map.size(), output.bytes.size());
  EXPECT_EQ(list.all.size(), 2U) << "both undefined labels are named";
}

TEST(Hex2, MapsPointersAndPaddingToTheirText) {
  DiagnosticList list;
  const Output output = run("riscv64", ":a\n41 < %a>a\n", list);
  ASSERT_EQ(output.map.entries().size(), 3U);
  EXPECT_EQ(output.map.entries()[1], (MapEntry{1, 3, {0, 6, 1}}));
  EXPECT_EQ(output.map.entries()[2], (MapEntry{4, 4, {0, 8, 4}}));
}

TEST(Hex2, PipesComeOutEmpty) {
  DiagnosticList list;
  const Output output =
      assemble({"in", as_bytes("41 42\n")}, {.want_warnings = true, .rewinds = false}, list);
  EXPECT_TRUE(output.succeeded());
  EXPECT_TRUE(output.bytes.empty());
  EXPECT_TRUE(list.has("hex2-no-rewind"));
}

TEST(Hex2, LongReferencesSurviveWhereTheToolDoes) {
  NoDiagnostics quiet;
  const Source source{"in", as_bytes(long_names())};
  EXPECT_EQ(assemble(source, {.dialect = find_dialect("AMD64")}, quiet).ending, Ending::crashes);
  const Output output = assemble(source, {.dialect = find_dialect("x86")}, quiet);
  EXPECT_EQ(output.ending, Ending::undefined);
  EXPECT_EQ(output.bytes, (Bytes{0x00, 0x80, 0x04, 0x08}));
}

}  // namespace
}  // namespace assay::hex2
