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
constexpr int kSignalChild = 17;

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
  std::string resolved;
  std::string text;
  const std::int64_t error = path(kAtCwd, argument(0), LastLink::follow, resolved, &text);
  std::vector<std::string> argv;
  std::vector<std::string> env;
  if (error != 0) {
    if (!text.empty()) runner_.note_missing(process_, text);
    return error;
  }
  result_ = -kEfault;
  if (!string_list(argument(1), argv) || !string_list(argument(2), env)) return result_;
  const std::shared_ptr<Node> node = runner_.tree().find(resolved);
  if (node == nullptr) {
    runner_.note_missing(process_, text);
    return -kEnoent;
  }
  if (node->kind != NodeKind::file || (node->mode & 0111) == 0) return -kEacces;
  // A kernel runs its own instruction set; one for amd64 runs x86 too.
  const Result<ElfFile> elf = parse_elf(node->bytes());
  const auto family = [](const Isa& isa) { return isa.abi == Abi::x86 ? Abi::amd64 : isa.abi; };
  if (!elf || (elf->isa->name != isa_.name && family(*elf->isa) != Abi::amd64) ||
      family(*elf->isa) != family(isa_)) {
    return -kEnoexec;
  }
  const Result<void> done = runner_.execute(process_, resolved, std::move(argv), std::move(env));
  if (done) {
    gone_ = true;
    return 0;
  }
  if (done.error().id == "argument-list-too-long") return -kE2big;
  return done.error().id == "bad-program" ? -kEnoexec : -kEnomem;
}

bool LinuxCall::take_ended(std::int64_t pid, bool keep, Ended& ended) {
  const auto found = std::find_if(process_.ended.begin(), process_.ended.end(),
                                  [pid](const Ended& e) { return pid <= 0 || e.pid == pid; });
  if (found == process_.ended.end()) return false;
  ended = *found;
  if (!keep) process_.ended.erase(found);
  return true;
}

std::int64_t LinuxCall::wait(std::int64_t pid, std::uint64_t status_at, std::uint64_t usage_at) {
  Ended ended;
  if (!take_ended(pid, false, ended)) return -kEchild;
  Byte status[4];
  put(status, static_cast<std::uint32_t>(ended.wait_status), 4);
  if (status_at != 0 && !memory().write(status_at, status, sizeof status)) return -kEfault;
  const Byte usage[144] = {};
  if (usage_at != 0 && !memory().write(usage_at, usage, isa_.address_bits == 32 ? 72 : 144)) return -kEfault;
  return ended.pid;
}

std::int64_t LinuxCall::waitid() {
  constexpr std::uint64_t kExited = 4;
  constexpr std::uint64_t kKeep = 0x01000000;
  const int kind = int_argument(0);
  if ((argument(3) & kExited) == 0 || kind < 0 || kind > 2) return -kEinval;
  const bool one = kind == 1;
  Ended ended;
  if (!take_ended(one ? static_cast<std::int32_t>(argument(1)) : -1, (argument(3) & kKeep) != 0, ended)) {
    return -kEchild;
  }
  if (argument(2) == 0) return 0;
  const int signal = ended.wait_status & 0x7F;
  const unsigned gap = isa_.address_bits == 64 ? 4 : 0;  // the union after it is aligned to pointers
  Byte info[12 + 4 + 12] = {};
  put(info, kSignalChild, 4);
  put(info + 8, signal == 0 ? 1 : 2, 4);  // CLD_EXITED, CLD_KILLED
  put(info + 12 + gap, ended.pid, 4);
  put(info + 20 + gap, static_cast<std::uint64_t>(signal == 0 ? ended.wait_status >> 8 : signal), 4);
  return memory().write(argument(2), info, 24 + gap) ? 0 : -kEfault;
}

std::int64_t LinuxCall::brk() {
  Memory& m = memory();
  const std::uint64_t wanted = argument(0);
  const std::uint64_t old = m.brk();
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
