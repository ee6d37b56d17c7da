// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel a guest sees, as one interface; Request::kernel chooses it. Processes, images and their
// records belong to the Runner (runner.h); a personality decides how a program gets into memory, and what a
// system call does. There is one object a run: what a kernel remembers of processes besides the
// fields of Process (its own tables, say) is kept in it, by Process::pid.
//
// A new kernel is a class, a Kernel in machine.h and a row in machine.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/result.h"
#include "machine/engine/definedness.h"
#include "machine/process/elf.h"

namespace assay::machine {

class Runner;
struct Process;

/// A file that is to be run.
struct Program {
  std::string path;  ///< normal
  std::uint32_t mode = 0;
  ByteView bytes;
  std::span<const std::string> argv;
  std::span<const std::string> env;
  LoadOptions options;
};

class Personality {
 public:
  virtual ~Personality() = default;
  /// What the call that `process` is about to make takes and gives, for machine/engine/definedness.h.
  virtual CallUse call_use(const Process& /*process*/) { return {}; }
  /// Puts a program with its arguments into `memory`, which is empty. Errors: "not-executable",
  /// "bad-program", "argument-list-too-long", "limit-memory", "no-memory"; then the memory is thrown away.
  virtual Result<Loaded> load(const Program& program, Memory& memory) = 0;
  /// Serves the call that `process` has just made: reads its registers, writes its result.
  virtual void system_call(Runner& runner, Process& process) = 0;
  /// A child of `process`, which goes on now, has ended.
  virtual void child_ended(Runner& /*runner*/, Process& /*process*/) {}
  /// The process has jumped to where nothing executable is; true if that means something to the kernel.
  virtual bool jumped_nowhere(Process& /*process*/) { return false; }
};

}  // namespace assay::machine
