// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex0/hex0.h"

#include <gtest/gtest.h>
#include <array>
#include <random>

#include "command/render.h"
#include "hex0/diagnostics.h"
#include "hex0/scanner.h"
#include "tests/support/diagnostic_text.h"

namespace assay::hex0 {
namespace {

using namespace std::string_view_literals;

Output run(std::string_view dialect, std::string_view text, DiagnosticSink& sink) {
  return assemble({"in", as_bytes(text)},
                  {.dialect = find_dialect(dialect), .want_map = true, .want_warnings = true}, sink);
}

constexpr test::Example kExamples[] = {
    {"AMD64", "41 42 # fine\n", ""},
    {"AMD64", "41 4\n", "1:4+1 hex0-odd-nibble: half a byte is dropped at the end of the text\n"},
    {"AMD64", "4 # a\n1", "1:1+7 hex0-split-byte: the two digits of a byte are apart\n"},
    {"x86", "1G", "1:2+1 hex0-g-digit: 'G' counts as a digit of value 16\n"},
    {"AArch64", "1G1",
     "1:2+1 hex0-ignored-character: character is ignored\n"
     "1:1+3 hex0-split-byte: the two digits of a byte are apart\n"},
    {"AMD64", "41 mov 42\n", "1:4+3 hex0-ignored-character: 3 characters are ignored\n"},
    {"AMD64", "41\r\n", "1:3+1 hex0-carriage-return: carriage return outside a comment is ignored\n"},
    {"AMD64", "# a\r\n41", ""},
    {"AMD64", "# a\r41\n",
     "1:4+1 hex0-comment-carriage-return: comment goes on after a carriage return; other tools "
     "end it here\n"},
    {"riscv64", "# a\r41\n", "1:4+1 hex0-comment-carriage-return: comment ends at a lone carriage return\n"},
    {"riscv64", "# a\r\n41", ""},
    {"AMD64", "41\0"sv, "1:3+1 hex0-nul: zero byte is ignored\n"},
    {"bh0-stage1-seed", "41\00042"sv, "1:3+1 hex0-nul: zero byte ends the text\n"},
    {"AMD64", "41 # a", "1:4+3 hex0-comment-at-end: text ends inside a comment\n"},
    {"knight", "41 # a",
     "1:4+3 hex0-endless-comment: text ends inside a comment: the knight tool waits for its end "
     "for ever\n"},
    {"UEFI-amd64", "41 # a",
     "1:4+3 hex0-comment-crash: text ends inside a comment: the UEFI-amd64 tool crashes after "
     "writing its output\n"},
    {"bh0-mini", "41 42\n",
     "2:1+0 hex0-partial-sector: the last 2 bytes are lost: only whole blocks of 512 bytes are "
     "written\n"},
    {"onramp", "48\n@0x2 main\n65\n", "2:1+4 hex0-wrong-address: there are 0x1 bytes here\n"},
    {"onramp", "@0x\n", "1:1+3 hex0-wrong-address: '@' wants the number of bytes so far: '@0x100'\n"},
    {"onramp", "@0x000000000\n",
     "1:1+12 hex0-wrong-address: '@' wants the number of bytes so far: '@0x100'\n"},
    {"onramp", "@0x0g\n", "1:1+5 hex0-wrong-address: '@' wants the number of bytes so far: '@0x100'\n"},
    {"hex0.sh", "41 4243\n", "1:4+4 hex0-not-two-digits: word is not two hexadecimal digits\n"},
};

TEST(Hex0, SaysWhatIsOddAndWhere) {
  for (const test::Example& example : kExamples) {
    DiagnosticList list;
    run(example.dialect, example.text, list);
    EXPECT_EQ(test::diagnostic_text(list, example.text), example.said)
        << example.dialect << ": " << example.text;
  }
}

TEST(Hex0, EveryIdHasAnExample) {
  // Ids about files have theirs in the tests of the program.
  const std::set<std::string_view> files{"hex0-lost-output", "hex0-ignored-input", "hex0-missing-input",
                                         "hex0-unreadable-input", "hex0-input-too-large"};
  EXPECT_EQ(test::ids_without_example(kKinds, kExamples), files);
}

TEST(Hex0, ErrorsAreReportedWithoutWarnings) {
  DiagnosticList list;
  const Output output = assemble({"in", as_bytes("41 4 z # a")}, {.dialect = find_dialect("knight")}, list);
  EXPECT_EQ(output.ending, Ending::hangs);
  EXPECT_EQ(output.bytes, Bytes{0x41});
  ASSERT_EQ(list.all.size(), 1U);
  EXPECT_EQ(list.all[0].kind, &kind(Kind::endless_comment));
}

TEST(Hex0, RendersAWholeMessage) {
  const Source source{"seed.hex0", as_bytes("41\n4 2 # two\n")};
  DiagnosticList list;
  assemble(source, {.want_warnings = true}, list);
  ASSERT_EQ(list.all.size(), 1U);
  EXPECT_EQ(render(list.all[0], {&source, 1}),
            "seed.hex0:2:1: warning: the two digits of a byte are apart [hex0-split-byte]\n"
            "  4 2 # two\n"
            "  ^~~\n"
            "  help: write the two digits of a byte next to each other\n");
}

TEST(Hex0, MapsEveryByteToItsDigits) {
  DiagnosticList list;
  const Output output = run("AMD64", "41 # x\n4\n2", list);
  ASSERT_EQ(output.map.entries().size(), 2U);
  EXPECT_EQ(output.map.entries()[0].span, (Span{0, 0, 2}));
  EXPECT_EQ(output.map.entries()[1].span, (Span{0, 7, 3}));
}

TEST(Hex0, LostSectorsAreNotMapped) {
  DiagnosticList list;
  const Output output = run("bh0-mini", std::string(1024 + 6, 'a'), list);
  EXPECT_EQ(output.bytes.size(), 512U);
  EXPECT_EQ(output.map.size(), 512U);
}

TEST(Hex0, ShellPrintsWholeBuffersBeforeItFails) {
  DiagnosticList list;
  std::string text;
  for (int i = 0; i < 300; ++i) text += "41\n";
  const Output output = run("hex0.sh", text + "x", list);
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.bytes.size(), 256U);
  EXPECT_EQ(output.map.size(), 256U);
}

TEST(Hex0, HalfAByteLate) {
  NoDiagnostics quiet;
  const Output output =
      assemble({"in", as_bytes("41 42 43 44")}, {.want_map = true, .half_a_byte_late = true}, quiet);
  EXPECT_EQ(output.bytes, (Bytes{0x04, 0x14, 0x24, 0x34}));
  EXPECT_EQ(output.map.entries()[0].span, (Span{0, 0, 1}));
}

class Hex0Kernels : public testing::TestWithParam<Kernel> {};

INSTANTIATE_TEST_SUITE_P(Kernels, Hex0Kernels, testing::ValuesIn(available_kernels()),
                         [](const auto& tested) { return std::string(name_of(tested.param)); });

TEST_P(Hex0Kernels, OutputsLongerThanABlock) {
  NoDiagnostics quiet;
  std::string text;
  Bytes wanted;
  for (std::size_t i = 0; i < 10'000; ++i) {
    text += i % 3 == 0 ? "5a # comment\n" : "a5";
    wanted.push_back(i % 3 == 0 ? 0x5A : 0xA5);
  }
  EXPECT_EQ(assemble({"in", as_bytes(text)}, {.kernel = GetParam()}, quiet).bytes, wanted);
}

TEST_P(Hex0Kernels, AgreeWithTheCarefulWayOnLongTexts) {
  constexpr std::uint32_t kSeed = 20261125;
  constexpr std::string_view kPieces[] = {"41",       "4",        " ",      "\n",
                                          "# a 42\n", "; \r 4\n", "#",      "\r",
                                          "g",        "G1",       "\xFF",   "0123456789abcdef",
                                          "    ",     "##;;\n",   "z4\0"sv, "48 89 C7\n"};
  std::mt19937 random(kSeed);
  for (int round = 0; round < 150; ++round) {
    std::string text;
    const std::size_t size = random() % 12'000;  // up to three blocks
    const std::size_t kinds = 2 + random() % 15;
    while (text.size() < size) text += kPieces[random() % std::min(kinds, std::size(kPieces))];
    for (const Dialect& dialect : kDialects) {
      const bool late = random() % 4 == 0;
      DiagnosticList fast;
      DiagnosticList careful;
      const Source source{"in", as_bytes(text)};
      const Output have =
          assemble(source, {.dialect = &dialect, .half_a_byte_late = late, .kernel = GetParam()}, fast);
      const Output want =
          assemble(source, {.dialect = &dialect, .want_map = true, .half_a_byte_late = late}, careful);
      ASSERT_EQ(have.bytes, want.bytes) << dialect.name << ", round " << round << " of seed " << kSeed;
      ASSERT_EQ(have.ending, want.ending) << dialect.name << ", round " << round << " of seed " << kSeed;
      ASSERT_EQ(test::diagnostic_text(fast, text), test::diagnostic_text(careful, text)) << dialect.name;
    }
  }
}

TEST_P(Hex0Kernels, ReadNothingBehindTheText) {
  // Every length up to three vectors, in memory that ends with the text: sanitizers see a byte too many.
  NoDiagnostics quiet;
  for (std::size_t size = 0; size <= 192; ++size) {
    const Bytes text(size, 'a');
    EXPECT_EQ(assemble({"in", text}, {.kernel = GetParam()}, quiet).bytes, Bytes(size / 2, 0xAA));
  }
}

// From the documentation of Onramp's hexadecimal.
TEST(Hex0, AssertionsOfOnrampAreComments) {
  DiagnosticList list;
  const Output good = run("onramp", "@0x0 AB\n48 65 6c ; AB\n6c 6f\n@0x5\t\"!\"\n21\n@0X6\n", list);
  EXPECT_EQ(good.bytes, to_bytes("Hello!"));
  EXPECT_TRUE(list.all.empty());
  const Output bad = run("onramp", "48\n@0x2\n65\n", list);
  EXPECT_EQ(bad.bytes, to_bytes("H"));
  EXPECT_EQ(bad.status, 1);
}

TEST(Scanner, FindsTheNearerEndOfAComment) {
  const ByteView text = as_bytes("# a\rb\nc");
  EXPECT_EQ(find_comment_end(text, 0, true), 3U);
  EXPECT_EQ(find_comment_end(text, 0, false), 5U);
  EXPECT_EQ(find_comment_end(text, 4, true), 5U);
  EXPECT_EQ(find_comment_end(text, 6, true), 7U);
  EXPECT_EQ(find_comment_end(text, 7, true), 7U);
}

}  // namespace
}  // namespace assay::hex0
