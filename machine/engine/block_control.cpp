// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Conditions, flags and exits of a block.
#include <algorithm>
#include <cstddef>

#include "machine/engine/block_compiler.h"

namespace assay::machine {

using namespace x64;

namespace {

constexpr unsigned kPeeked = 12;  // guest instructions looked at for a next write of flags

constexpr bool fits(std::int64_t value) { return value == static_cast<std::int32_t>(value); }

Cc cc_of(Condition condition) {
  switch (condition) {
    case Condition::eq:
    case Condition::no_bits: return e;
    case Condition::ne:
    case Condition::some_bits: return ne;
    case Condition::lt_u: return b;
    case Condition::ge_u: return ae;
    case Condition::le_u: return be;
    case Condition::gt_u: return a;
    case Condition::lt_s: return l;
    case Condition::ge_s: return ge;
    case Condition::le_s: return le;
    case Condition::gt_s: return g;
  }
  return e;
}

Mem flag_cell(std::size_t member) {
  return {rbp, no_reg, static_cast<std::int32_t>(offsetof(Cpu, flags) + member) - kCpuBias};
}
Mem flag_a() { return flag_cell(offsetof(FlagState, a)); }
Mem flag_b() { return flag_cell(offsetof(FlagState, b)); }
Mem flag_c() { return flag_cell(offsetof(FlagState, c)); }

}  // namespace

// cmp or test of the operands at a width.
void BlockCompiler::emit_compare(Width w, Reg a, bool immediate, std::int64_t value, Reg b, bool test) {
  const bool wide = w == Width::w64;
  if (immediate && (value == 0 && !test)) {
    immediate = false;
    b = a;
    test = true;
  }
  if (immediate && test) {
    // Rare enough in narrow widths: the constant goes to a register.
    if (w >= Width::w32) return code_.test_imm(wide, a, static_cast<std::int32_t>(value));
    b = a == rax ? rcx : rax;
    if (b == rcx) evict(rcx);
    code_.mov_imm_keeping_flags(b, static_cast<std::uint64_t>(value) & 0xFFFF);
    immediate = false;
  }
  const auto small = static_cast<unsigned>(static_cast<std::uint64_t>(value));
  switch (w) {
    case Width::w8:
      if (immediate) return code_.alu8_imm(Alu::cmp, a, small);
      return test ? code_.test8(a, b) : code_.alu8(Alu::cmp, a, b);
    case Width::w16:
      if (immediate) return code_.alu16_imm(Alu::cmp, a, small);
      return test ? code_.test16(a, b) : code_.alu16(Alu::cmp, a, b);
    default:
      if (immediate) return code_.alu_imm(wide, Alu::cmp, a, static_cast<std::int32_t>(value));
      return test ? code_.test(wide, a, b) : code_.alu(wide, Alu::cmp, a, b);
  }
}

Cc BlockCompiler::compare(Condition condition, Width w, Slot first, Slot second, std::int64_t immediate) {
  std::int64_t value = immediate;
  bool constant = second == kImmediate || constant_of(second, value);
  if (w == Width::w32) value = static_cast<std::int32_t>(value);
  if (constant && !fits(value) && second == kImmediate) {
    // Wider than an instruction has room for.
    const Reg a = value_in(first, rax);
    const Reg b = a == rcx ? rdx : rcx;
    evict(b);
    code_.mov_imm_keeping_flags(b, static_cast<std::uint64_t>(value));
    emit_compare(w, a, false, 0, b, condition >= Condition::no_bits);
    return cc_of(condition);
  }
  if (constant && !fits(value)) constant = false;
  ready(first);
  const Reg a = value_in(first, rax);
  const Reg b = constant ? no_reg : second_value(second, a);
  emit_compare(w, a, constant, value, b, condition >= Condition::no_bits);
  return cc_of(condition);
}

bool BlockCompiler::known(const Ins& ins, bool& holds) const {
  std::int64_t a = 0;
  std::int64_t b = ins.imm;
  if (!constant_of(ins.a, a) || (ins.b != kImmediate && !constant_of(ins.b, b))) return false;
  holds =
      eval::condition(ins.condition, ins.width, static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b));
  return true;
}

void BlockCompiler::branch(const Ins& ins) {
  bool holds = false;
  if (known(ins, holds)) {
    if (!holds) return;
    keep_flags(ins.target);
    lazy_temps_.clear();
    leave(state_, ins.target, ins.count);
    done_ = true;
    return;
  }
  const bool of_zero = ins.b == kImmediate && ins.imm == 0 && ins.condition <= Condition::ne;
  keep_flags(ins.target);
  if (of_zero && host_flags_tell(ins.a)) {
    return leave_if(ins.condition == Condition::ne ? flags_cc_ : x64::inverse(flags_cc_), ins);
  }
  ready(ins.a);
  if (ins.b != kImmediate) ready(ins.b);
  leave_if(compare(ins.condition, ins.width, ins.a, ins.b, ins.imm), ins);
}

void BlockCompiler::leave_if(Cc cc, const Ins& ins) {
  Cold& cold = cold_.emplace_back();
  cold.jump = code_.jcc(cc);
  cold.state = state_;
  cold.target = ins.target;
  cold.count = ins.count;
}

void BlockCompiler::give_back(unsigned count) {
  if (count < block_.max_count)
    code_.alu_imm(true, Alu::add, r15, static_cast<std::int32_t>(block_.max_count - count));
}

void BlockCompiler::leave(State& state, std::uint64_t target, unsigned count) {
  materialise_all(state);
  give_back(count);
  link(target, code_.jmp());
}

// Sends a jump to the block at `target`, or for now to where it is asked for.
void BlockCompiler::link(std::uint64_t target, Byte* jump) {
  const bool backward = std::any_of(block_.guest.begin(), block_.guest.end(),
                                    [target](const GuestIns& guest) { return guest.pc >= target; }) &&
                        !out_.fills.contains(target) && !out_.not_fills.contains(target);
  const auto known_block = out_.by_pc.find(target);
  if (known_block != out_.by_pc.end() && !backward) {
    Assembler::patch(jump, out_.blocks[known_block->second].entry);
    return;
  }
  out_.links.push_back({target, jump, backward});
  code_.bind(jump);
  out_.leave_to_cpp(Return::link, out_.links.size() - 1);
}

void BlockCompiler::finish_cold() {
  for (Cold& cold : cold_) {
    if (cold.state.lazy == 0 && cold.count == block_.max_count) {
      link(cold.target, cold.jump);
      continue;
    }
    code_.bind(cold.jump);
    leave(cold.state, cold.target, cold.count);
  }
}

void BlockCompiler::jump_indirect(const Ins& ins) {
  if (flags_.where == Flags::pending) store_flags();
  materialise_all(state_);
  const Reg target = value_in(ins.a, rax);
  code_.mov(wide_, rax, target);
  give_back(ins.count);
  const unsigned shift = isa_.alignment == 4 ? 2 : isa_.alignment == 2 ? 1 : 0;
  code_.mov(false, rcx, rax);
  code_.alu_imm(false, Alu::andd, rcx, static_cast<std::int32_t>(((1U << kTableBits) - 1) << shift));
  code_.shift_imm(false, Shift::shl, rcx, 4 - shift);
  code_.alu_load(true, Alu::add, rcx, word_cell(kWordTable));
  code_.alu_load(true, Alu::cmp, rax, {rcx, no_reg, 0});
  Byte* const miss = code_.jcc(ne);
  code_.jmp_mem({rcx, no_reg, 8});
  code_.bind(miss);
  code_.store(true, {rbp, no_reg, static_cast<std::int32_t>(offsetof(Cpu, pc)) - kCpuBias}, rax);
  out_.leave_to_cpp(Return::indirect, 0);
  done_ = true;
}

void BlockCompiler::system_call(const Ins& ins) {
  if (flags_.where == Flags::pending) store_flags();
  lazy_temps_.clear();
  materialise_all(state_);
  give_back(ins.count);
  out_.links.push_back({ins.target, nullptr});
  out_.leave_to_cpp(Return::system_call, out_.links.size() - 1);
  done_ = true;
}

void BlockCompiler::set_flags(const Ins& ins) {
  flags_ = {dead_[index_] ? Flags::weak : Flags::pending, ins};
}

// Writes the pending flags to the Cpu.
void BlockCompiler::store_flags() {
  const Ins& ins = flags_.ins;
  const auto put = [this](Mem cell, Slot slot, std::int64_t value) {
    if (slot == kNoSlot || (slot == kImmediate && fits(value))) {
      code_.store_imm(8, cell, slot == kNoSlot ? 0 : static_cast<std::int32_t>(value));
    } else if (slot == kImmediate) {
      code_.mov_imm_keeping_flags(rax, static_cast<std::uint64_t>(value));
      code_.store(true, cell, rax);
    } else {
      code_.store(true, cell, value_in(slot, rax));
    }
  };
  put(flag_a(), ins.a, 0);
  if (ins.flag_kind != FlagKind::word) put(flag_b(), ins.b, ins.imm);
  if (ins.flag_kind != FlagKind::add && ins.flag_kind != FlagKind::sub &&
      ins.flag_kind != FlagKind::sub_arm && ins.flag_kind != FlagKind::word) {
    put(flag_c(), ins.c, 0);
  }
  static_assert(offsetof(FlagState, kind) == 0 && offsetof(FlagState, width) == 1);
  code_.store_imm(2, flag_cell(0), ins.code | (static_cast<std::int32_t>(ins.width) << 8));
  flags_.where = Flags::stored;
}

// Before an exit: the flags must be in the Cpu if somebody may read them there.
void BlockCompiler::keep_flags(std::uint64_t target) {
  if (flags_.where == Flags::pending && !flags_dead_at(target)) store_flags();
}

void BlockCompiler::flags_source_changes(Slot slot) {
  if (flags_.where != Flags::pending && flags_.where != Flags::weak) return;
  const Ins& ins = flags_.ins;
  if (ins.a != slot && ins.b != slot && ins.c != slot) return;
  if (flags_.where == Flags::pending && flags_live_[index_]) {
    store_flags();
  } else {
    flags_.where = Flags::unknown;  // has been read for the last time
  }
}

// An operand of the flags, wherever they are; `first` goes to rax if to none.
Reg BlockCompiler::flag_operand(bool first, Reg other) {
  const Ins& ins = flags_.ins;
  const Slot slot = first ? ins.a : ins.b;
  if (flags_.where == Flags::pending && slot != kImmediate)
    return first ? value_in(slot, rax) : second_value(slot, other);
  const Reg to = first ? rax : other == rcx ? rdx : rcx;
  if (!first) evict(to);
  if (slot == kImmediate) {
    code_.mov_imm_keeping_flags(to, static_cast<std::uint64_t>(ins.imm));
  } else {
    code_.load(true, to, first ? flag_a() : flag_b());
  }
  return to;
}

// Host flags for a condition of the guest's, when it is known here how they were set.
bool BlockCompiler::flag_compare(FlagCondition condition, Cc& cc) {
  if (flags_.where == Flags::unknown || flags_.where == Flags::weak) return false;
  const Ins& ins = flags_.ins;
  const bool negated = (static_cast<unsigned>(condition) & 1U) != 0;
  const bool arm = ins.flag_kind == FlagKind::sub_arm;
  const bool logic =
      ins.flag_kind == FlagKind::parts && ins.b == kImmediate && (ins.imm & 1) == 0 && ins.c == kNoSlot;
  const bool of_result = condition == FlagCondition::zero || condition == FlagCondition::not_zero ||
                         condition == FlagCondition::sign || condition == FlagCondition::not_sign ||
                         condition == FlagCondition::parity || condition == FlagCondition::not_parity;
  switch (ins.flag_kind) {
    case FlagKind::sub:
    case FlagKind::sub_arm:
    case FlagKind::add: break;
    case FlagKind::parts:
      if (logic || of_result) break;
      return false;
    default: return false;
  }
  switch (static_cast<FlagCondition>(static_cast<unsigned>(condition) & ~1U)) {
    case FlagCondition::overflow: cc = o; break;
    case FlagCondition::carry: cc = arm ? ae : b; break;
    case FlagCondition::zero: cc = e; break;
    case FlagCondition::carry_or_zero:
      if (arm) return false;
      cc = be;
      break;
    case FlagCondition::sign: cc = s; break;
    case FlagCondition::parity: cc = p; break;
    case FlagCondition::less: cc = l; break;
    case FlagCondition::less_or_zero: cc = le; break;
    case FlagCondition::carry_not_zero:
      if (!arm) return false;
      cc = a;
      break;
    default: return false;
  }
  if (negated) cc = x64::inverse(cc);
  if (ins.flag_kind == FlagKind::parts) {
    const Reg first = flag_operand(true, no_reg);
    emit_compare(ins.width, first, false, 0, first, true);
    return true;
  }
  if (ins.flag_kind == FlagKind::add) {
    const Reg first = flag_operand(true, no_reg);
    const Reg second = flag_operand(false, first);
    if (first != rax) code_.mov(true, rax, first);
    switch (ins.width) {
      case Width::w8: code_.alu8(Alu::add, rax, second); break;
      case Width::w16: code_.alu16(Alu::add, rax, second); break;
      default: code_.alu(ins.width == Width::w64, Alu::add, rax, second);
    }
    return true;
  }
  const std::int64_t value = ins.width == Width::w32 ? static_cast<std::int32_t>(ins.imm) : ins.imm;
  const Reg first = flag_operand(true, no_reg);
  if (ins.b == kImmediate && fits(value)) {
    emit_compare(ins.width, first, true, value, no_reg, false);
  } else {
    emit_compare(ins.width, first, false, 0, flag_operand(false, first), false);
  }
  return true;
}

// eax = flag_holds(what), or the flags word for 0xFF.
void BlockCompiler::flag_by_helper(unsigned what) {
  if (flags_.where == Flags::pending) store_flags();
  code_.mov_imm(rax, what);
  code_.call(out_.flag_helper);
}

void BlockCompiler::get_flag(const Ins& ins) {
  prepare(ins.dst);
  Cc cc = e;
  if (ins.op == Op::get_flag && flag_compare(ins.flag_condition, cc)) {
    const Reg to = begin(ins.dst);
    code_.setcc(cc, to);
    code_.extend(false, 0xB6, to, to);
    end(ins.dst, to, true);
    remember_host_flags(ins.dst, cc);
    return;
  }
  flag_by_helper(ins.op == Op::get_flag ? ins.code : 0xFF);
  const Reg to = begin(ins.dst);
  if (to != rax) code_.mov(true, to, rax);
  end(ins.dst, to, true);
}

void BlockCompiler::remember_host_flags(Slot slot, Cc cc) {
  flags_of_ = {slot, slot};
  flags_cc_ = cc;
  flags_at_ = index_ + 1;
}

bool BlockCompiler::host_flags_tell(Slot slot) const {
  return flags_at_ == index_ && (flags_of_[0] == slot || flags_of_[1] == slot);
}

// After an operation that leaves the host's flags alone.
void BlockCompiler::host_flags_stay(const Ins& ins) {
  if (flags_at_ != index_) return;
  if (ins.op == Op::mov && ins.dst != flags_of_[0] && (ins.b == flags_of_[0] || ins.b == flags_of_[1])) {
    flags_of_[1] = ins.dst;
  } else if (ins.dst < kNoSlot && (ins.dst == flags_of_[0] || ins.dst == flags_of_[1])) {
    return;
  }
  flags_at_ = index_ + 1;
}

void BlockCompiler::branch_flag(const Ins& ins) {
  keep_flags(ins.target);
  const bool zero =
      ins.flag_condition == FlagCondition::zero || ins.flag_condition == FlagCondition::not_zero;
  if (zero && flags_.where == Flags::pending && flags_.ins.flag_kind == FlagKind::parts &&
      host_flags_tell(flags_.ins.a)) {
    return leave_if(ins.flag_condition == FlagCondition::zero ? x64::inverse(flags_cc_) : flags_cc_, ins);
  }
  Cc cc = ne;
  if (!flag_compare(ins.flag_condition, cc)) {
    flag_by_helper(ins.code);
    code_.test(false, rax, rax);
    cc = ne;
  }
  leave_if(cc, ins);
}

// True if the code at `pc` writes all flags before it reads any and before it leaves its straight line.
bool BlockCompiler::flags_dead_at(std::uint64_t pc) {
  const auto known_answer = out_.flags_dead.find(pc);
  if (known_answer != out_.flags_dead.end()) return known_answer->second;
  const Block ahead = translate(isa_, pc, kPeeked, fetch_);
  bool dead = false;
  for (const Ins& ins : ahead.code) {
    dead = ins.op == Op::set_flags;
    if (dead || ins.op == Op::get_flag || ins.op == Op::get_flags || is_exit(ins.op)) break;
  }
  if (dead) {
    out_.peeked.insert(out_.peeked.end(), ahead.guest.begin(), ahead.guest.end());
    for (const Literal& literal : ahead.literals) out_.peeked.push_back({literal.address, 0, literal.length});
  }
  out_.flags_dead.emplace(pc, dead);
  return dead;
}

}  // namespace assay::machine
