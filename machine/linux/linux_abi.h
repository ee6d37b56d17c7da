// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The system call numbers of Linux, one table an ABI. A number that is in no table is unknown to the
// kernel personality: the guest gets ENOSYS and the run a finding.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "machine/isa/isa.h"

namespace assay::machine {

/// The calls that the personality has, whatever their number is.
enum class Call : std::uint8_t {
  access,
  brk,
  chdir,
  chmod,
  chroot,
  clone,
  close,
  creat,
  dup,
  dup2,
  dup3,
  execve,
  exit,
  exit_group,
  faccessat,
  fchdir,
  fchmod,
  fchmodat,
  fcntl,
  fork,
  getcwd,
  getegid,
  geteuid,
  getgid,
  getpid,
  getppid,
  getuid,
  ioctl,
  link,
  linkat,
  llseek,
  lseek,
  mkdir,
  mkdirat,
  mknod,
  mknodat,
  mount,
  open,
  openat,
  read,
  readlink,
  readlinkat,
  rename,
  renameat,
  renameat2,
  rmdir,
  symlink,
  symlinkat,
  umask,
  uname,
  unlink,
  unlinkat,
  unshare,
  vfork,
  wait4,
  waitid,
  waitpid,
  write,
  unknown,
};

std::string_view name_of(Call call);

/// The name of a number that is in no table: "gettimeofday", or the number if that is not known either.
std::string name_of_number(Abi abi, std::uint64_t number);

/// Where the numbers of all kernels end; behind it every one answers ENOSYS.
inline constexpr std::uint64_t kLastNumber = 511;

struct CallRow {
  std::uint16_t number;
  Call call;
};

/// The table of an ABI, by number.
std::span<const CallRow> call_table(Abi abi);

/// Number -> call, Call::unknown for the rest. Constant time.
Call find_call(Abi abi, std::uint64_t number);

}  // namespace assay::machine
