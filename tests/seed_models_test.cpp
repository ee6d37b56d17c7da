// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Engine against engine: the libraries (bare, and with map and warnings) and the byte-at-a-time
// model, on every short text and on many random ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/random_text.h"
#include "tests/support/seed_models.h"
#include "tests/support/seed_tools.h"

namespace assay::test {
namespace {

std::string status_of(const Output& output) {
  switch (output.ending) {
    case Ending::exits: return fmt::format("exit:{}", output.status);
    case Ending::hangs: return "hangs";
    case Ending::crashes: return "crashes";
    case Ending::undefined: return "undefined";
  }
  return "?";
}

/// False if an engine disagrees; then says how to see it again.
bool engines_agree(std::string_view tool, std::string_view dialect, std::string_view text) {
  const Modelled wanted = model(tool, dialect, as_bytes(text));
  static const std::map<std::string_view, std::vector<ToolOptions>> ways{
      {"hex0", ways_of("hex0")}, {"hex1", ways_of("hex1")}, {"hex2-0", ways_of("hex2-0")}};
  for (const ToolOptions& way : ways.at(tool)) {
    const bool careful = way.want_map;
    DiagnosticList list;
    const Output output = assemble(tool, dialect, as_bytes(text), way, list);
    if (list.has("hex2-long-token")) return true;  // not modelled
    const bool same_bytes = wanted.status == "undefined" || output.bytes == wanted.bytes;
    const bool whole_map = !careful || output.map.size() == output.bytes.size();
    const bool explained =
        output.succeeded() || std::any_of(list.all.begin(), list.all.end(),
                                          [](const auto& one) { return one.severity == Severity::error; });
    if (status_of(output) == wanted.status && same_bytes && whole_map && explained) continue;
    ADD_FAILURE() << tool << " --dialect " << dialect << " on " << to_hex(as_bytes(text)) << "\nmodel   "
                  << wanted.status << " " << to_hex(wanted.bytes) << "\nlibrary " << status_of(output) << " "
                  << to_hex(output.bytes) << (careful ? " (careful)" : hex0::name_of(way.kernel));
    return false;
  }
  return true;
}

struct Alphabet {
  std::string_view tool;
  std::string_view characters;
  std::size_t length;
};

constexpr Alphabet kAlphabets[] = {
    {"hex0", std::string_view("4aG#\n\r \0:", 9), 5},
    {"hex1", "4a:%~#\n\xfc", 5},
    {"hex1", "4a:@!$&`^;\r\x81 ", 4},
    {"hex2-0", "4a:%&>\n#", 5},
    {"hex2-0", "4a:@~^.<\n\xfc!$", 4},
    {"hex2-0", "a:&\n", 7},
};

class Exhaustive : public testing::TestWithParam<Alphabet> {};

TEST_P(Exhaustive, EveryShortText) {
  const Alphabet& alphabet = GetParam();
  std::size_t failures = 0;
  std::size_t checked = 0;
  for (const std::string_view dialect : dialects_of(alphabet.tool)) {
    checked += for_each_text(alphabet.characters, alphabet.length, [&](std::string_view text) {
      if (failures < 5 && !engines_agree(alphabet.tool, dialect, text)) ++failures;
    });
  }
  EXPECT_GT(checked, 50'000U);
}

INSTANTIATE_TEST_SUITE_P(Alphabets, Exhaustive, testing::ValuesIn(kAlphabets));

class Random : public testing::TestWithParam<std::string_view> {};

TEST_P(Random, ManyTexts) {
  constexpr std::uint32_t kSeed = 20260101;
  constexpr int kTexts = 4000;
  RandomText texts(GetParam(), kSeed);
  int succeeded = 0;
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = texts.next();
    for (const std::string_view dialect : dialects_of(GetParam())) {
      if (!engines_agree(GetParam(), dialect, text)) FAIL() << "text " << i << " of seed " << kSeed;
    }
    succeeded += model(GetParam(), "AMD64", as_bytes(text)).status == "exit:0" ? 1 : 0;
  }
  EXPECT_GT(succeeded, kTexts / 10) << "most texts fail early: the generator is too wild";
}

INSTANTIATE_TEST_SUITE_P(Tools, Random, testing::Values("hex0", "hex1", "hex2-0"),
                         [](const auto& tested) { return std::string(tested.param.substr(0, 4)); });

}  // namespace
}  // namespace assay::test
