// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which function serves which of the calls that C libraries make besides those of linux.cpp.
#include "machine/linux/linux.h"

namespace assay::machine {

std::int64_t LinuxCall::dispatch_more() {
  constexpr std::uint64_t kNanoUnit = 1;
  constexpr std::uint64_t kMicroUnit = 1000;
  const auto narrow = [this](unsigned index) {
    return word() == 4 ? std::int64_t{static_cast<std::int32_t>(argument(index))}
                       : static_cast<std::int64_t>(argument(index));
  };
  const auto times = [this](int directory, std::uint64_t path_at, std::uint64_t flags, std::uint64_t at,
                            std::uint64_t unit) {
    std::optional<FileTimes> read;
    const std::int64_t error = read_times(at, static_cast<std::int64_t>(unit), read);
    if (error != 0) return error;
    // Both left as they are: nothing is looked at.
    if (read && read->accessed == FileTimes::kKeep && read->modified == FileTimes::kKeep)
      return std::int64_t{0};
    return set_times(directory, path_at, flags, read);
  };
  switch (call_) {
    case Call::readv: return vector(true);
    case Call::writev: return vector(false);
    case Call::pread64: return at_offset(true);
    case Call::pwrite64: return at_offset(false);
    case Call::truncate: return truncate(narrow(1));
    case Call::ftruncate: return ftruncate(narrow(1));
    case Call::truncate64: return truncate(wide_argument(1));
    case Call::ftruncate64: return ftruncate(wide_argument(1));
    case Call::pipe: return pipe(argument(0), 0);
    case Call::pipe2: return pipe(argument(0), argument(1));
    case Call::fsync:
    case Call::fdatasync: {
      const OpenFile* const of = usable_file(int_argument(0));
      if (of == nullptr) return -kEbadf;
      return of->kind == FileKind::file || of->kind == FileKind::directory ? 0 : -kEinval;
    }
    case Call::sync: return 0;
    case Call::utimensat:
      if (argument(1) == 0 && int_argument(0) == kAtCwd) return -kEfault;
      return times(int_argument(0), argument(1), argument(3), argument(2), kNanoUnit);
    case Call::utimes: return times(kAtCwd, argument(0), 0, argument(1), kMicroUnit);
    case Call::futimesat: return times(int_argument(0), argument(1), 0, argument(2), kMicroUnit);
    case Call::utime: return times(kAtCwd, argument(0), 0, argument(1), static_cast<std::uint64_t>(kSecond));
    case Call::gettimeofday: return gettimeofday();
    case Call::time: return time();
    case Call::clock_gettime: return clock_gettime(false);
    case Call::clock_getres: return clock_gettime(true);
    case Call::nanosleep: return sleep(argument(0), false);
    case Call::clock_nanosleep: return sleep(argument(2), (argument(1) & 1) != 0);
    case Call::times: return this->times();
    case Call::getrusage: return getrusage();
    case Call::getrlimit: return limits(argument(0) & 0xFFFFFFFF, 0, argument(1), false);
    case Call::setrlimit: return limits(argument(0) & 0xFFFFFFFF, argument(1), 0, false);
    case Call::prlimit64:
      if (int_argument(0) != 0 && argument(0) != process_.pid) return -kEsrch;
      return limits(argument(1) & 0xFFFFFFFF, argument(2), argument(3), true);
    default: return dispatch_status();
  }
}

std::int64_t LinuxCall::dispatch_status() {
  constexpr std::uint64_t kNoFollow = 0x100;
  constexpr std::uint64_t kNarrow = 0xFFFF;
  constexpr std::uint64_t kWide = 0xFFFFFFFF;
  // The older calls of 32-bit architectures have users of 16 bits; their numbers are all below these.
  constexpr std::uint64_t kFirstWideOwner = 198;
  const bool old = word() == 4 && isa_.abi != Abi::generic32 && number_ < kFirstWideOwner;
  const std::uint64_t nobody = old ? kNarrow : kWide;
  switch (call_) {
    case Call::stat: return stat(kAtCwd, argument(0), argument(1), 0, StatusForm::native);
    case Call::lstat: return stat(kAtCwd, argument(0), argument(1), kNoFollow, StatusForm::native);
    case Call::fstat: return fstat(int_argument(0), argument(1), StatusForm::native);
    case Call::newfstatat:
      return stat(int_argument(0), argument(1), argument(2), argument(3), StatusForm::native);
    case Call::stat64: return stat(kAtCwd, argument(0), argument(1), 0, StatusForm::wide32);
    case Call::lstat64: return stat(kAtCwd, argument(0), argument(1), kNoFollow, StatusForm::wide32);
    case Call::fstat64: return fstat(int_argument(0), argument(1), StatusForm::wide32);
    case Call::fstatat64:
      return stat(int_argument(0), argument(1), argument(2), argument(3), StatusForm::wide32);
    case Call::getdents: return getdents(false);
    case Call::getdents64: return getdents(true);
    case Call::chown: return chown(kAtCwd, argument(0), argument(1), argument(2), 0, nobody);
    case Call::lchown: return chown(kAtCwd, argument(0), argument(1), argument(2), kNoFollow, nobody);
    case Call::fchown: return fchown(int_argument(0), argument(1), argument(2), nobody);
    case Call::fchownat:
      return chown(int_argument(0), argument(1), argument(2), argument(3), argument(4), kWide);
    case Call::faccessat2:
      if ((argument(3) & 0xFFFFFFFF) != 0) return unknown();
      return access(int_argument(0), argument(1), int_argument(2));
    default: return dispatch_memory_and_signals();
  }
}

std::int64_t LinuxCall::dispatch_memory_and_signals() {
  switch (call_) {
    case Call::mmap:
      if ((argument(5) & (kPage - 1)) != 0) return -kEinval;
      return mmap(argument(5));
    case Call::mmap2: return mmap(argument(5) * kPage);
    case Call::old_mmap: return mmap_old();
    case Call::munmap: return munmap();
    case Call::mprotect: return mprotect();
    case Call::mremap: return mremap();
    case Call::madvise: return (argument(0) & (kPage - 1)) != 0 ? -kEinval : 0;
    case Call::rt_sigaction: return sigaction(false);
    case Call::sigaction: return sigaction(true);
    case Call::signal: return signal();
    case Call::rt_sigprocmask: return sigprocmask(8);
    case Call::sigprocmask: return sigprocmask(4);
    case Call::rt_sigreturn:
    case Call::sigreturn: return sigreturn();
    case Call::sigaltstack: return argument(1) == 0 ? 0 : unknown();
    case Call::kill:
    case Call::tkill: return kill(static_cast<std::int32_t>(argument(0)), int_argument(1));
    case Call::tgkill: return kill(static_cast<std::int32_t>(argument(1)), int_argument(2));
    case Call::gettid:
    case Call::set_tid_address: rely("process-number"); return process_.pid;
    // One group and session of processes, that of the first.
    case Call::getpgrp:
    case Call::getpgid:
    case Call::getsid: rely("process-number"); return runner_.surrounding().first_process;
    case Call::setpgid: rely("process-number"); return 0;
    case Call::setsid: rely("process-number"); return process_.pid;
    // The superuser becomes whom it likes, and stays who it is here.
    case Call::setuid:
    case Call::setgid:
      if ((argument(0) & 0xFFFFFFFF) != 0) return unknown();
      return 0;
    case Call::getgroups: return int_argument(0) < 0 ? -kEinval : 0;
    default: return unknown();
  }
}

}  // namespace assay::machine
