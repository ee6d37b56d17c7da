// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of instruction sets, and how blocks are formed, the same for all of them.
#include "machine/isa/isa.h"

#include <algorithm>
#include <array>
#include <optional>

#include "machine/ir/ir_eval.h"
#include "machine/isa/isa_table.h"

namespace assay::machine {
namespace {

constexpr std::size_t kMostCode = 900;          // Ins of one block
constexpr unsigned kMostExits = 12;             // conditional exits of one block
constexpr unsigned kMostFollowedJumps = 6;      // jumps a block goes over
constexpr unsigned kFlagUsers = 3;              // instructions that a block is made longer by for its flags
constexpr std::uint64_t kFarthestLiteral = 16;  // bytes from an instruction to a constant it loads

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
    if ((builder_.count_ >= most_ && !(builder_.count_ < most_ + kFlagUsers && keeps_flags_for_next())) ||
        builder_.full() || block_.code.size() > kMostCode || exits_ >= kMostExits || visited(pc)) {
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
    if (isa_.inline_literals) fold_literals(before);
    for (std::size_t i = before; i < block_.code.size(); ++i) {
      if (is_branch(block_.code[i].op)) ++exits_;
    }
    std::uint64_t next = address(pc + static_cast<unsigned>(length));
    if (!builder_.ended()) {
      pc = next;
      return true;
    }
    const Ins last = block_.code.back();
    if (last.op != Op::jump) return false;
    if (joins_branch(before, next) || joins_far_branch(before, next)) {
      pc = next;
      return true;
    }
    const bool over_literal = isa_.inline_literals && last.target - next <= kFarthestLiteral;
    if ((followed_ >= kMostFollowedJumps && !over_literal) || builder_.count_ >= most_) return false;
    if (!over_literal) ++followed_;
    block_.code.pop_back();
    builder_.ended_ = false;
    pc = last.target;
    return true;
  }

  static void invert(Ins& branch, std::uint64_t target) {
    if (branch.op == Op::branch) {
      branch.condition = inverse(branch.condition);
    } else {
      branch.flag_condition = inverse(branch.flag_condition);
    }
    branch.target = target;
  }

  // "branch over the next instruction; jump far": compilers of 20-bit branches write this for
  // "branch far if not". Becomes one exit, and the block goes on after the jump.
  bool joins_branch(std::size_t before, std::uint64_t next) {
    if (before == 0 || block_.code.size() != before + 1) return false;
    Ins& branch = block_.code[before - 1];
    if (!is_branch(branch.op) || branch.target != next || branch.guest + 2U != block_.guest.size())
      return false;
    invert(branch, block_.code.back().target);
    branch.count = static_cast<std::uint16_t>(branch.count + 1);
    block_.code.pop_back();
    GuestIns& kept = block_.guest[branch.guest];
    kept.length = static_cast<std::uint16_t>(kept.length + block_.guest.back().length);
    block_.guest.pop_back();
    --builder_.count_;
    builder_.ended_ = false;
    return true;
  }

  // "branch over the next two instructions and their literal; load the literal; jump there": the same for
  // any distance. The two become a block of their own, and this one goes on where the branch leads.
  bool joins_far_branch(std::size_t before, std::uint64_t& next) {
    if (!folded_jump_ || before < 2 || block_.code.size() != before + 1) return false;
    Ins& branch = block_.code[before - 2];
    const std::size_t guests = block_.guest.size();
    if (!is_branch(branch.op) || branch.guest + 3U != guests ||
        branch.count != block_.guest[branch.guest].count + 1U || block_.code[before - 1].op != Op::mov ||
        block_.code[before - 1].dst >= kFirstTemp || branch.target < next ||
        branch.target > next + kFarthestLiteral)
      return false;
    next = branch.target;
    invert(branch, block_.guest[guests - 2].pc);
    known_[block_.code[before - 1].dst].reset();
    block_.code.resize(before - 1);
    block_.guest.resize(guests - 2);
    builder_.count_ -= 2;
    builder_.ended_ = false;
    return true;
  }

  // Takes over what a load finds between the instructions, and where a jump to such a constant leads.
  void fold_literals(std::size_t before) {
    std::vector<Ins>& code = block_.code;
    folded_jump_ = false;
    if (code.size() == before + 2 && code[before].op == Op::mov && code[before].b == kImmediate &&
        (code.back().op == Op::load || code.back().op == Op::load_signed) &&
        code.back().a == code[before].dst) {
      const Ins load = code.back();
      const std::uint64_t at = address(static_cast<std::uint64_t>(code[before].imm + load.disp));
      const std::uint64_t here = block_.guest.back().pc;
      const ByteView bytes =
          at >= here && at - here <= kFarthestLiteral ? fetch_(at, bytes_of(load.width)) : ByteView{};
      if (bytes.size() == bytes_of(load.width)) {
        std::uint64_t value = 0;
        for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
        if (load.op == Op::load_signed) value = static_cast<std::uint64_t>(as_signed(load.width, value));
        code.pop_back();
        code.back().dst = load.dst;
        code.back().imm = static_cast<std::int64_t>(value);
        block_.literals.push_back({at, static_cast<std::uint16_t>(bytes.size())});
      }
    }
    for (std::size_t i = before; i < code.size(); ++i) {
      Ins& ins = code[i];
      if (ins.op == Op::jump_indirect && ins.a < kFirstTemp && known_[ins.a] &&
          *known_[ins.a] % isa_.alignment == 0) {
        ins.op = Op::jump;
        ins.target = *known_[ins.a];
        ins.a = kNoSlot;
        folded_jump_ = true;
      } else if (ins.dst < kFirstTemp) {
        known_[ins.dst].reset();
        if (ins.op == Op::mov && ins.b == kImmediate) known_[ins.dst] = static_cast<std::uint64_t>(ins.imm);
      }
    }
  }

  // True where the block should not end: flags have just been set, and who reads them comes next.
  bool keeps_flags_for_next() const {
    const std::size_t size = block_.code.size();
    for (std::size_t i = size > kFlagUsers ? size - kFlagUsers : 0; i < size; ++i) {
      if (block_.code[i].op == Op::set_flags) return most_ > kFlagUsers;
    }
    return false;
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
  std::array<std::optional<std::uint64_t>, kFirstTemp> known_;  ///< constants in registers
  bool folded_jump_ = false;  ///< the jump just made was one through a register
  unsigned exits_ = 0;
  unsigned followed_ = 0;
};

ByteView instruction_bytes(const Isa& isa, std::uint64_t pc, ByteView code) {
  for (std::size_t size = 1; size <= code.size(); ++size) {
    Block block;
    BlockBuilder builder(block);
    builder.begin(pc);
    const int length = isa.decode(builder, pc, code.first(size));
    if (length != kNeedMoreBytes) return code.first(length > 0 ? static_cast<std::size_t>(length) : size);
  }
  return code;
}

Block translate(const Isa& isa, std::uint64_t pc, unsigned most, const Fetch& fetch) {
  return Translator(isa, most, fetch).run(pc);
}

}  // namespace assay::machine
