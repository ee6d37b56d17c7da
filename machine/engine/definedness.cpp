// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/definedness.h"

#include <fmt/format.h>

namespace assay::machine {

using shadow::Bits;

/// The slots while one guest instruction is followed.
struct Definedness::Followed {
  std::uint64_t pc = 0;
  std::array<Bits, 256> slots;
  std::array<Origin, 256> origins{};

  [[nodiscard]] Bits a(const Ins& ins) const { return slots[ins.a]; }
  [[nodiscard]] Bits b(const Ins& ins) const {
    return ins.b == kImmediate ? Bits{static_cast<std::uint64_t>(ins.imm), 0} : slots[ins.b];
  }
  [[nodiscard]] Bits c(const Ins& ins) const { return ins.c == kNoSlot ? Bits{} : slots[ins.c]; }
  /// Where the unknown bits of the operands come from.
  [[nodiscard]] Origin origin(const Ins& ins) const {
    for (const Slot slot : {ins.a, ins.b, ins.c}) {
      if (slot < kNoSlot && slots[slot].unknown != 0) return origins[slot];
    }
    return 0;
  }
  void set(const Ins& ins, Bits result) {
    const Origin from = origin(ins);
    slots[ins.dst] = result;
    origins[ins.dst] = from;
  }
};

void Definedness::begin(const Cpu& cpu) {
  for (std::size_t i = 0; i < isa_.registers.size(); ++i) {
    const bool given = i == isa_.stack_pointer || i == isa_.zero || isa_.registers[i] == "df";
    state_.unknown[i] = given ? 0 : isa_.address_bits == 32 ? 0xFFFF'FFFFU : ~std::uint64_t{0};
    state_.origin[i] = kRegister | i;
  }
  state_.flags = {FlagKind::word, Width::w64, {0, 0xFFF}, {}, {}};
  state_.flags_origin = kRegister | isa_.registers.size();
  const std::uint64_t low = memory_.stack_bottom();
  state_.memory.set(low, cpu.slots[isa_.stack_pointer] - low, true);
}

void Definedness::restore_snapshot() {
  state_ = std::move(saved_.back());
  saved_.pop_back();
  state_.unknown[isa_.call_result] = 0;
}

const Block& Definedness::block_at(std::uint64_t pc) {
  if (memory_.code_changed()) blocks_.clear();  // the interpreter takes the mark back
  const auto known = blocks_.find(pc);
  if (known != blocks_.end()) return known->second;
  return blocks_
      .emplace(pc, translate(isa_, pc, 1,
                             [this](std::uint64_t at, std::size_t most) { return memory_.fetch(at, most); }))
      .first->second;
}

Exit Definedness::run(Cpu& cpu) {
  while (cpu.remaining > 0) {
    call_at_ = cpu.pc;
    follow(block_at(cpu.pc), cpu);
    const Exit exit = interpreter_.step_known(cpu);
    if (exit != Exit::no_budget) return exit;
  }
  return Exit::no_budget;
}

void Definedness::follow(const Block& block, const Cpu& cpu) {
  Followed at;
  at.pc = cpu.pc;
  const std::size_t registers = isa_.registers.size();
  for (std::size_t i = 0; i < kFirstTemp; ++i) {
    at.slots[i] = {cpu.slots[i], state_.unknown[i]};
    at.origins[i] = state_.origin[i];
  }
  for (const Ins& ins : block.code) {
    if (!follow(ins, at)) break;
  }
  for (std::size_t i = 0; i < registers; ++i) {
    state_.unknown[i] = at.slots[i].unknown;
    state_.origin[i] = at.origins[i];
  }
}

// False where the instruction is left, or faults.
bool Definedness::follow(const Ins& ins, Followed& at) {
  const Width w = ins.width;
  const bool same = ins.a == ins.b;
  const std::uint64_t mask = isa_.address_bits == 32 ? 0xFFFF'FFFFU : ~std::uint64_t{0};
  switch (ins.op) {
    case Op::mov: at.set(ins, at.b(ins)); return true;
    case Op::load:
    case Op::load_signed:
    case Op::load_signed_32:
    case Op::store: {
      const bool is_store = ins.op == Op::store;
      if ((at.a(ins).unknown & mask) != 0)
        report(at.pc, is_store ? "the address of a store" : "the address of a load", at.origins[ins.a]);
      const std::uint64_t address = (at.a(ins).value + static_cast<std::uint64_t>(ins.disp)) & mask;
      const unsigned size = bytes_of(w);
      if (is_store) {
        if (memory_.prepare_write(address, size) == Memory::Access::fault) return false;
        store(ins, at, address);
      } else {
        if (memory_.prepare_read(address, size) != Memory::Access::ok) return false;
        load(ins, at, address);
      }
      return true;
    }
    case Op::wide_div_u:
    case Op::wide_rem_u:
    case Op::wide_div_s:
    case Op::wide_rem_s: {
      Bits result;
      if (!eval::wide_divide(ins.op, w, at.c(ins).value, at.a(ins).value, at.b(ins).value, result.value))
        return false;
      const std::uint64_t unknown = at.a(ins).unknown | at.b(ins).unknown | at.c(ins).unknown;
      result.unknown = truncate(w, unknown) == 0 ? 0 : truncate(w, ~std::uint64_t{0});
      at.set(ins, result);
      return true;
    }
    case Op::count_leading_zeros:
    case Op::count_trailing_zeros:
    case Op::count_ones:
    case Op::byte_swap:
    case Op::bit_reverse:
    case Op::zero_extend:
    case Op::sign_extend:
    case Op::sign_extend_32: at.set(ins, shadow::unary(ins.op, w, at.a(ins))); return true;
    case Op::extract:
      at.set(ins, {eval::extract(at.a(ins).value, ins.imm), eval::extract(at.a(ins).unknown, ins.imm)});
      return true;
    case Op::deposit:
      at.set(ins, {eval::deposit(at.a(ins).value, at.slots[ins.b].value, ins.imm),
                   eval::deposit(at.a(ins).unknown, at.slots[ins.b].unknown, ins.imm)});
      return true;
    case Op::set_if:
      at.set(ins, {eval::condition(ins.condition, w, at.a(ins).value, at.b(ins).value) ? 1U : 0U,
                   same || shadow::decided(ins.condition, w, at.a(ins), at.b(ins)) ? 0U : 1U});
      return true;
    case Op::select: at.set(ins, shadow::select(at.slots[ins.c], at.a(ins), at.b(ins))); return true;
    case Op::set_flags:
      state_.flags_origin = at.origin(ins);
      state_.flags = {ins.flag_kind, w, at.a(ins), at.b(ins), at.c(ins)};
      if (same && (ins.flag_kind == FlagKind::sub || ins.flag_kind == FlagKind::sub_arm))
        state_.flags.a.unknown = state_.flags.b.unknown = 0;  // x - x is the same whatever x is
      return true;
    case Op::get_flag:
      at.slots[ins.dst] = {flag_holds(ins.flag_condition, shadow::flags_word(state_.flags).value) ? 1U : 0U,
                           shadow::decided(ins.flag_condition, state_.flags) ? 0U : 1U};
      at.origins[ins.dst] = state_.flags_origin;
      return true;
    case Op::get_flags:
      at.slots[ins.dst] = shadow::flags_word(state_.flags);
      at.origins[ins.dst] = state_.flags_origin;
      return true;
    case Op::unit:  // its registers are not followed: what goes in is used
      for (const Slot slot : {ins.a, ins.b}) {
        if (slot != kNoSlot && at.slots[slot].unknown != 0)
          report(at.pc, "an operand of a floating-point instruction", at.origins[slot]);
      }
      at.slots[ins.dst] = {};
      at.origins[ins.dst] = 0;
      return true;
    case Op::branch:
    case Op::trap_if:
      if (!same && !shadow::decided(ins.condition, w, at.a(ins), at.b(ins)))
        report(at.pc, "a condition", at.origin(ins));
      return !eval::condition(ins.condition, w, at.a(ins).value, at.b(ins).value);
    case Op::branch_flag:
      if (!shadow::decided(ins.flag_condition, state_.flags))
        report(at.pc, "a condition", state_.flags_origin);
      return !flag_holds(ins.flag_condition, shadow::flags_word(state_.flags).value);
    case Op::jump_indirect:
      if ((at.a(ins).unknown & mask) != 0) report(at.pc, "the target of a jump", at.origins[ins.a]);
      return false;
    case Op::jump:
    case Op::system_call:
    case Op::trap: return false;
    default: {
      const bool nothing = same && (ins.op == Op::sub || ins.op == Op::bit_xor);
      at.set(ins, nothing ? Bits{} : shadow::binary(ins.op, w, at.a(ins), at.b(ins)));
      return true;
    }
  }
}

void Definedness::load(const Ins& ins, Followed& at, std::uint64_t address) {
  const unsigned size = bytes_of(ins.width);
  Byte raw[8] = {};
  memory_.read(address, raw, size);
  Bits result{0, state_.memory.get(address, size)};
  for (unsigned i = 0; i < size; ++i)
    result.value |= std::uint64_t{static_cast<std::uint8_t>(raw[i])} << (8 * i);
  const std::optional<std::uint64_t> from = state_.memory.first_unknown(address, size);
  if (ins.op == Op::load_signed) result = shadow::unary(Op::sign_extend, ins.width, result);
  if (ins.op == Op::load_signed_32) result = shadow::unary(Op::sign_extend_32, ins.width, result);
  at.slots[ins.dst] = result;
  at.origins[ins.dst] = from ? origin_of(*from) : 0;
}

void Definedness::store(const Ins& ins, Followed& at, std::uint64_t address) {
  const unsigned size = bytes_of(ins.width);
  const std::uint64_t unknown = truncate(ins.width, at.b(ins).unknown);
  state_.memory.put(address, size, unknown);
  for (unsigned i = 0; i < size && unknown != 0; ++i) state_.stored[address + i] = at.origins[ins.b];
}

Definedness::Origin Definedness::origin_of(std::uint64_t address) const {
  const auto stored = state_.stored.find(address);
  return stored == state_.stored.end() ? address : stored->second;
}

void Definedness::report(std::uint64_t pc, std::string what, Origin origin) {
  if (!told_.insert(origin).second) return;
  UndefinedUse use{pc, std::move(what), ""};
  const std::uint64_t slot = origin & ~kRegister;
  if ((origin & kRegister) == 0) {
    use.origin = fmt::format("memory at {:#x}, which nobody wrote", origin);
  } else if (slot < isa_.registers.size()) {
    use.origin = fmt::format("register {} as it is at the start", isa_.registers[slot]);
  } else {
    use.origin = "the flags as they are at the start";
  }
  tell_(use);
}

void Definedness::before_call(const Cpu& /*cpu*/, const CallUse& use) {
  const auto check = [&](Slot slot, std::string what) {
    if (state_.unknown[slot] != 0) report(call_at_, std::move(what), state_.origin[slot]);
  };
  check(isa_.call_number, "the number of a system call");
  for (unsigned i = 0; i < use.arguments; ++i)
    check(isa_.arguments[i], fmt::format("argument {} of {}", i + 1, use.name));
  for (const CallUse::Range& range : use.takes) {
    const std::optional<std::uint64_t> from = state_.memory.first_unknown(range.address, range.size);
    if (from)
      report(call_at_, fmt::format("what argument {} of {} points to", range.argument, use.name),
             origin_of(*from));
  }
}

void Definedness::after_call(const Cpu& cpu, const CallUse& use) {
  state_.unknown[isa_.call_result] = 0;
  const std::uint64_t raw = cpu.slots[isa_.call_result];
  const std::int64_t result =
      isa_.address_bits == 32 ? std::int64_t{static_cast<std::int32_t>(raw)} : static_cast<std::int64_t>(raw);
  for (const CallUse::Range& range : use.gives) {
    std::uint64_t size = range.size;
    if (range.as_the_result) size = result > 0 ? std::min(size, static_cast<std::uint64_t>(result)) : 0;
    state_.memory.set(range.address, size, false);
  }
}

}  // namespace assay::machine
