// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What wrap leaves mounted, for root, in a mount namespace that only the test sees. Skipped where none can be
// made.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

const std::string kWrap = std::string(ASSAY_BIN_DIR) + "/wrap";

/// Runs a script of the shell as root of a mount namespace of its own, in an empty directory.
Finished in_namespace(const std::string& script, const fs::path& directory) {
  return run({.argv = {"/usr/bin/unshare", "-m", "--propagation", "private", "/bin/sh", "-c", script, kWrap},
              .env = {"PATH=/usr/bin:/bin"},
              .cwd = directory});
}

/// Appended to a script: its status and what is mounted in its directory.
const std::string kTell = "; echo status $?; grep -c \" $PWD/\" /proc/self/mountinfo";

class Wrap : public testing::Test {
 protected:
  void SetUp() override {
    const Finished allowed = in_namespace("mount -t tmpfs none .", scratch_.path());
    if (allowed.status != "exit:0") GTEST_SKIP() << "no mount namespace here: " << allowed.standard_error;
  }
  /// What a script prints, with what is mounted at its end.
  [[nodiscard]] std::string tell(const std::string& script) const {
    return in_namespace(script + kTell, scratch_.path()).standard_output;
  }
  const Scratch scratch_;
};

TEST_F(Wrap, help_and_version_touch_nothing) {
  const std::string said = tell("\"$0\" --help");
  EXPECT_TRUE(said.starts_with("Runs a command with the current directory as its root")) << said;
  EXPECT_TRUE(said.ends_with("\nstatus 0\n0\n")) << said;
  EXPECT_TRUE(tell("\"$0\" --version").ends_with("\nstatus 0\n0\n"));
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(Wrap, a_mount_that_fails_takes_back_those_before_it) {
  std::ofstream(scratch_.path() / "sys") << "no directory";
  const Finished said = in_namespace("\"$0\" /nothing" + kTell, scratch_.path());
  EXPECT_EQ(said.standard_output, "status 1\n0\n");
  EXPECT_EQ(said.standard_error, "Failed to mount directory sys\n");
}

TEST_F(Wrap, a_command_that_is_not_there_leaves_nothing_mounted) {
  EXPECT_EQ(tell("\"$0\" /nothing"), "status 254\n0\n");  // -ENOENT, as the real one
}

TEST_F(Wrap, a_command_runs_in_the_root_and_its_mounts_stay_as_with_the_real_one) {
  const std::string script =
      "for d in bin lib lib64 usr; do [ ! -e /$d ] || { mkdir -p $d; mount --bind /$d $d; }; done; "
      "\"$0\" /bin/sh -c 'echo $WRAPPED; [ -e /proc/self ] && [ -c /dev/null ] && echo there'; "
      "echo status $?; grep -c \" $PWD/dev/null \" /proc/self/mountinfo";
  EXPECT_EQ(in_namespace(script, scratch_.path()).standard_output, "yes\nthere\nstatus 0\n1\n");
}

}  // namespace
}  // namespace assay::test
