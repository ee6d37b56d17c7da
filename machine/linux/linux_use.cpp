// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each call takes from its caller and gives it, for machine/engine/definedness.h.
#include <algorithm>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

/// One letter an argument: v a value, s a path, i bytes in (their number is the next argument), o bytes out
/// (the same, but no more than the result), l a list of strings, P or p pieces out or in (how many is the
/// next argument), S a structure of stat, T one of stat64, w two words out, t two words in; a digit: so many
/// words of 4 bytes out.
std::string_view shape_of(Call call) {
  switch (call) {
    case Call::write: return "viv";
    case Call::read: return "vov";
    case Call::open: return "sv";
    case Call::openat: return "vsv";
    case Call::creat:
    case Call::chmod:
    case Call::access:
    case Call::mkdir:
    case Call::mknod: return "sv";
    case Call::faccessat:
    case Call::fchmodat:
    case Call::mkdirat:
    case Call::mknodat:
    case Call::unlinkat: return "vsv";
    case Call::unlink:
    case Call::rmdir:
    case Call::chdir:
    case Call::chroot: return "s";
    case Call::link:
    case Call::rename:
    case Call::symlink: return "ss";
    case Call::symlinkat: return "svs";
    case Call::renameat: return "vsvs";
    case Call::readlink: return "sov";
    case Call::readlinkat: return "vsov";
    case Call::execve: return "sll";
    case Call::getcwd: return "ov";
    case Call::wait4:
    case Call::waitpid: return "v1v";
    case Call::waitid: return "vv9v";
    case Call::uname: return "9";
    case Call::llseek: return "vvv2v";
    case Call::lseek:
    case Call::dup3: return "vvv";
    case Call::dup2:
    case Call::fchmod:
    case Call::fcntl:
    case Call::ioctl: return "vv";
    case Call::close:
    case Call::dup:
    case Call::exit:
    case Call::exit_group:
    case Call::fchdir:
    case Call::brk:
    case Call::umask:
    case Call::clone: return "v";
    case Call::stat:
    case Call::lstat: return "sS";
    case Call::stat64:
    case Call::lstat64: return "sT";
    case Call::fstat: return "vS";
    case Call::fstat64: return "vT";
    case Call::newfstatat: return "vsSv";
    case Call::fstatat64: return "vsTv";
    case Call::getdents:
    case Call::getdents64: return "vov";
    case Call::readv: return "vPv";
    case Call::writev: return "vpv";
    case Call::pread64: return "vov";
    case Call::pwrite64: return "viv";
    case Call::pipe:
    case Call::pipe2: return "2";
    case Call::gettimeofday: return "w2";
    case Call::clock_gettime:
    case Call::clock_getres:
    case Call::getrlimit: return "vw";
    case Call::time: return "2";
    case Call::nanosleep: return "t";
    case Call::truncate:
    case Call::utime:
    case Call::utimes: return "sv";
    case Call::chown:
    case Call::lchown: return "svv";
    case Call::fchownat: return "vsvvv";
    case Call::utimensat:
    case Call::mmap:
    case Call::mmap2: return "vvvv";
    case Call::mprotect:
    case Call::fchown: return "vvv";
    case Call::munmap:
    case Call::ftruncate:
    case Call::kill:
    case Call::signal: return "vv";
    case Call::sigprocmask: return "vv1";
    case Call::rt_sigprocmask: return "vv2v";
    case Call::fsync:
    case Call::fdatasync: return "v";
    default: return "";
  }
}

/// Bytes of the structure that stat and its like fill.
std::uint64_t status_size(const Isa& isa, bool wide32) {
  if (isa.address_bits == 64) return isa.abi == Abi::amd64 ? 144 : 128;
  if (!wide32) return 64;
  return isa.abi == Abi::arm ? 104 : 96;
}

void use_pieces(Memory& memory, std::uint64_t word, std::uint64_t at, std::uint64_t count, unsigned argument,
                bool out, CallUse& use) {
  constexpr std::uint64_t kMost = 1024;
  use.takes.push_back({at, 2 * word * std::min(count, kMost), argument, false});
  for (std::uint64_t i = 0; i < std::min(count, kMost); ++i, at += 2 * word) {
    std::uint64_t piece[2] = {};
    if (!memory.read(at, &piece[0], word) || !memory.read(at + word, &piece[1], word)) return;
    if (out) {
      use.gives.push_back({piece[0], piece[1], argument, true});
    } else {
      use.takes.push_back({piece[0], memory.view(piece[0], piece[1]).size(), argument, false});
    }
  }
}

constexpr std::size_t kMostString = 131072;
constexpr std::size_t kMostStrings = 100'000;

void take_string(Memory& memory, std::uint64_t at, unsigned argument, CallUse& use) {
  if (const auto text = memory.read_string(at, kMostString))
    use.takes.push_back({at, text->size() + 1, argument, false});
}

void take_list(Memory& memory, unsigned word, std::uint64_t at, unsigned argument, CallUse& use) {
  for (std::size_t i = 0; at != 0 && i < kMostStrings; ++i, at += word) {
    std::uint64_t pointer = 0;
    if (!memory.read(at, &pointer, word)) return;
    use.takes.push_back({at, word, argument, false});
    if (pointer == 0) return;
    take_string(memory, pointer, argument, use);
  }
}

}  // namespace

CallUse Linux::call_use(const Process& process) {
  constexpr std::uint64_t kUname = 390;
  constexpr std::uint64_t kSignalInfo = 128;
  const Isa& isa = *process.space->isa;
  Memory& memory = *process.space->memory;
  const std::uint64_t* const slots = process.cpu.slots;
  const Call call = find_call(isa.abi, slots[isa.call_number]);
  const std::string_view shape = shape_of(call);
  CallUse use;
  use.name = name_of(call);
  use.arguments = static_cast<unsigned>(shape.size());
  for (unsigned i = 0; i < shape.size(); ++i) {
    const std::uint64_t at = slots[isa.arguments[i]];
    const std::uint64_t next = i + 1 < 6 ? slots[isa.arguments[i + 1]] : 0;
    switch (shape[i]) {
      case 'i': use.takes.push_back({at, memory.view(at, next).size(), i + 1, false}); break;
      case 'o': use.gives.push_back({at, next, i + 1, true}); break;
      case 's': take_string(memory, at, i + 1, use); break;
      case 'l': take_list(memory, isa.address_bits / 8, at, i + 1, use); break;
      case 'P':
      case 'p': use_pieces(memory, isa.address_bits / 8U, at, next, i + 1, shape[i] == 'P', use); break;
      case 'S': use.gives.push_back({at, status_size(isa, false), i + 1, false}); break;
      case 'T': use.gives.push_back({at, status_size(isa, true), i + 1, false}); break;
      case 'w': use.gives.push_back({at, isa.address_bits / 4U, i + 1, false}); break;
      case 't': use.takes.push_back({at, isa.address_bits / 4U, i + 1, false}); break;
      case '1': use.gives.push_back({at, 4, i + 1, false}); break;
      case '2': use.gives.push_back({at, 8, i + 1, false}); break;
      case '9': use.gives.push_back({at, call == Call::uname ? kUname : kSignalInfo, i + 1, false}); break;
      default: break;
    }
  }
  // The mode counts only where a file is created.
  const bool creates = (call == Call::open && (slots[isa.arguments[1]] & 0100) != 0) ||
                       (call == Call::openat && (slots[isa.arguments[2]] & 0100) != 0);
  if (creates) ++use.arguments;
  return use;
}

}  // namespace assay::machine
