// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIGSEGV and SIGBUS in translated code. The one piece of global state of this library: a handler,
// installed when the first translator is made, which passes on every signal that is not its own to
// the handler that was there before.
#pragma once

#include <cstdint>

namespace assay::machine {

/// Installs the handler once; false if that failed.
bool install_fault_handler();

/// While one exists, faults of this thread at host addresses [low, high) continue at `go_on`, with the
/// address of the instruction that faulted in *at.
class FaultScope {
 public:
  FaultScope(std::uintptr_t low, std::uintptr_t high, std::uintptr_t go_on, std::uint64_t* at);
  ~FaultScope();
  FaultScope(const FaultScope&) = delete;
  FaultScope& operator=(const FaultScope&) = delete;
};

}  // namespace assay::machine
