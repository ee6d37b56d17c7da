// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

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
  EXPECT_EQ(check("./a $X\n", "AMD64"), "1:1 kaem-minimal-no-variables\n");
  EXPECT_EQ(check("cd x\nA=1\n", "AMD64"), "1:1 kaem-minimal-no-builtins\n2:1 kaem-minimal-no-builtins\n");
  EXPECT_EQ(check("./a \"b\"\n", "riscv64"), "1:5 kaem-quote-is-literal\n1:7 kaem-quote-is-literal\n");
  EXPECT_EQ(check("./a \"b\"\n", "x86"), "");
  EXPECT_EQ(check("./a " + std::string(4096, 'x') + "\n", "x86"), "1:5 kaem-word-too-long\n");
}

}  // namespace
}  // namespace assay::kaem
