// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stack that a Linux program starts with: arguments, environment, auxiliary vector.
#pragma once

#include <span>
#include <string>

#include "machine/engine/memory.h"
#include "machine/process/elf.h"
#include "machine/process/surrounding.h"

namespace assay::machine {

/// Writes it, and gives the stack pointer. The stack must have been placed.
std::uint64_t write_start_stack(const ElfFile& elf, std::span<const std::string> argv,
                                std::span<const std::string> env, const std::string& program,
                                const Surrounding& surrounding, Memory& memory);

}  // namespace assay::machine
