// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/opaque_files_check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

const Bytes kGzip{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};

Tree tree_of(const std::shared_ptr<MemoryTree>& files) {
  Tree tree;
  tree.files = files;
  return tree;
}

TEST(OpaqueFiles, texts_and_git_are_left_out) {
  const auto files = std::make_shared<MemoryTree>();
  files->put("a.c", to_bytes("int main() { return 0; }\n"));
  files->put("empty", {});
  files->put(".git/index", kGzip);
  EXPECT_TRUE(check_opaque_files(tree_of(files), {}).empty());
}

TEST(OpaqueFiles, tell_whether_a_step_reads_them) {
  const auto files = std::make_shared<MemoryTree>();
  files->put("blob.gz", kGzip);
  files->put("other.gz", kGzip);
  ChainResult chain;
  chain.chain.commands.emplace_back().inputs = {"other.gz"};
  const std::vector<Finding> found = check_opaque_files(tree_of(files), {chain});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, "tree-opaque-file");
  EXPECT_EQ(found[0].severity, Severity::note);
  EXPECT_EQ(found[0].file, "blob.gz");
  EXPECT_TRUE(
      found[0].message.starts_with("archive or compressed file inside the tree: gzip compressed data"))
      << found[0].message;
  EXPECT_TRUE(found[0].message.ends_with("; no step reads it")) << found[0].message;
  EXPECT_TRUE(found[1].message.ends_with("; a step reads it")) << found[1].message;
}

TEST(OpaqueFiles, of_many_the_rest_is_counted) {
  const auto files = std::make_shared<MemoryTree>();
  for (int number = 0; number < 20; ++number) files->put(fmt::format("{:02}.gz", number), kGzip);
  const std::vector<Finding> found = check_opaque_files(tree_of(files), {});
  ASSERT_EQ(found.size(), 9U);
  EXPECT_EQ(found.back().message, "12 more files that are no text, and that no step reads");
}

}  // namespace
}  // namespace assay::bootstrap
