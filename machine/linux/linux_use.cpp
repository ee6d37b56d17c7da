// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each call takes from its caller and gives it, for machine/engine/definedness.h.
#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

/// One letter an argument: v a value, s a path, i bytes in (their number is the next argument), o bytes out
/// (the same, but no more than the result), l a list of strings; a digit: so many words of 4 bytes out.
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
    default: return "";
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
