// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <unordered_map>
#include <vector>

#include "machine/engine/engine.h"

namespace assay::machine {

/// The portable engine; its story is at the top of interpreter.cpp.
class Interpreter final : public Engine {
 public:
  /// `most`: guest instructions in a block.
  Interpreter(const Isa& isa, Memory& memory, unsigned most = kMostGuest)
      : isa_(isa), memory_(memory), most_(most) {}
  Exit run(Cpu& cpu) override;
  [[nodiscard]] std::uint64_t held() const override { return steps_ * kBytesOfStep; }
  /// Runs one guest instruction; Exit::no_budget means done.
  Exit step(Cpu& cpu);
  /// The same, translated only once; for an interpreter with one instruction a block.
  Exit step_known(Cpu& cpu);
  /// The bytes of the instruction at an address, for such an interpreter; see Instruction::bytes.
  ByteView instruction_at(std::uint64_t pc);

 private:
  static constexpr unsigned kMostGuest = 48;
  static constexpr std::size_t kRecent = 1024;
  static constexpr std::size_t kMostSteps = 1'000'000;  // in all blocks: then they are made anew
  static constexpr std::size_t kBytesOfStep = 128;      // with its operation, and its part of the block

  struct Lowered;
  /// An Ins made ready to run.
  struct Step {
    std::uint16_t handler = 0;
    Slot dst = 0;
    Slot a = 0;
    Slot b = 0;
    Slot c = 0;
    std::uint16_t guest = 0;
    std::int64_t imm = 0;
    union {
      std::int64_t disp = 0;
      std::uint64_t target;
    };
    const Ins* ins = nullptr;
    Lowered* link = nullptr;  ///< the block at `target`, once known
  };
  struct Lowered {
    Block block;
    std::vector<Step> steps;
  };
  struct Recent {
    std::uint64_t pc = 0;
    Lowered* block = nullptr;
  };
  enum class Next : std::uint8_t {
    enter,  ///< the block at cpu.pc
    step,   ///< the instruction at cpu.pc alone
    leave,  ///< run() comes back
  };
  struct Outcome {
    Next next;
    Exit exit;
    Step* from = nullptr;  ///< may be linked to the block that is entered
  };

  static Lowered lower(Block&& block);
  Fetch fetch();
  Lowered& block_at(std::uint64_t pc);
  Outcome execute(Lowered* block, Cpu& cpu, bool single);
  void forget();
  void forget_if_needed();

  const Isa& isa_;
  Memory& memory_;
  unsigned most_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Lowered>> blocks_;
  std::array<Recent, kRecent> recent_{};
  std::size_t steps_ = 0;
};

}  // namespace assay::machine
