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
  chown,
  chroot,
  clock_getres,
  clock_gettime,
  clock_nanosleep,
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
  faccessat2,
  fchdir,
  fchmod,
  fchmodat,
  fchown,
  fchownat,
  fcntl,
  fdatasync,
  fork,
  fstat,
  fstat64,
  fstatat64,
  fsync,
  ftruncate,
  ftruncate64,
  futimesat,
  getcwd,
  getdents,
  getdents64,
  getegid,
  geteuid,
  getgid,
  getgroups,
  getpgid,
  getpgrp,
  getpid,
  getppid,
  getrlimit,
  getrusage,
  getsid,
  gettid,
  gettimeofday,
  getuid,
  ioctl,
  kill,
  lchown,
  link,
  linkat,
  llseek,
  lseek,
  lstat,
  lstat64,
  madvise,
  mkdir,
  mkdirat,
  mknod,
  mknodat,
  mmap,
  mmap2,
  mount,
  mprotect,
  mremap,
  munmap,
  nanosleep,
  newfstatat,
  old_mmap,
  open,
  openat,
  pipe,
  pipe2,
  pread64,
  prlimit64,
  pwrite64,
  read,
  readlink,
  readlinkat,
  readv,
  rename,
  renameat,
  renameat2,
  rmdir,
  rt_sigaction,
  rt_sigprocmask,
  rt_sigreturn,
  set_tid_address,
  setgid,
  setpgid,
  setrlimit,
  setsid,
  setuid,
  sigaction,
  sigaltstack,
  signal,
  sigprocmask,
  sigreturn,
  stat,
  stat64,
  symlink,
  symlinkat,
  sync,
  tgkill,
  time,
  times,
  tkill,
  truncate,
  truncate64,
  umask,
  uname,
  unlink,
  unlinkat,
  unshare,
  utime,
  utimensat,
  utimes,
  vfork,
  wait4,
  waitid,
  waitpid,
  write,
  writev,
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
