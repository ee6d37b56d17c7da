// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host_tree.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <filesystem>

#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

class HostTreeTest : public testing::Test {
 protected:
  HostTreeTest() {
    scratch.write("file", to_bytes("text"));
    fs::create_directory(scratch.path() / "directory");
  }
  std::string trouble() {
    const std::vector<Error> troubles = tree.troubles();
    return troubles.empty() ? "" : std::string(troubles.front().id) + ": " + troubles.front().message;
  }

  test::Scratch scratch;
  HostTree tree{scratch.path()};
};

TEST_F(HostTreeTest, AQuietTreeIsNoTrouble) {
  EXPECT_EQ(as_text(**tree.read("file")), "text");
  EXPECT_FALSE(tree.info("none"));
  EXPECT_EQ(tree.list("")->size(), 2U);
  scratch.write("directory/unseen", to_bytes("new"));  // nobody asked what is in there
  EXPECT_EQ(trouble(), "");
}

TEST_F(HostTreeTest, TellsWhatChangedSinceItWasLookedAt) {
  ASSERT_TRUE(tree.read("file"));
  scratch.write("file", to_bytes("other"));
  EXPECT_EQ(trouble(), "file-changed: 'file' was changed while the tree was read");
  EXPECT_EQ(tree.read("file").error().id, "file-changed");
}

TEST_F(HostTreeTest, TellsWhatCameAndWentAndWasMadeExecutable) {
  EXPECT_FALSE(tree.info("none"));
  scratch.write("none", to_bytes("now"));
  EXPECT_EQ(trouble(), "file-changed: 'none' was changed while the tree was read");
  fs::remove(scratch.path() / "none");
  EXPECT_EQ(trouble(), "");
  ASSERT_TRUE(tree.info("file"));
  fs::permissions(scratch.path() / "file", fs::perms::owner_all);
  EXPECT_EQ(trouble(), "file-changed: 'file' was changed while the tree was read");
}

TEST_F(HostTreeTest, TellsThatAListedDirectoryGotAnotherName) {
  ASSERT_TRUE(tree.info("directory"));
  ASSERT_TRUE(tree.list("directory"));
  fs::last_write_time(scratch.path() / "directory", fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(trouble(), "file-changed: 'directory' was changed while the tree was read");
}

TEST_F(HostTreeTest, AHoleIsNotRead) {
  const fs::path hole = scratch.path() / "hole";
  scratch.write("hole", {});
  ASSERT_EQ(::truncate(hole.c_str(), off_t{3} << 30), 0);
  EXPECT_EQ(tree.read("hole").error().id, "file-too-large");
  // Nothing is blamed on the file's absence.
  MemoryTree overlay(std::make_shared<HostTree>(scratch.path()));
  EXPECT_EQ(overlay.find("hole"), nullptr);
  EXPECT_EQ(overlay.troubles().at(0).id, "file-too-large");
}

TEST_F(HostTreeTest, PipesAndLinksAreNotWaitedForOrFollowed) {
  ASSERT_EQ(::mkfifo((scratch.path() / "pipe").c_str(), 0644), 0);
  fs::create_symlink("file", scratch.path() / "link");
  EXPECT_EQ(tree.read("pipe").error().id, "file-not-found");
  EXPECT_EQ(tree.read("link").error().id, "not-a-file");
  EXPECT_EQ(*tree.link_target("link"), "file");
  EXPECT_EQ(tree.list("")->size(), 3U);
}

}  // namespace
}  // namespace assay
