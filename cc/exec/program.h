// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A loaded program as blocks of operations, made when they are first reached.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "cc/exec/block_builder.h"
#include "cc/exec/image.h"
#include "cc/exec/loops.h"

namespace assay::exec {

/// Reads instructions from `address` on until the block is complete. Instructions that no table has become
/// Op::unknown. Marks what it read as code.
using Decode = Block (*)(Image& image, std::uint64_t address);
Block decode_x86(Image& image, std::uint64_t address);
Block decode_a64(Image& image, std::uint64_t address);
Block decode_riscv(Image& image, std::uint64_t address);

/// How a system numbers its calls and where their words are.
struct CallConvention {
  Register number;
  std::array<Register, 6> words;
  Register result;
};

struct InstructionSet {
  std::string_view name;
  unsigned elf_machine;
  unsigned word_bytes;
  Decode decode;
  Register stack;
  CallConvention calls;
};

/// Null if there is none.
const InstructionSet* find_instruction_set(unsigned elf_machine, unsigned word_bytes);

/// A block may hold this many operations; longer ones go on in another.
inline constexpr std::size_t kMostOperations = 200;

class Program {
 public:
  Program(Image& image, const InstructionSet& set)
      : image_(image), set_(set), starts_(image.end() - image.base()) {}

  /// The first operation of the block at an address; null if nothing can run there.
  const Operation* at(std::uint64_t address);

  /// Where a jump of this program's goes, found on its first use and kept in it; null if nothing can run
  /// there. A jump back to the head of a loop that can be filled goes to an operation that does so.
  const Operation* goal(const Operation& jump);
  [[nodiscard]] const Loop& loop(std::size_t index) const { return loops_[index]; }

 private:
  const Operation* loop_at(std::uint64_t address);

  Image& image_;
  const InstructionSet& set_;
  std::deque<Block> blocks_;
  std::vector<const Operation*> starts_;  ///< by address from the base
  std::deque<Loop> loops_;
  std::deque<Operation> heads_;
  std::unordered_map<std::uint64_t, const Operation*> loop_starts_;  ///< by address, loops and others
};

}  // namespace assay::exec
