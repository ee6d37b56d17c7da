// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_tree.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::shared_ptr<MemoryTree> lower_tree() {
  auto lower = std::make_shared<MemoryTree>();
  lower->put("a/one", to_bytes("1"), 0600);
  lower->put("a/two", to_bytes("2"));
  return lower;
}

std::string text_at(const FileTree& tree, std::string_view path) {
  const auto bytes = tree.read(path);
  return bytes ? std::string(as_text(**bytes)) : "(" + std::string(bytes.error().id) + ")";
}

TEST(MemoryTree, OverlayReadsThroughAndNeverWritesTheLowerTree) {
  const auto lower = lower_tree();
  MemoryTree tree(lower);
  EXPECT_EQ(text_at(tree, "a/one"), "1");
  EXPECT_EQ(tree.info("a/one")->mode, 0600U);
  tree.find("a/one")->writable().push_back('x');
  EXPECT_EQ(text_at(tree, "a/one"), "1x");
  EXPECT_EQ(text_at(*lower, "a/one"), "1");
}

TEST(MemoryTree, RemovedLowerNameStaysHidden) {
  MemoryTree tree(lower_tree());
  ASSERT_TRUE(tree.remove("a/one"));
  EXPECT_EQ(text_at(tree, "a/one"), "(file-not-found)");
  EXPECT_EQ(*tree.list("a"), std::vector<std::string>{"two"});
  ASSERT_TRUE(tree.create("a/one", NodeKind::file, 0644));
  EXPECT_EQ(text_at(tree, "a/one"), "");
}

TEST(MemoryTree, SharedContentsDoNotChangeWithLaterWrites) {
  MemoryTree tree(lower_tree());
  const auto node = tree.find("a/two");
  node->writable().push_back('x');
  const auto kept = node->share();
  node->writable().push_back('y');
  EXPECT_EQ(as_text(*kept), "2x");
  EXPECT_EQ(text_at(tree, "a/two"), "2xy");
}

TEST(MemoryTree, CreateAndRemoveNameTheirErrors) {
  MemoryTree tree(lower_tree());
  EXPECT_EQ(tree.create("a/one", NodeKind::file, 0644).error().id, "file-exists");
  EXPECT_EQ(tree.create("none/x", NodeKind::file, 0644).error().id, "file-not-found");
  EXPECT_EQ(tree.create("a/one/x", NodeKind::file, 0644).error().id, "not-a-directory");
  EXPECT_EQ(tree.remove("a").error().id, "directory-not-empty");
  EXPECT_EQ(tree.remove("b").error().id, "file-not-found");
}

TEST(MemoryTree, ACopyGoesItsOwnWay) {
  MemoryTree tree(lower_tree());
  const auto node = tree.find("a/two");
  node->writable().push_back('x');
  ASSERT_TRUE(tree.remove("a/one"));
  MemoryTree copy = tree.copy();
  node->writable().push_back('y');
  copy.find("a/two")->writable().push_back('z');
  ASSERT_TRUE(copy.create("a/one", NodeKind::file, 0600));
  EXPECT_EQ(text_at(tree, "a/two"), "2xy");
  EXPECT_EQ(text_at(copy, "a/two"), "2xz");
  EXPECT_FALSE(tree.find("a/one"));
}

TEST(MemoryTree, NodeOutlivesItsName) {
  MemoryTree tree(lower_tree());
  const auto node = tree.find("a/one");
  ASSERT_TRUE(tree.remove("a/one"));
  node->writable().push_back('z');
  EXPECT_EQ(as_text(node->bytes()), "1z");
}

}  // namespace
TEST(MemoryTree, LinkedNamesAreOneFile) {
  MemoryTree tree;
  tree.put("a", to_bytes("one"));
  tree.put("d/c", to_bytes("there"));
  ASSERT_TRUE(tree.link("d/b", tree.find("a")));
  EXPECT_EQ(tree.link("d/c", tree.find("a")).error().id, "file-exists");
  tree.find("d/b")->writable() = to_bytes("two");
  EXPECT_EQ(*tree.read("a").value(), to_bytes("two"));
  MemoryTree copy = tree.copy();
  copy.find("a")->writable() = to_bytes("three");
  EXPECT_EQ(*copy.read("d/b").value(), to_bytes("three"));
  EXPECT_EQ(*tree.read("d/b").value(), to_bytes("two"));
  ASSERT_TRUE(tree.remove("a"));
  EXPECT_EQ(*tree.read("d/b").value(), to_bytes("two"));
}

TEST(MemoryTree, MoveTakesAllThatIsBelow) {
  auto lower = std::make_shared<MemoryTree>();
  lower->put("d/e/f", to_bytes("deep"));
  MemoryTree tree(lower);
  struct : LookupObserver {
    void on_lookup(std::string_view path, Node* node) override {
      seen += std::string(path) + (node == nullptr ? "- " : "+ ");
    }
    std::string seen;
    void on_list(std::string_view /*path*/, const std::vector<std::string>& /*names*/) override {}
  } observer;
  tree.observe(&observer);
  ASSERT_TRUE(tree.move("d", "g"));
  tree.observe(nullptr);
  EXPECT_NE(observer.seen.find("d/e/f+ "), std::string::npos) << observer.seen;
  EXPECT_NE(observer.seen.find("g/e/f- "), std::string::npos) << observer.seen;
  EXPECT_EQ(*tree.read("g/e/f").value(), to_bytes("deep"));
  EXPECT_EQ(tree.find("d"), nullptr);
  EXPECT_EQ(tree.move("d", "h").error().id, "file-not-found");
  EXPECT_EQ(tree.list("").value(), std::vector<std::string>{"g"});
}

}  // namespace assay
