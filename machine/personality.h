// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel a guest sees, as one interface. `linux` is the one there is (linux.cpp); builder-hex0's
// and others are to be further classes. Processes, images and their records belong to the Runner
// (runner.h); a personality only decides what a system call does with them.
#pragma once

#include <memory>
#include <string_view>

namespace assay::machine {

class Runner;
struct Process;

class Personality {
 public:
  virtual ~Personality() = default;
  /// Serves the call that `process` has just made: reads its registers, writes its result.
  virtual void system_call(Runner& runner, Process& process) = 0;
};

std::unique_ptr<Personality> make_linux();

}  // namespace assay::machine
