// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One block of intermediate representation to x86-64 code, in one pass. Writes of guest registers
// that are constants or "another register plus a constant" are not done but remembered (Place), until
// somebody needs the register itself, its source changes, or the block is left: so address
// arithmetic disappears into displacements, and pushes and pops into one adjustment at the end.
#pragma once

#include "machine/engine/translator.h"

namespace assay::machine {

class BlockCompiler {
 public:
  BlockCompiler(Translations& out, const Isa& isa, const Block& block, const Fetch& fetch);
  /// Appends the code. The buffer must have kMostBytes left.
  void compile();

  static constexpr std::size_t kMostBytes = std::size_t{256} << 10;

 private:
  using Reg = x64::Reg;
  using Mem = x64::Mem;
  using Cc = x64::Cc;
  using Alu = x64::Alu;

  /// What is known of the guest's registers at a point.
  struct State {
    std::array<Place, kFirstTemp> places;
    std::uint64_t lazy = 0;   ///< registers not in their home
    std::uint64_t valid = 0;  ///< homes known to be below 4 GiB, give or take drift
    std::array<std::int32_t, kFirstTemp> drift{};
  };
  struct Temp {
    Place place;
    Reg reg = x64::no_reg;  ///< home is this register, or the Cpu slot
    bool below = false;     ///< known to be below 4 GiB
    unsigned last_use = 0;
  };
  /// Flags not yet in the Cpu.
  struct Flags {
    /// weak: pending, but read by nobody: only a Site tells them.
    enum Where : std::uint8_t { unknown, pending, stored, weak } where = unknown;
    Ins ins;
  };
  /// An exit to be written after the block.
  struct Cold {
    Byte* jump = nullptr;  ///< to here
    State state;
    std::uint64_t target = 0;
    unsigned count = 0;
  };
  struct Stub {
    Byte* jump;
    std::uint32_t site;
  };

  // block_places.cpp
  void prepare_temps();
  [[nodiscard]] bool is_temp(Slot slot) const { return slot >= kFirstTemp; }
  [[nodiscard]] const Place& place_of(Slot slot) const;
  [[nodiscard]] bool constant_of(Slot slot, std::int64_t& value) const;
  void materialise(State& state, Slot slot);
  void materialise_temp(Slot temp);
  void materialise_all(State& state);
  void ready(Slot slot);
  void prepare(Slot dst);
  Reg value_in(Slot slot, Reg scratch);
  Reg second_value(Slot slot, Reg first);
  void evict(Reg reg);
  Reg begin(Slot dst);
  bool add_to(Place& place, std::int64_t value) const;
  void end(Slot dst, Reg reg, bool below = false);
  void set_lazy(Slot dst, Place place);
  bool lazy_source(Slot slot, Place& place) const;
  void release(unsigned index);
  std::uint64_t mask(std::uint64_t value) const;
  Reg pinned(Slot slot) const { return pins_[slot]; }

  // block_compiler.cpp
  void ins(unsigned index);
  void binary(const Ins& ins);
  void binary_register(const Ins& ins, bool immediate, std::int64_t value);
  void shift(const Ins& ins, bool immediate, std::int64_t value);
  void multiply_high(const Ins& ins);
  void helper_binary(const Ins& ins);
  void unit(const Ins& ins);
  void wide_divide(const Ins& ins, unsigned index);
  void unary(const Ins& ins);
  void move(const Ins& ins);
  void extract(const Ins& ins);
  void deposit(const Ins& ins);
  void select(const Ins& ins);
  void set_if(const Ins& ins);

  // block_memory.cpp
  void load(const Ins& ins);
  void store(const Ins& ins);
  void careful_store(const Ins& ins);
  Mem address(const Ins& ins);
  void exact_address(const Ins& ins);
  std::uint32_t site(const Ins& ins);
  void settle_flags();
  [[nodiscard]] bool flags_in_registers() const;
  void stop_if(Cc cc, const Ins& ins);
  void stop_always(const Ins& ins);
  [[nodiscard]] bool is_careful(const Ins& ins) const;

  // block_control.cpp
  Cc compare(Condition condition, Width w, Slot a, Slot b, std::int64_t immediate);
  void emit_compare(Width w, Reg a, bool immediate, std::int64_t value, Reg b, bool test);
  bool known(const Ins& ins, bool& holds) const;
  void branch(const Ins& ins);
  void leave_if(Cc cc, const Ins& ins);
  void leave(State& state, std::uint64_t target, unsigned count);
  void jump_indirect(const Ins& ins);
  void system_call(const Ins& ins);
  void finish_cold();
  void link(std::uint64_t target, Byte* jump);
  void give_back(unsigned count);
  void set_flags(const Ins& ins);
  void store_flags();
  void keep_flags(std::uint64_t target);
  Reg flag_operand(bool first, Reg other);
  void flags_source_changes(Slot slot);
  bool flag_compare(FlagCondition condition, Cc& cc);
  void flag_by_helper(unsigned what);
  void get_flag(const Ins& ins);
  void branch_flag(const Ins& ins);
  bool flags_dead_at(std::uint64_t pc);
  void remember_host_flags(Slot slot, Cc cc);
  [[nodiscard]] bool host_flags_tell(Slot slot) const;
  void host_flags_stay(const Ins& ins);

  Translations& out_;
  x64::Assembler& code_;
  const Isa& isa_;
  const Block& block_;
  const Fetch& fetch_;
  std::array<Reg, 256> pins_;
  bool wide_;  ///< 64-bit guest
  State state_;
  Flags flags_;
  std::array<Temp, 256> temps_{};
  std::vector<Slot> lazy_temps_;
  std::vector<bool> dead_;        ///< set_flags that nobody reads, by Ins
  std::vector<bool> flags_live_;  ///< somebody reads the flags as they are after the Ins
  Slot in_rcx_ = kNoSlot;         ///< the temporary whose home is rcx
  Slot in_rdx_ = kNoSlot;
  unsigned index_ = 0;
  bool done_ = false;  ///< an exit that is always taken has been written
  std::vector<Cold> cold_;
  std::vector<Stub> stubs_;
  /// The host's flags still say by flags_cc_ that one of these is 1 and not 0, at Ins flags_at_.
  std::array<Slot, 2> flags_of_{kNoSlot, kNoSlot};
  Cc flags_cc_ = x64::e;
  unsigned flags_at_ = 0;
  unsigned stored_ = ~0U;  ///< the guest instruction of the last store
  unsigned skip_ = ~0U;    ///< an Ins already done with the one before
};

}  // namespace assay::machine
