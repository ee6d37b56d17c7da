// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The instruction sets that this engine reads: one row each (instruction_set.cpp), one decoder.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "exec/state/image.h"

namespace assay::exec {

/// Reads instructions from `address` on until the block is complete. Instructions that no table has become
/// Op::unknown. Marks what it read as code.
using Decode = Block (*)(Image& image, std::uint64_t address);
Block decode_x86(Image& image, std::uint64_t address);
/// Whether a program, as it was loaded, has to keep flags from one block to the next.
using KeepsFlags = FlagsKept (*)(const Image& image);
FlagsKept x86_keeps_flags(const Image& image);
FlagsKept a64_keeps_flags(const Image& image);
Block decode_a64(Image& image, std::uint64_t address);
FlagsKept a32_keeps_flags(const Image& image);
Block decode_a32(Image& image, std::uint64_t address);
Block decode_riscv(Image& image, std::uint64_t address);

/// How a system numbers its calls and where their words are.
struct CallConvention {
  Register number;
  std::array<Register, 6> words;
  Register result;
  std::uint64_t brk;
  std::uint64_t read;
  std::uint64_t write;
};

struct InstructionSet {
  std::string_view name;
  unsigned elf_machine;
  unsigned word_bytes;
  Decode decode;
  Register stack;
  CallConvention calls;
  std::span<const Register> busy;      ///< used most: a host should have these in registers of its own
  std::span<const Register> in_stack;  ///< that point into the stack if they point anywhere
  KeepsFlags keeps_flags = nullptr;    ///< null: no program does
  bool traces_keep_flags = false;      ///< otherwise, programs that do have no traces
};

/// Null if there is none.
const InstructionSet* find_instruction_set(unsigned elf_machine, unsigned word_bytes);

/// A block may hold this many operations; longer ones go on in another.
inline constexpr std::size_t kMostOperations = 200;
/// The same while somebody may ask for flags that it knows: the next block would know nothing of them.
inline constexpr std::size_t kMostForFlags = 4 * kMostOperations;

}  // namespace assay::exec
