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
  EXPECT_EQ(check(std::string("./a\0b c\n", 8)), "1:4 kaem-nul-byte\n");
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

TEST(KaemCheck, WhatNoKernelSetsIsANoteWhereAKernelBegins) {
  DiagnosticList list;
  const Environment environment;
  check_script(as_bytes("./a x${B} x${HOME}\n"), 0, nullptr, list, &environment, true);
  ASSERT_EQ(list.all.size(), 2U);
  EXPECT_EQ(list.all[0].message, "nobody has set 'HOME'") << "what matters comes first";
  EXPECT_EQ(list.all[0].severity, Severity::warning);
  EXPECT_EQ(list.all[1].message, "nobody has set 'B'");
  EXPECT_EQ(list.all[1].severity, Severity::note);
}

/// What is said of a command, its message with the last word of the id.
std::string said_of(std::string_view command) {
  const std::string text = std::string(command) + "\n";
  DiagnosticList list;
  check_script(as_bytes(text), 0, nullptr, list);
  std::string shown;
  for (const Diagnostic& one : list.all) shown += fmt::format("{} [{}]\n", one.message, one.kind->id);
  return shown;
}

/// Each was tried on the real tool.
TEST(KaemCheck, ArgumentsThatTheSmallToolsTakeOtherwise) {
  const struct {
    std::string_view command;
    std::string_view said;
  } rows[] = {
      {"rm -rf x/",
       "rm: it has no options: '-rf' is a file to remove, directories stay, and the status is 0"},
      {"./bin/rm${EXE_SUFFIX} x/", "rm: it removes no directories, and the status is 0"},
      {"chmod +x f", "chmod: '+x' is no octal number: the mode is 0"},
      {"chmod -R 755 d", "chmod: '-R' is taken for the mode, which is 0 then"},
      {"mkdir -pv a", "mkdir: it makes a directory of the name '-pv'"},
      {"mkdir -v a", "mkdir: '-v' prints the version, and nothing is made from here on"},
      {"mkdir a -p", "mkdir: '-p' counts only for what stands behind it"},
      {"mkdir -m u+x a", "mkdir: 'u+x' is no octal number: the mode is 0"},
      {"mkdir -m", "mkdir: '-m' needs a word behind it"},
      {"cp -r a b", "cp: '-r' is no option of it: it stops with status 1"},
      {"cp a b c", "cp: of several sources at most the first is copied, and it fails"},
      {"cp a .", "cp: it crashes: name the file that it shall make"},
      {"sha256sum -c", "sha256sum: it checks nothing without the name of a list, and the status is 0"},
      {"sha256sum --quiet f", "sha256sum: '--quiet' is no option of it but a file name"},
      {"untar --file x.tar.gz", "untar: nothing decompresses 'x.tar.gz', and the status is 0 all the same"},
      {"untar -xf x.tar", "untar: '-xf' is no option of it: it stops with status 1"},
      {"ungz x.gz", "ungz: it stops at 'x.gz': files are named by -f"},
      {"unxz -d -f a", "unxz: '-d' is no option of it: it stops with status 1"},
      {"unbz2 -f", "unbz2: '-f' needs a word behind it"},
      {"replace -g a", "replace: '-g' is no option of it: it stops with status 1"},
      {"match a", "match: it compares two words"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(said_of(row.command), fmt::format("{} [kaem-tool-argument]\n", row.said)) << row.command;
  for (const std::string_view fine :
       {"rm a b", "chmod 0755 a", "chmod -v 755 a", "mkdir -p a/b", "mkdir -m 750 a", "cp a b",
        "sha256sum -c a.list", "untar --file a.tar", "ungz -f a.gz -o a", "match -a -a",
        "replace -f a -o b -m x -r y", "armada -rf x"}) {
    EXPECT_EQ(said_of(fine), "") << fine;
  }
}

TEST(KaemCheck, HabitsOfOtherShells) {
  EXPECT_EQ(said_of("export A=1"), "'export' is run as a program [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of("[ -f x ]"), "'[' is run as a program [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of(". ./env"), "'.' is run as a program [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of("./a *.c"), "no file names are put in the place of '*.c' [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of("./a ~/x"), "'~' is an ordinary character [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of("./a `b`"), "a backtick is an ordinary character [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of("./a 2>/dev/null"), "'2>/dev/null' is an ordinary word [kaem-not-a-shell]\n");
  EXPECT_EQ(said_of("./a \"*.c\" x~ a-2"), "");
  EXPECT_EQ(said_of("echo *"), "");
  EXPECT_EQ(check("chmod +x a\n", "AMD64"), "1:7 kaem-tool-argument\n");
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
