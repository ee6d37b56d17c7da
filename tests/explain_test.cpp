// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Trails through the real tree. Where a trail ends in digits or in the text of a string, the bytes must be
// these: nobody has to believe the trail.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include <cctype>
#include <map>

#include "bootstrap/explain/hex_text.h"
#include "bootstrap/explain/trail_text.h"
#include "bootstrap/tree/program_check.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

std::optional<Tree> upstream() {
  const auto path = test::find_tree("stage0-posix");
  if (!path) return std::nullopt;
  return open_tree(path->string()).value();
}

#define NEED_TREE(tree)         \
  const auto tree = upstream(); \
  if (!tree) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay"

bool is_digit(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

/// A line of asm("..."), or of the strings in it.
bool is_assembly(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return line.find("asm") != std::string_view::npos ||
         (first != std::string_view::npos && line[first] == '"');
}

struct Judged {
  std::size_t digits = 0;
  std::size_t strings = 0;
};

/// Compares the bytes of all spans whose source text says what they are.
Judged judge(Trail& trail, FileId file) {
  Judged judged;
  const Products& products = trail.products();
  const Bytes& bytes = *products[file].bytes;
  const bool riscv = products.architecture().name.starts_with("riscv");
  std::map<std::pair<FileId, std::uint64_t>, bool> has_text;
  std::uint64_t at = 0;
  for (const TrailSpan& span : trail.spans(file)) {
    EXPECT_EQ(span.begin, at) << products[file].path;
    at = span.end;
    if (span.source == kNoFile) continue;
    const Product& source = products[span.source];
    const std::string_view token = as_text(ByteView(*source.bytes)).substr(span.offset, span.length);
    const ByteView made = ByteView(bytes).subspan(span.begin, span.end - span.begin);
    const bool hex = source.path.ends_with(".hex0") || source.path.ends_with(".hex2");
    // On RISC-V, references change the digits' bytes.
    if (hex && !riscv && token.size() == 2 && is_digit(token[0]) && is_digit(token[1])) {
      ++judged.digits;
      EXPECT_EQ(std::stoul(std::string(token), nullptr, 16), made[0]) << source.path << ":" << span.line;
    } else if (span.what == TrailEnd::compiled && token.size() > 2 && token.front() == '"' &&
               token.find('\\') == std::string_view::npos &&
               !is_assembly(line_of(*source.bytes, span.offset))) {
      // What loads its address is made of it too.
      const std::string_view text = token.substr(1, token.find('"', 1) - 1);
      has_text[{span.source, span.offset}] |= as_text(made).find(text) != std::string_view::npos;
    }
  }
  EXPECT_EQ(at, bytes.size()) << products[file].path;
  for (const auto& [token, has] : has_text) {
    ++judged.strings;
    const Product& source = products[token.first];
    EXPECT_TRUE(has) << products[file].path << " has no text of " << source.path << ":"
                     << position_of(*source.bytes, token.second).line;
  }
  return judged;
}

/// The last function whose definition begins at or before an offset of a C text: its head stands at the
/// margin, and no ';' ends it.
std::string function_before(std::string_view text, std::uint64_t offset) {
  std::string found;
  for (std::size_t at = 0; at <= offset && at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t open = line.find('(');
    const bool at_margin = !line.empty() && (std::isalpha(static_cast<unsigned char>(line[0])) != 0);
    if (at_margin && open != std::string_view::npos && open > 0 && line.find(';') == std::string_view::npos) {
      const std::size_t last = line.find_last_not_of(' ', open - 1) + 1;
      std::size_t first = last;
      while (first > 0 &&
             (std::isalnum(static_cast<unsigned char>(line[first - 1])) != 0 || line[first - 1] == '_'))
        --first;
      found = line.substr(first, last - first);
    }
    at = end + 1;
  }
  return found;
}

/// The first byte of each function comes from the C function of its label.
std::size_t judge_functions(Trail& trail, FileId file) {
  std::size_t judged = 0;
  const std::vector<TrailSpan>& spans = trail.spans(file);
  auto span = spans.begin();
  for (const HexLabel& label : trail.hex_text(file).labels()) {
    while (span != spans.end() && span->end <= label.at) ++span;
    if (span == spans.end()) break;
    if (label.name.ends_with("_Done")) continue;  // the last label of an asm("...")
    if (!label.name.starts_with("FUNCTION_") || span->what != TrailEnd::compiled) continue;
    const Product& source = trail.products()[span->source];
    if ((*source.bytes)[span->offset] == '"') continue;  // a label in asm("...")
    ++judged;
    EXPECT_EQ(function_before(as_text(*source.bytes), span->offset), label.name.substr(9))
        << trail.products()[file].path << ": " << source.path << ":" << span->line;
  }
  return judged;
}

class Chains : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(All, Chains, testing::Values("x86", "AMD64", "AArch64", "riscv32", "riscv64"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Chains, EveryByteOfEveryProgramHasATrail) {
  NEED_TREE(tree);
  if (std::string_view(GetParam()) != "x86" && !test::long_tests())
    GTEST_SKIP() << "twenty seconds an architecture: all with ASSAY_LONG_TESTS=1";
  Trail trail(Products::of(*tree, *find_architecture(GetParam()), nullptr));
  std::size_t programs = 0;
  std::size_t functions = 0;
  Judged judged;
  for (const FileId file : trail.products().made()) {
    if (!is_elf(*trail.products()[file].bytes)) continue;
    ++programs;
    const Explained share = explained(trail, file);
    EXPECT_EQ(share.unknown, 0U) << trail.products()[file].path << ": "
                                 << (share.reasons.empty() ? "" : share.reasons.begin()->first);
    EXPECT_EQ(share.header + share.assembler + share.compiled + share.tool, share.bytes);
    const Judged one = judge(trail, file);
    judged.digits += one.digits;
    judged.strings += one.strings;
    functions += judge_functions(trail, file);
  }
  EXPECT_GE(programs, 25U);
  EXPECT_TRUE(judged.digits > 1000 || GetParam().starts_with("riscv")) << judged.digits;
  EXPECT_GT(judged.strings, 500U);
  EXPECT_GT(functions, 1000U);
}

}  // namespace
}  // namespace assay::bootstrap
