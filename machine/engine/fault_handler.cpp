// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/fault_handler.h"

#include <csignal>

#if defined(__linux__) && defined(__x86_64__)
#include <ucontext.h>
#endif

namespace assay::machine {

#if defined(__linux__) && defined(__x86_64__)
namespace {

struct Scope {
  std::uintptr_t low = 0;
  std::uintptr_t high = 0;
  std::uintptr_t go_on = 0;
  std::uint64_t* at = nullptr;
};

thread_local Scope current;
struct sigaction before_segv;
struct sigaction before_bus;

void handle(int signal, siginfo_t* info, void* raw) {
  auto* const context = static_cast<ucontext_t*>(raw);
  greg_t& rip = context->uc_mcontext.gregs[REG_RIP];
  const auto address = static_cast<std::uintptr_t>(rip);
  if (address >= current.low && address < current.high) {
    *current.at = address;
    rip = static_cast<greg_t>(current.go_on);
    return;
  }
  const struct sigaction& before = signal == SIGSEGV ? before_segv : before_bus;
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, raw);
  } else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    // Back to the default: the instruction runs again and ends the program as it would have.
    ::signal(signal, SIG_DFL);
  } else {
    before.sa_handler(signal);
  }
}

bool install() {
  struct sigaction action = {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  return sigaction(SIGSEGV, &action, &before_segv) == 0 && sigaction(SIGBUS, &action, &before_bus) == 0;
}

}  // namespace

bool install_fault_handler() {
  static const bool installed = install();
  return installed;
}

FaultScope::FaultScope(std::uintptr_t low, std::uintptr_t high, std::uintptr_t go_on, std::uint64_t* at) {
  current = {low, high, go_on, at};
}
FaultScope::~FaultScope() { current = {}; }

#else

bool install_fault_handler() { return false; }
FaultScope::FaultScope(std::uintptr_t, std::uintptr_t, std::uintptr_t, std::uint64_t*) {}
FaultScope::~FaultScope() = default;

#endif

}  // namespace assay::machine
