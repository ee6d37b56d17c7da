// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/own_devices.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace assay::conform {
namespace {

struct Device {
  const char* path;
  unsigned major;
  unsigned minor;
};
struct Link {
  const char* path;
  const char* to;
};

constexpr Device kDevices[] = {{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
                               {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};
constexpr Link kLinks[] = {{"/dev/fd", "/proc/self/fd"},
                           {"/dev/stdin", "/proc/self/fd/0"},
                           {"/dev/stdout", "/proc/self/fd/1"},
                           {"/dev/stderr", "/proc/self/fd/2"}};

/// The host's shm, which may hold the program or the scratch folder, where it was.
bool keep_shm(int shm) {
  constexpr int kNumber = 200;  // one that the path can name
  if (::dup3(shm, kNumber, O_CLOEXEC) < 0 || ::mkdir("/dev/shm", 01777) != 0) return false;
  return ::mount("/proc/self/fd/200", "/dev/shm", nullptr, MS_BIND, nullptr) == 0;
}

}  // namespace

bool make_own_devices() {
  ::umask(0);
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return false;
  const int shm = ::open("/dev/shm", O_PATH | O_DIRECTORY | O_CLOEXEC);  // that of the new namespace
  if (::mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64m") != 0) return false;
  for (const Device& device : kDevices) {
    if (::mknod(device.path, S_IFCHR | 0666, ::makedev(device.major, device.minor)) != 0) return false;
  }
  for (const Link& link : kLinks) {
    if (::symlink(link.to, link.path) != 0) return false;
  }
  // Some systems let nodes be made and not opened.
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  return null >= 0 && ::close(null) == 0 && (shm < 0 || keep_shm(shm));
}

bool devices_are_safe() { return ::geteuid() != 0; }

bool can_have_own_devices() {
  static const bool can = [] {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(make_own_devices() ? 0 : 1);
    int status = 1;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && status == 0;
  }();
  return can;
}

}  // namespace assay::conform
