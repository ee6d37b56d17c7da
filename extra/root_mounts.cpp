// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>

#include "extra/wrap.h"

namespace assay::extra {
namespace {

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

bool make_directory(const char* path) { return ::mkdir(path, 0755) == 0 || errno == EEXIST; }

std::optional<std::string> make_mount_point(const Mount& row) {
  if (row.directory) {
    if (make_directory(row.target)) return std::nullopt;
    return fmt::format("Failed to create mountpoint {}", row.target);
  }
  const HostDescriptor file(::open(row.target, O_CREAT | O_CLOEXEC, 0777));
  if (file.number() >= 0) return std::nullopt;
  // The real wrap takes every error but EPERM for a descriptor, and then fails to close it.
  return fmt::format("Failed to {} file {}", errno == EPERM ? "create" : "close", row.target);
}

}  // namespace

std::optional<std::string> RootMounts::mount_all() {
  outside_ = HostDescriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  root_ = HostDescriptor(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!make_directory("dev")) return "Failed to create dev folder";
  for (const Mount& row : kMounts) {
    if (std::optional<std::string> failure = make_mount_point(row)) return failure;
    if (::mount(row.source, row.target, row.type, row.flags, nullptr) != 0)
      return fmt::format("Failed to mount directory {}", row.target);
    mounted_.push_back(row.target);
  }
  return std::nullopt;
}

std::optional<std::string> RootMounts::enter() {
  if (::chroot(".") != 0) return "Failed to chroot into .";
  return std::nullopt;
}

std::vector<std::string> RootMounts::undo() {
  // Out of the new root and back into its directory: the paths are relative to it.
  const bool there = ::fchdir(outside_.number()) == 0 && ::chroot(".") == 0 && ::fchdir(root_.number()) == 0;
  std::vector<std::string> left;
  for (; !mounted_.empty(); mounted_.pop_back()) {
    // With all that is mounted below, whoever uses it.
    if (!there || ::umount2(mounted_.back(), MNT_DETACH | UMOUNT_NOFOLLOW) != 0)
      left.emplace_back(mounted_.back());
  }
  return left;
}

}  // namespace assay::extra
