// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <set>

#include "M1/m1_diagnostics.h"
#include "command/render.h"

namespace assay::m1 {
namespace {

using namespace std::string_view_literals;

struct Result {
  Output output;
  std::string ids;  ///< blank after each
  std::string messages;
};

Result run(std::string_view text, Options options = {.architecture = Architecture::amd64}) {
  const Source source{"in.M1", as_bytes(text)};
  options.want_map = options.want_warnings = true;
  DiagnosticList list;
  Result result;
  result.output = assemble({&source, 1}, options, list);
  for (const Diagnostic& said : list.all) {
    result.ids += std::string(said.kind->id) + " ";
    result.messages += render(said, {&source, 1});
    EXPECT_LE(said.span.offset + said.span.length, text.size()) << said.kind->id;
  }
  EXPECT_EQ(result.output.map.size(), result.output.bytes.size()) << text;
  for (const MapEntry& entry : result.output.map.entries()) {
    EXPECT_LE(entry.span.offset + entry.span.length, text.size()) << text;
  }
  return result;
}

std::string output_of(std::string_view text) { return std::string(as_text(run(text).output.bytes)); }

TEST(M1, definitions_reach_the_whole_program) {
  EXPECT_EQ(output_of("a\nDEFINE a 11\nDEFINE a 12\na\n"), "12\n12\n");
}

TEST(M1, tokens_map_to_their_text_with_the_separator_before_them) {
  const Result result = run("DEFINE a 11\na 'xy'\n");
  EXPECT_EQ(as_text(result.output.bytes), "\n11 xy\n");
  const auto& entries = result.output.map.entries();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0], (MapEntry{0, 3, {0, 12, 1}}));
  EXPECT_EQ(entries[1], (MapEntry{3, 3, {0, 14, 4}}));
  EXPECT_EQ(entries[2], (MapEntry{6, 1, {0, 14, 4}})) << "the last newline";
}

TEST(M1, stops_at_an_undefined_token_with_what_was_printed) {
  const Result result = run("!1 foo\n");
  EXPECT_EQ(as_text(result.output.bytes), "01 ");
  EXPECT_EQ(result.output.status, 1);
  EXPECT_EQ(result.output.standard_error, "in.M1:1 :Received invalid other; foo\n");
  EXPECT_EQ(result.messages,
            "in.M1:1:4: error: 'foo' is not defined [m1-undefined]\n"
            "  !1 foo\n"
            "     ^~~\n"
            "  help: define it, quote it, or make it a label or reference\n");
}

TEST(M1, a_sink_gets_what_would_be_in_the_output) {
  // Tokens over the ends of pieces, padding longer than a piece, the longest string in the longest base.
  std::string text = "DEFINE name 616263\n'" + std::string(4000, 'x') + "' <700001 <0\n";
  for (int i = 0; i < 60000; ++i) text += i % 7 == 0 ? "name\n" : i % 5 == 0 ? "\"text\" " : "%1 ";
  NoDiagnostics quiet;
  for (const Base base : {Base::hexadecimal, Base::octal, Base::binary}) {
    for (const bool ends_well : {true, false}) {
      Options options{.architecture = Architecture::amd64, .base = base};
      const std::string whole = text + (ends_well ? "" : "undefined\n");
      const Source all{"in.M1", as_bytes(whole)};
      const Output expected = assemble({&all, 1}, options, quiet);
      Bytes pieces;
      options.sink = [&](ByteView piece) { pieces.insert(pieces.end(), piece.begin(), piece.end()); };
      const Output output = assemble({&all, 1}, options, quiet);
      EXPECT_TRUE(pieces == expected.bytes);
      EXPECT_GT(pieces.size(), 700000U);
      EXPECT_TRUE(output.bytes.empty());
      EXPECT_EQ(output.status, ends_well ? 0 : 1);
      EXPECT_EQ(output.standard_error, expected.standard_error);
    }
  }
}

TEST(M1, a_range_error_is_about_the_spelling_that_came_last) {
  const Result result = run("!300\n!400\n");
  EXPECT_EQ(result.output.standard_error, "A displacement of 400 does not fit in 1 bytes\n");
  EXPECT_EQ(result.messages.substr(0, 12), "in.M1:2:1: e");
}

TEST(M1, what_stands_behind_a_nul_follows_the_next_long_token) {
  // As the real M1 does: the copy has one byte of it.
  EXPECT_EQ(output_of("'ab\0cdef' 'vwxyz'\n"sv), "ab vwxyze\n");
}

TEST(M1, a_spelling_longer_than_its_place_is_shown_within_the_source) {
  EXPECT_EQ(run("x\0%\n@2"sv).ids, "m1-number-as-name m1-nul m1-undefined ");
}

TEST(M1, bytes_cannot_exceed_the_limit) {
  const Result result = run("!1 <536870911 <536870911 <536870911 <536870911\n");
  EXPECT_EQ(result.output.status, 1);
  EXPECT_EQ(result.ids, "m1-output-too-large ");
  EXPECT_TRUE(result.output.bytes.empty());
}

struct Said {
  std::string_view text;
  std::string_view id;
};

constexpr Said kSaid[] = {
    {"'abc"sv, "m1-unterminated-string"},
    {"# x\n"sv, "m1-no-tokens"},
    {"a DEFINE"sv, "m1-incomplete-define"},
    {"!300\n"sv, "m1-out-of-range"},
    {"<-1\n"sv, "m1-negative-padding"},
    {"<1000000000\n"sv, "m1-too-much-padding"},
    {"foo\n"sv, "m1-undefined"},
    {"!0xZZ\n"sv, "m1-malformed-number"},
    {"!12a\n"sv, "m1-number-as-name"},
    {"!256\n"sv, "m1-slack-range"},
    {"\"\xC3\xA9\"\n"sv, "m1-high-byte-in-string"},
    {"'a\0b'\n"sv, "m1-nul"},
    {"!1\r\n"sv, "m1-carriage-return"},
    {"DEFINE a 11\nDEFINE a 12\na\n"sv, "m1-redefinition"},
    {"DEFINE a\n:b\n"sv, "m1-define-newline"},
};

TEST(M1, says_each_thing_it_can_say) {
  std::set<std::string_view> said{"m1-output-too-large"};
  for (const Said& row : kSaid) {
    const Result result = run(row.text);
    EXPECT_NE(result.ids.find(std::string(row.id) + " "), std::string::npos) << row.id << ": " << result.ids;
    said.insert(row.id);
  }
  said.insert("m1-field-cut");
  EXPECT_EQ(run(std::string(4096, 'a')).ids, "m1-long-atom ");
  EXPECT_EQ(run("'" + std::string(4095, 'a') + "'").ids, "m1-long-string ");
  said.insert({"m1-long-atom", "m1-long-string"});
  for (const DiagnosticKind& kind : kKinds) EXPECT_TRUE(said.contains(kind.id)) << kind.id;
}

TEST(M1, fields_of_riscv_that_do_not_hold_their_number) {
  const auto ids_of = [](std::string_view text) {
    const Source source{"in", as_bytes(text)};
    DiagnosticList said;
    (void)assemble({&source, 1},
                   {.architecture = Architecture::riscv64, .big_endian = false, .want_warnings = true}, said);
    std::string ids;
    for (const Diagnostic& one : said.all) ids += fmt::format("{} {}\n", one.kind->id, one.message);
    return ids;
  };
  EXPECT_EQ(ids_of("!4096\n"), "m1-field-cut '!4096': the field does not hold it\n");
  EXPECT_EQ(ids_of("@-2049\n"), "m1-field-cut '@-2049': the field does not hold it\n");
  EXPECT_EQ(ids_of("!4095 !-2048 @2047 ~0x12345678\n"), "");
  EXPECT_EQ(ids_of("~0x12345678 !0x12345678\n"), "") << "lui and addi of one number";
}

TEST(M1, says_nothing_about_ordinary_sources) {
  EXPECT_EQ(run("DEFINE mov_rax, 48C7C0\n:main\n mov_rax, %0x10 !-1 @65 &main ^~main # go\n\"text\"\n").ids,
            "");
}

double seconds_for(const std::string& text) {
  const Source source{"in", as_bytes(text)};
  NoDiagnostics quiet;
  const std::clock_t start = std::clock();
  const Output output = assemble({&source, 1}, {.architecture = Architecture::amd64}, quiet);
  EXPECT_EQ(output.status, 0);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST(M1, names_that_collide_in_the_real_tool_cost_nothing) {
  std::string colliding;
  std::string plain;
  for (int number = 0; number < 1 << 15; ++number) {
    colliding += ':';
    for (int bit = 0; bit < 15; ++bit) colliding += (number >> bit & 1) != 0 ? "bA" : "ab";
    colliding += '\n';
    plain += fmt::format(":{:030b}\n", number);
  }
  // The real one needs seconds for the first and hundredths for the second.
  EXPECT_LT(seconds_for(colliding), 0.05 + 5 * seconds_for(plain));
}

}  // namespace
}  // namespace assay::m1
