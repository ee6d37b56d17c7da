// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/linux/linux_abi.h"

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

constexpr std::string_view kNames[] = {
    "access",   "brk",        "chdir",   "chmod",    "chroot",    "clone",      "close",     "creat",
    "dup",      "dup2",       "dup3",    "execve",   "exit",      "exit_group", "faccessat", "fchdir",
    "fchmod",   "fchmodat",   "fcntl",   "fork",     "getcwd",    "getegid",    "geteuid",   "getgid",
    "getpid",   "getppid",    "getuid",  "ioctl",    "link",      "linkat",     "llseek",    "lseek",
    "mkdir",    "mkdirat",    "mknod",   "mknodat",  "mount",     "open",       "openat",    "read",
    "readlink", "readlinkat", "rename",  "renameat", "renameat2", "rmdir",      "symlink",   "symlinkat",
    "umask",    "uname",      "unlink",  "unlinkat", "unshare",   "vfork",      "wait4",     "waitid",
    "waitpid",  "write",      "unknown",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Call::unknown) + 1);

/// Calls that are not modelled and that programs are most likely to make. Those of Arm have x86's numbers.
struct OtherCall {
  std::string_view name;
  int amd64, x86, generic;
};
constexpr OtherCall kOtherCalls[] = {
    {"stat", 4, 106, -1},
    {"fstat", 5, 108, 80},
    {"lstat", 6, 107, -1},
    {"poll", 7, 168, -1},
    {"mmap", 9, 90, 222},
    {"mmap2", -1, 192, -1},
    {"mprotect", 10, 125, 226},
    {"munmap", 11, 91, 215},
    {"rt_sigaction", 13, 174, 134},
    {"rt_sigprocmask", 14, 175, 135},
    {"pread64", 17, 180, 67},
    {"pwrite64", 18, 181, 68},
    {"readv", 19, 145, 65},
    {"writev", 20, 146, 66},
    {"pipe", 22, 42, -1},
    {"select", 23, 82, -1},
    {"sched_yield", 24, 158, 124},
    {"pause", 34, 29, -1},
    {"nanosleep", 35, 162, 101},
    {"alarm", 37, 27, -1},
    {"kill", 62, 37, 129},
    {"fsync", 74, 118, 82},
    {"truncate", 76, 92, 45},
    {"ftruncate", 77, 93, 46},
    {"getdents", 78, 141, -1},
    {"chown", 92, 182, -1},
    {"fchown", 93, 95, 55},
    {"gettimeofday", 96, 78, 169},
    {"getrlimit", 97, 76, 163},
    {"getrusage", 98, 77, 165},
    {"sysinfo", 99, 116, 179},
    {"times", 100, 43, 153},
    {"ptrace", 101, 26, 117},
    {"setuid", 105, 23, 146},
    {"setsid", 112, 66, 157},
    {"utime", 132, 30, -1},
    {"arch_prctl", 158, 384, -1},
    {"sync", 162, 36, 81},
    {"reboot", 169, 88, 142},
    {"gettid", 186, 224, 178},
    {"time", 201, 13, -1},
    {"getdents64", 217, 220, 61},
    {"set_tid_address", 218, 258, 96},
    {"clock_gettime", 228, 265, 113},
    {"newfstatat", 262, 300, 79},
    {"pipe2", 293, 331, 59},
    {"prlimit64", 302, 340, 261},
    {"getrandom", 318, 355, 278},
    {"execveat", 322, 358, 281},
    {"statx", 332, 383, 291},
    {"clone3", 435, 435, 435},
    {"openat2", 437, 437, 437},
    {"faccessat2", 439, 439, 439},
};

constexpr std::size_t kNumbers = kLastNumber + 1;
using Lookup = std::array<Call, kNumbers>;

constexpr Lookup lookup_of(std::span<const CallRow> rows) {
  Lookup lookup{};
  lookup.fill(Call::unknown);
  for (const CallRow& row : rows) lookup[row.number] = row.call;
  return lookup;
}

constexpr Lookup kLookups[] = {lookup_of(kGeneric64), lookup_of(kAarch64), lookup_of(kGeneric32),
                               lookup_of(kAmd64),     lookup_of(kX86),     lookup_of(kArm)};

}  // namespace

std::string name_of_number(Abi abi, std::uint64_t number) {
  for (const OtherCall& other : kOtherCalls) {
    const int known = abi == Abi::amd64                    ? other.amd64
                      : abi == Abi::x86 || abi == Abi::arm ? other.x86
                                                           : other.generic;
    if (known >= 0 && static_cast<std::uint64_t>(known) == number) return std::string(other.name);
  }
  return std::to_string(number);
}

std::string_view name_of(Call call) { return kNames[static_cast<std::size_t>(call)]; }

std::span<const CallRow> call_table(Abi abi) {
  switch (abi) {
    case Abi::generic64: return kGeneric64;
    case Abi::aarch64: return kAarch64;
    case Abi::generic32: return kGeneric32;
    case Abi::amd64: return kAmd64;
    case Abi::x86: return kX86;
    case Abi::arm: return kArm;
  }
  return {};
}

Call find_call(Abi abi, std::uint64_t number) {
  return number < kNumbers ? kLookups[static_cast<std::size_t>(abi)][number] : Call::unknown;
}

}  // namespace assay::machine
