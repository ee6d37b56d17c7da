// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a program once round a loop and notes its way.
#pragma once

#include <optional>

#include "exec/interpret/interpreter.h"
#include "exec/trace/trace.h"

namespace assay::exec {

struct Recording {
  const Operation* next = nullptr;  ///< where the program goes on, if not halted
  std::optional<Halted> halted;
};

/// Runs on from the loop that an Op::heat stands for, and has a trace made if it came round; says in
/// Program::heat() where the loop goes on from now on, if it is to be recorded no more. `jumps` are those
/// left.
Recording record(const Operation& heat, Program& program, Image& image, const InstructionSet& set,
                 Registers& registers, std::uint64_t& jumps, const SystemCall& system_call);

/// A loop is recorded when it is about to go round for this time, and again if that fails, a few times.
inline constexpr std::uint32_t kHot = 100;

/// A trace has been entered kEntered times: whether it goes round often enough. If not, the loop has no trace
/// any more, and may be recorded again.
bool is_of_use(const Operation& enter, Program& program);

}  // namespace assay::exec
