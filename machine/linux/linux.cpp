// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/linux/linux.h"

#include <fmt/format.h>

#include <iterator>

namespace assay::machine {
namespace {

/// How the arguments of a call are written: d number, x address or bits, o mode, s path.
std::string_view signature(Call call) {
  switch (call) {
    case Call::read:
    case Call::write: return "dxd";
    case Call::open: return "sxo";
    case Call::openat: return "dsxo";
    case Call::creat:
    case Call::chmod:
    case Call::mkdir: return "so";
    case Call::access: return "sd";
    case Call::faccessat: return "dsd";
    case Call::fchmodat:
    case Call::mkdirat: return "dso";
    case Call::fchmod: return "do";
    case Call::unlinkat: return "dsx";
    case Call::unlink:
    case Call::rmdir:
    case Call::chdir:
    case Call::chroot: return "s";
    case Call::link:
    case Call::rename:
    case Call::symlink: return "ss";
    case Call::symlinkat: return "sds";
    case Call::linkat: return "dsdsx";
    case Call::renameat: return "dsds";
    case Call::renameat2: return "dsdsx";
    case Call::readlink: return "sxd";
    case Call::readlinkat: return "dsxd";
    case Call::mknod: return "sox";
    case Call::mknodat: return "dsox";
    case Call::execve: return "sxx";
    case Call::close:
    case Call::dup:
    case Call::exit:
    case Call::exit_group:
    case Call::fchdir: return "d";
    case Call::dup2: return "dd";
    case Call::dup3: return "ddx";
    case Call::fcntl:
    case Call::ioctl: return "dxx";
    case Call::lseek: return "ddd";
    case Call::llseek: return "dddxd";
    case Call::brk:
    case Call::uname:
    case Call::unshare: return "x";
    case Call::umask: return "o";
    case Call::getcwd: return "xd";
    case Call::wait4: return "dxdx";
    case Call::waitpid: return "dxd";
    case Call::waitid: return "ddxdx";
    case Call::clone: return "xx";
    case Call::mount: return "sssxx";
    case Call::unknown: return "xxxxxx";
    case Call::stat:
    case Call::lstat:
    case Call::stat64:
    case Call::lstat64:
    case Call::utime:
    case Call::utimes: return "sx";
    case Call::fstat:
    case Call::fstat64:
    case Call::clock_gettime:
    case Call::clock_getres:
    case Call::getrlimit:
    case Call::setrlimit:
    case Call::getrusage:
    case Call::ftruncate:
    case Call::kill:
    case Call::tkill:
    case Call::signal: return "dx";
    case Call::newfstatat:
    case Call::fstatat64: return "dsxx";
    case Call::getdents:
    case Call::getdents64: return "dxd";
    case Call::gettimeofday:
    case Call::nanosleep: return "xx";
    case Call::time:
    case Call::times:
    case Call::pipe:
    case Call::old_mmap:
    case Call::set_tid_address: return "x";
    case Call::pipe2: return "xx";
    case Call::fsync:
    case Call::fdatasync: return "d";
    case Call::readv:
    case Call::writev: return "dxd";
    case Call::pread64:
    case Call::pwrite64: return "dxdd";
    case Call::truncate: return "sd";
    case Call::mmap:
    case Call::mmap2: return "xxxxdx";
    case Call::munmap: return "xx";
    case Call::mprotect:
    case Call::madvise: return "xxx";
    case Call::mremap: return "xxxxx";
    case Call::rt_sigaction:
    case Call::rt_sigprocmask: return "dxxd";
    case Call::sigaction:
    case Call::sigprocmask: return "dxx";
    case Call::chown:
    case Call::lchown: return "sdd";
    case Call::fchown: return "ddd";
    case Call::fchownat: return "dsddx";
    case Call::utimensat: return "dsxx";
    case Call::futimesat: return "dsx";
    case Call::prlimit64: return "ddxx";
    case Call::tgkill: return "ddd";
    default: return "";
  }
}

}  // namespace

Result<Loaded> Linux::load(const Program& program, Memory& memory) {
  if ((program.mode & 0111) == 0) {
    return fail("not-executable", fmt::format("not an executable file: '{}'", program.path));
  }
  const Result<ElfFile> elf = parse_elf(program.bytes);
  if (!elf) return tl::unexpected<Error>(elf.error());
  return load_elf(*elf, program.bytes, program.argv, program.env, program.options, memory);
}

namespace {

/// "3", "0x8049000", "-2 ENOENT".
std::string result_text(const Isa& isa, std::int64_t result) {
  constexpr std::int64_t kLowestError = -4095;
  const std::int64_t value = isa.address_bits == 32 ? static_cast<std::int32_t>(result) : result;
  if (value >= 0 || value < kLowestError) return fmt::format("{}", result);
  const std::string_view name = name_of_error(static_cast<int>(-value));
  return name.empty() ? fmt::format("{}", value) : fmt::format("{} {}", value, name);
}

}  // namespace

void Linux::system_call(Runner& runner, Process& process) {
  LinuxCall call(runner, process, state_);
  call.note_running_children();
  const bool told = runner.request().on_system_call != nullptr;
  const std::uint32_t image = process.image;
  std::string text = told ? call.text() : "";
  const bool returns = call.serve();
  if (returns) process.cpu.slots[process.space->isa->call_result] = static_cast<std::uint64_t>(call.result());
  if (told) {
    text += returns ? fmt::format(" = {}", result_text(*process.space->isa, call.result())) : " = ?";
    runner.request().on_system_call(runner.image(image), text);
  }
  if (returns && (process.signals.pending & ~process.signals.blocked) != 0) (void)call.deliver();
}

LinuxCall::LinuxCall(Runner& runner, Process& process, LinuxState& state)
    : runner_(runner), process_(process), state_(state), isa_(*process.space->isa) {
  const std::uint64_t* const slots = process.cpu.slots;
  number_ = slots[isa_.call_number];
  call_ = find_call(isa_.abi, number_);
  for (unsigned i = 0; i < 6; ++i) arguments_[i] = slots[isa_.arguments[i]];
}

bool LinuxCall::serve() {
  result_ = dispatch();
  // A 32-bit register holds 32 bits.
  if (isa_.address_bits == 32) result_ = static_cast<std::int64_t>(static_cast<std::uint32_t>(result_));
  return !gone_;
}

std::string LinuxCall::text() {
  std::string text = fmt::format(
      "{}(", call_ == Call::unknown ? name_of_number(isa_.abi, number_) : std::string(name_of(call_)));
  auto out = std::back_inserter(text);
  const std::string_view kinds = signature(call_);
  for (unsigned i = 0; i < kinds.size(); ++i) {
    if (i > 0) text += ", ";
    const std::uint64_t value = arguments_[i];
    std::string path;
    if (kinds[i] == 's' && path_text(value, path) == 0) {
      fmt::format_to(out, "\"{}\"", path);
    } else if (kinds[i] == 'd') {
      fmt::format_to(
          out, "{}",
          isa_.address_bits == 32 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value));
    } else if (kinds[i] == 'o') {
      fmt::format_to(out, "{:#o}", value);
    } else {
      fmt::format_to(out, "{:#x}", value);
    }
  }
  return text + ")";
}

std::int64_t LinuxCall::dispatch() {
  const auto mode = [this](unsigned index) { return static_cast<std::uint32_t>(argument(index)) & 07777; };
  switch (call_) {
    case Call::read: return read();
    case Call::write: return write();
    case Call::brk: return brk();
    case Call::open: return open(kAtCwd, argument(0), argument(1), mode(2));
    case Call::openat: return open(int_argument(0), argument(1), argument(2), mode(3));
    case Call::creat: return open(kAtCwd, argument(0), kCreate | kTruncate | kWriteOnly, mode(1));
    case Call::close: return close();
    case Call::lseek: return lseek();
    case Call::llseek: return llseek();
    case Call::dup: return dup(int_argument(0), 0, false);
    case Call::dup2: return dup_to(int_argument(0), int_argument(1), false);
    case Call::dup3: return dup3();
    case Call::fcntl: return fcntl();
    case Call::ioctl: return ioctl();
    case Call::fchmod: return fchmod(int_argument(0), mode(1));
    case Call::fchdir: return fchdir(int_argument(0));
    default: return dispatch_names();
  }
}

std::int64_t LinuxCall::dispatch_names() {
  const auto mode = [this](unsigned index) { return static_cast<std::uint32_t>(argument(index)) & 07777; };
  switch (call_) {
    case Call::access: return access(kAtCwd, argument(0), int_argument(1));
    case Call::faccessat: return access(int_argument(0), argument(1), int_argument(2));
    case Call::chmod: return chmod(kAtCwd, argument(0), mode(1));
    case Call::fchmodat: return chmod(int_argument(0), argument(1), mode(2));
    case Call::chdir: return chdir(argument(0));
    case Call::mkdir: return mkdir(kAtCwd, argument(0), mode(1));
    case Call::mkdirat: return mkdir(int_argument(0), argument(1), mode(2));
    case Call::mknod: return mknod(kAtCwd, argument(0), static_cast<std::uint32_t>(argument(1)));
    case Call::mknodat: return mknod(int_argument(0), argument(1), static_cast<std::uint32_t>(argument(2)));
    case Call::unlink: return unlink(kAtCwd, argument(0));
    case Call::rmdir: return rmdir(kAtCwd, argument(0));
    case Call::unlinkat: {
      constexpr std::uint32_t kDirectory = 0x200;
      const auto flags = static_cast<std::uint32_t>(argument(2));
      if ((flags & ~kDirectory) != 0) return -kEinval;
      return flags != 0 ? rmdir(int_argument(0), argument(1)) : unlink(int_argument(0), argument(1));
    }
    case Call::symlink: return symlink(argument(0), kAtCwd, argument(1));
    case Call::symlinkat: return symlink(argument(0), int_argument(1), argument(2));
    case Call::readlink: return readlink(kAtCwd, argument(0), argument(1), argument(2));
    case Call::readlinkat: return readlink(int_argument(0), argument(1), argument(2), argument(3));
    case Call::link: return link(kAtCwd, argument(0), kAtCwd, argument(1), 0);
    case Call::linkat: return link(int_argument(0), argument(1), int_argument(2), argument(3), argument(4));
    case Call::rename: return rename(kAtCwd, argument(0), kAtCwd, argument(1));
    case Call::renameat: return rename(int_argument(0), argument(1), int_argument(2), argument(3));
    case Call::renameat2: {
      constexpr std::uint32_t kNoReplace = 1;
      constexpr std::uint32_t kExchangeOrWhiteOut = 6;
      const auto flags = static_cast<std::uint32_t>(argument(4));
      if ((flags & kExchangeOrWhiteOut) != 0 && flags < 8) return unknown();
      if ((flags & ~kNoReplace) != 0) return -kEinval;
      return rename(int_argument(0), argument(1), int_argument(2), argument(3), flags != 0);
    }
    case Call::getcwd: return getcwd();
    default: return dispatch_process();
  }
}

std::int64_t LinuxCall::dispatch_process() {
  switch (call_) {
    case Call::exit:
    case Call::exit_group:
      gone_ = true;
      runner_.end_process(process_, int_argument(0) & 0xFF);
      return 0;
    case Call::fork:
    case Call::vfork: return fork();
    case Call::clone: return clone();
    case Call::execve: return execve();
    case Call::wait4:
      return wait(static_cast<std::int32_t>(argument(0)), argument(1), argument(2), argument(3));
    case Call::waitpid: return wait(static_cast<std::int32_t>(argument(0)), argument(1), argument(2), 0);
    case Call::waitid: return waitid();
    case Call::uname: return uname();
    case Call::umask: {
      rely("umask");
      const std::uint32_t old = process_.umask;
      process_.umask = static_cast<std::uint32_t>(argument(0)) & 0777;
      return old;
    }
    case Call::getpid: rely("process-number"); return process_.pid;
    case Call::getppid: rely("process-number"); return process_.parent_pid;
    case Call::getuid:
    case Call::geteuid:
    case Call::getgid:
    case Call::getegid: rely("identity"); return 0;
    case Call::chroot:
    case Call::mount:
    case Call::unshare:
    case Call::unknown: return unknown();
    default: return dispatch_more();
  }
}

std::uint64_t LinuxCall::call_address() const {
  const unsigned length = isa_.abi == Abi::amd64 || isa_.abi == Abi::x86 ? 2 : 4;
  return process_.cpu.pc - length;
}

void LinuxCall::rely(std::string_view what) { runner_.rely(process_, what, call_address()); }

// A number that no kernel has is refused by every one; another is a call that is not modelled.
std::int64_t LinuxCall::unknown() {
  const std::string name =
      call_ == Call::unknown ? name_of_number(isa_.abi, number_) : std::string(name_of(call_));
  if (number_ > kLastNumber) {
    runner_.note(fmt::format("unknown-system-call {} at {:#x}: no kernel has it", name, call_address()));
    return -kEnosys;
  }
  if (call_ == Call::unknown) {
    runner_.finding(fmt::format("unknown-system-call {} at {:#x}", name, call_address()));
  } else {
    runner_.finding(fmt::format("unsupported-system-call {} at {:#x}", name, call_address()));
  }
  rely("system-call " + name);
  return -kEnosys;
}

}  // namespace assay::machine
