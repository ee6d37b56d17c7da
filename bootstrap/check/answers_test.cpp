// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/answers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>

#include "bootstrap/check/new_answers.h"
#include "bootstrap/tree/testing/one_chain.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kMade = "riscv64/artifact/hex0";
constexpr std::string_view kSecond = "riscv64/artifact/hex1";
const std::string kWrong(64, '0');

/// Our own tree with a list of answers.
Tree tree_with(const std::string& list) {
  Tree tree = one_chain();
  const auto files = std::make_shared<MemoryTree>(tree.files);
  files->put("riscv64.answers", to_bytes(list));
  tree.files = files;
  return tree;
}

const Finding* find(const ChainResult& result, std::string_view id) {
  const auto found = std::find_if(result.findings.begin(), result.findings.end(),
                                  [&](const Finding& finding) { return finding.id == id; });
  return found == result.findings.end() ? nullptr : &*found;
}

TEST(Answers, a_wrong_one_names_the_file_both_digests_and_what_follows) {
  const Tree tree = tree_with(fmt::format("{}  {}\n", kWrong, kMade));
  const ChainResult result = preflight(tree, {}).front();
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  const std::string digest = made_files(result).find(kMade)->second.sha256;
  const Finding* const wrong = find(result, "answers-mismatch");
  ASSERT_NE(wrong, nullptr);
  EXPECT_EQ(wrong->message, fmt::format("'{}' should have the digest {} and has {}", kMade, kWrong, digest));
  EXPECT_TRUE(wrong->help.starts_with("both roads make these bytes")) << wrong->help;
}

TEST(Answers, of_a_file_that_no_step_made_is_told_so) {
  const Tree tree = tree_with(fmt::format("{}  riscv64/hex0_riscv64.hex0\n", kWrong));
  const ChainResult result = preflight(tree, {}).front();
  const Finding* const wrong = find(result, "answers-mismatch");
  ASSERT_NE(wrong, nullptr);
  EXPECT_EQ(wrong->help, "no step made it: it lies in the tree");
}

TEST(Answers, a_line_that_stands_there_twice_counts_once) {
  const Tree first = tree_with(fmt::format("{}  {}\n", kWrong, kMade));
  const std::string digest = made_files(preflight(first, {}).front()).find(kMade)->second.sha256;
  const std::string line = fmt::format("{}  {}\n", digest, kMade);
  const ChainResult result = preflight(tree_with(line + line), {}).front();
  EXPECT_EQ(result.answers.ok, 1U);
  EXPECT_EQ(result.answers.total, 1U);
  const Finding* const repeated = find(result, "answers-repeated");
  ASSERT_NE(repeated, nullptr);
  EXPECT_EQ(repeated->line, 2U);

  // Another digest for the same file is no repetition: one of them is wrong.
  const ChainResult two = preflight(tree_with(line + fmt::format("{}  {}\n", kWrong, kMade)), {}).front();
  EXPECT_EQ(two.answers.total, 2U);
  EXPECT_EQ(two.answers.ok, 1U);
}

TEST(NewAnswers, a_stale_list_is_made_anew_in_its_order) {
  const Tree tree = tree_with(fmt::format("{}  {}\n{}  {}\n", kWrong, kSecond, kWrong, kMade));
  std::vector<ChainResult> results = preflight(tree, {});
  ASSERT_EQ(results.front().verdict, ChainVerdict::fail);
  const Result<std::vector<NewAnswers>> renewed = renew_answers(tree, {}, results);
  ASSERT_TRUE(renewed) << renewed.error().message;
  ASSERT_EQ(renewed->size(), 1U);
  EXPECT_EQ(results.front().verdict, ChainVerdict::pass);
  EXPECT_EQ(results.front().answers.ok, 2U);
  const std::string digest = made_files(results.front()).find(kMade)->second.sha256;
  const std::string second = made_files(results.front()).find(kSecond)->second.sha256;
  EXPECT_EQ(renewed->front().path, "riscv64.answers");
  EXPECT_EQ(renewed->front().text, fmt::format("{}  {}\n{}  {}\n", second, kSecond, digest, kMade));
  EXPECT_EQ(renewed->front().changed, 2U);

  // The list that is right is left alone.
  const Tree right = tree_with(renewed->front().text);
  std::vector<ChainResult> again = preflight(right, {});
  ASSERT_EQ(again.front().verdict, ChainVerdict::pass);
  EXPECT_TRUE(renew_answers(right, {}, again)->empty());
}

TEST(NewAnswers, nothing_is_written_where_something_else_is_wrong) {
  const Tree absent = tree_with(fmt::format("{}  riscv64/bin/none\n", kWrong));
  std::vector<ChainResult> results = preflight(absent, {});
  const Result<std::vector<NewAnswers>> renewed = renew_answers(absent, {}, results);
  ASSERT_FALSE(renewed);
  EXPECT_EQ(renewed.error().id, "answers-not-written");
  EXPECT_NE(renewed.error().message.find("'riscv64/bin/none'"), std::string::npos) << renewed.error().message;

  // All that is listed is made, by both roads alike, and then the chain fails.
  Tree failing = tree_with(fmt::format("{}  {}\n", kWrong, kMade));
  const auto files = std::make_shared<MemoryTree>(failing.files);
  const std::string script(as_text(**files->read("kaem.riscv64")));
  files->put("kaem.riscv64",
             to_bytes(script + "./riscv64/artifact/hex0 ./riscv64/none ./riscv64/artifact/more\n"));
  failing.files = files;
  results = preflight(failing, {});
  ASSERT_EQ(results.front().verdict, ChainVerdict::fail);
  const Result<std::vector<NewAnswers>> refused = renew_answers(failing, {}, results);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("riscv64 does not pass"), std::string::npos)
      << refused.error().message;
}

}  // namespace
}  // namespace assay::bootstrap
