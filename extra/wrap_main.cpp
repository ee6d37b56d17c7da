// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Enters a user and mount namespace (unless root already), gives the current directory the device
// nodes, /proc, /sys, /tmp and /dev/shm, makes it the root directory and becomes the command. With the
// root directory as current directory it only becomes the command. Where it cannot become the command, what
// it mounted is unmounted again; the real wrap leaves it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>

#include "command/held_signals.h"
#include "command/print.h"
#include "command/program.h"
#include "extra/wrap.h"

extern char** environ;

namespace {

using assay::extra::RootMounts;

constexpr int kFailed = 1;

[[noreturn]] void fail(const std::string& message) {
  assay::print_error("{}\n", message);
  std::exit(kFailed);
}

void write_text(int file, const std::string& text) {
  // The kernel takes or refuses a map as a whole; what comes next notices.
  if (::write(file, text.data(), text.size()) < 0) return;
}

/// The real wrap shows the map on its standard output as well.
void write_map(const char* path, unsigned id) {
  const std::string map = fmt::format("0 {} 1", id);
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 && errno == EPERM) fail(fmt::format("Failed to open map file {}", path));
  write_text(file, map);
  write_text(STDOUT_FILENO, map);
  if (file >= 0) ::close(file);
}

void enter_namespaces() {
  const unsigned user = ::geteuid();
  const unsigned group = ::getegid();
  if (user == 0) return;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) fail("Failed to create user and mount namespaces");
  const int groups = ::open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
  if (groups < 0 && errno == EPERM) fail("Failed to open /proc/self/setgroups");
  write_text(groups, "deny");
  if (groups >= 0) ::close(groups);
  write_map("/proc/self/uid_map", user);
  write_map("/proc/self/gid_map", group);
}

/// Takes back what was mounted by then, which the real wrap does not do.
void undo(RootMounts& mounts) {
  for (const std::string& path : mounts.undo()) {
    assay::print_error("wrap: '{}' in the current directory stays mounted: unmount it [wrap-still-mounted]\n",
                       path);
  }
}

/// Makes the current directory the root directory of this process.
void enter_root(RootMounts& mounts) {
  enter_namespaces();
  std::optional<std::string> failure = mounts.mount_all();
  if (!failure) failure = mounts.enter();
  if (!failure) return;
  undo(mounts);
  fail(*failure);
}

constexpr std::string_view kHelp = R"(Runs a command with the current directory as its root directory
usage: wrap COMMAND [ARGUMENTS...]

COMMAND is a path in that root; it is given the variables that a bootstrap's scripts use, and WRAPPED=yes.
/dev's nodes, /proc, /sys, /tmp and /dev/shm are mounted into the current directory first; for root they
stay there when the command has ended, unless wrap runs in a mount namespace of its own (unshare -m).
In the real root directory wrap only becomes the command.
)";

/// The real wrap would mount everything and then look for a program of that name.
void answer(std::string_view word) {
  if (word == "--help") {
    assay::print("{}", kHelp);
  } else if (word == "--version") {
    assay::print("wrap (assay) {}\n", ASSAY_VERSION);
  } else {
    return;
  }
  std::exit(assay::standard_streams_whole("wrap") ? 0 : kFailed);
}

int run(int argc, char** argv) {
  if (argc <= 1) fail("Expected at least one argument: command");
  answer(argv[1]);
  RootMounts mounts;
  assay::HeldSignals held;
  std::error_code error;
  if (std::filesystem::current_path(error) != "/") {
    held.hold();
    enter_root(mounts);
    if (assay::HeldSignals::pending()) undo(mounts);
    held.release();
  }
  std::vector<std::string> environment = assay::extra::wrapped_environment(environ);
  std::vector<char*> entries;
  for (std::string& entry : environment) entries.push_back(entry.data());
  entries.push_back(nullptr);
  std::fflush(stdout);
  ::execve(argv[1], argv + 1, entries.data());
  const int status = -errno & 0xFF;
  undo(mounts);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return assay::run_program("wrap", kFailed, [&] { return run(argc, argv); });
}
