// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/minimal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace assay::kaem {
namespace {

struct Parsed {
  std::string shown;  ///< "[a b][c]" and the status
  DiagnosticList list;
};

Parsed parse(const MinimalDialect& dialect, std::string_view text) {
  Parsed parsed;
  const MinimalScript script = parse_minimal(as_bytes(text), 0, dialect, parsed.list);
  for (const MinimalCommand& command : script.commands) {
    parsed.shown += fmt::format("[{}]", fmt::join(command.words, "|"));
  }
  parsed.shown += fmt::format(" {}", script.status);
  return parsed;
}

Parsed parse(std::string_view arch, std::string_view text) { return parse(*minimal_dialect(arch), text); }

TEST(KaemMinimal, WordsCommandsAndComments) {
  EXPECT_EQ(parse("AMD64", "a b\tc  \n\n# note\nd#e f\ng\n").shown, "[a|b|c][d][g] 0");
}

TEST(KaemMinimal, BackslashEndsTheWordAndDropsAByte) {
  EXPECT_EQ(parse("AMD64", "foo\\\nbar\na\\nb\n").shown, "[foo|bar][a|b] 0");
  EXPECT_EQ(parse("AMD64", "foo \\\n  bar\n").list.all.size(), 0U);
  EXPECT_TRUE(parse("AMD64", "foo\\\nbar\n").list.has("kaem-continuation-glued"));
  EXPECT_TRUE(parse("AMD64", "a\\b\n").list.has("kaem-escape-ends-word"));
}

TEST(KaemMinimal, StringsExceptOnRiscv) {
  EXPECT_EQ(parse("AMD64", "a \"b c\"d\n").shown, "[a|b c|d] 0");
  EXPECT_EQ(parse("riscv64", "a \"b c\"d\n").shown, "[a|\"b|c\"d] 0");
  EXPECT_TRUE(parse("riscv64", "\"a\n").list.has("kaem-quote-is-literal"));
}

TEST(KaemMinimal, UnfinishedLastLineIsDroppedWithStatusZero) {
  const Parsed parsed = parse("x86", "a\nb c");
  EXPECT_EQ(parsed.shown, "[a] 0");
  ASSERT_TRUE(parsed.list.has("kaem-last-line-dropped"));
  EXPECT_EQ(parsed.list.all[0].span, (Span{0, 2, 3}));
}

TEST(KaemMinimal, UnfinishedCommentsAndStringsFail) {
  EXPECT_EQ(parse("x86", "a\n# x").shown, "[a] 1");
  EXPECT_EQ(parse("AArch64", "a\n# x").shown, "[a] 252");
  EXPECT_EQ(parse("AArch64", "a \"x\n").shown, " 252");
}

TEST(KaemMinimal, ByteFcEndsTheScript) { EXPECT_EQ(parse("x86", "a\n\xFC\nb\n").shown, "[a] 0"); }

// What our seeds do is held to this by tests/own_seeds.py (kaem-minimal).
TEST(KaemMinimal, OurOwnIsTheSameOnEveryArchitecture) {
  for (const char* arch : {"x86", "AMD64", "AArch64", "riscv32", "riscv64", "armv7l"}) {
    const MinimalDialect* const own = own_minimal_dialect(arch);
    ASSERT_NE(own, nullptr) << arch;
    EXPECT_EQ(parse(*own, "a \"b c\"d\n").shown, "[a|b c|d] 0");
    EXPECT_EQ(parse(*own, "a\n \t ").shown, "[a] 0");
    EXPECT_EQ(parse(*own, "a\nb c").shown, "[a] 1");
    EXPECT_EQ(parse(*own, "a\n# x").shown, "[a] 1");
    EXPECT_EQ(own->status_child_failed, 1);
  }
  EXPECT_EQ(own_minimal_dialect("knight"), nullptr);
}

}  // namespace
}  // namespace assay::kaem
