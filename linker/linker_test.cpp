// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/linker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "command/render.h"
#include "linker/diagnostics.h"

namespace assay::linker {
namespace {

using namespace std::string_view_literals;

constexpr std::int64_t kBase = 0x1000;

struct Result {
  Output output;
  std::string ids;  ///< blank after each
  std::string messages;
};

Result run(std::string_view text, MesccArchitecture architecture = MesccArchitecture::amd64) {
  const Source source{"in.hex2", as_bytes(text)};
  DiagnosticList list;
  Result result;
  result.output = link({&source, 1},
                       {.architecture = architecture,
                        .big_endian = false,
                        .base_address = kBase,
                        .want_map = true,
                        .want_warnings = true},
                       list);
  for (const Diagnostic& said : list.all) {
    EXPECT_LE(said.span.offset + said.span.length, text.size()) << text;
    result.ids += std::string(said.kind->id) + " ";
    result.messages += render(said, {&source, 1});
  }
  EXPECT_EQ(result.output.map.size(), result.output.bytes.size()) << text;
  for (const MapEntry& entry : result.output.map.entries()) {
    EXPECT_LE(entry.span.offset + entry.span.length, text.size()) << text;
  }
  return result;
}

std::string hex_of(std::string_view text, MesccArchitecture architecture = MesccArchitecture::amd64) {
  return to_hex(run(text, architecture).output.bytes);
}

TEST(Linker, the_last_definition_wins_everywhere) { EXPECT_EQ(hex_of("&x :x 00 :x"), "0510000000"); }

TEST(Linker, a_sink_gets_what_would_be_in_the_output) {
  for (const std::string_view text : {":a 4142 %a !a", "41 !missing 42", "%missing"}) {
    const Source source{"in.hex2", as_bytes(text)};
    NoDiagnostics quiet;
    Bytes pieces;
    const auto sink = [&](ByteView piece) { pieces.insert(pieces.end(), piece.begin(), piece.end()); };
    const Output output = link(
        {&source, 1},
        {.architecture = MesccArchitecture::amd64, .big_endian = false, .base_address = kBase, .sink = sink},
        quiet);
    const Result expected = run(text);
    EXPECT_EQ(to_hex(pieces), to_hex(expected.output.bytes));
    EXPECT_TRUE(output.bytes.empty());
    EXPECT_EQ(output.status, expected.output.status);
  }
}

TEST(Linker, each_byte_maps_to_its_digits_and_each_field_to_its_reference) {
  const Result result = run(":a 4 1 %a>a\n!a");
  ASSERT_EQ(result.output.map.entries().size(), 3u);
  EXPECT_EQ(result.output.map.entries()[0], (MapEntry{0, 1, {0, 3, 3}}));
  EXPECT_EQ(result.output.map.entries()[1], (MapEntry{1, 4, {0, 7, 4}}));
  EXPECT_EQ(result.output.map.entries()[2], (MapEntry{5, 1, {0, 12, 2}}));
}

TEST(Linker, an_undefined_label_stops_it_with_the_bytes_before) {
  const Result result = run("41 42\n%nope 43\n");
  EXPECT_EQ(to_hex(result.output.bytes), "4142");
  EXPECT_EQ(result.output.standard_error, "Target label nope is not valid\n");
  EXPECT_EQ(result.messages,
            "in.hex2:2:1: error: Target label nope is not valid [linker-undefined-label]\n"
            "  %nope 43\n"
            "  ^~~~~\n"
            "  help: define the label, or end its name with a blank\n");
}

TEST(Linker, a_sigil_at_the_end_refers_to_a_name_that_is_not_in_the_text) {
  EXPECT_EQ(run("\n~").ids, "linker-undefined-label ");
  EXPECT_EQ(run("&x>", MesccArchitecture::riscv64).ids, "linker-undefined-label ");
}

TEST(Linker, riscv_bits_pass_over_padding_and_words) {
  // 'a' is 4 bytes back: bits FE000EE3 for a branch, on the four plain bytes, with a field and a pad between.
  EXPECT_EQ(hex_of(":a 00000000 @a 63 %a < 00 00 00", MesccArchitecture::riscv64),
            hex_of(":a 00000000 .E30E00FE 00 %a < 00 00 00", MesccArchitecture::riscv64));
}

TEST(Linker, a_name_is_cut_at_a_nul_and_its_rest_can_follow_a_later_name) {
  EXPECT_EQ(hex_of(":ab\0cd 00 &ab"sv), "0000100000");
  EXPECT_EQ(run(":ab\0cd 00 :xyz 11 &xyz"sv).output.standard_error, "Target label xyz is not valid\n");
  EXPECT_EQ(hex_of(":xyzcd 00 :ab\0cd 11 :xyz 22 &xyzcd"sv), "00112202100000")
      << "the second :xyz defines xyzcd";
}

struct Said {
  std::string_view text;
  std::string_view id;
  MesccArchitecture architecture = MesccArchitecture::amd64;
};

constexpr Said kSaid[] = {
    {"%x "sv, "linker-undefined-label"},
    {".1234"sv, "linker-endless-word", MesccArchitecture::riscv64},
    {"00 :x ^~x 00"sv, "linker-unaligned-target", MesccArchitecture::armv7l},
    {":x 00 :x "sv, "linker-duplicate-label"},
    {"00 1"sv, "linker-partial-byte"},
    {"00 \"11\""sv, "linker-ignored-character"},
    {":a\0b 00"sv, "linker-nul-in-name"},
};

TEST(Linker, says_each_thing_it_can_say) {
  std::set<std::string_view> said{"linker-input-too-large"};  // needs 2 GiB
  for (const Said& row : kSaid) {
    const Result result = run(row.text, row.architecture);
    EXPECT_NE(result.ids.find(std::string(row.id) + " "), std::string::npos) << row.id << ": " << result.ids;
    said.insert(row.id);
  }
  EXPECT_EQ(run(":x" + std::string(4096, 'y')).ids, "linker-long-name ");
  EXPECT_EQ(run("&x" + std::string(4096, 'y')).ids, "linker-long-name ");
  EXPECT_EQ(run(":x " + std::string(300, '0') + " !x").ids, "linker-out-of-range ");
  said.insert({"linker-long-name", "linker-out-of-range"});
  for (const DiagnosticKind& kind : kKinds) EXPECT_TRUE(said.contains(kind.id)) << kind.id;
}

TEST(Linker, says_nothing_about_ordinary_sources) {
  EXPECT_EQ(run("# header\n7F 45 4C 46 :start ; go\n48C7C0 %start>end &end ^~start\n:end\n").ids, "");
}

}  // namespace
}  // namespace assay::linker
