// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The portable engine. A block is translated to IR once and lowered to Steps, one for each Ins, with a
// handler for each operation, width and kind of operand; steps jump from handler to handler
// ("threaded"). Blocks that follow each other are linked once both exist. Every access is checked
// against the page flags; there are no signals.
//
// Stores that meet translated code stop the block before the guest instruction; that instruction is
// then run by itself (single_step), all translations are dropped, and the run goes on after it.
#include "machine/engine/interpreter.h"

#include <cstring>

#include "machine/ir/optimise.h"

namespace assay::machine {
namespace {

// Operations with handlers of their own, in four forms each: rr32, ri32, rr64, ri64.
#define ASSAY_BINARY(X) X(add) X(sub) X(bit_and) X(bit_or) X(bit_xor) X(shl) X(shr) X(sar) X(mul)
// In the order of Condition.
#define ASSAY_CONDITIONS(X) \
  X(eq) X(ne) X(lt_u) X(ge_u) X(le_u) X(gt_u) X(lt_s) X(ge_s) X(le_s) X(gt_s) X(no_bits) X(some_bits)
// clang-format off
#define ASSAY_OTHERS(X) \
  X(mov_r) X(mov_i) X(zext_8) X(zext_16) X(zext_32) X(sext_8) X(sext_16) X(sext_32) \
  X(load_8) X(load_16) X(load_32) X(load_64) X(load_s8) X(load_s16) X(load_s32) X(load_t8) \
  X(load_t16) X(store_8) X(store_16) X(store_32) X(store_64) X(store_imm) X(any_binary) X(any_unary) \
  X(wide) X(extract) X(deposit) X(any_set) X(select_r) X(select_i) X(set_flags) X(get_flag) \
  X(get_flags) X(unit) X(any_branch) X(branch_flag) X(jump) X(jump_indirect) X(system_call) X(trap) X(trap_if)
// clang-format on
#define ASSAY_FORMS(X, name) X(name##_rr32) X(name##_ri32) X(name##_rr64) X(name##_ri64)

enum Handler : std::uint16_t {
#define X4(name) name##_rr32, name##_ri32, name##_rr64, name##_ri64,
#define X(name) X4(name)
  ASSAY_BINARY(X)
#undef X
#define X(name) X4(set_##name)
      ASSAY_CONDITIONS(X)
#undef X
#define X(name) X4(branch_##name)
          ASSAY_CONDITIONS(X)
#undef X
#define X(name) name,
              ASSAY_OTHERS(X)
#undef X
#undef X4
};

constexpr Handler form(Handler first, Width w, bool immediate) {
  return static_cast<Handler>(first + (w == Width::w64 ? 2 : 0) + (immediate ? 1 : 0));
}
constexpr Handler by_width(Handler first, Width w) {
  return static_cast<Handler>(first + static_cast<unsigned>(w));
}

Handler binary_handler(const Ins& ins) {
  const bool i = ins.b == kImmediate;
  switch (ins.op) {
    case Op::add: return form(add_rr32, ins.width, i);
    case Op::sub: return form(sub_rr32, ins.width, i);
    case Op::bit_and: return form(bit_and_rr32, ins.width, i);
    case Op::bit_or: return form(bit_or_rr32, ins.width, i);
    case Op::bit_xor: return form(bit_xor_rr32, ins.width, i);
    case Op::shl: return form(shl_rr32, ins.width, i);
    case Op::shr: return form(shr_rr32, ins.width, i);
    case Op::sar: return form(sar_rr32, ins.width, i);
    case Op::mul: return form(mul_rr32, ins.width, i);
    default: return any_binary;
  }
}

// set_eq_rr32 or branch_eq_rr32, or `other` for narrow widths.
Handler condition_handler(const Ins& ins, Handler first, Handler other) {
  if (ins.width < Width::w32) return other;
  return form(static_cast<Handler>(first + 4U * ins.code), ins.width, ins.b == kImmediate);
}

Handler handler_of(const Ins& ins) {
  switch (ins.op) {
    case Op::mov: return ins.b == kImmediate ? mov_i : mov_r;
    case Op::wide_div_u:
    case Op::wide_rem_u:
    case Op::wide_div_s:
    case Op::wide_rem_s: return wide;
    case Op::zero_extend: return ins.width == Width::w64 ? any_unary : by_width(zext_8, ins.width);
    case Op::sign_extend: return ins.width == Width::w64 ? any_unary : by_width(sext_8, ins.width);
    case Op::count_leading_zeros:
    case Op::count_trailing_zeros:
    case Op::count_ones:
    case Op::byte_swap:
    case Op::bit_reverse:
    case Op::sign_extend_32: return any_unary;
    case Op::extract: return extract;
    case Op::deposit: return deposit;
    case Op::set_if: return condition_handler(ins, set_eq_rr32, any_set);
    case Op::select: return ins.b == kImmediate ? select_i : select_r;
    case Op::load: return by_width(load_8, ins.width);
    case Op::load_signed: return by_width(load_s8, ins.width);
    case Op::load_signed_32: return by_width(load_t8, ins.width);
    case Op::store: return ins.b == kImmediate ? store_imm : by_width(store_8, ins.width);
    case Op::set_flags: return set_flags;
    case Op::get_flag: return get_flag;
    case Op::get_flags: return get_flags;
    case Op::unit: return unit;
    case Op::branch: return condition_handler(ins, branch_eq_rr32, any_branch);
    case Op::branch_flag: return branch_flag;
    case Op::jump: return jump;
    case Op::jump_indirect: return jump_indirect;
    case Op::system_call: return system_call;
    case Op::trap: return trap;
    case Op::trap_if: return trap_if;
    default: return binary_handler(ins);
  }
}

Exit exit_of(TrapKind kind) {
  switch (kind) {
    case TrapKind::unknown_instruction: return Exit::unknown_instruction;
    case TrapKind::breakpoint: return Exit::breakpoint;
    case TrapKind::arithmetic: return Exit::arithmetic_fault;
    case TrapKind::fetch_fault: return Exit::fetch_fault;
    case TrapKind::floating_point: return Exit::floating_point_fault;
    case TrapKind::undetermined: return Exit::undetermined;
  }
  return Exit::unknown_instruction;
}

Exit trap_exit(TrapKind kind, Cpu& cpu) {
  if (kind == TrapKind::fetch_fault) cpu.fault_address = cpu.pc;
  return exit_of(kind);
}

}  // namespace

Interpreter::Lowered Interpreter::lower(Block&& block) {
  Lowered lowered;
  lowered.block = std::move(block);
  lowered.steps.reserve(lowered.block.code.size());
  for (const Ins& ins : lowered.block.code) {
    Step& step = lowered.steps.emplace_back();
    step.handler = handler_of(ins);
    step.dst = ins.dst;
    step.a = ins.a;
    step.b = ins.b;
    step.c = ins.c;
    step.guest = ins.guest;
    step.imm = ins.imm;
    step.disp = ins.disp;
    step.ins = &ins;
  }
  return lowered;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"  // labels as values: the one thing here beyond C++

Interpreter::Outcome Interpreter::execute(Lowered* block, Cpu& cpu, bool single) {
  static const void* const kLabels[] = {
#define X4(name) &&L_##name##_rr32, &&L_##name##_ri32, &&L_##name##_rr64, &&L_##name##_ri64,
#define X(name) X4(name)
      ASSAY_BINARY(X)
#undef X
#define X(name) X4(set_##name)
          ASSAY_CONDITIONS(X)
#undef X
#define X(name) X4(branch_##name)
              ASSAY_CONDITIONS(X)
#undef X
#define X(name) &&L_##name,
                  ASSAY_OTHERS(X)
#undef X
  };
  std::uint64_t* const r = cpu.slots;
  const std::uint8_t* const pages = memory_.pages();
  Byte* const base = memory_.base();
  const std::uint64_t mask = isa_.address_bits == 32 ? 0xFFFF'FFFFU : ~std::uint64_t{0};
  const Step* s = nullptr;
  const std::uint64_t plain_end = memory_.plain_end();
  std::uint64_t address = 0;
  const Byte* at = nullptr;
  std::uint64_t target = 0;
  Exit reason = Exit::memory_fault;

enter:
  if (cpu.remaining < block->block.max_count && !single) {
    cpu.pc = block->block.pc;
    return {Next::step, {}};
  }
  s = block->steps.data();
  goto* kLabels[s->handler];

#define NEXT                   \
  do {                         \
    ++s;                       \
    goto* kLabels[s->handler]; \
  } while (false)

#define X(name)                                                                                          \
  L_##name##_rr32 : r[s->dst] = eval::binary(Op::name, Width::w32, r[s->a], r[s->b]);                    \
  NEXT;                                                                                                  \
  L_##name##_ri32 : r[s->dst] =                                                                          \
                        eval::binary(Op::name, Width::w32, r[s->a], static_cast<std::uint64_t>(s->imm)); \
  NEXT;                                                                                                  \
  L_##name##_rr64 : r[s->dst] = eval::binary(Op::name, Width::w64, r[s->a], r[s->b]);                    \
  NEXT;                                                                                                  \
  L_##name##_ri64 : r[s->dst] =                                                                          \
                        eval::binary(Op::name, Width::w64, r[s->a], static_cast<std::uint64_t>(s->imm)); \
  NEXT;
  ASSAY_BINARY(X)
#undef X

#define IMMEDIATE static_cast<std::uint64_t>(s->imm)
#define X(name)                                                                                              \
  L_set_##name##_rr32 : r[s->dst] = eval::condition(Condition::name, Width::w32, r[s->a], r[s->b]) ? 1 : 0;  \
  NEXT;                                                                                                      \
  L_set_##name##_ri32 : r[s->dst] =                                                                          \
                            eval::condition(Condition::name, Width::w32, r[s->a], IMMEDIATE) ? 1 : 0;        \
  NEXT;                                                                                                      \
  L_set_##name##_rr64 : r[s->dst] = eval::condition(Condition::name, Width::w64, r[s->a], r[s->b]) ? 1 : 0;  \
  NEXT;                                                                                                      \
  L_set_##name##_ri64 : r[s->dst] =                                                                          \
                            eval::condition(Condition::name, Width::w64, r[s->a], IMMEDIATE) ? 1 : 0;        \
  NEXT;                                                                                                      \
  L_branch_##name##_rr32 : if (eval::condition(Condition::name, Width::w32, r[s->a], r[s->b])) goto leave;   \
  NEXT;                                                                                                      \
  L_branch_##name##_ri32 : if (eval::condition(Condition::name, Width::w32, r[s->a], IMMEDIATE)) goto leave; \
  NEXT;                                                                                                      \
  L_branch_##name##_rr64 : if (eval::condition(Condition::name, Width::w64, r[s->a], r[s->b])) goto leave;   \
  NEXT;                                                                                                      \
  L_branch_##name##_ri64 : if (eval::condition(Condition::name, Width::w64, r[s->a], IMMEDIATE)) goto leave; \
  NEXT;
  ASSAY_CONDITIONS(X)
#undef X

L_mov_r:
  r[s->dst] = r[s->b];
  NEXT;
L_mov_i:
  r[s->dst] = IMMEDIATE;
  NEXT;
L_zext_8:
  r[s->dst] = r[s->a] & 0xFF;
  NEXT;
L_zext_16:
  r[s->dst] = r[s->a] & 0xFFFF;
  NEXT;
L_zext_32:
  r[s->dst] = r[s->a] & 0xFFFFFFFF;
  NEXT;
L_sext_8:
  r[s->dst] = static_cast<std::uint64_t>(as_signed(Width::w8, r[s->a]));
  NEXT;
L_sext_16:
  r[s->dst] = static_cast<std::uint64_t>(as_signed(Width::w16, r[s->a]));
  NEXT;
L_sext_32:
  r[s->dst] = static_cast<std::uint64_t>(as_signed(Width::w32, r[s->a]));
  NEXT;

  // A fast path for what is inside one readable page.
#define LOAD(type, conversion)                                                                \
  address = (r[s->a] + static_cast<std::uint64_t>(s->disp)) & mask;                           \
  at = base + address;                                                                        \
  if (address >= plain_end || (pages[address / kPage] & kPageRead) == 0 ||                    \
      (address & (kPage - 1)) > kPage - sizeof(type)) {                                       \
    if (memory_.prepare_read(address, sizeof(type)) != Memory::Access::ok) goto memory_fault; \
    at = base + memory_.place(address);                                                       \
  }                                                                                           \
  {                                                                                           \
    type value;                                                                               \
    std::memcpy(&value, at, sizeof value);                                                    \
    r[s->dst] = conversion;                                                                   \
  }                                                                                           \
  NEXT

L_load_8:
  LOAD(std::uint8_t, value);
L_load_16:
  LOAD(std::uint16_t, value);
L_load_32:
  LOAD(std::uint32_t, value);
L_load_64:
  LOAD(std::uint64_t, value);
L_load_s8:
  LOAD(std::int8_t, static_cast<std::uint64_t>(std::int64_t{value}));
L_load_s16:
  LOAD(std::int16_t, static_cast<std::uint64_t>(std::int64_t{value}));
L_load_s32:
  LOAD(std::int32_t, static_cast<std::uint64_t>(std::int64_t{value}));
L_load_t8:
  LOAD(std::int8_t, static_cast<std::uint32_t>(std::int32_t{value}));
L_load_t16:
  LOAD(std::int16_t, static_cast<std::uint32_t>(std::int32_t{value}));

#define STORE(type)                                                                    \
  address = (r[s->a] + static_cast<std::uint64_t>(s->disp)) & mask;                    \
  if (address < plain_end &&                                                           \
      (pages[address / kPage] & (kPageWrite | kPageSave | kPageCode)) == kPageWrite && \
      (address & (kPage - 1)) <= kPage - sizeof(type)) {                               \
    const type value = static_cast<type>(r[s->b]);                                     \
    std::memcpy(base + address, &value, sizeof value);                                 \
    NEXT;                                                                              \
  }                                                                                    \
  target = r[s->b];                                                                    \
  goto slow_store

L_store_8:
  STORE(std::uint8_t);
L_store_16:
  STORE(std::uint16_t);
L_store_32:
  STORE(std::uint32_t);
L_store_64:
  STORE(std::uint64_t);
L_store_imm:
  address = (r[s->a] + static_cast<std::uint64_t>(s->disp)) & mask;
  target = IMMEDIATE;
slow_store : {
  const unsigned size = bytes_of(s->ins->width);
  const Memory::Access access = memory_.prepare_write(address, size);
  if (access == Memory::Access::fault) goto memory_fault;
  if (access == Memory::Access::code && !single) {
    cpu.pc = block->block.guest[s->guest].pc;
    cpu.remaining -= block->block.guest[s->guest].count;
    return {Next::step, {}};
  }
  Byte bytes[8];
  for (unsigned i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(target >> (8 * i));
  memory_.write_prepared(address, {bytes, size});
  NEXT;
}

L_any_binary:
  r[s->dst] = eval::binary(s->ins->op, s->ins->width, r[s->a], s->b == kImmediate ? IMMEDIATE : r[s->b]);
  NEXT;
L_any_unary:
  r[s->dst] = eval::unary(s->ins->op, s->ins->width, r[s->a]);
  NEXT;
L_wide : {
  std::uint64_t result = 0;
  if (!eval::wide_divide(s->ins->op, s->ins->width, r[s->c], r[s->a], r[s->b], result)) {
    reason = Exit::arithmetic_fault;
    goto stop;
  }
  r[s->dst] = result;
  NEXT;
}
L_extract:
  r[s->dst] = eval::extract(r[s->a], s->imm);
  NEXT;
L_deposit:
  r[s->dst] = eval::deposit(r[s->a], r[s->b], s->imm);
  NEXT;
L_any_set:
  r[s->dst] =
      eval::condition(s->ins->condition, s->ins->width, r[s->a], s->b == kImmediate ? IMMEDIATE : r[s->b])
          ? 1
          : 0;
  NEXT;
L_select_r:
  r[s->dst] = r[s->c] != 0 ? r[s->a] : r[s->b];
  NEXT;
L_select_i:
  r[s->dst] = r[s->c] != 0 ? r[s->a] : IMMEDIATE;
  NEXT;
L_set_flags:
  cpu.flags = {s->ins->flag_kind, s->ins->width, r[s->a], s->b == kImmediate ? IMMEDIATE : r[s->b],
               s->c == kNoSlot ? 0 : r[s->c]};
  NEXT;
L_get_flag:
  r[s->dst] = flag_holds(s->ins->flag_condition, flags_word(cpu.flags)) ? 1 : 0;
  NEXT;
L_get_flags:
  r[s->dst] = flags_word(cpu.flags);
  NEXT;
L_unit : {
  // kNoSlot is a slot of the Cpu, never written but here.
  r[s->dst] = isa_.unit(r, IMMEDIATE, s->a == kNoSlot ? 0 : r[s->a], s->b == kNoSlot ? 0 : r[s->b]);
  NEXT;
}
L_any_branch:
  if (eval::condition(s->ins->condition, s->ins->width, r[s->a], s->b == kImmediate ? IMMEDIATE : r[s->b])) {
    goto leave;
  }
  NEXT;
L_branch_flag:
  if (flag_holds(s->ins->flag_condition, flags_word(cpu.flags))) goto leave;
  NEXT;
L_jump:
leave:
  cpu.remaining -= s->ins->count;
  if (s->link != nullptr) {
    block = s->link;
    goto enter;
  }
  cpu.pc = s->target;
  return {Next::enter, {}, const_cast<Step*>(s)};
L_jump_indirect:
  target = r[s->a] & mask;
  cpu.remaining -= s->ins->count;
  {
    const Recent& recent = recent_[target / isa_.alignment % kRecent];
    if (recent.block != nullptr && recent.pc == target && !single) {
      block = recent.block;
      goto enter;
    }
  }
  cpu.pc = target;
  return {Next::enter, {}};
L_system_call:
  cpu.remaining -= s->ins->count;
  cpu.pc = s->target;
  return {Next::leave, Exit::system_call};
L_trap_if:
  if (!eval::condition(s->ins->condition, s->ins->width, r[s->a], s->b == kImmediate ? IMMEDIATE : r[s->b]))
    NEXT;
  cpu.pc = block->block.guest[s->guest].pc;
  cpu.remaining -= block->block.guest[s->guest].count;
  return {Next::leave, trap_exit(static_cast<TrapKind>(s->c), cpu)};
L_trap:
  cpu.pc = block->block.guest[s->guest].pc;
  cpu.remaining -= block->block.guest[s->guest].count;
  return {Next::leave, trap_exit(s->ins->trap_kind, cpu)};
memory_fault:
  cpu.fault_address = address;
  reason = Exit::memory_fault;
stop:
  cpu.pc = block->block.guest[s->guest].pc;
  cpu.remaining -= block->block.guest[s->guest].count;
  return {Next::leave, reason};
}

#pragma GCC diagnostic pop

Fetch Interpreter::fetch() {
  return [this](std::uint64_t pc, std::size_t most) { return memory_.fetch(pc, most); };
}

Interpreter::Lowered& Interpreter::block_at(std::uint64_t pc) {
  const auto known = blocks_.find(pc);
  if (known != blocks_.end()) return *known->second;
  Block block = translate(isa_, pc, most_, fetch());
  optimise(block, isa_.address_bits);
  auto lowered = std::make_unique<Lowered>(lower(std::move(block)));
  for (const GuestIns& guest : lowered->block.guest) memory_.mark_code(guest.pc, guest.length);
  for (const Literal& literal : lowered->block.literals) memory_.mark_code(literal.address, literal.length);
  steps_ += lowered->steps.size() + 1;
  return *blocks_.emplace(pc, std::move(lowered)).first->second;
}

void Interpreter::forget() {
  blocks_.clear();
  steps_ = 0;
  recent_.fill({});
  memory_.forget_code();
  memory_.clear_code_changed();
}

Exit Interpreter::step(Cpu& cpu) {
  if (cpu.remaining == 0) return Exit::no_budget;
  Lowered lowered = lower(translate(isa_, cpu.pc, 1, fetch()));
  const Outcome outcome = execute(&lowered, cpu, true);
  return outcome.next == Next::leave ? outcome.exit : Exit::no_budget;
}

void Interpreter::forget_if_needed() {
  if (memory_.code_changed() || steps_ > kMostSteps) forget();
}

Exit Interpreter::step_known(Cpu& cpu) {
  forget_if_needed();
  if (cpu.remaining == 0) return Exit::no_budget;
  const Outcome outcome = execute(&block_at(cpu.pc), cpu, true);
  return outcome.next == Next::leave ? outcome.exit : Exit::no_budget;
}

ByteView Interpreter::instruction_at(std::uint64_t pc) {
  forget_if_needed();
  return memory_.fetch(pc, block_at(pc).block.guest.front().length);
}

Exit Interpreter::run(Cpu& cpu) {
  Step* from = nullptr;
  while (true) {
    if (memory_.code_changed() || steps_ > kMostSteps) {
      forget();
      from = nullptr;
    }
    if (cpu.remaining == 0) return Exit::no_budget;
    Lowered& block = block_at(cpu.pc);
    recent_[cpu.pc / isa_.alignment % kRecent] = {cpu.pc, &block};
    if (from != nullptr) from->link = &block;
    const Outcome outcome = execute(&block, cpu, false);
    from = outcome.from;
    if (outcome.next == Next::leave) return outcome.exit;
    if (outcome.next == Next::step) {
      const Exit exit = step(cpu);
      if (exit != Exit::no_budget) return exit;
    }
  }
}

Exit single_step(const Isa& isa, Memory& memory, Cpu& cpu) { return Interpreter(isa, memory).step(cpu); }

}  // namespace assay::machine
