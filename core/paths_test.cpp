// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paths.h"

#include <gtest/gtest.h>

#include "core/memory_tree.h"

namespace assay {
namespace {

class ResolvePath : public testing::Test {
 protected:
  ResolvePath() {
    tree_.put("a/b/file", to_bytes("x"));
    link("a/up", "..");
    link("a/far", "/a/b");
    link("a/loop", "loop");
    link("escape", "../../etc/passwd");
  }
  void link(std::string_view path, std::string target) {
    (*tree_.create(path, NodeKind::link, 0777))->target = std::move(target);
  }
  std::string resolve(std::string_view cwd, std::string_view path, LastLink last = LastLink::follow) {
    const Result<std::string> result = resolve_path(tree_, cwd, path, last);
    return result ? *result : "(" + std::string(result.error().id) + ")";
  }
  MemoryTree tree_;
};

TEST_F(ResolvePath, RelativeAbsoluteAndDots) {
  EXPECT_EQ(resolve("a", "b/file"), "a/b/file");
  EXPECT_EQ(resolve("a", "./b/../b//file"), "a/b/file");
  EXPECT_EQ(resolve("a/b", "/a"), "a");
  EXPECT_EQ(resolve("a", "../../../a/b"), "a/b");
  EXPECT_EQ(resolve("", "new"), "new");
}

TEST_F(ResolvePath, Links) {
  EXPECT_EQ(resolve("a", "up/a/b/file"), "a/b/file");
  EXPECT_EQ(resolve("", "a/far"), "a/b");
  EXPECT_EQ(resolve("", "a/far", LastLink::keep), "a/far");
  EXPECT_EQ(resolve("", "a/loop"), "(too-many-links)");
  EXPECT_EQ(resolve("", "escape"), "(file-not-found)") << "links stay inside the tree";
}

TEST_F(ResolvePath, Errors) {
  EXPECT_EQ(resolve("", ""), "(file-not-found)");
  EXPECT_EQ(resolve("", "none/x"), "(file-not-found)");
  EXPECT_EQ(resolve("", "a/b/file/x"), "(not-a-directory)");
  EXPECT_EQ(resolve("", "a/b/file/"), "(not-a-directory)");
  EXPECT_EQ(resolve("", "a/" + std::string(255, 'n')), "a/" + std::string(255, 'n'));
  EXPECT_EQ(resolve("", "a/" + std::string(256, 'n')), "(name-too-long)");
  link("a/slash", "b/file/");
  EXPECT_EQ(resolve("", "a/slash"), "(not-a-directory)") << "as if the path ended so";
}

}  // namespace
}  // namespace assay
