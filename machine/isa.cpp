// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of instruction sets, and how blocks are formed, the same for all of them.
#include "machine/isa.h"

#include <algorithm>

#include "machine/isa_table.h"

namespace assay::machine {
namespace {

constexpr std::size_t kMostCode = 900;      // Ins of one block
constexpr unsigned kMostExits = 12;         // conditional exits of one block
constexpr unsigned kMostFollowedJumps = 6;  // jumps a block goes over

const Isa* const kIsas[] = {&kRiscv64, &kRiscv32, &kAmd64, &kX86, &kAarch64, &kArmv7l};

bool is_branch(Op op) { return op == Op::branch || op == Op::branch_flag; }

}  // namespace

std::span<const Isa* const> all_isas() { return kIsas; }

const Isa* find_isa(std::uint16_t elf_machine, unsigned elf_class) {
  for (const Isa* isa : kIsas) {
    if (isa->elf_machine == elf_machine && isa->address_bits == (elf_class == 2 ? 64 : 32)) return isa;
  }
  return nullptr;
}

const Isa* find_isa(std::string_view name) {
  for (const Isa* isa : kIsas) {
    if (isa->name == name) return isa;
  }
  return nullptr;
}

/// Forms one block; a friend of the builder because it takes back what it joins over.
class Translator {
 public:
  Translator(const Isa& isa, unsigned most, const Fetch& fetch) : isa_(isa), most_(most), fetch_(fetch) {}

  Block run(std::uint64_t pc) {
    block_.pc = pc;
    while (step(pc)) {
    }
    block_.max_count = 0;
    for (const Ins& ins : block_.code) {
      if (is_exit(ins.op) && ins.op != Op::trap_if) block_.max_count = std::max(block_.max_count, ins.count);
    }
    return std::move(block_);
  }

 private:
  // Translates the instruction at pc and moves pc on; false when the block is complete.
  bool step(std::uint64_t& pc) {
    if (builder_.count_ >= most_ || builder_.full() || block_.code.size() > kMostCode ||
        exits_ >= kMostExits || visited(pc)) {
      return leave_to(pc);
    }
    const std::size_t before = block_.code.size();
    const ByteView bytes = pc % isa_.alignment == 0 ? fetch_(pc, isa_.max_length) : ByteView{};
    builder_.begin(pc);
    const int length = bytes.empty() ? kNeedMoreBytes : isa_.decode(builder_, pc, bytes);
    if (length <= 0 || static_cast<std::size_t>(length) > bytes.size()) {
      block_.code.resize(before);
      builder_.ended_ = false;
      block_.guest.pop_back();
      if (!block_.guest.empty()) return leave_to(pc);  // a block of its own, if ever reached
      builder_.begin(pc);
      builder_.trap(length == kUnknownInstruction ? TrapKind::unknown_instruction : TrapKind::fetch_fault);
      builder_.finish(static_cast<unsigned>(bytes.size()));
      return false;
    }
    builder_.finish(static_cast<unsigned>(length));
    for (std::size_t i = before; i < block_.code.size(); ++i) {
      if (is_branch(block_.code[i].op)) ++exits_;
    }
    const std::uint64_t next = address(pc + static_cast<unsigned>(length));
    if (!builder_.ended()) {
      pc = next;
      return true;
    }
    const Ins last = block_.code.back();
    if (last.op != Op::jump) return false;
    if (joins_branch(before, next)) {
      pc = next;
      return true;
    }
    if (followed_ >= kMostFollowedJumps || builder_.count_ >= most_) return false;
    ++followed_;
    block_.code.pop_back();
    builder_.ended_ = false;
    pc = last.target;
    return true;
  }

  // "branch over the next instruction; jump far": compilers of 20-bit branches write this for
  // "branch far if not". Becomes one exit, and the block goes on after the jump.
  bool joins_branch(std::size_t before, std::uint64_t next) {
    if (before == 0 || block_.code.size() != before + 1) return false;
    Ins& branch = block_.code[before - 1];
    if (!is_branch(branch.op) || branch.target != next || branch.guest + 2U != block_.guest.size())
      return false;
    const std::uint64_t target = block_.code.back().target;
    if (branch.op == Op::branch) {
      branch.condition = inverse(branch.condition);
    } else {
      branch.flag_condition = inverse(branch.flag_condition);
    }
    branch.target = target;
    branch.count = static_cast<std::uint16_t>(branch.count + 1);
    block_.code.pop_back();
    GuestIns& kept = block_.guest[branch.guest];
    kept.length = static_cast<std::uint16_t>(kept.length + block_.guest.back().length);
    block_.guest.pop_back();
    --builder_.count_;
    builder_.ended_ = false;
    return true;
  }

  bool visited(std::uint64_t pc) const {
    return std::any_of(block_.guest.begin(), block_.guest.end(),
                       [pc](const GuestIns& g) { return g.pc == pc; });
  }

  // Ends the block without retiring anything more.
  bool leave_to(std::uint64_t pc) {
    builder_.jump(pc);
    Ins& exit = block_.code.back();
    exit.count = builder_.count_;
    return false;
  }

  std::uint64_t address(std::uint64_t pc) const { return isa_.address_bits == 32 ? pc & 0xFFFF'FFFFU : pc; }

  const Isa& isa_;
  unsigned most_;
  const Fetch& fetch_;
  Block block_;
  BlockBuilder builder_{block_};
  unsigned exits_ = 0;
  unsigned followed_ = 0;
};

Block translate(const Isa& isa, std::uint64_t pc, unsigned most, const Fetch& fetch) {
  return Translator(isa, most, fetch).run(pc);
}

}  // namespace assay::machine
