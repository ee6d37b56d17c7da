// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/render.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace assay {
namespace {

constexpr DiagnosticKind kOdd{"hex0-odd-nibble", Severity::warning, "write the missing digit"};

TEST(Render, LineCaretHelpAndNotes) {
  const std::string text = "41\n\t42 4\n";
  const std::vector<Source> sources{{"in.hex0", as_bytes(text)}};
  const Diagnostic diagnostic{
      &kOdd, Severity::warning, {0, 7, 1}, "digit without a partner", {{{0, 0, 2}, "the last whole byte"}}};
  EXPECT_EQ(render(diagnostic, sources),
            "in.hex0:2:5: warning: digit without a partner [hex0-odd-nibble]\n"
            "   42 4\n"
            "      ^\n"
            "  help: write the missing digit\n"
            "in.hex0:1:1: note: the last whole byte\n"
            "  41\n"
            "  ^~\n");
}

TEST(Render, LongLinesAreCutAroundTheCaret) {
  const std::string text(1000, '4');
  const std::vector<Source> sources{{"in", as_bytes(text)}};
  const std::string shown = render({&kOdd, Severity::warning, {0, 500, 900}, "m", {}}, sources);
  EXPECT_LT(shown.size(), 400U);
  EXPECT_NE(shown.find("\n  " + std::string(50, ' ') + "^" + std::string(49, '~') + "\n"), std::string::npos);
}

TEST(Render, PositionAtEndOfFile) {
  const std::vector<Source> sources{{"in", as_bytes("4")}};
  EXPECT_EQ(render({&kOdd, Severity::error, {0, 1, 0}, "m", {}}, sources),
            "in:1:2: error: m [hex0-odd-nibble]\n  4\n   ^\n  help: write the missing digit\n");
}

TEST(Render, Json) {
  const std::vector<Source> sources{{"in", as_bytes("4\n5")}};
  const nlohmann::json json = to_json({&kOdd, Severity::error, {0, 2, 1}, "m", {}}, sources);
  EXPECT_EQ(
      json.dump(),
      R"({"column":1,"file":"in","help":"write the missing digit","id":"hex0-odd-nibble","line":2,"message":"m","notes":[],"severity":"error"})");
}

}  // namespace
}  // namespace assay
