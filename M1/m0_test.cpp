// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m0.h"

#include <gtest/gtest.h>

#include <set>

#include "M1/m0_diagnostics.h"
#include "command/render.h"

namespace assay::m0 {
namespace {

struct Result {
  Output output;
  std::string messages;  ///< rendered
  std::string ids;       ///< blank after each
};

Result run(std::string_view text, std::string_view dialect = "AMD64") {
  const Source source{"in.M1", as_bytes(text)};
  DiagnosticList list;
  Result result;
  result.output = assemble({&source, 1},
                           {.dialect = find_dialect(dialect), .want_map = true, .want_warnings = true}, list);
  for (const Diagnostic& diagnostic : list.all) {
    result.messages += render(diagnostic, {&source, 1});
    result.ids += std::string(diagnostic.kind->id) + " ";
  }
  return result;
}

TEST(M0, a_definition_affects_later_tokens_only) {
  const Result result = run("a DEFINE a 12 a DEFINE a 13 a\n");
  EXPECT_EQ(as_text(result.output.bytes), "a\n12\n13\n");
  EXPECT_EQ(result.ids, "m0-define-after-use m0-redefinition ");
}

TEST(M0, each_line_belongs_to_the_token_that_made_it) {
  const Result result = run("DEFINE a 12\na \"xy\"\n");
  const auto& entries = result.output.map.entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0], (MapEntry{0, 3, {0, 12, 1}}));
  EXPECT_EQ(entries[1], (MapEntry{3, 7, {0, 14, 4}}));
}

TEST(M0, joins_its_sources) {
  const Source sources[] = {{"defs", as_bytes("DEFINE a 1")}, {"code", as_bytes("2 a 'x' ")}};
  DiagnosticList list;
  const Output output = assemble(sources, {.want_map = true}, list);
  EXPECT_EQ(as_text(output.bytes), "12\nx\n");
  EXPECT_EQ(output.map.entries()[1].span, (Span{1, 4, 3}));
}

TEST(M0, message_has_span_caret_and_help) {
  EXPECT_EQ(run(":a C3\n").messages,
            "in.M1:1:4: warning: 'C3' assembles as 03 [m0-unquoted-hex]\n"
            "  :a C3\n"
            "     ^~\n"
            "  help: put raw hex in single quotes: 'C3'\n");
}

TEST(M0, message_about_a_late_definition_has_a_note) {
  const std::string messages = run("nop\nDEFINE nop '90'\nnop\n").messages;
  EXPECT_NE(messages.find("in.M1:1:1: warning: 'nop' is used before its definition [m0-define-after-use]"),
            std::string::npos)
      << messages;
  EXPECT_NE(messages.find("in.M1:2:8: note: defined here"), std::string::npos) << messages;
}

TEST(M0, words_that_nothing_defines_are_told_once_with_what_was_meant) {
  const std::string messages =
      run("DEFINE mov_rax,rbx 4889D8\nmov_rax,rbx\nmov_rax,rbxx\n:l\nmov_rax,rbxx\n%l\n").messages;
  EXPECT_NE(messages.find("in.M1:3:1: warning: nothing defines 'mov_rax,rbxx': did you mean 'mov_rax,rbx'? "
                          "[m0-undefined-word]"),
            std::string::npos)
      << messages;
  EXPECT_EQ(messages.find("in.M1:5"), std::string::npos) << messages;
}

struct Said {
  std::string_view text;
  std::string_view dialect;
  std::string_view id;
};

// One row at least for every kind that the library reports.
using namespace std::string_view_literals;
constexpr Said kSaid[] = {
    {"a\n# x"sv, "AMD64", "m0-unterminated-comment"},
    {"a"sv, "AMD64", "m0-unterminated-atom"},
    {"'a"sv, "AMD64", "m0-unterminated-string"},
    {"# x\n"sv, "AMD64", "m0-no-tokens"},
    {"DEFINE a b\n"sv, "AMD64", "m0-trailing-define"},
    {"DEFINE a\n"sv, "AMD64", "m0-incomplete-define"},
    {"00\n"sv, "riscv64", "m0-unknown-sigil"},
    {"'a\0b'\n"sv, "riscv32", "m0-nul-residue"},
    {"a\0b\n"sv, "knight", "m0-nul-in-token"},
    {"'a\0b'\n"sv, "knight", "m0-nul-in-token"},
    {"C3\n"sv, "AMD64", "m0-unquoted-hex"},
    {":10\n"sv, "AMD64", "m0-label-as-number"},
    {"$10\n"sv, "AMD64", "m0-odd-sigil"},
    {"~10\n"sv, "x86", "m0-odd-sigil"},
    {"%0xab\n"sv, "AMD64", "m0-malformed-number"},
    {"1F\n"sv, "knight", "m0-malformed-number"},
    {"%12a\n"sv, "AMD64", "m0-number-as-name"},
    {"%-0\n"sv, "riscv32", "m0-number-as-name"},
    {"%0x:\n"sv, "AMD64", "m0-odd-digit"},
    {"!300\n"sv, "AMD64", "m0-out-of-range"},
    {"!-129\n"sv, "AMD64", "m0-out-of-range"},
    {"!4096\n"sv, "riscv32", "m0-out-of-range"},
    {"@-2049\n"sv, "riscv64", "m0-out-of-range"},
    {"%4294967297\n"sv, "AMD64", "m0-out-of-range"},
    {"%4294967297\n"sv, "x86", "m0-number-wraps"},
    {"%18446744073709551617\n"sv, "AMD64", "m0-number-wraps"},
    {"a \0 b\nc\n"sv, "AMD64", "m0-nul-comment"},
    {"a\0b\n"sv, "AMD64", "m0-nul-in-atom"},
    {"'a\0b'\n"sv, "AMD64", "m0-nul-in-string"},
    {"a\n\xFC"sv, "AMD64", "m0-fc-ends-file"},
    {"a#b\n"sv, "AMD64", "m0-comment-in-atom"},
    {"a\r\n"sv, "AMD64", "m0-carriage-return"},
    {"DEFINE cal E8 call %f\n"sv, "AMD64", "m0-undefined-word"},
    {"a DEFINE a b c\n"sv, "AMD64", "m0-define-after-use"},
    {"DEFINE a b DEFINE a c d\n"sv, "AMD64", "m0-redefinition"},
    {"DEFINE 'a' b c\n"sv, "AMD64", "m0-quoted-name"},
    {"DEFINE a 'b' c\n"sv, "AMD64", "m0-define-verbatim"},
    {"DEFINE a %5 c\n"sv, "AMD64", "m0-define-verbatim"},
    {"DEFINE a b DEFINE c a d\n"sv, "AMD64", "m0-define-verbatim"},
};

TEST(M0, says_each_thing_it_can_say) {
  std::set<std::string_view> said;
  for (const Said& row : kSaid) {
    const Result result = run(row.text, row.dialect);
    EXPECT_NE(result.ids.find(std::string(row.id) + " "), std::string::npos)
        << row.id << " for " << to_hex(as_bytes(row.text)) << ": " << result.ids;
    said.insert(row.id);
  }
  const std::string long_atom = std::string(256, 'z') + "\n";
  EXPECT_EQ(run(long_atom).ids, "m0-token-too-long ");
  said.insert("m0-token-too-long");
  // The program says these, about files.
  for (const std::string_view id :
       {"m0-missing-input", "m0-unreadable-input", "m0-input-too-large", "m0-lost-output"}) {
    said.insert(id);
  }
  for (const DiagnosticKind& kind : kKinds) EXPECT_TRUE(said.contains(kind.id)) << kind.id;
}

TEST(M0, says_nothing_about_ordinary_sources) {
  EXPECT_EQ(run("DEFINE nop 90\n:main\n\tnop\t# go\n\t%main !-1 @65535 %4294967295 '48C3' \"text\"\n").ids,
            "");
  EXPECT_EQ(run("DEFINE nop 00000013\n:main nop ~0x12345678 !2047 !-2048 @4095 $main &main\n", "riscv64").ids,
            "");
  // lui and addi of one number
  EXPECT_EQ(
      run("rd_a0 ~1000000000 lui rd_a0 !1000000000 addi DEFINE rd_a0 .0 DEFINE lui 37 DEFINE addi 13 :x\n",
          "riscv32")
          .ids,
      "m0-define-after-use m0-define-after-use m0-define-after-use ");
  EXPECT_EQ(run("DEFINE halt 'FFFFFFFF'\n:main halt 0x12 @main 65535 -32768\n", "knight").ids, "");
}

TEST(M0, a_token_of_the_longest_length_is_fine) {
  EXPECT_EQ(run(":" + std::string(254, 'z') + "\n").ids, "");
  EXPECT_EQ(run("'" + std::string(254, 'q') + "'").ids, "");
  EXPECT_EQ(run("'" + std::string(255, 'q') + "'").output.ending, Ending::undefined);
  EXPECT_EQ(run("'" + std::string(510, 'q') + "'", "AArch64").output.ending, Ending::exits);
  EXPECT_EQ(run(":" + std::string(100000, 'z') + "\n", "knight").ids, "");
}

TEST(M0, bytes_behind_a_nul_reach_the_next_long_token_on_riscv) {
  const Result result = run("\"ab\0cdef\" WXYZ w 'y'\n"sv, "riscv64");
  EXPECT_EQ(as_text(result.output.bytes), "616200\nWXYZcdef\nw\ny\n");
  EXPECT_EQ(result.output.ending, Ending::undefined);
}

}  // namespace
}  // namespace assay::m0
