// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An engine that knows of each bit whether anybody gave it. At a program's start the registers are unknown
// but for the stack pointer, and so is what lies below it; the file, zeros behind it, the arguments and the
// heap are known. Unknown bits may be moved, stored and computed with. That what a program does depends on
// one is told: a condition, an address, the target of a jump, what a system call takes. Each value is told of
// once.
//
// The interpreter runs each instruction; beside it the same operations are followed on unknown bits.
#pragma once

#include <array>
#include <functional>
#include <set>
#include <unordered_map>
#include <vector>

#include "machine/engine/interpreter.h"
#include "machine/engine/shadow.h"
#include "machine/engine/shadow_memory.h"

namespace assay::machine {

/// What a system call takes from its caller's memory, and what it writes there.
struct CallUse {
  struct Range {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    unsigned argument = 0;       ///< from 1: the one that points there
    bool as_the_result = false;  ///< given: no more bytes than the call's result
  };
  std::string_view name;
  unsigned arguments = 0;
  std::vector<Range> takes;
  std::vector<Range> gives;
};

class Definedness final : public Engine {
 public:
  using Tell = std::function<void(const UndefinedUse&)>;
  Definedness(const Isa& isa, Memory& memory, Tell tell)
      : isa_(isa), memory_(memory), tell_(std::move(tell)), interpreter_(isa, memory, 1) {}

  /// The program has been loaded; `cpu` is as it starts.
  void begin(const Cpu& cpu);
  Exit run(Cpu& cpu) override;
  void before_call(const Cpu& cpu, const CallUse& use);
  void after_call(const Cpu& cpu, const CallUse& use);
  // As those of Memory.
  void take_snapshot() { saved_.push_back(state_); }
  void restore_snapshot();

 private:
  /// Where an unknown value comes from: a register at the start, or memory that was never written.
  using Origin = std::uint64_t;
  static constexpr Origin kRegister = std::uint64_t{1} << 63;  ///< and its slot; else an address

  struct State {
    std::array<std::uint64_t, kFirstTemp> unknown{};  ///< of the registers
    std::array<Origin, kFirstTemp> origin{};
    shadow::Flags flags;
    Origin flags_origin = 0;
    ShadowMemory memory;
    std::unordered_map<std::uint64_t, Origin> stored;  ///< unknown bytes that were stored somewhere
  };
  struct Followed;

  const Block& block_at(std::uint64_t pc);
  void follow(const Block& block, const Cpu& cpu);
  bool follow(const Ins& ins, Followed& at);
  void load(const Ins& ins, Followed& at, std::uint64_t address);
  void store(const Ins& ins, Followed& at, std::uint64_t address);
  void report(std::uint64_t pc, std::string what, Origin origin);
  [[nodiscard]] Origin origin_of(std::uint64_t address) const;

  const Isa& isa_;
  Memory& memory_;
  Tell tell_;
  Interpreter interpreter_;
  std::unordered_map<std::uint64_t, Block> blocks_;
  State state_;
  std::vector<State> saved_;
  std::set<Origin> told_;
  std::uint64_t call_at_ = 0;  ///< the instruction of the system call that is served
};

}  // namespace assay::machine
