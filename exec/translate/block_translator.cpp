// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/translate/block_translator.h"

#if defined(__x86_64__)

namespace assay::exec {
namespace {

constexpr std::size_t kMostBytesOfBlock = std::size_t{64} << 10;

/// Host registers that hold the program's busy ones.
constexpr HostRegister kHolders[] = {kRsi, kRdi, 8, 9, 10, 11, 12, 14, 15};

}  // namespace

BlockTranslator::BlockTranslator(Program& program, Image& image, const InstructionSet& set,
                                 CodeMemory& memory, std::size_t starts)
    : program_(program),
      image_(&image),
      set_(set),
      memory_(memory),
      starts_(starts),
      as_(set.word_bytes == 8) {
  holders_.fill(kRsp);
  for (std::size_t index = 0; index < set.busy.size(); ++index) holders_[set.busy[index]] = kHolders[index];
  make_entry();
  make_run_loop();
}

void BlockTranslator::load_holders(HostAssembler& as) const {
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (holder(reg) != kRsp) as.load_field(holder(reg), kContext, 8 * reg);
  }
}

void BlockTranslator::store_holders(HostAssembler& as) const {
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (holder(reg) != kRsp) as.store_field(kContext, 8 * reg, holder(reg));
  }
}

/// unsigned enter(Context*, Byte* memory, code): saves the host's registers, loads the program's, and jumps.
/// What comes back jumps to `exit_` with why in eax.
void BlockTranslator::make_entry() {
  HostAssembler as(true);
  constexpr HostRegister kSaved[] = {kRbx, kRbp, 12, 13, 14, 15};
  const auto push = [&](HostRegister reg) {
    as.rex(false, 0, 0, reg);
    as.byte(0x50 | (reg & 7));
  };
  const auto pop = [&](HostRegister reg) {
    as.rex(false, 0, 0, reg);
    as.byte(0x58 | (reg & 7));
  };
  for (const HostRegister reg : kSaved) push(reg);
  as.move(kContext, kRdi);
  as.move(kMemory, kRsi);
  as.load_field(kJumps, kContext, field(offsetof(Context, jumps)));
  load_holders(as);
  as.byte(0xff);  // jmp rdx
  as.byte(0xe2);
  const std::size_t exit = as.code.size();
  store_holders(as);
  as.store_field(kContext, field(offsetof(Context, jumps)), kJumps);
  for (std::size_t index = std::size(kSaved); index-- > 0;) pop(kSaved[index]);
  as.byte(0xc3);
  const Byte* const at = memory_.append(as.code);
  enter_ = reinterpret_cast<Enter>(reinterpret_cast<std::uintptr_t>(at));
  exit_ = at + exit;
  HostAssembler go(true);
  go.store_field(kContext, field(offsetof(Context, address)), kRcx);
  go.set(kRax, static_cast<unsigned>(Exit::go));
  jump_out(go);
  go_ = memory_.append(go.code);
}

/// Calls run_loop() for the loop that rax points to. All that a call may change are holders and scratch
/// registers; and where code runs the stack is as a function finds it, so that it is aligned here.
void BlockTranslator::make_run_loop() {
  HostAssembler as(true);
  store_holders(as);
  as.move(kRdi, kRax);
  as.load_field(kRsi, kContext, field(offsetof(Context, image)));
  as.distance(kRdx, kContext, field(offsetof(Context, registers)));
  as.set(kRcx, kFewestRounds);
  as.set(kRax, reinterpret_cast<std::uintptr_t>(&run_loop));
  as.byte(0xff);  // call rax
  as.byte(0xd0);
  load_holders(as);
  as.byte(0xc3);
  run_loop_ = memory_.append(as.code);
}

/// To exit_, at the end of code that is to be appended next.
void BlockTranslator::jump_out(HostAssembler& as) const { as.set_distance(as.jump(), distance_to(exit_)); }

HostRegister BlockTranslator::value(Register reg, HostRegister scratch) {
  if (holder(reg) != kRsp) return holder(reg);
  if (reg == kZero) {
    as_.set(scratch, 0);
  } else {
    as_.load_field(scratch, kContext, 8 * reg);
  }
  return scratch;
}

/// Keeps rcx and rdx.
void BlockTranslator::add(Register reg, std::int32_t value_added) {
  const HostRegister d = destination(reg);
  as_.lea(d, value(reg, kRax), value_added);
  written(reg, d);
}

/// A destination that has no holder goes to its field.
void BlockTranslator::written(Register reg, HostRegister from) {
  if (holder(reg) != kRsp) {
    as_.move(holder(reg), from);
  } else {
    as_.store_field(kContext, 8 * reg, from);
  }
}

void BlockTranslator::to_rax(Register reg) { as_.move(kRax, value(reg, kRax)); }

void BlockTranslator::two(Alu alu, const Operation& o) {
  if (o.d == o.a && holder(o.d) != kRsp) {
    as_.alu(alu, holder(o.d), value(o.b, kRcx));
    return;
  }
  to_rax(o.a);
  as_.alu(alu, kRax, value(o.b, kRcx));
  written(o.d, kRax);
}

void BlockTranslator::leave_to(Exit why, const Operation& o, std::size_t distance_at, std::size_t resume) {
  late_.push_back({distance_at, &o, why, resume});
}

void BlockTranslator::leave_to_interpreter(const Operation& o, const std::vector<std::size_t>& jumps) {
  for (const std::size_t at : jumps) leave_to(Exit::operation, o, at, as_.code.size());
}

void BlockTranslator::leave_to_target(const Operation& o, const std::vector<std::size_t>& jumps) {
  for (const std::size_t at : jumps) leave_to(Exit::branch, o, at);
}

void BlockTranslator::count_jump(const Operation& o) {
  as_.rex(true, 0, 0, kJumps);  // dec
  as_.byte(0xff);
  as_.byte(0xc8 | (kJumps & 7));
  leave_to(Exit::too_long, o, as_.jump_if(kNegative));
}

void BlockTranslator::link(const Operation& o) {
  const std::size_t at = as_.jump();
  leave_to(Exit::link, o, at, at);
}

void BlockTranslator::go_to_goal(const Operation& o) {
  count_jump(o);
  link(o);
}

void BlockTranslator::go_to(const Operation& o) {
  count_jump(o);
  as_.rex(true, kRdx, 0, kRcx);  // lea rdx, [rcx - base]
  as_.byte(0x8d);
  as_.byte(0x91);
  as_.number(static_cast<std::uint32_t>(-static_cast<std::int32_t>(image_->base())), 4);
  as_.rex(true, 0, 0, kRdx);  // cmp rdx, bytes of the image
  as_.byte(0x81);
  as_.byte(0xfa);
  as_.number(starts_, 4);
  leave_to(Exit::go, o, jump_if(Condition::above_equal));
  as_.load_field(kRax, kContext, field(offsetof(Context, starts)));
  for (const unsigned byte : {0xffU, 0x24U, 0xd0U}) as_.byte(byte);  // jmp [rax + 8 * rdx]
}

void BlockTranslator::translate(const Operation& o) {
  // So that with an address of the program it is a constant of the host.
  constexpr std::int64_t kSmall = std::int64_t{1} << 30;
  const bool small = o.immediate < kSmall && o.immediate > -kSmall;
  // Constants of 32-bit programs are whole words: their low halves are all that counts.
  const auto constant = static_cast<std::int32_t>(o.immediate);
  const bool fits = small || !is_wide();
  const auto with_constant = [&](Alu alu) {
    if (!fits) {
      to_rax(o.a);
      as_.set(kRcx, static_cast<std::uint64_t>(o.immediate));
      as_.alu(alu, kRax, kRcx);
      return written(o.d, kRax);
    }
    if (o.d == o.a && holder(o.d) != kRsp) return as_.alu_constant(alu, holder(o.d), constant);
    to_rax(o.a);
    as_.alu_constant(alu, kRax, constant);
    written(o.d, kRax);
  };
  const auto shift = [&](unsigned form) {
    as_.move(kRcx, value(o.b, kRcx));
    to_rax(o.a);
    as_.shift(form, kRax);
    written(o.d, kRax);
  };
  const auto shift_constant = [&](unsigned form) {
    to_rax(o.a);
    as_.shift_constant(form, kRax, static_cast<unsigned>(o.immediate) & 63);
    written(o.d, kRax);
  };
  // rdx:rax by a register: 4 multiply, 5 the same with signs, 6 divide.
  const auto wide = [&](unsigned form) {
    to_rax(0);
    as_.by_register(form, value(o.b, kRcx));
    written(0, kRax);
    written(2, kRdx);
  };
  const auto compared = [&] {
    const HostRegister a = value(o.a, kRax);
    if (o.b == kZero) {
      as_.registers(0x85, a, a, is_wide());  // test
    } else {
      as_.alu(Alu::compare, a, value(o.b, kRcx));
    }
    return kCodes[static_cast<std::size_t>(o.condition)];
  };
  const auto slow = [&] { leave_to_interpreter(o, {as_.jump()}); };
  const unsigned word = set_.word_bytes;
  switch (o.op) {
    case Op::set: {
      const HostRegister d = destination(o.d);
      as_.set(d, static_cast<std::uint64_t>(o.immediate));
      written(o.d, d);
      break;
    }
    case Op::move: {
      written(o.d, value(o.a, kRax));
      break;
    }
    case Op::add: two(Alu::add, o); break;
    case Op::subtract: two(Alu::subtract, o); break;
    case Op::bit_and: two(Alu::bit_and, o); break;
    case Op::bit_or: two(Alu::bit_or, o); break;
    case Op::bit_xor: two(Alu::bit_xor, o); break;
    case Op::add_constant:
      if (fits) {
        const HostRegister d = destination(o.d);
        as_.lea(d, value(o.a, kRax), constant);
        written(o.d, d);
      } else {
        with_constant(Alu::add);
      }
      break;
    case Op::and_constant: with_constant(Alu::bit_and); break;
    case Op::or_constant: with_constant(Alu::bit_or); break;
    case Op::xor_constant: with_constant(Alu::bit_xor); break;
    case Op::multiply:
      to_rax(o.a);
      as_.multiply(kRax, value(o.b, kRcx));
      written(o.d, kRax);
      break;
    case Op::wide_multiply:
    case Op::wide_multiply_signed: wide(o.op == Op::wide_multiply ? 4 : 5); break;
    case Op::wide_divide: {
      // A quotient that fits; the others are the interpreter's.
      as_.move(kRcx, value(o.b, kRcx));
      as_.alu(Alu::compare, value(2, kRdx), kRcx);
      const std::size_t large = jump_if(Condition::above_equal);
      as_.move(kRdx, value(2, kRdx));
      wide(6);
      leave_to_interpreter(o, {large});
      break;
    }
    case Op::divide_signed:
    case Op::divide_unsigned:
    case Op::remainder_signed:
    case Op::remainder_unsigned: divide(o); break;
    case Op::shift_left: shift(4); break;
    case Op::shift_right: shift(5); break;
    case Op::shift_signed: shift(7); break;
    case Op::shift_left_constant: shift_constant(4); break;
    case Op::shift_right_constant: shift_constant(5); break;
    case Op::shift_signed_constant: shift_constant(7); break;
    case Op::compare: {
      const unsigned code = compared();
      const HostRegister d = destination(o.d);
      as_.set_condition(code, d);
      written(o.d, d);
      break;
    }
    case Op::zero_int: {
      const HostRegister d = destination(o.d);
      as_.registers(0x89, value(o.a, kRax), d, false);
      written(o.d, d);
      break;
    }
    case Op::sign_int: {
      const HostRegister a = value(o.a, kRax);
      const HostRegister d = destination(o.d);
      if (is_wide()) {
        as_.registers(0x63, d, a, true);
      } else {
        as_.move(d, a);
      }
      written(o.d, d);
      break;
    }
    case Op::push:
    case Op::set_aside: {
      std::vector<std::size_t> bad;
      const Place to = asked_stack(o.a, -constant, bad);
      const HostRegister b = value(o.b, kRdx);
      as_.access(b, 0x89, false, is_wide(), false, false, to.index, to.offset);
      if (o.op == Op::set_aside) {
        written(o.d, b);
      } else {
        add(o.a, -constant);
      }
      leave_to_interpreter(o, bad);
      break;
    }
    case Op::pop: {
      std::vector<std::size_t> bad;
      const Place from = asked_stack(o.a, 0, bad);
      as_.access(kRcx, 0x8b, false, is_wide(), false, false, from.index, from.offset);
      add(o.a, constant);
      written(o.d, kRcx);
      leave_to_interpreter(o, bad);
      break;
    }
    case Op::branch:
    case Op::test:
      leave_to(Exit::branch, o, as_.jump_if(compared()));
      if (o.op == Op::test && o.extra < 2) set_truth(o.d, 1 - o.extra);
      break;
    case Op::fill:
    case Op::jump:
      if (o.op == Op::fill) ask_loop(o);
      go_to_goal(o);
      break;
    case Op::heat: count_heat(o); break;
    case Op::enter: count_entry(o); break;
    case Op::round:
      count(program_.heat(o.extra).rounds);
      go_to_goal(o);
      break;
    case Op::ask_stack:
    case Op::ask_read:
    case Op::ask_write: ask(o); break;
    case Op::grow_heap:
      as_.lea(kRdx, value(o.a, kRax), constant);
      leave_to_target(o, grow_heap());
      break;
    case Op::ask_equal:
    case Op::ask_word: {
      const auto number = static_cast<std::int32_t>(o.extra);
      const HostRegister a = value(o.a, kRax);
      if (o.op == Op::ask_word) as_.access(kRax, 0x8b, false, is_wide(), false, false, a, constant);
      const HostRegister left = o.op == Op::ask_word ? kRax : a;
      if (o.b == kZero) {
        as_.alu_constant(Alu::compare, left, number);
      } else {
        as_.lea(kRcx, value(o.b, kRcx), number);
        as_.alu(Alu::compare, left, kRcx);
      }
      leave_to(Exit::branch, o, jump_if(Condition::not_equal));
      break;
    }
    case Op::put_byte: {
      as_.move_all(kRdx, value(o.b, kRdx));
      leave_to_target(o, put_byte(o.a));
      break;
    }
    case Op::get_byte:
      leave_to_target(o, get_byte(o.a));
      written(o.d, kRax);
      break;
    case Op::expect:
      as_.alu(Alu::compare, value(o.a, kRax), value(o.b, kRcx));
      leave_to_interpreter(o, {jump_if(Condition::not_equal)});
      break;
    case Op::fill_bytes: leave_to_target(o, fill_bytes(o)); break;
    case Op::system_call: system_call(o); break;
    case Op::sign_byte:
    case Op::sign_half: {
      const HostRegister d = destination(o.d);
      as_.sign(d, value(o.a, kRax), o.op == Op::sign_half);
      written(o.d, d);
      break;
    }
    case Op::jump_register:
      as_.lea(kRcx, value(o.a, kRcx), constant);
      go_to(o);
      break;
    case Op::call:
    case Op::call_register: {
      const auto word_constant = static_cast<std::int32_t>(word);
      std::vector<std::size_t> bad;
      const Place to = asked_stack(o.a, -word_constant, bad);
      if (o.op == Op::call_register) as_.move(kRcx, value(o.b, kRcx));
      as_.set(kRdx, o.extra);
      as_.access(kRdx, 0x89, false, is_wide(), false, false, to.index, to.offset);
      add(o.a, -word_constant);
      if (o.op == Op::call) {
        go_to_goal(o);
      } else {
        go_to(o);
      }
      leave_to_interpreter(o, bad);
      break;
    }
    case Op::leave: {
      std::vector<std::size_t> bad;
      const Place from = asked_stack(o.a, 0, bad);
      as_.access(kRcx, 0x8b, false, is_wide(), false, false, from.index, from.offset);
      add(o.a, static_cast<std::int32_t>(word));
      go_to(o);
      leave_to_interpreter(o, bad);
      break;
    }
    default:
      if (small && is_load(o.op)) {
        load(o);
      } else if (small && is_store(o.op)) {
        store(o);
      } else {
        slow();
      }
      break;
  }
}

/// By zero, and by -1 with signs, is the interpreter's.
void BlockTranslator::divide(const Operation& o) {
  const bool with_signs = o.op == Op::divide_signed || o.op == Op::remainder_signed;
  as_.move(kRcx, value(o.b, kRcx));
  as_.lea(kRdx, kRcx, with_signs ? 1 : 0);
  as_.alu_constant(Alu::compare, kRdx, with_signs ? 1 : 0);
  const std::size_t special = jump_if(with_signs ? Condition::below_equal : Condition::equal);
  to_rax(o.a);
  if (with_signs) {
    as_.sign_to_rdx();
  } else {
    as_.set(kRdx, 0);
  }
  as_.by_register(with_signs ? 7 : 6, kRcx);
  const bool rest = o.op == Op::remainder_signed || o.op == Op::remainder_unsigned;
  written(o.d, rest ? kRdx : kRax);
  leave_to_interpreter(o, {special});
}

void BlockTranslator::set_truth(Register reg, unsigned value) {
  const HostRegister d = destination(reg);
  as_.set(d, value);
  written(reg, d);
}

/// The ways out, behind the block's code.
void BlockTranslator::finish_late() {
  for (std::size_t index = 0; index < late_.size(); ++index) {
    const Late late = late_[index];
    const std::size_t here = as_.code.size();
    as_.set_distance(late.distance_at, here);
    if (late.why == Exit::branch) {
      const Operation& o = *late.operation;
      if (o.op == Op::test) set_truth(o.d, o.extra & 1);
      go_to_goal(o);
      continue;
    }
    if (late.why == Exit::go) as_.store_field(kContext, field(offsetof(Context, address)), kRcx);
    as_.set(kRax, reinterpret_cast<std::uintptr_t>(late.operation));
    as_.store_field(kContext, field(offsetof(Context, operation)), kRax);
    for (const unsigned byte : {0x48U, 0x8dU, 0x05U}) as_.byte(byte);  // lea rax, [rip + to resume]
    as_.number(static_cast<std::uint32_t>(late.resume - (as_.code.size() + 4)), 4);
    as_.store_field(kContext, field(offsetof(Context, resume)), kRax);
    as_.set(kRax, static_cast<unsigned>(late.why));
    jump_out(as_);
  }
  late_.clear();
}

const Bytes& BlockTranslator::translate_block(const Operation* start, bool ask_always) {
  as_.code.clear();
  reaches_ = find_reaches(start, set_.in_stack, set_.word_bytes);
  if (ask_always) reaches_ = {std::vector<Reach>(reaches_.of.size()), {}};
  ask_for_windows(*start);
  for (std::size_t index = 0; index < reaches_.of.size(); ++index) {
    reach_ = reaches_.of[index];
    translate(start[index]);
  }
  finish_late();
  if (as_.code.size() > kMostBytesOfBlock) as_.code.clear();
  return as_.code;
}

}  // namespace assay::exec

#endif
