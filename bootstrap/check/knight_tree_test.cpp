// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chain of oriansj/stage0, by the description that comes with assay, on both roads.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "bootstrap/chain/described_tree.h"
#include "bootstrap/chain/known_description.h"
#include "bootstrap/check/preflight.h"
#include "core/host_tree.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

class KnightTree : public testing::Test {
 protected:
  void SetUp() override {
    const auto tree = test::find_tree("stage0");
    if (!tree) GTEST_SKIP() << "no tree stage0";
    files_ = std::make_shared<MemoryTree>(std::make_shared<HostTree>(tree->string()));
    description_ = known_description(*files_);
    ASSERT_TRUE(description_.has_value());
  }
  ChainResult checked(Roads roads = Roads::both) {
    DiagnosticList said;
    const Result<Tree> tree = described_tree("stage0", files_, *description_, said);
    EXPECT_TRUE(tree.has_value()) << (said.all.empty() ? "" : said.all.front().message);
    PreflightOptions options;
    options.roads = roads;
    options.jobs = 2;
    return preflight(*tree, options).front();
  }
  static std::string said_by(const ChainResult& result) {
    std::string text;
    for (const Finding& one : result.findings)
      text += fmt::format("{}:{}: {} [{}]\n{}\n", one.file, one.line, one.message, one.id, one.help);
    return text;
  }
  void change(const std::string& path, std::string_view from, std::string_view to) {
    std::string text(as_text(**files_->read(path)));
    ASSERT_NE(text.find(from), std::string::npos) << path;
    files_->put(path, to_bytes(text.replace(text.find(from), from.size(), to)));
  }

  std::shared_ptr<MemoryTree> files_;
  std::optional<Source> description_;
};

TEST_F(KnightTree, AllProgramsOfTheMakefileAreEqualOnBothRoads) {
  const ChainResult result = checked();
  EXPECT_EQ(result.count(Verdict::equal), 27U) << said_by(result);
  EXPECT_EQ(result.steps.size(), 27U);
  EXPECT_EQ(result.answers.ok, 11U);
  EXPECT_EQ(result.answers.total, 12U);
  // That one line is of older sources.
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  const auto errors = std::ranges::count(result.findings, Severity::error, &Finding::severity);
  EXPECT_EQ(errors, 1) << said_by(result);
  const auto wrong = std::ranges::find(result.findings, "answers-mismatch", &Finding::id);
  ASSERT_NE(wrong, result.findings.end());
  EXPECT_EQ(wrong->line, 2U);
  EXPECT_TRUE(wrong->help.starts_with("both roads make these bytes; the line of the list is an old one: "))
      << wrong->help;
}

// M0 with two bits of one instruction flipped: the machine runs it, the room does what M0 does.
TEST_F(KnightTree, AChangedProgramIsFoundWhereItDiffers) {
  change("stage1/M0-macro.hex2", "E0002C", "E0002D");
  const ChainResult result = checked();
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_LT(result.count(Verdict::equal), 27U) << said_by(result);
}

TEST_F(KnightTree, TooLittleMemoryStopsAStep) {
  change("knight.kaem", "roms/M0 48K", "roms/M0 1K");
  const ChainResult result = checked();
  EXPECT_NE(result.verdict, ChainVerdict::pass);
  EXPECT_LT(result.count(Verdict::equal), 27U);
  const auto failed =
      std::ranges::find_if(result.steps, [](const StepResult& step) { return !step.failure.empty(); });
  ASSERT_NE(failed, result.steps.end()) << said_by(result);
  EXPECT_EQ(result.chain.commands[failed->command].argv.back(), "1K");
  EXPECT_NE(failed->failure.find("memory fault at 0x"), std::string::npos) << failed->failure;
}

TEST_F(KnightTree, EachRoadGoesAlone) {
  for (const Roads roads : {Roads::seed, Roads::reference}) {
    const ChainResult result = checked(roads);
    EXPECT_EQ(result.answers.ok, roads == Roads::seed ? 11U : 0U)
        << "the reference road alone judges no list";
    EXPECT_EQ(result.count(Verdict::one_road_only), 27U) << said_by(result);
  }
}

}  // namespace
}  // namespace assay::bootstrap
