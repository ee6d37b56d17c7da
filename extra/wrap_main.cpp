// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Enters a user and mount namespace (unless root already), gives the current directory the device
// nodes, /proc, /sys, /tmp and /dev/shm, makes it the root directory and becomes the command. With the
// root directory as current directory it only becomes the command.
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>

#include "command/print.h"
#include "extra/wrap.h"

extern char** environ;

namespace {

constexpr int kFailed = 1;

struct Mount {
  const char* source;
  const char* target;
  const char* type;
  unsigned long flags;
  bool directory;
};

constexpr Mount kMounts[] = {
    {"/dev/null", "dev/null", "", MS_BIND, false},
    {"/dev/zero", "dev/zero", "", MS_BIND, false},
    {"/dev/random", "dev/random", "", MS_BIND, false},
    {"/dev/urandom", "dev/urandom", "", MS_BIND, false},
    {"/dev/ptmx", "dev/ptmx", "", MS_BIND, false},
    {"/dev/pts", "dev/pts", "", MS_BIND, true},
    {"/dev/tty", "dev/tty", "", MS_BIND, false},
    {"tmpfs", "dev/shm", "tmpfs", 0, true},
    {"/proc", "proc", "", MS_BIND | MS_REC, true},
    {"/sys", "sys", "", MS_BIND | MS_REC, true},
    {"tmpfs", "tmp", "tmpfs", 0, true},
};

[[noreturn]] void fail(const std::string& message) {
  assay::print_error("{}\n", message);
  std::exit(kFailed);
}

bool make_directory(const char* path) { return ::mkdir(path, 0755) == 0 || errno == EEXIST; }

void make_file(const char* path) {
  const int file = ::open(path, O_CREAT | O_CLOEXEC, 0777);
  // The real wrap takes every error but EPERM for a descriptor, and then fails to close it.
  if (file < 0) fail(fmt::format("Failed to {} file {}", errno == EPERM ? "create" : "close", path));
  ::close(file);
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

void mount_all() {
  if (!make_directory("dev")) fail("Failed to create dev folder");
  for (const Mount& row : kMounts) {
    if (!row.directory) {
      make_file(row.target);
    } else if (!make_directory(row.target)) {
      fail(fmt::format("Failed to create mountpoint {}", row.target));
    }
    if (::mount(row.source, row.target, row.type, row.flags, nullptr) != 0) {
      fail(fmt::format("Failed to mount directory {}", row.target));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc <= 1) fail("Expected at least one argument: command");
  std::error_code error;
  if (std::filesystem::current_path(error) != "/") {
    enter_namespaces();
    mount_all();
    if (::chroot(".") != 0) fail("Failed to chroot into .");
  }
  std::vector<std::string> environment = assay::extra::wrapped_environment(environ);
  std::vector<char*> entries;
  for (std::string& entry : environment) entries.push_back(entry.data());
  entries.push_back(nullptr);
  std::fflush(stdout);
  ::execve(argv[1], argv + 1, entries.data());
  return -errno & 0xFF;
}
