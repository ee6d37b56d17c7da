// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the operations of a program.
#pragma once

#include <functional>

#include "cc/exec/program.h"

namespace assay::exec {

inline constexpr std::uint64_t kNoFile = ~std::uint64_t{0};

/// Where a program's single bytes go, or come from, until the system has another call to do.
template <class B>
struct Stream {
  std::uint64_t file = kNoFile;  ///< its number
  B* next = nullptr;
  B* end = nullptr;
  /// The next one's place; null if it is another file's, or there is none.
  B* take(std::uint64_t number) { return number == file && next != end ? next++ : nullptr; }
};
using Output = Stream<Byte>;
using Input = Stream<const Byte>;

struct Registers {
  std::array<std::uint64_t, kRegisters> values{};
  std::uint64_t next = 0;  ///< at a system call: the address behind it, and where the program goes on
  std::uint64_t heap = 0;  ///< where it ends (brk), and where it may end
  std::uint64_t heap_most = 0;
  Output* output = nullptr;  ///< at the end of a file
  Input* input = nullptr;    ///< of another one
  std::uint64_t& operator[](Register reg) { return values[reg]; }
  std::uint64_t operator[](Register reg) const { return values[reg]; }
  /// What programs ask the system for most often.
  bool grow_heap(std::uint64_t to) {
    if (to < heap || to > heap_most) return false;
    heap = to;
    return true;
  }
};

enum class Halt {
  ended,
  paused,
  bad_address,
  bad_jump,
  divide_error,
  unknown_instruction,
  writes_code,
  too_long
};

struct Halted {
  Halt why = Halt::ended;
  std::uint64_t address = 0;  ///< what could not be read, written, run
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
