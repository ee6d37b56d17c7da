// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The engine that translates blocks to x86-64 code. The story:
//
// * Host registers: rbp points into the Cpu, r14 at guest address 0, r15 counts the budget down; nine
//   hold the guest's hottest registers (Isa::hot) all the time; rax, rcx, rdx are for temporaries.
// * A block (block_compiler.h) takes its whole count from the budget on entry and gives back what an
//   early exit did not use. With too little left it comes back, and the rest is single-stepped: limits
//   hold to the instruction, whatever the shape of blocks.
// * Direct exits jump to their block once it exists; indirect ones look up a table of recent targets.
// * Where code jumps backward often, and closes a loop that only counts and fills memory, the head of the
//   loop asks fill_loop.h first.
// * Memory is used without checks where an address is known to be below 4 GiB plus or minus a little;
//   what is not accessible stops with SIGSEGV (fault_handler.h). Every place that can stop has a Site:
//   the guest instruction, and how the guest's registers follow from the host's there. The instruction
//   is then done by the interpreter, which decides what really happens, and translated code goes on.
// * Pages with translated bytes are write-protected for the guest. A store that stops there three
//   times is translated again as a careful one: byte-precise check, write through the other mapping.
// * When a translated byte changes, all translations are dropped. A program that keeps doing this is
//   given to the interpreter for good.
//
// Known limit: flags that nothing reads before they are overwritten are not kept. A store that turns
// the overwriting instruction, already fetched in the same straight line, into a reading one sees the
// flags of before.
#pragma once

#include <array>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "machine/engine/code_buffer.h"
#include "machine/engine/engine.h"
#include "machine/engine/fill_loop.h"
#include "machine/engine/interpreter.h"
#include "machine/engine/x64_assembler.h"

namespace assay::machine {

/// Where the value of a guest register is at some point of a block: in its home (the host register
/// or Cpu slot it always has between blocks), or known otherwise, its home being out of date.
struct Place {
  enum Kind : std::uint8_t {
    home,
    constant,  ///< imm
    offset,    ///< what is in the home of `base`, + imm (at the guest's width)
  };
  Kind kind = home;
  Slot base = 0;
  std::int64_t imm = 0;
};

struct Recovery {
  Slot slot;
  Place place;
};

/// How flags that are not in the Cpu follow.
struct FlagRecovery {
  Ins ins;  ///< the set_flags
  Place a, b, c;
};

/// A place in generated code that may stop before its guest instruction.
struct Site {
  std::uint32_t at = 0;     ///< offset of the host instruction
  std::uint32_t first = 0;  ///< recoveries
  std::uint16_t count = 0;
  std::uint16_t refund = 0;  ///< to the budget
  std::uint64_t pc = 0;
  std::uint32_t block = 0;
  std::uint32_t flags = 0;  ///< 1 + index of a FlagRecovery, or 0
};

/// A direct exit, or the place after a system call.
struct Link {
  std::uint64_t target = 0;
  Byte* patch = nullptr;  ///< displacement of the jump, in the writable mapping; nullptr: not to be linked
  bool backward = false;  ///< may close a loop: linked once it has been taken a few times
  std::uint8_t visits = 0;
};

/// A loop that is done at once, and whether that pays.
struct FillCount {
  FillLoop loop;
  std::uint64_t asked = 0;
  std::uint64_t iterations = 0;
};

/// A translated block.
struct Compiled {
  std::uint64_t pc = 0;
  Byte* entry = nullptr;  ///< writable mapping
  Byte* body = nullptr;   ///< behind the question for a loop to be done at once (fill_loop.h)
  FillCount* fill = nullptr;
};

/// Why generated code comes back: in the low three bits of its result; the rest is an index.
enum class Return : std::uint32_t { link, indirect, system_call, budget, site, fault, fill };

/// Indices into Cpu::private_words.
enum Word : std::uint8_t {
  kWordTable,
  kWordLimit,  ///< 2^32
  kWordImageLow,
  kWordImageSize,  ///< for careful stores; 0 where they must not use the other mapping
  kWordCodeMap,
  kWordAlias,
  kWordFault,  ///< host address of the instruction that stopped
  kWordMemory,
  kWordA,
  kWordB,
  kWordUnit,  ///< Isa::unit
};

/// All that has been translated for one program; block_compiler.cpp appends to it.
struct Translations {
  std::unique_ptr<CodeBuffer> buffer;
  x64::Assembler code;
  std::vector<Site> sites;  ///< by `at`
  std::vector<Recovery> recoveries;
  std::vector<FlagRecovery> flag_recoveries;
  std::vector<Link> links;
  std::vector<Compiled> blocks;
  std::unordered_map<std::uint64_t, std::uint32_t> by_pc;  ///< into blocks
  /// Guest instructions to translate with care: blocks from this index on are.
  std::unordered_map<std::uint64_t, std::uint32_t> careful;
  std::unordered_map<std::uint64_t, bool> flags_dead;  ///< by address, see BlockCompiler
  std::unordered_map<std::uint64_t, FillCount> fills;  ///< loops, by the address of their head
  std::unordered_set<std::uint64_t> not_fills;         ///< heads that have been looked at in vain
  std::vector<GuestIns> peeked;  ///< looked at for flags_dead, to be marked as translated
  // Common code, in the writable mapping.
  Byte* enter = nullptr;
  Byte* leave = nullptr;
  Byte* faulted = nullptr;
  Byte* flag_helper = nullptr;
  Byte* binary_helper = nullptr;
  Byte* unit_helper = nullptr;
  Byte* start = nullptr;  ///< where blocks begin

  [[nodiscard]] const Byte* executable(const Byte* writable) const {
    return buffer->executable() + (writable - buffer->writable());
  }
  /// Code that comes back with that result.
  void leave_to_cpp(Return why, std::size_t index);
};

/// The host registers that hold guest registers.
inline constexpr std::array<x64::Reg, 9> kPinned = {x64::rbx, x64::rsi, x64::rdi, x64::r8, x64::r9,
                                                    x64::r10, x64::r11, x64::r12, x64::r13};

/// Guest register -> host register, or no_reg.
std::array<x64::Reg, 256> pinned_registers(const Isa& isa);

/// rbp is this far into the Cpu, so that short displacements reach more of it.
inline constexpr std::int32_t kCpuBias = 128;
x64::Mem slot_cell(Slot slot);
x64::Mem word_cell(Word word);

/// Writes the common code; false if the host lacks something.
bool write_common_code(Translations& translations, const Isa& isa);

class Translator64 final : public Engine {
 public:
  /// nullptr if the host does not allow it.
  static std::unique_ptr<Engine> create(const Isa& isa, Memory& memory);
  Exit run(Cpu& cpu) override;
  bool keep() override;
  void again() override;
  [[nodiscard]] std::uint64_t held() const override;

 private:
  Translator64(const Isa& isa, Memory& memory) : isa_(isa), memory_(memory), interpreter_(isa, memory) {}
  static constexpr unsigned kMostGuest = 48;

  struct TableEntry {
    std::uint64_t pc = ~std::uint64_t{0};
    const Byte* code = nullptr;
  };

  std::uint32_t block_at(std::uint64_t pc);
  void begin();
  void forget();
  void prepare(Cpu& cpu);
  Exit recover(Cpu& cpu, std::uint32_t site);
  Exit step(Cpu& cpu);
  void redirect(std::uint32_t block);
  void look_for_fill(std::uint64_t start);
  void fill(Cpu& cpu, std::uint32_t block);
  const Site* site_of_fault(const Cpu& cpu) const;
  TableEntry& entry_of(std::uint64_t pc);

  const Isa& isa_;
  Memory& memory_;
  Interpreter interpreter_;
  Translations translations_;
  std::vector<TableEntry> table_;
  std::array<x64::Reg, 256> pinned_{};
  std::unordered_map<std::uint64_t, unsigned> stops_;  ///< by guest address
  unsigned changes_ = 0;
  bool given_up_ = false;
  bool careful_stores_work_ = false;
  std::vector<Memory::Code> kept_;  ///< what the translations stand for, between two runs
};

/// log2 of the entries of the table of recent targets, 16 bytes each.
inline constexpr unsigned kTableBits = 14;

}  // namespace assay::machine
