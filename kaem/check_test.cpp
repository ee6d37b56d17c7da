// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "kaem/diagnostics.h"

namespace assay::kaem {
namespace {

std::string check(std::string_view text, std::string_view minimal = "") {
  DiagnosticList list;
  check_script(as_bytes(text), 0, minimal.empty() ? nullptr : minimal_dialect(minimal), list);
  std::string shown;
  for (const Diagnostic& one : list.all) {
    const Position at = position_of(as_bytes(text), one.span.offset);
    shown += fmt::format("{}:{} {}\n", at.line, at.column, one.kind->id);
  }
  return shown;
}

TEST(KaemCheck, CleanScriptsAreQuiet) {
  EXPECT_EQ(check("A=1\nB=\"${A}\"\nif ./x ${B} ; then\n./y \\\n  z\nelse\n./z\nfi\n"), "");
  EXPECT_EQ(check("./a b \\\n  c\n# end\n", "riscv64"), "");
}

TEST(KaemCheck, FullKaem) {
  EXPECT_EQ(check("./a  \n"), "1:1 kaem-command-dropped\n");
  EXPECT_EQ(check("./a \"b\" \n"), "1:1 kaem-command-dropped\n");
  EXPECT_EQ(check("./a\n./b"), "2:1 kaem-last-line-dropped\n");
  EXPECT_EQ(check("./a\r\n"), "1:4 kaem-carriage-return\n");
  EXPECT_EQ(check("./a $X\n./b\n"), "1:5 kaem-variable-syntax\n");
  EXPECT_EQ(check("A=1 ./a\n"), "1:1 kaem-assignment-with-command\n");
  EXPECT_EQ(check("./a b\\\nc\n"), "1:6 kaem-stale-word\n");
  EXPECT_EQ(check("if ./a\nif ./b\nfi\nfi\n"), "2:1 kaem-nested-if\n");
  EXPECT_EQ(check("./x\nif ./a\n"), "2:1 kaem-unterminated-if\n");
  EXPECT_EQ(check("./a " + std::string(4096, 'x') + "\n"), "1:5 kaem-word-too-long\n");
}

TEST(KaemCheck, MinimalKaem) {
  EXPECT_EQ(check("./a $X\n", "AMD64"), "1:5 kaem-minimal-no-variables\n");
  EXPECT_EQ(check("cd x\nA=1\n", "AMD64"), "1:1 kaem-minimal-no-builtins\n2:1 kaem-minimal-no-builtins\n");
  EXPECT_EQ(check("./a \"b\"\n", "riscv64"), "1:5 kaem-quote-is-literal\n1:7 kaem-quote-is-literal\n");
  EXPECT_EQ(check("./a \"b\"\n", "x86"), "");
  EXPECT_EQ(check("./a " + std::string(4096, 'x') + "\n", "x86"), "1:5 kaem-word-too-long\n");
}

/// One row a trap: the script, the architecture of the kaem-minimal that reads it (empty: the full kaem), and
/// what must be said.
struct Trap {
  std::string_view text;
  std::string_view minimal;
  std::string_view said;
};

constexpr Trap kTraps[] = {
    {"./a b  # c\n./b\n", "", "1:1 kaem-command-dropped\n"},
    {"./a b  ; ./b\n", "", "1:1 kaem-command-dropped\n"},
    {"./a b \n", "", ""},
    {"./a  \n", "AMD64", ""},
    {"./a\n\\\nb c\n", "", "2:1 kaem-stale-word\n"},
    {"./a \\\nb c\n", "", "1:5 kaem-stale-word\n"},
    {"./a \\\n\tb c\n", "", ""},
    {"./a b\\\n c\n", "AMD64", "1:6 kaem-continuation-glued\n"},
    {"./a b\\nc\n", "AMD64", "1:6 kaem-escape-ends-word\n"},
    {"./a b#c\n", "", "1:6 kaem-comment-in-word\n"},
    {"./a b#c\n", "x86", "1:6 kaem-comment-in-word\n"},
    {"./a \"b\"c\n", "", "1:7 kaem-quote-ends-word\n"},
    {"./a \"b\"c\n", "AArch64", "1:7 kaem-quote-ends-word\n"},
    {"./a \"\" b\n", "", "1:5 kaem-empty-string\n"},
    {"./a \"\"\n", "", "1:5 kaem-empty-string\n1:1 kaem-command-dropped\n"},
    {"./a \"\" b\n", "x86", "1:5 kaem-empty-string\n"},
    {"A=\"\"\n./a\n", "", ""},
    {"if ./a\nthen ./b\nelse ./c\nfi\n", "", "2:6 kaem-line-ignored\n3:6 kaem-line-ignored\n"},
    {"exec ./a\n./b\n./c\n", "", "2:1 kaem-after-exec\n"},
    {"if ./a\nexec ./b\nfi\n./c\n", "", ""},
    {"exec\n", "", "1:1 kaem-crash\n"},
    {"set -ex\nset -v\n", "", "2:5 kaem-builtin-failed\n"},
    {"alias a=\n", "", "1:7 kaem-builtin-failed\n"},
    {"./a ${A}${B:-x}\n", "", "1:5 kaem-default-misread\n"},
    {"./a ${A:-${B}}\n", "", "1:5 kaem-default-misread\n"},
    {"./a ${A:-b} $@\n", "", ""},
    {"./a > b\n", "", "1:5 kaem-not-a-shell\n"},
    {"./a && ./b\n", "riscv32", "1:5 kaem-not-a-shell\n"},
    {"./a 'b'\n", "", "1:5 kaem-not-a-shell\n"},
    {"./a\n./\xFC b\n./c\n", "AMD64", "2:3 kaem-end-byte\n2:1 kaem-last-line-dropped\n"},
    {"\xEF\xBB\xBF./a\n", "", "1:1 kaem-byte-order-mark\n"},
    {"./a # c", "AMD64", "1:5 kaem-unfinished-comment\n"},
    {"./a # c", "", "1:5 kaem-unfinished-comment\n"},
    {"./a \"c\n", "x86", "1:5 kaem-unfinished-string\n"},
    {"./a \"c\n", "", "1:5 kaem-unfinished-string\n"},
    {"./a \"c\n", "riscv32", "1:5 kaem-quote-is-literal\n"},
    {"./a\r\n", "riscv64", "1:4 kaem-carriage-return\n"},
    {"./a ; ./b\n", "x86", "1:5 kaem-minimal-no-builtins\n"},
    {"./A/kaem-0 x\n./b\n", "AArch64", "1:1 kaem-status-lost\n"},
    {"./A/kaem-0 x\n./b\n", "AMD64", ""},
    {"./b\n./A/kaem-0 x\n", "AArch64", ""},
    {"./a ${X\n", "", "1:5 kaem-variable-syntax\n"},
    {"./a $\n./b \\$\n", "", "1:5 kaem-variable-syntax\n2:5 kaem-variable-syntax\n"},
};

TEST(KaemCheck, EveryTrapIsNamedAtItsPlace) {
  for (const Trap& trap : kTraps) EXPECT_EQ(check(trap.text, trap.minimal), trap.said) << trap.text;
}

TEST(KaemCheck, LimitsAreThoseOfTheInterpreter) {
  const auto words = [](std::size_t count) {
    std::string text = "./a";
    for (std::size_t i = 1; i < count; ++i) text += " b";
    return text + "\n";
  };
  EXPECT_EQ(check(words(511)), "");
  EXPECT_EQ(check(words(512)), "1:1 kaem-too-many-words\n");
  EXPECT_EQ(check(words(255), "AMD64"), "");
  for (const std::string_view arch : {"x86", "AMD64", "AArch64", "riscv64"}) {
    EXPECT_EQ(check(words(256), arch), "1:1 kaem-too-many-words\n") << arch;
  }
  EXPECT_EQ(check(words(256), "riscv32"), "");
  EXPECT_EQ(check("./a " + std::string(4095, 'x') + "\n"), "");
  EXPECT_EQ(check("./a " + std::string(4095, 'x') + "\n", "riscv64"), "");
  const std::string half(2000, 'x');
  EXPECT_EQ(check("A=" + half + "\nB=${A}${A}\nC=${B}${A}\n"), "3:1 kaem-word-too-long\n");
  EXPECT_EQ(check(std::string("./a\0b c\n", 9)), "1:4 kaem-nul-byte\n");
}

TEST(KaemCheck, EmptyArgumentsAreNamedWhereTheEnvironmentIsKnown) {
  const std::string_view text = "./a ${A} x${B} ${C}\n";
  DiagnosticList list;
  const Environment environment({"C= "});
  check_script(as_bytes(text), 0, nullptr, list, &environment);
  ASSERT_EQ(list.all.size(), 3U);
  EXPECT_EQ(list.all[0].kind->id, "kaem-variable-unset");  // A
  EXPECT_EQ(list.all[1].kind->id, "kaem-variable-unset");  // B
  EXPECT_EQ(list.all[2].kind->id, "kaem-empty-argument");
  EXPECT_EQ(list.all[2].span.offset, 4U);
}

TEST(KaemCheck, WhatNobodyHasSetIsToldOnceAndParametersOfUpstreamAreNot) {
  const std::string_view text = "A=1\n./a ${A} ${HOME:-x} ${HOME:-x} x${EXE_SUFFIX}\n./b ${HOME:-x}\n";
  DiagnosticList list;
  const Environment environment;
  check_script(as_bytes(text), 0, nullptr, list, &environment);
  ASSERT_EQ(list.all.size(), 1U);
  EXPECT_EQ(list.all[0].kind->id, "kaem-variable-unset");
  EXPECT_EQ(list.all[0].message, "nobody has set 'HOME'");
  list.all.clear();
  check_script(as_bytes(text), 0, nullptr, list, nullptr);  // nobody knows the environment
  EXPECT_TRUE(list.all.empty());
}

TEST(KaemCheck, EveryKindHasHelpAndAnIdOfItsOwn) {
  std::vector<std::string_view> ids;
  for (const DiagnosticKind& kind : kDiagnostics) {
    EXPECT_NE(kind.help, "") << kind.id;
    EXPECT_TRUE(kind.id.starts_with("kaem-"));
    ids.push_back(kind.id);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

}  // namespace
}  // namespace assay::kaem
