// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the operations of a program.
#pragma once

#include <functional>

#include "exec/program/program.h"
#include "exec/state/registers.h"

namespace assay::exec {

enum class Halt {
  ended,
  paused,
  bad_address,
  bad_jump,
  divide_error,
  unknown_instruction,
  writes_code,
  too_long,
  unknown_flags  ///< a condition that this engine does not know
};

struct Halted {
  Halt why = Halt::ended;
  std::uint64_t address = 0;  ///< what could not be read, written, run
  std::uint64_t jumps = 0;    ///< of those allowed, what is left; not after too_long
};

/// Does a system call. False ends the run.
using SystemCall = std::function<bool(Registers& registers)>;

/// Runs from the image's entry until something ends it, or for `jumps` jumps.
Halted interpret(Program& program, Image& image, const InstructionSet& set, Registers& registers,
                 std::uint64_t jumps, const SystemCall& system_call);

/// The same from an operation on, which may be one that no block has.
Halted interpret_from(const Operation* start, Program& program, Image& image, const InstructionSet& set,
                      Registers& registers, std::uint64_t jumps, const SystemCall& system_call);

}  // namespace assay::exec
