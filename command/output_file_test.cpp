// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>
#include <thread>

#include "command/host_files.h"
#include "tests/support/subprocess.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public testing::Test {
 protected:
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto bytes = scratch.read(name);
    return bytes ? std::string(as_text(*bytes)) : "(nothing)";
  }
  [[nodiscard]] std::size_t names() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(scratch.path()), {}));
  }
  std::string write(std::string_view name, std::string_view bytes, OutputOptions options = {}) {
    const Result<void> done = write_host_file(scratch.file(name), as_bytes(bytes), options);
    return done ? "" : std::string(done.error().id);
  }

  test::Scratch scratch;
};

TEST_F(OutputFileTest, AppearsWholeAndWithItsMode) {
  EXPECT_EQ(write("new", "text"), "");
  EXPECT_EQ(text("new"), "text");
  EXPECT_EQ(scratch.mode("new"), "0644");
  EXPECT_EQ(write("new", "other", {.mode = 0755}), "");
  EXPECT_EQ(text("new"), "other");
  EXPECT_EQ(scratch.mode("new"), "0755");
  EXPECT_EQ(names(), 1U);
}

TEST_F(OutputFileTest, HasNoNameBeforeItIsWhole) {
  {
    Result<OutputFile> file = OutputFile::create(scratch.file("new"));
    ASSERT_TRUE(file);
    file->write(as_bytes("half"));
    EXPECT_EQ(names(), fs::exists("/proc/self/fd") ? 0U : 1U);
  }
  EXPECT_EQ(names(), 0U);
}

TEST_F(OutputFileTest, LeavesTheOldFileUntilItIsWhole) {
  scratch.write("old", to_bytes("old"));
  {
    Result<OutputFile> file = OutputFile::create(scratch.file("old"));
    ASSERT_TRUE(file);
    file->write(as_bytes("half"));
  }
  EXPECT_EQ(text("old"), "old");
}

TEST_F(OutputFileTest, FollowsLinks) {
  scratch.write("target", to_bytes("old"));
  fs::create_symlink("target", scratch.path() / "link");
  fs::create_symlink("nowhere", scratch.path() / "dangling");
  EXPECT_EQ(write("link", "new"), "");
  EXPECT_EQ(write("dangling", "made"), "");
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "link"));
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "dangling"));
  EXPECT_EQ(text("target"), "new");
  EXPECT_EQ(text("nowhere"), "made");
}

TEST_F(OutputFileTest, ALinkToItselfIsAnError) {
  fs::create_symlink("round", scratch.path() / "round");
  EXPECT_EQ(write("round", "text"), "file-unwritable");
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "round"));
}

TEST_F(OutputFileTest, WritesThroughAPipe) {
  const std::string pipe = scratch.file("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  std::string got;
  std::thread reader([&] {
    const int descriptor = ::open(pipe.c_str(), O_RDONLY);
    char buffer[16];
    ssize_t count = 0;
    while ((count = ::read(descriptor, buffer, sizeof buffer)) > 0)
      got.append(buffer, static_cast<std::size_t>(count));
    ::close(descriptor);
  });
  EXPECT_EQ(write("pipe", "through the pipe"), "");
  reader.join();
  EXPECT_EQ(got, "through the pipe");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(OutputFileTest, WritesThroughADevice) {
  // The machine's own node is not put at risk: as root a test with the fault in it would replace it.
  const std::string null = scratch.file("null");
  if (::mknod(null.c_str(), S_IFCHR | 0666, ::makedev(1, 3)) != 0)
    GTEST_SKIP() << "no right to make a device";
  const int descriptor = ::open(null.c_str(), O_WRONLY);
  if (descriptor < 0) GTEST_SKIP() << "devices do not work here";
  ::close(descriptor);
  EXPECT_EQ(write("null", "gone"), "");
  EXPECT_TRUE(fs::is_character_file(null));
  const std::string full = scratch.file("full");
  ASSERT_EQ(::mknod(full.c_str(), S_IFCHR | 0666, ::makedev(1, 7)), 0);
  EXPECT_EQ(write("full", "no room"), "write-failed");
  EXPECT_TRUE(fs::is_character_file(full));
}

TEST_F(OutputFileTest, CanReplaceInsteadOfFollowing) {
  scratch.write("target", to_bytes("old"));
  fs::create_symlink("target", scratch.path() / "link");
  ASSERT_EQ(::mkfifo(scratch.file("pipe").c_str(), 0644), 0);
  EXPECT_EQ(write("link", "new", {.replaces = true}), "");
  EXPECT_EQ(write("pipe", "new", {.replaces = true}), "");
  EXPECT_EQ(text("target"), "old");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(scratch.path() / "link")));
  EXPECT_EQ(text("pipe"), "new");
}

TEST_F(OutputFileTest, DirectoriesAreErrors) {
  fs::create_directory(scratch.path() / "directory");
  EXPECT_EQ(write("directory", "text"), "file-unwritable");
  EXPECT_EQ(write("nowhere/file", "text"), "file-unwritable");
  EXPECT_EQ(write("directory", "text", {.replaces = true}), "write-failed");
  EXPECT_EQ(names(), 1U);
}

TEST_F(OutputFileTest, AnInterruptLeavesNoTemporaryFile) {
  scratch.write("file", to_bytes("old"));
  for (int round = 0; round < 100; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      while (true) (void)write_host_file(scratch.file("file"), as_bytes("new"));
    }
    ::usleep(static_cast<useconds_t>(200 + 97 * round % 2000));
    ::kill(child, SIGTERM);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(names(), 1U) << round;
  }
}

TEST_F(OutputFileTest, LengthensWithZeros) {
  Result<OutputFile> file = OutputFile::create(scratch.file("long"));
  ASSERT_TRUE(file);
  file->write(as_bytes("a"));
  file->extend_to(5);
  file->write(as_bytes("b"));
  EXPECT_EQ(file->size(), 6U);
  EXPECT_TRUE(file->seeks());
  EXPECT_EQ(fs::file_size(file->open_path()), 6U);
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(text("long"), std::string("a\0\0\0\0b", 6));
}

}  // namespace
}  // namespace assay
