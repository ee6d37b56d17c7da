// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signals: what a process says of them is kept; its own (kill, raise) and SIGCHLD reach it between two
// instructions. What a handler interrupts is kept here and not on the guest's stack, where only the way back
// lies: a handler cannot change it.
#include <cstring>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr int kKill = 9;
constexpr int kStop = 19;
constexpr int kChild = 17;
constexpr int kContinue = 18;
constexpr int kUrgent = 23;
constexpr int kWindow = 28;
constexpr std::uint64_t kIgnore = 1;
constexpr std::uint64_t kOneShot = 0x80000000;
constexpr std::uint64_t kNoDefer = 0x40000000;
constexpr std::uint64_t kHasRestorer = 0x04000000;
/// Where a handler returns to that names no way back itself: nothing is mapped there.
constexpr std::uint64_t kWayBack = 0xFFFFF000;

constexpr std::uint64_t bit(int signal) { return std::uint64_t{1} << (signal - 1); }
constexpr std::uint64_t kNeverBlocked = bit(kKill) | bit(kStop);

bool is_signal(std::int64_t number) {
  return number >= 1 && number <= static_cast<std::int64_t>(Signals::kCount);
}
bool ignored_usually(int signal) {
  return signal == kChild || signal == kContinue || signal == kUrgent || signal == kWindow;
}

// Changes the registers so that the handler runs next.
bool enter_handler(Process& process, int signal, const Signals::Action& action) {
  const Isa& isa = *process.space->isa;
  Memory& memory = *process.space->memory;
  Cpu& cpu = process.cpu;
  constexpr std::uint64_t kRedZone = 128;
  constexpr std::uint64_t kContext = 1024;  // zeros, for who looks at it
  constexpr std::uint64_t kInfo = 128;
  const unsigned word = isa.address_bits / 8U;
  const bool has_restorer = (action.flags & kHasRestorer) != 0 && action.restorer != 0;
  const std::uint64_t back = has_restorer ? action.restorer : kWayBack;
  std::uint64_t sp = cpu.slots[isa.stack_pointer] - kRedZone - kContext - kInfo;
  sp &= ~std::uint64_t{15};
  const std::uint64_t info = sp;
  const std::uint64_t context = sp + kInfo;
  Byte zeros[kContext + kInfo] = {};
  std::memcpy(zeros, &signal, sizeof signal);
  if (!memory.write(sp, zeros, sizeof zeros)) return false;
  const auto number = static_cast<std::uint64_t>(signal);
  if (isa.abi == Abi::x86) {
    // Return address and arguments; the stack as after a call.
    const std::uint32_t frame[4] = {static_cast<std::uint32_t>(back), static_cast<std::uint32_t>(signal),
                                    static_cast<std::uint32_t>(info), static_cast<std::uint32_t>(context)};
    sp -= 32 - 12;
    if (!memory.write(sp, frame, sizeof frame)) return false;
    cpu.slots[0] = number;
    cpu.slots[2] = info;
    cpu.slots[1] = context;
  } else if (isa.abi == Abi::amd64) {
    sp -= 8;
    if (!memory.write(sp, &back, word)) return false;
    cpu.slots[0] = 0;
    cpu.slots[7] = number;
    cpu.slots[6] = info;
    cpu.slots[2] = context;
  } else {
    cpu.slots[isa.arguments[0]] = number;
    cpu.slots[isa.arguments[1]] = info;
    cpu.slots[isa.arguments[2]] = context;
    const Slot link = isa.abi == Abi::aarch64 ? 30 : isa.abi == Abi::arm ? 14 : 1;
    cpu.slots[link] = back;
  }
  cpu.slots[isa.stack_pointer] = sp;
  cpu.pc = action.handler;
  return true;
}

}  // namespace

bool LinuxCall::deliver() {
  Signals& signals = process_.signals;
  while ((signals.pending & ~signals.blocked) != 0) {
    const std::uint64_t ready = signals.pending & ~signals.blocked;
    const int signal = std::countr_zero(ready) + 1;
    signals.pending &= ~bit(signal);
    Signals::Action& action = signals.actions[static_cast<unsigned>(signal)];
    if (action.handler == kIgnore || (action.handler == 0 && ignored_usually(signal))) continue;
    const Signals::Action taken = action;
    const Signals::Interrupted before{process_.cpu, signals.blocked};
    if (action.handler == 0 || !enter_handler(process_, signal, taken)) {
      runner_.end_by_signal(process_, signal);
      return false;
    }
    signals.interrupted.push_back(before);
    signals.blocked |= taken.blocks;
    if ((taken.flags & kNoDefer) == 0) signals.blocked |= bit(signal);
    signals.blocked &= ~kNeverBlocked;
    if ((taken.flags & kOneShot) != 0) action = {};
  }
  return true;
}

bool Linux::jumped_nowhere(Process& process) {
  if (process.cpu.pc != kWayBack || process.signals.interrupted.empty()) return false;
  return return_from_handler(process);
}

bool return_from_handler(Process& process) {
  std::vector<Signals::Interrupted>& all = process.signals.interrupted;
  if (all.empty()) return false;
  const std::uint64_t remaining = process.cpu.remaining;
  process.cpu = all.back().cpu;
  process.cpu.remaining = remaining;
  process.signals.blocked = all.back().blocked;
  all.pop_back();
  return true;
}

std::int64_t LinuxCall::sigreturn() {
  if (!return_from_handler(process_)) return unknown();
  gone_ = true;  // there is no result
  return 0;
}

// handler, flags, restorer, blocked; the oldest form (sigaction) has them in another order, and 32 signals.
std::int64_t LinuxCall::sigaction(bool oldest) {
  if (!oldest && argument(3) != 8) return -kEinval;
  const std::int64_t number = int_argument(0);
  const bool has_restorer =
      isa_.abi == Abi::amd64 || isa_.abi == Abi::x86 || isa_.abi == Abi::arm || isa_.abi == Abi::aarch64;
  const unsigned count = has_restorer ? 4 : 3;
  Signals::Action wanted;
  if (argument(1) != 0) {
    std::uint64_t words[4] = {};
    for (unsigned i = 0; i < count; ++i) {
      const bool mask = oldest ? i == 1 : i + 1 == count;
      if (!memory().read(argument(1) + std::uint64_t{i} * word(), &words[i], mask && !oldest ? 8 : word()))
        return -kEfault;
    }
    wanted = oldest       ? Signals::Action{words[0], words[2], words[3], words[1]}
             : count == 4 ? Signals::Action{words[0], words[1], words[2], words[3]}
                          : Signals::Action{words[0], words[1], 0, words[2]};
  }
  if (!is_signal(number) || (argument(1) != 0 && (number == kKill || number == kStop))) return -kEinval;
  Signals::Action& action = process_.signals.actions[static_cast<unsigned>(number)];
  const Signals::Action old = action;
  if (argument(1) != 0) {
    action = wanted;
    const bool drops = wanted.handler == kIgnore || (wanted.handler == 0 && ignored_usually(int_argument(0)));
    if (drops) process_.signals.pending &= ~bit(int_argument(0));
  }
  if (argument(2) == 0) return 0;
  Bytes told;
  const auto put = [&told](std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) told.push_back(static_cast<Byte>(value >> (8 * i)));
  };
  put(old.handler, word());
  if (oldest) put(old.blocks, word());
  put(old.flags, word());
  if (has_restorer) put(old.restorer, word());
  if (!oldest) put(old.blocks, 8);
  return copy_out(argument(2), told) ? 0 : -kEfault;
}

// signal: once, then as usual.
std::int64_t LinuxCall::signal() {
  const std::int64_t number = int_argument(0);
  if (!is_signal(number) || number == kKill || number == kStop) return -kEinval;
  Signals::Action& action = process_.signals.actions[static_cast<unsigned>(number)];
  const std::uint64_t old = action.handler;
  action = {argument(1), kOneShot | kNoDefer, 0, 0};
  if (action.handler == kIgnore || (action.handler == 0 && ignored_usually(int_argument(0))))
    process_.signals.pending &= ~bit(int_argument(0));
  return static_cast<std::int64_t>(old);
}

std::int64_t LinuxCall::sigprocmask(unsigned bytes) {
  if (bytes == 8 && argument(3) != 8) return -kEinval;
  enum : int { kBlock, kUnblock, kSet };
  std::uint64_t& blocked = process_.signals.blocked;
  const std::uint64_t old = blocked;
  if (argument(1) != 0) {
    std::uint64_t set = 0;
    if (!memory().read(argument(1), &set, bytes)) return -kEfault;
    set &= ~kNeverBlocked;
    switch (int_argument(0)) {
      case kBlock: blocked |= set; break;
      case kUnblock: blocked &= ~set; break;
      case kSet: blocked = bytes == 4 ? (blocked & ~std::uint64_t{0xFFFFFFFF}) | set : set; break;
      default: return -kEinval;
    }
  }
  if (argument(2) == 0) return 0;
  Byte told[8];
  std::memcpy(told, &old, sizeof told);
  return copy_out(argument(2), ByteView(told).first(bytes)) ? 0 : -kEfault;
}

// To itself only: nobody else can be reached while it runs.
std::int64_t LinuxCall::kill(std::int64_t pid, int signal) {
  rely("process-number");
  const bool valid = signal >= 0 && signal <= static_cast<int>(Signals::kCount);
  if (pid != static_cast<std::int64_t>(process_.pid) && pid != 0) {
    for (const Ended& ended : process_.ended) {
      if (static_cast<std::int64_t>(ended.pid) == pid) return 0;  // a zombie takes any
    }
    const bool is_ancestor = pid > 0 && pid < static_cast<std::int64_t>(process_.pid);
    return pid < 0 || is_ancestor ? unknown() : -kEsrch;
  }
  if (!valid) return -kEinval;
  if (signal == 0) return 0;
  if (signal == kStop) return unknown();
  const Signals::Action& action = process_.signals.actions[static_cast<unsigned>(signal)];
  const bool dropped = action.handler == kIgnore || (action.handler == 0 && ignored_usually(signal));
  if (!dropped || (process_.signals.blocked & bit(signal)) != 0) process_.signals.pending |= bit(signal);
  return 0;
}

void Linux::child_ended(Runner& runner, Process& process) {
  const Signals::Action& action = process.signals.actions[kChild];
  if (action.handler <= kIgnore && (process.signals.blocked & bit(kChild)) == 0) return;
  process.signals.pending |= bit(kChild);
  (void)LinuxCall(runner, process, state_).deliver();
}

}  // namespace assay::machine
