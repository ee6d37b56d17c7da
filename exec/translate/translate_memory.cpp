// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Translating what reads and writes the program's memory, and the questions before it.
#include "exec/translate/block_translator.h"

#if defined(__x86_64__)

#include <algorithm>

#include "exec/decode/block_builder.h"
#include "exec/interpret/trace_recorder.h"

namespace assay::exec {

/// Whether the `bytes` from `from` + low on are on the stack, where no code is. A stack elsewhere is the
/// interpreter's.
std::size_t BlockTranslator::check_stack(HostRegister from, std::int64_t low, std::int64_t bytes) {
  const bool is_low = image_->stack_top() == kTop;
  const auto bottom = static_cast<std::int64_t>(is_low ? image_->stack_bottom() : 0);
  as_.distance(kRcx, from, static_cast<std::int32_t>(low - bottom));
  if (!is_low) {
    as_.rex(true, kRcx, 0, kContext);  // sub rcx, [stack_bottom]
    as_.byte(0x2b);
    as_.byte(0x80 | kRcx << 3 | kContext);
    as_.number(static_cast<std::uint32_t>(offsetof(Context, stack_bottom)), 4);
  }
  as_.rex(true, 0, 0, kRcx);  // cmp rcx, room
  as_.byte(0x81);
  as_.byte(0xf9);
  as_.number(kStackBytes - static_cast<std::uint64_t>(bytes), 4);
  return jump_if(Condition::above);
}

void BlockTranslator::ask_for_windows(const Operation& start) {
  for (const Window& window : reaches_.windows) {
    const std::size_t beyond = check_stack(value(window.base, kRax), window.low, window.high - window.low);
    leave_to(Exit::beyond, start, beyond, beyond);
  }
}

BlockTranslator::Place BlockTranslator::place(Register reg, std::int64_t offset) {
  return {value(reg, kRax), static_cast<std::int32_t>(offset)};
}

BlockTranslator::Place BlockTranslator::asked(const Operation& o, unsigned bytes, bool stores,
                                              std::vector<std::size_t>& slow) {
  const bool sure = (o.extra & kSure) != 0;
  if (sure && o.a == kZero) return {kRsp, static_cast<std::int32_t>(o.immediate)};
  if (sure || reach_.kind == Reach::Kind::window) return place(o.a, o.immediate);
  if (reach_.kind == Reach::Kind::fixed && image_->holds(reach_.address, bytes)) {
    const auto at = static_cast<std::int32_t>(reach_.address);
    if (stores) {
      as_.rex(true, 0, 0, kContext);  // cmp qword [code_end], address
      as_.byte(0x81);
      as_.byte(0xb8 | kContext);
      as_.number(static_cast<std::uint32_t>(offsetof(Context, code_end)), 4);
      as_.number(static_cast<std::uint32_t>(at), 4);
      slow.push_back(jump_if(Condition::above));
    }
    return {kRsp, at};
  }
  if (!stores) {
    // What a 32-bit program's address would wrap around to is the interpreter's.
    const Place at = place(o.a, o.immediate);
    slow.push_back(check_within(at.index, at.offset, bytes));
    return at;
  }
  as_.lea(kRax, value(o.a, kRax), static_cast<std::int32_t>(o.immediate));
  slow = check(bytes, stores);
  return {kRax, 0};
}

BlockTranslator::Place BlockTranslator::asked_stack(Register reg, std::int32_t offset,
                                                    std::vector<std::size_t>& slow) {
  if (reach_.kind == Reach::Kind::window) return place(reg, offset);
  as_.lea(kRax, value(reg, kRax), offset);
  slow.push_back(check_stack(kRax));
  return {kRax, 0};
}

/// Whether the bytes from a register + offset on are in the program's memory.
std::size_t BlockTranslator::check_within(HostRegister from, std::int64_t offset, std::uint64_t bytes) {
  as_.distance(kRcx, from, static_cast<std::int32_t>(offset - static_cast<std::int64_t>(image_->base())));
  as_.rex(true, 0, 0, kRcx);  // cmp rcx, span
  as_.byte(0x81);
  as_.byte(0xf9);
  as_.number(kTop - image_->base() - bytes, 4);
  return jump_if(Condition::above);
}

std::vector<std::size_t> BlockTranslator::check(unsigned bytes, bool stores) {
  std::vector<std::size_t> slow{check_within(kRax, 0, bytes)};
  if (stores) slow.push_back(check_no_code(kRax));
  return slow;
}

/// Whether code ends before an address.
std::size_t BlockTranslator::check_no_code(HostRegister address) {
  as_.rex(true, address, 0, kContext);  // cmp address, [code_end]
  as_.byte(0x3b);
  as_.byte(0x80 | (address & 7) << 3 | kContext);
  as_.number(static_cast<std::uint32_t>(offsetof(Context, code_end)), 4);
  return jump_if(Condition::below);
}

/// `at` has been loaded from where it pointed to itself (rdx), as one does who goes through a list, and the
/// programs' lists are much larger than a host's caches. What was allocated in turn lies at distances that
/// are the same mostly: what will be needed eight steps from here is fetched now.
void BlockTranslator::look_ahead(HostRegister at, std::int32_t offset) {
  as_.registers(0x89, at, kRcx, true);
  as_.registers(0x29, kRdx, kRcx, true);
  as_.scaled(kRcx, at, kRcx);
  as_.prefetch(kRcx, offset);
}

void BlockTranslator::load(const Operation& o) {
  std::vector<std::size_t> slow;
  const bool pointer =
      (o.extra & kAhead) != 0 ||
      (o.extra == 0 && reach_.kind == Reach::Kind::unknown && o.d == o.a && holder(o.d) != kRsp &&
       (o.op == Op::load_long || o.op == Op::load_int) && width_of(o.op) == set_.word_bytes);
  const Place from = asked(o, width_of(o.op), false, slow);
  const HostRegister d = destination(o.d);
  if (pointer) as_.move_all(kRdx, from.index);
  const auto access = [&](unsigned opcode, bool two_bytes, bool wide) {
    as_.access(d, opcode, two_bytes, wide, false, false, from.index, from.offset);
  };
  switch (o.op) {
    case Op::load_byte: access(0xb6, true, false); break;
    case Op::load_byte_signed: access(0xbe, true, is_wide()); break;
    case Op::load_half: access(0xb7, true, false); break;
    case Op::load_half_signed: access(0xbf, true, is_wide()); break;
    case Op::load_int: access(0x8b, false, false); break;
    case Op::load_int_signed: access(is_wide() ? 0x63 : 0x8b, false, is_wide()); break;
    default: access(0x8b, false, true); break;
  }
  written(o.d, d);
  if (pointer) look_ahead(d, static_cast<std::int32_t>(o.immediate));
  leave_to_interpreter(o, slow);
}

void BlockTranslator::store(const Operation& o) {
  std::vector<std::size_t> slow;
  const Place to = asked(o, width_of(o.op), true, slow);
  const HostRegister b = value(o.b, kRdx);
  const auto access = [&](unsigned opcode, bool wide, bool half, bool byte_register) {
    as_.access(b, opcode, false, wide, half, byte_register, to.index, to.offset);
  };
  switch (o.op) {
    case Op::store_byte: access(0x88, false, false, true); break;
    case Op::store_half: access(0x89, false, true, false); break;
    case Op::store_int: access(0x89, false, false, false); break;
    default: access(0x89, true, false, false); break;
  }
  leave_to_interpreter(o, slow);
}

/// These jump if it cannot be done.
std::vector<std::size_t> BlockTranslator::fill_bytes(const Operation& o) {
  constexpr std::uint64_t kEnd = kTop - kStackBytes;
  as_.move_all(kRdx, value(o.a, kRdx));
  std::vector<std::size_t> cannot{check_no_code(kRdx)};
  as_.set(kRax, kEnd);
  as_.registers(0x29, kRdx, kRax, true);  // what is behind the first byte
  cannot.push_back(jump_if(Condition::below));
  as_.move_all(kRcx, value(o.b, kRcx));
  as_.registers(0x39, kRcx, kRax, true);
  cannot.push_back(jump_if(Condition::below));
  as_.move(kRax, value(o.d, kRax));
  as_.byte(0x57);  // push rdi
  as_.registers(0x89, kRdx, kRdi, true);
  as_.registers(0x01, kMemory, kRdi, true);
  for (const unsigned byte : {0xf3U, 0xaaU, 0x5fU}) as_.byte(byte);  // rep stosb; pop rdi
  return cannot;
}

/// rdx = what a sum comes to, and `more`. `unsure` gets the jumps to take where a word of it is out of reach.
void BlockTranslator::to_rdx(const Sum& sum, std::uint64_t more, const Loop& loop,
                             std::vector<std::size_t>& unsure) {
  const auto constant = static_cast<std::uint64_t>(sum.constant) + more;
  as_.set(kRdx, is_wide() ? constant : static_cast<std::uint32_t>(constant));
  for (unsigned index = 0; index < sum.count; ++index) {
    const std::uint16_t id = sum.atoms[index];
    if (id < Sum::kFirstSlot) {
      as_.alu(Alu::add, kRdx, value(static_cast<Register>(id), kRax));
      continue;
    }
    const Loop::Slot& slot = loop.slots[id - Sum::kFirstSlot];
    as_.lea(kRax, value(slot.base, kRax), static_cast<std::int32_t>(slot.offset));
    for (const std::size_t at : check(set_.word_bytes, false)) unsure.push_back(at);
    as_.access(kRax, 0x8b, false, is_wide(), false, false, kRax, 0);
    as_.alu(Alu::add, kRdx, kRax);
  }
}

/// Has a loop done, unless its first test that changes says that it goes round a few times only. A
/// loop that is not asked is gone round step by step.
void BlockTranslator::ask_loop(const Operation& o) {
  const Loop& loop = program_.loop(o.extra);
  const auto test = std::find_if(loop.tests.begin(), loop.tests.end(), [](const Loop::Test& one) {
    return one.condition != Condition::equal && one.left_step != one.right_step;
  });
  std::vector<std::size_t> few;
  std::vector<std::size_t> unsure;
  if (test != loop.tests.end()) {
    const bool differs = test->condition == Condition::not_equal;
    const std::uint64_t times = differs ? 0 : kFewestRounds - 1;
    to_rdx(test->left, times * static_cast<std::uint64_t>(test->left_step), loop, unsure);
    as_.store_field(kContext, field(offsetof(Context, address)), kRdx);
    to_rdx(test->right, times * static_cast<std::uint64_t>(test->right_step), loop, unsure);
    as_.load_field(kRax, kContext, field(offsetof(Context, address)));
    if (differs) {
      // How far the two are apart.
      const bool turned = test->is_turned();
      as_.alu(Alu::subtract, turned ? kRax : kRdx, turned ? kRdx : kRax);
      as_.alu_constant(Alu::compare, turned ? kRax : kRdx, kFewestRounds);
      few.push_back(jump_if(Condition::below));
    } else {
      as_.alu(Alu::compare, kRax, kRdx);
      few.push_back(jump_if(opposite(test->condition)));
    }
  }
  for (const std::size_t at : unsure) as_.land(at);
  as_.set(kRax, reinterpret_cast<std::uintptr_t>(&loop));
  as_.set_distance(as_.call(), distance_to(run_loop_));
  for (const std::size_t past : few) as_.land(past);
}

/// The jump in front is to be changed once the loop has its trace, or is known to have none.
void BlockTranslator::count_heat(const Operation& o) {
  as_.land(as_.jump());
  const std::size_t here = as_.code.size();
  leave_to(Exit::operation, o, count_to(program_.heat(o.extra).times, kHot), here);
  link(o);
}

void BlockTranslator::count_entry(const Operation& o) {
  leave_to_interpreter(o, {count_to(program_.heat(o.extra).entered, kEntered)});
}

/// Adds one; rax points to it.
void BlockTranslator::count(const std::uint32_t& times) {
  as_.set(kRax, reinterpret_cast<std::uintptr_t>(&times));
  as_.byte(0xff);  // inc dword [rax]
  as_.byte(0x00);
}

/// Adds one, and jumps if that is enough.
std::size_t BlockTranslator::count_to(const std::uint32_t& times, std::uint32_t most) {
  count(times);
  as_.byte(0x81);  // cmp dword [rax], most
  as_.byte(0x38);
  as_.number(most, 4);
  return jump_if(Condition::above_equal);
}

void BlockTranslator::ask(const Operation& o) {
  const HostRegister a = value(o.a, kRax);
  const auto branch = [&](std::size_t at) { leave_to(Exit::branch, o, at); };
  if (o.op == Op::ask_stack) return branch(check_stack(a, o.immediate, o.extra));
  branch(check_within(a, o.immediate, kStackBytes + o.extra));  // so far from the top
  if (o.op == Op::ask_read) return;
  as_.distance(kRcx, a, static_cast<std::int32_t>(o.immediate));
  branch(check_no_code(kRcx));
}

}  // namespace assay::exec

#endif
