// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fast way to run a program: its blocks are translated to x86-64 code of the host, operation by
// operation, with the registers used most in registers of the host. What is rare or fails (system calls,
// divisions, bad addresses) is left to the interpreter, one operation at a time, so that both ways do the
// same.
#pragma once

#include "cc/exec/interpreter.h"

namespace assay::exec {

/// Whether this host can run translated code.
bool can_translate();

/// As interpret(). If the host refuses memory for code, it interprets.
Halted translate_and_run(Program& program, Image& image, const InstructionSet& set, Registers& registers,
                         std::uint64_t jumps, const SystemCall& system_call);

}  // namespace assay::exec
