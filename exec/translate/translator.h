// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fast way to run a program: its blocks are translated to x86-64 code of the host, operation by
// operation, with the registers used most in registers of the host. What is rare or fails (system calls,
// divisions, bad addresses) is left to the interpreter, one operation at a time, so that both ways do the
// same.
#pragma once

#include "exec/interpret/interpreter.h"

namespace assay::exec {

/// Whether this host can run translated code.
bool can_translate();

/// A program's translation, for any number of runs one after the other.
class Translation {
 public:
  /// Null if the host refuses memory for code.
  static std::unique_ptr<Translation> make(Program& program, Image& image, const InstructionSet& set);
  Translation() = default;
  Translation(const Translation&) = delete;
  Translation& operator=(const Translation&) = delete;
  virtual ~Translation() = default;

  /// As interpret(). The program's run has begun in that image.
  virtual Halted run(Image& image, Registers& registers, std::uint64_t jumps,
                     const SystemCall& system_call) = 0;
  [[nodiscard]] virtual std::size_t code_bytes() const = 0;
};

}  // namespace assay::exec
