// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Old releases of stage0-posix, where they are: below ASSAY_TREES or ~/.cache/assay, releases/Release_N. Each
// passes, or is told what it lacks.
#include <gtest/gtest.h>

#include "bootstrap/check/preflight.h"
#include "bootstrap/check/submodules.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

#define NEED_RELEASE(path, number)                                                \
  const auto path = test::find_tree(std::string("releases/Release_") + (number)); \
  if (!(path))                                                                    \
  GTEST_SKIP() << "no tree releases/Release_" << (number) << " below ASSAY_TREES or ~/.cache/assay"

ChainResult check(const std::filesystem::path& path, std::string_view arch,
                  std::vector<std::string> environment = {}) {
  Result<Tree> tree = open_tree(path.string());
  EXPECT_TRUE(tree) << tree.error().message;
  if (!tree) return {};
  tree->environment = std::move(environment);
  PreflightOptions options;
  options.architectures = {find_architecture(arch)};
  return check_chains(*tree, options).front();
}

bool says(const ChainResult& result, std::string_view id, std::string_view part) {
  return std::any_of(result.findings.begin(), result.findings.end(), [&](const Finding& one) {
    return one.id == id && one.message.find(part) != std::string::npos;
  });
}

std::string all_said(const ChainResult& result) {
  std::string text;
  for (const Finding& finding : result.findings) text += finding.id + ": " + finding.message + "\n";
  return text;
}

void expect_pass(const ChainResult& result, std::size_t steps, std::size_t answers) {
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << all_said(result);
  EXPECT_EQ(result.steps.size(), steps);
  EXPECT_EQ(result.count(Verdict::equal), steps);
  EXPECT_EQ(result.answers.ok, answers);
  EXPECT_EQ(result.answers.total, answers);
}

// Booted inside of x86, by a script of the name kaem.run.
TEST(Releases, Of2021Pass) {
  NEED_RELEASE(path, "1.4");
  expect_pass(check(*path, "x86"), 92, 14);
}

// Its kaem looks at the first of its variables, and crashes where there is none.
TEST(Releases, Of2021BeforeNeedAVariable) {
  NEED_RELEASE(path, "1.3");
  const ChainResult bare = check(*path, "AMD64");
  EXPECT_EQ(bare.verdict, ChainVerdict::fail);
  EXPECT_TRUE(says(bare, kReliesOnVariables, "it goes on and starts 'AMD64/M2'")) << all_said(bare);
  expect_pass(check(*path, "AMD64", {"HOME=/"}), 92, 14);
}

// Its first program, kaem-micro, reads no script, and kaem-minimal takes its place.
TEST(Releases, OfRiscvPass) {
  NEED_RELEASE(path, "1.4");
  expect_pass(check(*path, "riscv64"), 92, 14);
}

// Its kaem-minimal says more than others when a command fails.
TEST(Releases, Of2023Pass) {
  NEED_RELEASE(path, "1.5.0");
  expect_pass(check(*path, "AMD64"), 108, 16);
}

// Its programs have symbols in which words that look like conditional jumps lie.
TEST(Releases, OfA64AreDerivedWhole) {
  NEED_RELEASE(path, "1.6.0");
  const ChainResult result = check(*path, "AArch64");
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << all_said(result);
  EXPECT_EQ(result.count(Verdict::one_road_only), 0U);
}

TEST(Releases, OfTheSingleSeedAreTakenForWhatTheyAre) {
  NEED_RELEASE(path, "1.0");
  const ChainResult result = check(*path, "x86");
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_TRUE(says(result, "binary-not-derived", "kaem-optional-seed")) << all_said(result);
}

TEST(Releases, WithoutASubmoduleAreToldWhichIsMissing) {
  NEED_RELEASE(path, "1.1");
  if (std::filesystem::exists(*path / "mes-m2/mes.c")) GTEST_SKIP() << "mes-m2 is there";
  for (const char* const arch : {"x86", "AMD64"}) {
    const ChainResult result = check(*path, arch);
    EXPECT_EQ(result.verdict, ChainVerdict::fail);
    EXPECT_TRUE(says(result, "tree-submodules-missing", "mes-m2")) << all_said(result);
  }
}

TEST(Releases, WithoutSeedsAreToldSo) {
  NEED_RELEASE(path, "1.2");
  if (std::filesystem::exists(*path / "bootstrap-seeds")) GTEST_SKIP() << "bootstrap-seeds is there";
  const Result<Tree> tree = open_tree(path->string());
  ASSERT_FALSE(tree);
  EXPECT_NE(tree.error().message.find("has boot scripts for x86, amd64, but not both seeds of any"),
            std::string::npos)
      << tree.error().message;
}

}  // namespace
}  // namespace assay::bootstrap
