// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/opened_files.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

using nlohmann::json;

json file(std::string_view path, std::string_view digest) { return {{"path", path}, {"sha256", digest}}; }

/// tool, of the tree, unpacks box; then what was in it runs and reads another.
json report() {
  const json unpacks{{"script", "a.kaem"},
                     {"line", 1},
                     {"program", "tool"},
                     {"instructions", 5},
                     {"inputs", {file("box", "B")}},
                     {"outputs", {file("made", "M"), file("other", "O"), file("third", "T")}}};
  const json runs{{"script", "a.kaem"},
                  {"line", 2},
                  {"program", "made"},
                  {"instructions", 7},
                  {"inputs", {file("other", "O")}},
                  {"outputs", json::array()}};
  return {{"tree", {{"kind", "stage0-posix"}}},
          {"chains",
           {{{"arch", "x86"},
             {"verdict", "pass"},
             {"sources", {file("a.kaem", "A"), file("box", "B"), file("tool", "P")}},
             {"steps", {unpacks, runs}}}}}};
}

TEST(OpenedFiles, AreInputsProgramsAndScripts) {
  const Result<audit::RunFiles> run = opened_files(report());
  ASSERT_TRUE(run);
  const audit::PlaceByDigest expected{{"A", "x86 a.kaem:1"},
                                      {"B", "x86 a.kaem:1"},
                                      {"M", "x86 a.kaem:2"},
                                      {"O", "x86 a.kaem:2"},
                                      {"P", "x86 a.kaem:1"}};
  EXPECT_EQ(run->opened, expected) << "and not T";
  EXPECT_EQ(run->sources.size(), 3U);
  EXPECT_EQ(run->scope, "x86");
  EXPECT_EQ(run->unproved, "");
  EXPECT_TRUE(run->to_the_end);
}

TEST(OpenedFiles, ARunThatStoppedProvesLess) {
  json until = report();
  until["chains"][0]["until"] = "mes";
  EXPECT_EQ(opened_files(until)->scope, "x86 up to mes");
  EXPECT_FALSE(opened_files(until)->to_the_end);
  EXPECT_EQ(opened_files(until)->unproved, "");
  until["chains"][0]["until"] = "mes/bin";
  EXPECT_EQ(opened_files(until)->unproved, "'mes/bin' is within a step");
  json failed = report();
  failed["chains"][0]["verdict"] = "fail";
  EXPECT_EQ(opened_files(failed)->unproved, "x86: its chain does not pass");
  json reference = report();
  reference["chains"][0]["steps"][1]["instructions"] = 0;
  EXPECT_EQ(opened_files(reference)->unproved, "x86: the seed road did not run all its steps");
  json answers = report();
  answers["tree"]["kind"] = "live-bootstrap-checkout";
  EXPECT_FALSE(opened_files(answers)->to_the_end);
}

TEST(OpenedFiles, NeedAReport) {
  for (const std::string_view text :
       {"", "1", "{}", R"({"chains": 1})", R"({"tree": {"kind": 1}, "chains": []})",
        R"({"tree": {"kind": "x"}, "chains": [{"arch": 1}]})"}) {
    const Result<audit::RunFiles> run = opened_files(json::parse(text, nullptr, false));
    ASSERT_FALSE(run) << text;
    EXPECT_EQ(run.error().id, "audit-run");
  }
  EXPECT_EQ(opened_files(json::parse(R"({"tree": {"kind": "x"}, "chains": []})")).error().message,
            "the report of the run has no chain");
}

}  // namespace
}  // namespace assay::bootstrap
