// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What runs guest instructions: an Engine works on one Memory and one Cpu at a time. All engines give
// the same results, instruction counts included; machine/engine/interpreter.cpp is the one that is
// meant to be read, and the judge of the others.
#pragma once

#include <cstdint>
#include <memory>

#include "machine/engine/memory.h"
#include "machine/ir/ir_eval.h"
#include "machine/isa/isa.h"
#include "machine/machine.h"

namespace assay::machine {

/// The guest's registers, and what an engine needs next to them. Engines keep nothing elsewhere
/// between two calls of run().
struct Cpu {
  /// Guest registers, the temporaries of the running block, and words of a unit.
  std::uint64_t slots[kUnitWords + kUnitWordCount] = {};
  FlagState flags;
  std::uint64_t pc = 0;
  /// Guest instructions that may still be retired.
  std::uint64_t remaining = 0;
  /// The address of the last memory fault.
  std::uint64_t fault_address = 0;
  /// An engine's own, while it runs.
  std::uint64_t private_words[16] = {};
};

/// Why run() came back. Cpu::pc is the instruction concerned; after system_call the one that follows it.
enum class Exit : std::uint8_t {
  system_call,
  no_budget,  ///< remaining is 0
  memory_fault,
  fetch_fault,  ///< nothing executable at pc, or not on an instruction boundary
  unknown_instruction,
  breakpoint,
  arithmetic_fault,
  floating_point_fault,
  undetermined,  ///< TrapKind::undetermined
  observer,      ///< it ended the run (stepper.h)
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// Runs from cpu.pc. What a guest's stores or the kernel's writes do to translated code is seen
  /// before the next guest instruction.
  virtual Exit run(Cpu& cpu) = 0;
  /// Asked before the memory is cleared: whether it is worth while to keep the engine, with what it has
  /// translated, for another run of the program. Then again() is called when the memory has been loaded anew.
  virtual bool keep() { return false; }
  virtual void again() {}
  /// Bytes of host memory for what it keeps of translated code, roughly.
  [[nodiscard]] virtual std::uint64_t held() const { return 0; }
};

/// An engine for programs of `isa` in `memory`, which must outlive it.
std::unique_ptr<Engine> make_engine(EngineKind kind, const Isa& isa, Memory& memory);

/// Runs the one instruction at cpu.pc, whatever it is, without the help of any cache. Exit::no_budget
/// means that it was done (or that remaining was 0) and cpu.pc is the next.
Exit single_step(const Isa& isa, Memory& memory, Cpu& cpu);

}  // namespace assay::machine
