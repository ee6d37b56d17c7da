// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs of the host that do harm, or cannot be started, and what is said of them.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "bootstrap/conform/host_process.h"
#include "bootstrap/conform/judge.h"
#include "bootstrap/conform/own_devices.h"
#include "command/held_signals.h"

namespace assay::conform {
namespace {

constexpr double kSeconds = 20;

Result<Observed> run_shell(const std::string& script, double seconds = kSeconds) {
  Situation situation;
  situation.environment = {"PATH=/usr/bin:/bin"};
  return run_host_process({"/bin/sh", "-c", script}, situation, seconds);
}

TEST(HostProcess, OfRootKeepsTheDevicesOfTheHost) {
  if (devices_are_safe()) GTEST_SKIP() << "only root can do harm to a device";
  if (!can_have_own_devices()) GTEST_SKIP() << "no mount namespace can be had here";
  struct stat before {};
  ASSERT_EQ(::stat("/dev/full", &before), 0);
  const Result<Observed> seen = run_shell(
      "echo x > new; chmod 0640 /dev/full && mv -f new /dev/full && cat /dev/full && rm /dev/null && "
      "ls /dev/stdin >&2");
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->status, 0) << as_text(seen->standard_error);
  EXPECT_EQ(as_text(seen->standard_output), "x\n");
  struct stat after {};
  ASSERT_EQ(::stat("/dev/full", &after), 0);
  EXPECT_TRUE(S_ISCHR(after.st_mode));
  EXPECT_EQ(before.st_mode, after.st_mode);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(HostProcess, HasTheDevicesThatCasesName) {
  const Result<Observed> seen =
      run_shell("cat /dev/stdin /dev/null; echo 41 > /dev/full && exit 9; echo e > /dev/stderr");
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->status, 0);
  EXPECT_NE(as_text(seen->standard_error).find("e\n"), std::string_view::npos);
}

TEST(HostProcess, ThatCannotBeStartedIsAnErrorThatSaysWhy) {
  const std::string folder = ::testing::TempDir();
  const auto put = [&](const std::string& name, const std::string& text, mode_t mode) {
    std::string path = folder + name;
    std::filesystem::remove(path);
    FILE* const file = std::fopen(path.c_str(), "w");
    std::fputs(text.c_str(), file);
    std::fclose(file);
    ::chmod(path.c_str(), mode);
    return path;
  };
  const auto error_of = [](const std::string& path) {
    const Result<Observed> seen = run_host_process({path}, {}, kSeconds);
    return seen ? std::string("it was started") : std::string(seen.error().id) + ": " + seen.error().message;
  };
  const std::string text = put("assay-text", "x", 0644);
  EXPECT_EQ(error_of(text),
            "bad-command: cannot start '" + text +
                "': Permission denied: is it executable, and may you enter the folders above it?");
  const std::string nothing = put("assay-nothing", "x", 0755);
  EXPECT_EQ(error_of(nothing),
            "bad-command: cannot start '" + nothing +
                "': Exec format error: it is no program of this machine, and no script that begins with #!");
  const std::string script = put("assay-script", "#!/no/such/program\n", 0755);
  EXPECT_EQ(error_of(script),
            "bad-command: cannot start '" + script +
                "': No such file or directory: its interpreter, or its dynamic loader, is not there");
  for (const std::string& path : {text, nothing, script}) std::filesystem::remove(path);
}

TEST(HostProcess, WhatIsNoRegularFileIsNamed) {
  const Result<Observed> seen = run_shell("mkfifo out; ln -s out link; mkdir folder");
  ASSERT_TRUE(seen) << seen.error().message;
  const std::map<std::string, std::string, std::less<>> others{
      {"folder", "a directory"}, {"link", "a symbolic link"}, {"out", "a FIFO"}};
  EXPECT_EQ(seen->others, others);
  Expectation wanted;
  wanted.files.push_back({.name = "out"});
  EXPECT_EQ(first_difference({}, wanted, *seen)->text, "'out' is a FIFO, and not a regular file");
  wanted.files = {{.what = Wish::What::absent, .name = "link"}};
  EXPECT_EQ(first_difference({}, wanted, *seen)->text, "'link' is a symbolic link, and not a regular file");
  EXPECT_EQ(first_difference({}, Expectation{}, *seen)->text, "it leaves a symbolic link 'link'");
}

TEST(HostProcess, ThatNeverEndsIsEndedWithAllThatItStarted) {
  const Result<Observed> waits = run_shell("sleep 1000", 0.3);
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits->end, End::hangs);
  EXPECT_EQ(waits->how, "still running after 0.3 s; --timeout gives it longer");
  const Result<Observed> leaves = run_shell("sleep 1000 & exit 0", 1);
  ASSERT_TRUE(leaves);
  EXPECT_EQ(leaves->end, End::hangs);
  EXPECT_EQ(leaves->how, "it ended, but what it started still holds its output after 1 s");
}

TEST(HostProcess, IsEndedWhenASignalWaits) {
  HeldSignals held;
  held.hold();
  std::raise(SIGTERM);
  const Result<Observed> seen = run_shell("sleep 1000");
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  int taken = 0;
  sigwait(&term, &taken);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().id, "interrupted");
}

TEST(HostProcess, StandsBelowAFolderOfOurs) {
  const Result<Observed> seen = run_shell("ls ..; pwd");
  ASSERT_TRUE(seen);
  const std::string_view text = as_text(seen->standard_output);
  EXPECT_TRUE(text.starts_with("here\n/")) << text;
  EXPECT_FALSE(std::filesystem::exists(text.substr(5, text.size() - 6)));
}

}  // namespace
}  // namespace assay::conform
