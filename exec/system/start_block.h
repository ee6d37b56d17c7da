// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program finds on its stack when it starts: arguments, variables and, in other surroundings than the
// plain ones, the auxiliary vector. docs/machine/linux.md says what Linux puts there.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "exec/decode/instruction_set.h"
#include "exec/run.h"
#include "exec/state/image.h"

namespace assay::exec {

/// A number that looks like chance; the same for the same two.
std::uint64_t drawn(std::uint64_t number, std::uint64_t which);

/// Where the stack of a program ends in surroundings with this number, not 0: as the kernels of its
/// architecture have it, somewhere in a range of theirs.
std::uint64_t stack_top(ByteView program, std::uint64_t number);

struct StartBlock {
  const std::vector<std::string>& argv;
  const std::vector<std::string>& env;
  std::uint64_t number = 0;  ///< of the surroundings
};

/// Writes it and returns the stack pointer. Error: "argument-list-too-long".
Result<std::uint64_t> put_start_block(const StartBlock& block, const InstructionSet& set, Image& image);

}  // namespace assay::exec
