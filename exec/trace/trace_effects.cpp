// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a round does at once: system calls, and loops that fill.
#include "exec/decode/instruction_set.h"
#include "exec/trace/loop.h"
#include "exec/trace/trace_values.h"

namespace assay::exec {

/// A byte comes to where it should be. False: it cannot be followed.
bool TraceRound::read_byte(const Path::Step& step) {
  const Register at = set_.calls.words[1];
  const Place to = place(at, 0);
  if (!is_slot(to) && !ask(Op::ask_write, to, 1, step)) return false;
  const ValueId file = get(set_.calls.words[0]);
  const auto id = static_cast<ValueId>(values_.size());
  values_.push_back({.kind = TraceValue::Kind::loaded, .op = Op::get_byte, .a = file});
  steps_.push_back({.kind = TraceStep::Kind::take, .a = id, .leaving = leave_before(step)});
  return store(Op::store_byte, at, 0, id, step);
}

bool TraceRound::write_byte(const Path::Step& step) {
  const ValueId byte = load(Op::load_byte, set_.calls.words[1], 0, step);
  if (byte == kNoValue) return false;
  steps_.push_back({.kind = TraceStep::Kind::ask,
                    .op = Op::put_byte,
                    .a = get(set_.calls.words[0]),
                    .b = byte,
                    .leaving = leave_before(step)});
  return true;
}

/// What many times round a loop do. Those of its words that change are on the stack, where it does not fill.
bool TraceRound::fill(const Path::Step& step) {
  const Loop& loop = *step.loop;
  const Loop::Test& test = loop.tests.front();
  const Loop::Write& write = loop.writes.front();
  const auto before = [&](std::uint16_t id) {
    if (id < Sum::kFirstSlot) return get(static_cast<Register>(id));
    const Loop::Slot& slot = loop.slots[id - Sum::kFirstSlot];
    return load(word_load(word_bytes_), slot.base, slot.offset, step);
  };
  const auto total = [&](const Sum& sum) {
    ValueId result = constant(sum.constant);
    for (unsigned index = 0; index < sum.count && result != kNoValue; ++index) {
      const ValueId more = before(sum.atoms[index]);
      result = more == kNoValue ? kNoValue : make(Op::add, result, more);
    }
    return result;
  };
  const ValueId left = total(test.left);
  const ValueId right = total(test.right);
  const ValueId first = total(write.to);
  const ValueId byte = total(write.value);
  if (left == kNoValue || right == kNoValue || first == kNoValue || byte == kNoValue ||
      !require(test.condition, left, right, step))
    return false;
  const ValueId between =
      test.is_turned() ? make(Op::subtract, left, right) : make(Op::subtract, right, left);
  const ValueId times = make(Op::add_constant, between, kNoValue, test.has_equal() ? 0 : -1);
  const ValueId lowest =
      write.step > 0 ? first : make(Op::add_constant, make(Op::subtract, first, times), kNoValue, 1);
  for (const Loop::Slot& slot : loop.slots) {
    if (is_slot(place(slot.base, slot.offset))) continue;
    // Another word must stay, and lie below what is filled.
    const std::int64_t end = slot.offset + static_cast<std::int64_t>(word_bytes_);
    if (slot.base != kZero || slot.step != 0 || !require(Condition::above_equal, lowest, constant(end), step))
      return false;
  }
  steps_.push_back({.kind = TraceStep::Kind::ask,
                    .op = Op::fill_bytes,
                    .a = lowest,
                    .b = times,
                    .c = byte,
                    .leaving = leave_before(step)});
  memory_.clear();
  const auto after = [&](ValueId id, std::int64_t one) {
    return make(one > 0 ? Op::add : Op::subtract, id, times);
  };
  for (std::size_t index = 0; index < loop.slots.size(); ++index) {
    const Loop::Slot& slot = loop.slots[index];
    if (slot.step == 0) continue;
    const ValueId id = after(before(static_cast<std::uint16_t>(Sum::kFirstSlot + index)), slot.step);
    if (!store(word_store(word_bytes_), slot.base, slot.offset, id, step)) return false;
  }
  for (const Loop::Step& one : loop.register_steps) set(one.reg, after(get(one.reg), one.step));
  return true;
}

/// The heap grows, and the call returns what it was given; or a byte is read or written.
bool TraceRound::system_call(const Path::Step& step) {
  const ValueId number = get(set_.calls.number);
  if (!is_constant(number)) return false;
  const auto& words = set_.calls.words;
  const auto called = static_cast<std::uint64_t>(value(number).number);
  if (called == set_.calls.brk) {
    const Place top = place(words[0], 0);
    steps_.push_back({.kind = TraceStep::Kind::ask,
                      .op = Op::grow_heap,
                      .a = top.base,
                      .number = top.offset,
                      .leaving = leave_before(step)});
    set(set_.calls.result, get(words[0]));
    return true;
  }
  const bool reads = called == set_.calls.read;
  if ((!reads && called != set_.calls.write) || get(words[2]) != constant(1)) return false;
  if (!(reads ? read_byte(step) : write_byte(step))) return false;
  set(set_.calls.result, constant(1));
  return true;
}

}  // namespace assay::exec
