// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux calls about processes and memory.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr std::size_t kMostPath = 4096;
constexpr std::size_t kMostArgument = 131072;     // MAX_ARG_STRLEN
constexpr std::size_t kMostArguments = 2U << 20;  // a quarter of the stack limit
constexpr std::uint32_t kSignalChild = 17;

void put(Byte* at, std::uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) at[i] = static_cast<Byte>(value >> (8 * i));
}

}  // namespace

// The child runs next, to its end; then the parent goes on with the child's number.
std::int64_t LinuxCall::fork() {
  Process* const child = runner_.fork(process_);
  if (child == nullptr) return -kEnomem;
  child->cpu.slots[isa_.call_result] = 0;
  return child->pid;
}

std::int64_t LinuxCall::clone() {
  constexpr std::uint64_t kVm = 0x100;
  constexpr std::uint64_t kVfork = 0x4000;
  const std::uint64_t flags = argument(0);
  // As fork, or as vfork; anything else would be a thread.
  if ((flags & ~(kVm | kVfork)) != kSignalChild || ((flags & kVm) != 0) != ((flags & kVfork) != 0))
    return unknown();
  Process* const child = runner_.fork(process_);
  if (child == nullptr) return -kEnomem;
  child->cpu.slots[isa_.call_result] = 0;
  if (argument(1) != 0) child->cpu.slots[isa_.stack_pointer] = argument(1);
  return child->pid;
}

bool LinuxCall::string_list(std::uint64_t at, std::vector<std::string>& texts) {
  if (at == 0) return true;  // as Linux takes it
  std::size_t total = 0;
  while (true) {
    std::uint64_t pointer = 0;
    if (!memory().read(at, &pointer, word())) return false;
    if (pointer == 0) return true;
    const std::optional<std::string> text = memory().read_string(pointer, kMostArgument);
    if (!text) return false;
    total += text->size() + word();
    if (text->size() >= kMostArgument || total > kMostArguments) {
      result_ = -kE2big;
      return false;
    }
    texts.push_back(*text);
    at += word();
  }
}

std::int64_t LinuxCall::execve() {
  WalkedPath place;
  std::string text;
  std::int64_t error = look_up(kAtCwd, argument(0), Last::follow, place, &text);
  if (error == 0 && (place.node->kind != NodeKind::file || (place.node->mode & 0111) == 0)) error = -kEacces;
  if (error == 0 && runner_.is_open_for_writing(*place.node)) error = -kEtxtbsy;
  if (error != 0) {
    if (!text.empty() && place.node == nullptr) runner_.note_missing(process_, text);
    return error;
  }
  if ((place.node->mode & 0100) == 0) rely("privilege");
  std::vector<std::string> argv;
  std::vector<std::string> env;
  result_ = -kEfault;
  if (!string_list(argument(1), argv) || !string_list(argument(2), env)) return result_;
  if (argv.empty()) {  // as Linux does since 5.18
    rely("no-arguments");
    argv.emplace_back();
  }
  const Bytes& program = place.node->bytes();
  if (program.size() >= 2 && program[0] == '#' && program[1] == '!') {
    runner_.finding(fmt::format("unsupported-system-call execve of a #! line at {:#x}", call_address()));
    rely("system-call execve");
    return -kEnoexec;
  }
  // A kernel runs its own instruction set; one for amd64 runs x86 too.
  const Result<ElfFile> elf = parse_elf(program);
  const auto family = [](const Isa& isa) { return isa.abi == Abi::x86 ? Abi::amd64 : isa.abi; };
  if (!elf || (elf->isa->name != isa_.name && family(*elf->isa) != Abi::amd64) ||
      family(*elf->isa) != family(isa_)) {
    return -kEnoexec;
  }
  const Result<void> done = runner_.execute(process_, place.path, std::move(argv), std::move(env));
  if (done) {
    gone_ = true;
    return 0;
  }
  if (done.error().id == "argument-list-too-long") return -kE2big;
  return done.error().id == "bad-program" ? -kEnoexec : -kEnomem;
}

// Here a child has ended when its parent goes on. On a real kernel it may still run, or not have begun, until
// it is waited for: only what nobody else can see is the same then.
void LinuxCall::note_running_children() {
  if (process_.ended.empty()) return;
  switch (call_) {
    case Call::wait4:
    case Call::waitpid:
      if ((argument(2) & 1) == 0) return;  // WNOHANG may find it still running
      break;
    case Call::waitid:
      if ((argument(3) & 1) == 0) return;
      break;
    case Call::brk:
    case Call::umask:
    case Call::getpid:
    case Call::getppid: return;
    default: break;
  }
  rely("unwaited-child");
}

bool LinuxCall::take_ended(std::int64_t pid, bool keep, Ended& ended) {
  const auto found = std::find_if(process_.ended.begin(), process_.ended.end(),
                                  [pid](const Ended& e) { return pid <= 0 || e.pid == pid; });
  if (found == process_.ended.end()) return false;
  ended = *found;
  if (!keep) process_.ended.erase(found);
  return true;
}

namespace {

constexpr std::uint64_t kNoHang = 1;
constexpr std::uint64_t kStopped = 2;
constexpr std::uint64_t kExited = 4;
constexpr std::uint64_t kContinued = 8;
constexpr std::uint64_t kKeep = 0x01000000;
constexpr std::uint64_t kNoThread = 0x20000000;
constexpr std::uint64_t kAll = 0x40000000;
constexpr std::uint64_t kClones = 0x80000000;

}  // namespace

// Times are 0 here, and not 0 on the reference road: who looks at them is found by that. AArch64's M2libc
// passes what happens to be in the register.
std::int64_t LinuxCall::wait(std::int64_t pid, std::uint64_t status_at, std::uint64_t options,
                             std::uint64_t usage_at) {
  options &= 0xFFFFFFFF;
  if ((options & ~(kNoHang | kStopped | kContinued | kNoThread | kAll | kClones)) != 0) return -kEinval;
  if (pid == INT32_MIN) return -kEsrch;
  Ended ended;
  // Children that end with another signal than SIGCHLD are not made here, nor groups of processes.
  if ((options & (kClones | kAll)) == kClones || pid < -1 || !take_ended(pid, false, ended)) return -kEchild;
  Byte status[4];
  put(status, static_cast<std::uint32_t>(ended.wait_status), 4);
  if (status_at != 0 && !memory().write(status_at, status, sizeof status)) return -kEfault;
  const Byte usage[144] = {};
  if (usage_at != 0 && !memory().write(usage_at, usage, isa_.address_bits == 32 ? 72 : 144)) return -kEfault;
  return ended.pid;
}

std::int64_t LinuxCall::waitid_child(Ended& ended) {
  const std::uint64_t options = argument(3) & 0xFFFFFFFF;
  const auto pid = static_cast<std::int32_t>(argument(1));
  if ((options & ~(kNoHang | kKeep | kExited | kStopped | kContinued | kNoThread | kAll | kClones)) != 0 ||
      (options & (kExited | kStopped | kContinued)) == 0) {
    return -kEinval;
  }
  const std::int32_t kind = int_argument(0);
  if (kind < 0 || kind > 3 || (kind == 1 && pid <= 0) || (kind > 1 && pid < 0)) return -kEinval;
  if (kind == 3) return -kEbadf;  // a descriptor that stands for a process: there are none
  const bool none =
      (options & kExited) == 0 || (options & (kClones | kAll)) == kClones || (kind == 2 && pid != 0);
  if (none || !take_ended(kind == 1 ? pid : -1, (options & kKeep) != 0, ended)) return -kEchild;
  return 0;
}

// Linux writes the record in any case: zeros if there was an error.
std::int64_t LinuxCall::waitid() {
  Ended ended;
  const std::int64_t error = waitid_child(ended);
  const Byte usage[144] = {};
  if (argument(4) != 0 && error == 0 &&
      !memory().write(argument(4), usage, isa_.address_bits == 32 ? 72 : 144)) {
    return -kEfault;
  }
  if (argument(2) == 0) return error;
  const auto signal = static_cast<std::uint32_t>(ended.wait_status & 0x7F);
  const auto status = static_cast<std::uint32_t>(ended.wait_status);
  const bool found = error == 0;
  const std::uint32_t cause = !found ? 0 : signal == 0 ? 1 : 2;  // CLD_EXITED, CLD_KILLED
  const std::uint32_t first[] = {found ? kSignalChild : 0U, 0, cause};
  const std::uint32_t second[] = {ended.pid, 0, signal == 0 ? status >> 8 : signal};
  Byte info[24] = {};
  for (std::size_t index = 0; index < 3; ++index) {
    put(info + 4 * index, first[index], 4);
    put(info + 12 + 4 * index, second[index], 4);
  }
  const unsigned gap = isa_.address_bits == 64 ? 4 : 0;  // the union after it is aligned to pointers
  constexpr std::uint64_t kRecord = 128;                 // all of it must be a program's
  if (!in_user_range(argument(2), kRecord) || !memory().write(argument(2), info, 12) ||
      !memory().write(argument(2) + 12 + gap, info + 12, 12)) {
    return -kEfault;
  }
  return error;
}

// Linux refuses a heap that cannot be by leaving it as it is. What could be, but not here, is a limit.
std::int64_t LinuxCall::brk() {
  Memory& m = memory();
  const std::uint64_t wanted = argument(0);
  const std::uint64_t old = m.brk();
  constexpr std::uint64_t kBelowStack = 0xFF000000;  // of x86 programs: there is no heap beyond
  if (!in_user_range(wanted, 0) || (isa_.address_bits == 32 && wanted >= kBelowStack))
    return static_cast<std::int64_t>(old);
  if (wanted > old && wanted - old > kPage &&
      (wanted >= kAddressSpace || m.size() + (wanted - old) > runner_.limits().memory)) {
    runner_.stop(Stop::limit_memory,
                 fmt::format("'{}' asks for a heap up to {:#x}: more than {} bytes of memory",
                             runner_.record(process_).program, wanted, runner_.limits().memory));
    return static_cast<std::int64_t>(old);
  }
  if (m.set_brk(wanted)) {
    if (page_ceil(wanted) != page_ceil(old)) {
      runner_.note_memory(process_);
      if (m.size() > runner_.limits().memory) {
        runner_.stop(Stop::limit_memory,
                     fmt::format("'{}' has more than {} bytes of memory", runner_.record(process_).program,
                                 runner_.limits().memory));
      }
    }
  }
  return static_cast<std::int64_t>(m.brk());
}

std::int64_t LinuxCall::uname() {
  constexpr std::size_t kField = 65;
  rely("system-name");
  Byte name[6 * kField] = {};
  const std::string_view fields[] = {"Linux", "assay", "6.1.0", "#1", isa_.uname, "(none)"};
  for (std::size_t i = 0; i < 6; ++i) std::memcpy(name + i * kField, fields[i].data(), fields[i].size());
  return memory().write(argument(0), name, sizeof name) ? 0 : -kEfault;
}

std::int64_t LinuxCall::path_text(std::uint64_t at, std::string& text) {
  const std::optional<std::string> read = memory().read_string(at, kMostPath);
  if (!read) return -kEfault;
  if (read->size() >= kMostPath) return -kEnametoolong;
  text = *read;
  return 0;
}

}  // namespace assay::machine
