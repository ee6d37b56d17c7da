// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/linux/linux_abi.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::machine {
namespace {

// asm-generic/unistd.h as 64-bit architectures have it.
constexpr CallRow kGeneric64[] = {
    {17, Call::getcwd},     {23, Call::dup},     {24, Call::dup3},       {25, Call::fcntl},
    {29, Call::ioctl},      {33, Call::mknodat}, {34, Call::mkdirat},    {35, Call::unlinkat},
    {36, Call::symlinkat},  {37, Call::linkat},  {40, Call::mount},      {48, Call::faccessat},
    {49, Call::chdir},      {50, Call::fchdir},  {51, Call::chroot},     {52, Call::fchmod},
    {53, Call::fchmodat},   {56, Call::openat},  {57, Call::close},      {62, Call::lseek},
    {63, Call::read},       {64, Call::write},   {78, Call::readlinkat}, {93, Call::exit},
    {94, Call::exit_group}, {95, Call::waitid},  {97, Call::unshare},    {160, Call::uname},
    {166, Call::umask},     {172, Call::getpid}, {173, Call::getppid},   {174, Call::getuid},
    {175, Call::geteuid},   {176, Call::getgid}, {177, Call::getegid},   {214, Call::brk},
    {220, Call::clone},     {221, Call::execve}, {260, Call::wait4},     {276, Call::renameat2},
};

// The same with the one call that later architectures have in a newer form only.
constexpr auto kAarch64 = [] {
  std::array<CallRow, std::size(kGeneric64) + 1> rows{};
  std::copy(std::begin(kGeneric64), std::end(kGeneric64), rows.begin());
  rows.back() = {38, Call::renameat};
  return rows;
}();

// The differences of a 32-bit architecture that came after 2038 was taken care of: no wait4, no
// renameat, and 62 is llseek.
constexpr CallRow kGeneric32[] = {
    {17, Call::getcwd},     {23, Call::dup},     {24, Call::dup3},       {25, Call::fcntl},
    {29, Call::ioctl},      {33, Call::mknodat}, {34, Call::mkdirat},    {35, Call::unlinkat},
    {36, Call::symlinkat},  {37, Call::linkat},  {40, Call::mount},      {48, Call::faccessat},
    {49, Call::chdir},      {50, Call::fchdir},  {51, Call::chroot},     {52, Call::fchmod},
    {53, Call::fchmodat},   {56, Call::openat},  {57, Call::close},      {62, Call::llseek},
    {63, Call::read},       {64, Call::write},   {78, Call::readlinkat}, {93, Call::exit},
    {94, Call::exit_group}, {95, Call::waitid},  {97, Call::unshare},    {160, Call::uname},
    {166, Call::umask},     {172, Call::getpid}, {173, Call::getppid},   {174, Call::getuid},
    {175, Call::geteuid},   {176, Call::getgid}, {177, Call::getegid},   {214, Call::brk},
    {220, Call::clone},     {221, Call::execve}, {276, Call::renameat2},
};

constexpr CallRow kAmd64[] = {
    {0, Call::read},        {1, Call::write},        {2, Call::open},         {3, Call::close},
    {8, Call::lseek},       {12, Call::brk},         {16, Call::ioctl},       {21, Call::access},
    {32, Call::dup},        {33, Call::dup2},        {39, Call::getpid},      {56, Call::clone},
    {57, Call::fork},       {58, Call::vfork},       {59, Call::execve},      {60, Call::exit},
    {61, Call::wait4},      {63, Call::uname},       {72, Call::fcntl},       {79, Call::getcwd},
    {80, Call::chdir},      {81, Call::fchdir},      {82, Call::rename},      {83, Call::mkdir},
    {84, Call::rmdir},      {85, Call::creat},       {86, Call::link},        {87, Call::unlink},
    {88, Call::symlink},    {89, Call::readlink},    {90, Call::chmod},       {91, Call::fchmod},
    {95, Call::umask},      {102, Call::getuid},     {104, Call::getgid},     {107, Call::geteuid},
    {108, Call::getegid},   {110, Call::getppid},    {133, Call::mknod},      {161, Call::chroot},
    {165, Call::mount},     {231, Call::exit_group}, {247, Call::waitid},     {257, Call::openat},
    {258, Call::mkdirat},   {259, Call::mknodat},    {263, Call::unlinkat},   {264, Call::renameat},
    {265, Call::linkat},    {266, Call::symlinkat},  {267, Call::readlinkat}, {268, Call::fchmodat},
    {269, Call::faccessat}, {272, Call::unshare},    {292, Call::dup3},       {316, Call::renameat2},
};

constexpr CallRow kX86[] = {
    {1, Call::exit},         {2, Call::fork},         {3, Call::read},        {4, Call::write},
    {5, Call::open},         {6, Call::close},        {7, Call::waitpid},     {8, Call::creat},
    {9, Call::link},         {10, Call::unlink},      {11, Call::execve},     {12, Call::chdir},
    {14, Call::mknod},       {15, Call::chmod},       {19, Call::lseek},      {20, Call::getpid},
    {21, Call::mount},       {24, Call::getuid},      {33, Call::access},     {38, Call::rename},
    {39, Call::mkdir},       {40, Call::rmdir},       {41, Call::dup},        {45, Call::brk},
    {47, Call::getgid},      {49, Call::geteuid},     {50, Call::getegid},    {54, Call::ioctl},
    {55, Call::fcntl},       {60, Call::umask},       {61, Call::chroot},     {63, Call::dup2},
    {64, Call::getppid},     {83, Call::symlink},     {85, Call::readlink},   {94, Call::fchmod},
    {114, Call::wait4},      {120, Call::clone},      {122, Call::uname},     {133, Call::fchdir},
    {140, Call::llseek},     {183, Call::getcwd},     {190, Call::vfork},     {199, Call::getuid},
    {200, Call::getgid},     {201, Call::geteuid},    {202, Call::getegid},   {221, Call::fcntl},
    {252, Call::exit_group}, {284, Call::waitid},     {295, Call::openat},    {296, Call::mkdirat},
    {297, Call::mknodat},    {301, Call::unlinkat},   {302, Call::renameat},  {303, Call::linkat},
    {304, Call::symlinkat},  {305, Call::readlinkat}, {306, Call::fchmodat},  {307, Call::faccessat},
    {310, Call::unshare},    {330, Call::dup3},       {353, Call::renameat2},
};

// waitpid is gone from the EABI, and the *at calls are numbered apart.
constexpr CallRow kArm[] = {
    {1, Call::exit},         {2, Call::fork},        {3, Call::read},        {4, Call::write},
    {5, Call::open},         {6, Call::close},       {8, Call::creat},       {9, Call::link},
    {10, Call::unlink},      {11, Call::execve},     {12, Call::chdir},      {14, Call::mknod},
    {15, Call::chmod},       {19, Call::lseek},      {20, Call::getpid},     {21, Call::mount},
    {24, Call::getuid},      {33, Call::access},     {38, Call::rename},     {39, Call::mkdir},
    {40, Call::rmdir},       {41, Call::dup},        {45, Call::brk},        {47, Call::getgid},
    {49, Call::geteuid},     {50, Call::getegid},    {54, Call::ioctl},      {55, Call::fcntl},
    {60, Call::umask},       {61, Call::chroot},     {63, Call::dup2},       {64, Call::getppid},
    {83, Call::symlink},     {85, Call::readlink},   {94, Call::fchmod},     {114, Call::wait4},
    {120, Call::clone},      {122, Call::uname},     {133, Call::fchdir},    {140, Call::llseek},
    {183, Call::getcwd},     {190, Call::vfork},     {199, Call::getuid},    {200, Call::getgid},
    {201, Call::geteuid},    {202, Call::getegid},   {221, Call::fcntl},     {248, Call::exit_group},
    {280, Call::waitid},     {322, Call::openat},    {323, Call::mkdirat},   {324, Call::mknodat},
    {328, Call::unlinkat},   {329, Call::renameat},  {330, Call::linkat},    {331, Call::symlinkat},
    {332, Call::readlinkat}, {333, Call::fchmodat},  {334, Call::faccessat}, {337, Call::unshare},
    {358, Call::dup3},       {382, Call::renameat2},
};

/// Calls that C libraries and ordinary programs make besides: a row a call, -1 where an architecture has
/// none.
struct MoreRow {
  Call call;
  int amd64, x86, arm, generic64, generic32;
};
constexpr MoreRow kMore[] = {
    {Call::chown, 92, 182, 182, -1, -1},
    {Call::chown, -1, 212, 212, -1, -1},
    {Call::clock_getres, 229, 266, 264, 114, -1},
    {Call::clock_gettime, 228, 265, 263, 113, -1},
    {Call::clock_nanosleep, 230, 267, 265, 115, -1},
    {Call::faccessat2, 439, 439, 439, 439, 439},
    {Call::fchown, 93, 95, 95, 55, 55},
    {Call::fchown, -1, 207, 207, -1, -1},
    {Call::fchownat, 260, 298, 325, 54, 54},
    {Call::fdatasync, 75, 148, 148, 83, 83},
    {Call::fstat, 5, 108, 108, 80, -1},
    {Call::fstat64, -1, 197, 197, -1, -1},
    {Call::fstatat64, -1, 300, 327, -1, -1},
    {Call::fsync, 74, 118, 118, 82, 82},
    {Call::ftruncate, 77, 93, 93, 46, -1},
    {Call::ftruncate64, -1, 194, 194, -1, 46},
    {Call::futimesat, 261, 299, 326, -1, -1},
    {Call::getdents, 78, 141, 141, -1, -1},
    {Call::getdents64, 217, 220, 217, 61, 61},
    {Call::getgroups, 115, 80, 80, 158, 158},
    {Call::getgroups, -1, 205, 205, -1, -1},
    {Call::getpgid, 121, 132, 132, 155, 155},
    {Call::getpgrp, 111, 65, 65, -1, -1},
    {Call::getrlimit, 97, -1, -1, 163, 163},
    {Call::getrlimit, -1, 191, 191, -1, -1},
    {Call::getrusage, 98, 77, 77, 165, 165},
    {Call::getsid, 124, 147, 147, 156, 156},
    {Call::gettid, 186, 224, 224, 178, 178},
    {Call::gettimeofday, 96, 78, 78, 169, -1},
    {Call::kill, 62, 37, 37, 129, 129},
    {Call::lchown, 94, 16, 16, -1, -1},
    {Call::lchown, -1, 198, 198, -1, -1},
    {Call::lstat, 6, 107, 107, -1, -1},
    {Call::lstat64, -1, 196, 196, -1, -1},
    {Call::madvise, 28, 219, 220, 233, 233},
    {Call::mmap, 9, -1, -1, 222, -1},
    {Call::mmap2, -1, 192, 192, -1, 222},
    {Call::mprotect, 10, 125, 125, 226, 226},
    {Call::mremap, 25, 163, 163, 216, 216},
    {Call::munmap, 11, 91, 91, 215, 215},
    {Call::nanosleep, 35, 162, 162, 101, -1},
    {Call::newfstatat, 262, -1, -1, 79, -1},
    {Call::old_mmap, -1, 90, -1, -1, -1},
    {Call::pipe, 22, 42, 42, -1, -1},
    {Call::pipe2, 293, 331, 359, 59, 59},
    {Call::pread64, 17, 180, 180, 67, 67},
    {Call::prlimit64, 302, 340, 369, 261, 261},
    {Call::pwrite64, 18, 181, 181, 68, 68},
    {Call::readv, 19, 145, 145, 65, 65},
    {Call::rt_sigaction, 13, 174, 174, 134, 134},
    {Call::rt_sigprocmask, 14, 175, 175, 135, 135},
    {Call::rt_sigreturn, 15, 173, 173, 139, 139},
    {Call::setgid, 106, 46, 46, 144, 144},
    {Call::setgid, -1, 214, 214, -1, -1},
    {Call::setpgid, 109, 57, 57, 154, 154},
    {Call::setrlimit, 160, 75, 75, 164, 164},
    {Call::setsid, 112, 66, 66, 157, 157},
    {Call::setuid, 105, 23, 23, 146, 146},
    {Call::setuid, -1, 213, 213, -1, -1},
    {Call::set_tid_address, 218, 258, 256, 96, 96},
    {Call::sigaction, -1, 67, 67, -1, -1},
    {Call::sigaltstack, 131, 186, 186, 132, 132},
    {Call::signal, -1, 48, -1, -1, -1},
    {Call::sigprocmask, -1, 126, 126, -1, -1},
    {Call::sigreturn, -1, 119, 119, -1, -1},
    {Call::stat, 4, 106, 106, -1, -1},
    {Call::stat64, -1, 195, 195, -1, -1},
    {Call::sync, 162, 36, 36, 81, 81},
    {Call::tgkill, 234, 270, 268, 131, 131},
    {Call::time, 201, 13, -1, -1, -1},
    {Call::times, 100, 43, 43, 153, 153},
    {Call::tkill, 200, 238, 238, 130, 130},
    {Call::truncate, 76, 92, 92, 45, -1},
    {Call::truncate64, -1, 193, 193, -1, 45},
    {Call::utime, 132, 30, -1, -1, -1},
    {Call::utimensat, 280, 320, 348, 88, -1},
    {Call::utimes, 235, 271, 269, -1, -1},
    {Call::writev, 20, 146, 146, 66, 66},
};

/// A table with the rows of kMore for one architecture behind it.
template <const auto& kFirst, int MoreRow::*kColumn>
constexpr auto joined() {
  constexpr std::size_t kCount = static_cast<std::size_t>(std::count_if(
      std::begin(kMore), std::end(kMore), [](const MoreRow& row) { return row.*kColumn >= 0; }));
  std::array<CallRow, std::size(kFirst) + kCount> rows{};
  std::size_t at = 0;
  for (const CallRow& row : kFirst) rows[at++] = row;
  for (const MoreRow& row : kMore) {
    if (row.*kColumn >= 0) rows[at++] = {static_cast<std::uint16_t>(row.*kColumn), row.call};
  }
  return rows;
}
constexpr auto kAllGeneric64 = joined<kGeneric64, &MoreRow::generic64>();
constexpr auto kAllAarch64 = joined<kAarch64, &MoreRow::generic64>();
constexpr auto kAllGeneric32 = joined<kGeneric32, &MoreRow::generic32>();
constexpr auto kAllAmd64 = joined<kAmd64, &MoreRow::amd64>();
constexpr auto kAllX86 = joined<kX86, &MoreRow::x86>();
constexpr auto kAllArm = joined<kArm, &MoreRow::arm>();

constexpr std::string_view kNames[] = {
    "access",
    "brk",
    "chdir",
    "chmod",
    "chown",
    "chroot",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "clone",
    "close",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "execve",
    "exit",
    "exit_group",
    "faccessat",
    "faccessat2",
    "fchdir",
    "fchmod",
    "fchmodat",
    "fchown",
    "fchownat",
    "fcntl",
    "fdatasync",
    "fork",
    "fstat",
    "fstat64",
    "fstatat64",
    "fsync",
    "ftruncate",
    "ftruncate64",
    "futimesat",
    "getcwd",
    "getdents",
    "getdents64",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getrlimit",
    "getrusage",
    "getsid",
    "gettid",
    "gettimeofday",
    "getuid",
    "ioctl",
    "kill",
    "lchown",
    "link",
    "linkat",
    "llseek",
    "lseek",
    "lstat",
    "lstat64",
    "madvise",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "mmap",
    "mmap2",
    "mount",
    "mprotect",
    "mremap",
    "munmap",
    "nanosleep",
    "newfstatat",
    "old_mmap",
    "open",
    "openat",
    "pipe",
    "pipe2",
    "pread64",
    "prlimit64",
    "pwrite64",
    "read",
    "readlink",
    "readlinkat",
    "readv",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "set_tid_address",
    "setgid",
    "setpgid",
    "setrlimit",
    "setsid",
    "setuid",
    "sigaction",
    "sigaltstack",
    "signal",
    "sigprocmask",
    "sigreturn",
    "stat",
    "stat64",
    "symlink",
    "symlinkat",
    "sync",
    "tgkill",
    "time",
    "times",
    "tkill",
    "truncate",
    "truncate64",
    "umask",
    "uname",
    "unlink",
    "unlinkat",
    "unshare",
    "utime",
    "utimensat",
    "utimes",
    "vfork",
    "wait4",
    "waitid",
    "waitpid",
    "write",
    "writev",
    "unknown",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Call::unknown) + 1);

/// Calls that are not modelled and that programs are most likely to make. Those of Arm have x86's numbers.
struct OtherCall {
  std::string_view name;
  int amd64, x86, generic;
};
constexpr OtherCall kOtherCalls[] = {
    {"poll", 7, 168, -1},
    {"select", 23, 82, -1},
    {"sched_yield", 24, 158, 124},
    {"pause", 34, 29, -1},
    {"alarm", 37, 27, -1},
    {"sysinfo", 99, 116, 179},
    {"ptrace", 101, 26, 117},
    {"arch_prctl", 158, 384, -1},
    {"reboot", 169, 88, 142},
    {"getrandom", 318, 355, 278},
    {"execveat", 322, 358, 281},
    {"statx", 332, 383, 291},
    {"set_thread_area", 205, 243, -1},
    {"prctl", 157, 172, 167},
    {"futex", 202, 240, 98},
    {"set_robust_list", 273, 311, 99},
    {"rseq", 334, 386, 293},
    {"socket", 41, 359, 198},
    {"_newselect", -1, 142, -1},
    {"pselect6", 270, 308, 72},
    {"ppoll", 271, 309, 73},
    {"sigsuspend", -1, 72, -1},
    {"rt_sigsuspend", 130, 179, 133},
    {"statfs", 137, 99, 43},
    {"fstatfs", 138, 100, 44},
    {"personality", 135, 136, 92},
    {"clone3", 435, 435, 435},
    {"openat2", 437, 437, 437},
};

constexpr std::size_t kNumbers = kLastNumber + 1;
using Lookup = std::array<Call, kNumbers>;

constexpr Lookup lookup_of(std::span<const CallRow> rows) {
  Lookup lookup{};
  lookup.fill(Call::unknown);
  for (const CallRow& row : rows) lookup[row.number] = row.call;
  return lookup;
}

constexpr Lookup kLookups[] = {lookup_of(kAllGeneric64), lookup_of(kAllAarch64), lookup_of(kAllGeneric32),
                               lookup_of(kAllAmd64),     lookup_of(kAllX86),     lookup_of(kAllArm)};

}  // namespace

std::string name_of_number(Abi abi, std::uint64_t number) {
  for (const OtherCall& other : kOtherCalls) {
    const int known = abi == Abi::amd64                    ? other.amd64
                      : abi == Abi::x86 || abi == Abi::arm ? other.x86
                                                           : other.generic;
    if (known >= 0 && static_cast<std::uint64_t>(known) == number)
      return fmt::format("{} ({})", other.name, number);
  }
  return std::to_string(number);
}

std::string_view name_of(Call call) { return kNames[static_cast<std::size_t>(call)]; }

std::span<const CallRow> call_table(Abi abi) {
  switch (abi) {
    case Abi::generic64: return kAllGeneric64;
    case Abi::aarch64: return kAllAarch64;
    case Abi::generic32: return kAllGeneric32;
    case Abi::amd64: return kAllAmd64;
    case Abi::x86: return kAllX86;
    case Abi::arm: return kAllArm;
  }
  return {};
}

Call find_call(Abi abi, std::uint64_t number) {
  return number < kNumbers ? kLookups[static_cast<std::size_t>(abi)][number] : Call::unknown;
}

}  // namespace assay::machine
