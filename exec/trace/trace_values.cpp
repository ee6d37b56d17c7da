// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/trace/trace_values.h"

#include <algorithm>

#include "exec/decode/block_builder.h"
#include "exec/decode/instruction_set.h"
#include "exec/trace/loop.h"

namespace assay::exec {
namespace {

constexpr int kMostTries = 12;
constexpr std::size_t kMostSlots = 64;
constexpr std::int64_t kFarthest = 1 << 16;  // bytes, of a slot from the base

using Kind = TraceValue::Kind;

}  // namespace

TraceRound::TraceRound(const Path& path, const InstructionSet& set, const Image& image)
    : path_(path),
      set_(set),
      image_(image),
      word_bytes_(set.word_bytes),
      base_(set.in_stack[0]),
      hopes_(kFirstSlot) {}

bool TraceRound::follow() {
  if (!path_.distances[0]) return false;
  for (int tries = 0; tries < kMostTries; ++tries) {
    begin();
    if (!std::all_of(path_.steps.begin(), path_.steps.end(),
                     [&](const Path::Step& step) { return one(step); }))
      return false;
    if (path_.end != nullptr) {
      leave_to(path_.end, false);
      return true;
    }
    if (changed(base_)) return false;
    if (settle()) return true;
  }
  return false;
}

void TraceRound::begin() {
  values_.clear();
  known_.clear();
  steps_.clear();
  leavings_.clear();
  registers_.fill(kNoValue);
  memory_.clear();
  asked_.clear();
  tested_.clear();
  distance_used_.fill(false);
  for (TraceSlot& slot : slots_) slot = {slot.offset};
}

/// Whether what was expected came out; else expects other things.
bool TraceRound::settle() {
  bool settled = true;
  for (std::size_t index = 1; index < set_.in_stack.size(); ++index) {
    if (distance_used_[index] && changed(set_.in_stack[index])) {
      distance_varies_[index] = true;
      settled = false;
    }
  }
  for (Location where = 0; where < hopes_.size(); ++where) {
    if (where >= kProgramRegisters && where < kFirstSlot) continue;
    Hope& hope = hopes_[where];
    if (hope.expected) {
      const Expected& one = *hope.expected;
      const ValueId should =
          one.where ? make(Op::add_constant, end_of(*one.where), kNoValue, one.number) : constant(one.number);
      if (end_of(where) == should) continue;
      hope.expected.reset();
      hope.is_given_up = true;
      settled = false;
    } else if (!hope.is_given_up && !hope.is_basis && !stays(where)) {
      hope.expected = expectable(where);
      hope.is_given_up = !hope.expected;
      if (hope.expected && hope.expected->where) hopes_[*hope.expected->where].is_basis = true;
      settled = settled && hope.is_given_up;
    }
  }
  return settled;
}

ValueId TraceRound::begin_of(Location where) {
  const std::optional<Expected>& hope = hopes_[where].expected;
  if (!hope) return start(where);
  return hope->where ? make(Op::add_constant, start(*hope->where), kNoValue, hope->number)
                     : constant(hope->number);
}

ValueId TraceRound::end_of(Location where) {
  const ValueId last = where < kFirstSlot ? registers_[where] : slots_[where - kFirstSlot].last;
  return last != kNoValue ? last : begin_of(where);
}

/// Whether a location holds at the end of the round what it held at its begin.
bool TraceRound::stays(Location where) {
  return where < kFirstSlot ? !changed(static_cast<Register>(where)) : end_of(where) == begin_of(where);
}

bool TraceRound::is_steady(const Expected& expected) { return !expected.where || stays(*expected.where); }

/// A value as another one and a constant.
std::pair<ValueId, std::int64_t> TraceRound::parts(ValueId id) const {
  const TraceValue& one = value(id);
  if (one.kind == Kind::made && one.op == Op::add_constant) return {one.a, one.number};
  return {id, 0};
}

/// What a location holds at the end by what others hold then, those that are read in the round first.
std::optional<Expected> TraceRound::expectable(Location where) {
  const ValueId end = end_of(where);
  if (is_constant(end)) return Expected{std::nullopt, value(end).number};
  const auto [base, number] = parts(end);
  std::optional<Expected> found;
  for (auto other = static_cast<Location>(hopes_.size());
       other-- > 0 && !(found && hopes_[*found->where].is_basis);) {
    const bool usable = other < kProgramRegisters || other >= kFirstSlot;
    if (other == where || !usable || hopes_[other].expected) continue;
    const auto [other_base, other_number] = parts(end_of(other));
    const std::int64_t more = distance(sum(number, -other_number));
    if (other_base != base || more != static_cast<std::int32_t>(more)) continue;
    const bool is_read = other >= kFirstSlot && slots_[other - kFirstSlot].is_read;
    if (!found || is_read || hopes_[other].is_basis || stays(other)) found = Expected{other, more};
    if (is_read) break;
  }
  return found;
}

std::vector<std::pair<Register, std::int64_t>> TraceRound::distances() const {
  std::vector<std::pair<Register, std::int64_t>> result;
  for (std::size_t index = 1; index < set_.in_stack.size(); ++index) {
    if (distance_used_[index]) result.emplace_back(set_.in_stack[index], *path_.distances[index]);
  }
  return result;
}

std::optional<ValueId> TraceRound::changed(Register reg) const {
  const ValueId id = registers_[reg];
  if (id == kNoValue) return std::nullopt;
  const auto [base, number] = parts(id);
  const TraceValue& from = value(base);
  if (from.kind != Kind::start) return id;
  if (from.where == reg && number == 0) return std::nullopt;
  for (std::size_t index = 1; index < set_.in_stack.size(); ++index) {
    if (set_.in_stack[index] == reg && distance_used_[index] && !distance_varies_[index] &&
        from.where == base_ && number == *path_.distances[index])
      return std::nullopt;
  }
  return id;
}

ValueId TraceRound::keep(const TraceValue& one) {
  const auto [place, fresh] =
      known_.try_emplace(Key{one.kind, one.op, one.condition, one.a, one.b, one.number, one.where},
                         static_cast<ValueId>(values_.size()));
  if (fresh) {
    values_.push_back(one);
    if (one.kind == Kind::made) steps_.push_back({.kind = TraceStep::Kind::value, .a = place->second});
  }
  return place->second;
}

ValueId TraceRound::constant(std::int64_t number) {
  return keep({.kind = Kind::constant, .number = word(number)});
}
ValueId TraceRound::start(Location where) { return keep({.kind = Kind::start, .where = where}); }

/// What comes out is known, or is another value.
std::optional<ValueId> TraceRound::fold(Op op, ValueId a, ValueId b, std::int64_t number,
                                        Condition condition) {
  const TraceValue& first = value(a);
  const bool is_number = first.kind == Kind::constant;
  switch (op) {
    case Op::move: return a;
    case Op::add_constant:
      if (number == 0) return a;
      if (is_number) return constant(sum(first.number, number));
      if (first.kind == Kind::made && first.op == Op::add_constant)
        return make(Op::add_constant, first.a, kNoValue, sum(first.number, number));
      return std::nullopt;
    case Op::add:
      if (is_number) return make(Op::add_constant, b, kNoValue, first.number);
      if (is_constant(b)) return make(Op::add_constant, a, kNoValue, value(b).number);
      return std::nullopt;
    case Op::subtract:
      if (a == b) return constant(0);
      if (is_constant(b)) {
        const auto less = static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value(b).number));
        return make(Op::add_constant, a, kNoValue, less);
      }
      return std::nullopt;
    case Op::bit_and:
      if (is_number && is_constant(b)) return constant(first.number & value(b).number);
      return std::nullopt;
    case Op::bit_or:
      if (is_number && is_constant(b)) return constant(first.number | value(b).number);
      return std::nullopt;
    case Op::sign_int:
      if (is_number) return constant(static_cast<std::int32_t>(first.number));
      return std::nullopt;
    case Op::zero_int:
      if (is_number) return constant(static_cast<std::int64_t>(static_cast<std::uint32_t>(first.number)));
      return std::nullopt;
    case Op::compare:
      if (is_number && is_constant(b)) return constant(is_so(condition, a, b) ? 1 : 0);
      return std::nullopt;
    default: return std::nullopt;
  }
}

ValueId TraceRound::make(Op op, ValueId a, ValueId b, std::int64_t number, Condition condition) {
  if (op == Op::add_constant) number = distance(number);
  if (const std::optional<ValueId> folded = fold(op, a, b, number, condition)) return *folded;
  return keep({.kind = Kind::made, .op = op, .condition = condition, .a = a, .b = b, .number = number});
}

/// What a register holds when the round begins.
ValueId TraceRound::start_of(Register reg) {
  for (std::size_t index = 1; index < set_.in_stack.size(); ++index) {
    if (set_.in_stack[index] != reg || !path_.distances[index] || distance_varies_[index]) continue;
    distance_used_[index] = true;
    return make(Op::add_constant, start(base_), kNoValue, *path_.distances[index]);
  }
  return begin_of(reg);
}

ValueId TraceRound::get(Register reg) {
  if (reg == kZero) return constant(0);
  return registers_[reg] != kNoValue ? registers_[reg] : start_of(reg);
}

void TraceRound::set(Register reg, ValueId id) {
  if (reg != kNowhere && reg != kZero) registers_[reg] = id;
}

TraceRound::Place TraceRound::place(Register reg, std::int64_t offset) {
  const ValueId id = make(Op::add_constant, get(reg), kNoValue, offset);
  if (is_constant(id)) return {constant(0), value(id).number};
  const auto [base, number] = parts(id);
  return {base, number};
}

bool TraceRound::is_slot(const Place& place) const {
  const TraceValue& one = value(place.base);
  return one.kind == Kind::start && one.where == base_;
}

/// Null if it is none: too far, or across others.
TraceSlot* TraceRound::slot(std::int64_t offset) {
  if (offset > kFarthest || offset < -kFarthest) return nullptr;
  for (TraceSlot& one : slots_) {
    if (one.offset == offset) return &one;
    if (std::abs(one.offset - offset) < static_cast<std::int64_t>(word_bytes_)) return nullptr;
  }
  if (slots_.size() == kMostSlots) return nullptr;
  hopes_.emplace_back();
  return &slots_.emplace_back(TraceSlot{offset});
}

std::size_t TraceRound::leave_to(const Operation* to, bool begins_block) {
  Leaving& leaving = leavings_.emplace_back(Leaving{to, begins_block, {}});
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (registers_[reg] != kNoValue) leaving.changed.emplace_back(reg, registers_[reg]);
  }
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].last != kNoValue)
      leaving.changed.emplace_back(kFirstSlot + static_cast<Location>(index), slots_[index].last);
  }
  return leavings_.size() - 1;
}

/// A loop that fills is gone to by jumps, other operations are within their block.
std::size_t TraceRound::leave_before(const Path::Step& step) {
  return leave_to(step.operation, step.operation->op == Op::fill);
}

/// False if it cannot be there. What lies near a pointer is asked for together.
bool TraceRound::ask(Op op, Place place, unsigned bytes, const Path::Step& step) {
  constexpr std::int64_t kNear = 64;
  if (is_constant(place.base)) {
    const auto at = static_cast<std::uint64_t>(place.offset);
    if (at < image_.base() || at > kTop - kStackBytes - bytes) return false;
    if (op == Op::ask_read) return true;
  } else if (bytes == word_bytes_) {
    place.offset -= place.offset & (kNear - 1);
    bytes += kNear;
  }
  const bool known = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& one) {
    return (one.op == op || one.op == Op::ask_write) && one.place.base == place.base &&
           one.place.offset <= place.offset && place.offset + bytes <= one.place.offset + one.bytes;
  });
  if (known) return true;
  asked_.push_back({op, place, bytes});
  steps_.push_back({.kind = TraceStep::Kind::ask,
                    .op = op,
                    .a = place.base,
                    .number = place.offset,
                    .bytes = bytes,
                    .leaving = leave_before(step)});
  return true;
}

/// A word of the stack, or its first bytes.
ValueId TraceRound::load_slot(Op op, std::int64_t offset) {
  TraceSlot* const found = slot(offset);
  if (found == nullptr) return kNoValue;
  ValueId id = found->last;
  if (id == kNoValue) {
    found->is_read = true;
    id = begin_of(kFirstSlot + static_cast<Location>(found - slots_.data()));
  }
  if (width_of(op) == word_bytes_) return id;
  switch (op) {
    case Op::load_byte: return make(Op::and_constant, id, kNoValue, 0xff);
    case Op::load_half: return make(Op::and_constant, id, kNoValue, 0xffff);
    case Op::load_int: return make(Op::zero_int, id);
    case Op::load_byte_signed: return make(Op::sign_byte, id);
    case Op::load_half_signed: return make(Op::sign_half, id);
    default: return make(Op::sign_int, id);
  }
}

ValueId TraceRound::load(Op op, Register reg, std::int64_t offset, const Path::Step& step) {
  const Place from = place(reg, offset);
  const unsigned bytes = width_of(op);
  if (is_slot(from)) return load_slot(op, from.offset);
  if (!ask(Op::ask_read, from, bytes, step)) return kNoValue;
  const auto fact = std::find_if(memory_.begin(), memory_.end(), [&](const Fact& one) {
    return one.op == op && one.place.base == from.base && one.place.offset == from.offset;
  });
  if (fact != memory_.end()) return fact->value;
  const auto id = static_cast<ValueId>(values_.size());
  values_.push_back({.kind = Kind::loaded, .op = op, .a = from.base, .number = from.offset});
  steps_.push_back({.kind = TraceStep::Kind::value, .a = id});
  memory_.push_back({op, from, bytes, id});
  return id;
}

/// A word of the stack, or its first byte.
bool TraceRound::store_slot(Op op, std::int64_t offset, ValueId id) {
  if (op == Op::store_byte) {
    const ValueId before = load_slot(word_load(word_bytes_), offset);
    if (before == kNoValue) return false;
    id = make(Op::bit_or, make(Op::and_constant, before, kNoValue, ~std::int64_t{0xff}),
              make(Op::and_constant, id, kNoValue, 0xff));
  } else if (width_of(op) != word_bytes_) {
    return false;
  }
  TraceSlot* const found = slot(offset);
  if (found == nullptr) return false;
  found->last = id;
  return true;
}

bool TraceRound::store(Op op, Register reg, std::int64_t offset, ValueId id, const Path::Step& step) {
  const Place to = place(reg, offset);
  const unsigned bytes = width_of(op);
  if (is_slot(to)) return store_slot(op, to.offset, id);
  if (!ask(Op::ask_write, to, bytes, step)) return false;
  steps_.push_back({.kind = TraceStep::Kind::store, .op = op, .a = to.base, .b = id, .number = to.offset});
  // Whatever may be the same place is not known any more.
  memory_.erase(std::remove_if(memory_.begin(), memory_.end(),
                               [&](const Fact& one) {
                                 const bool apart = one.place.base == to.base &&
                                                    (one.place.offset + one.bytes <= to.offset ||
                                                     to.offset + bytes <= one.place.offset);
                                 return !apart;
                               }),
                memory_.end());
  if (bytes == word_bytes_) memory_.push_back({word_load(word_bytes_), to, bytes, id});
  return true;
}

/// Leaves before the operation unless a condition holds; false if it never does.
bool TraceRound::require(Condition condition, ValueId a, ValueId b, const Path::Step& step) {
  if (is_constant(a) && is_constant(b)) return is_so(condition, a, b);
  steps_.push_back({.kind = TraceStep::Kind::leave,
                    .condition = opposite(condition),
                    .a = a,
                    .b = b,
                    .leaving = leave_before(step)});
  return true;
}

/// The program goes to an address as it did when it was recorded, or leaves before the operation.
bool TraceRound::expect(ValueId id, const Path::Step& step) {
  return require(Condition::equal, id, constant(static_cast<std::int64_t>(step.to)), step);
}

bool TraceRound::branch(const Path::Step& step) {
  const Operation& o = *step.operation;
  const ValueId a = get(o.a);
  const ValueId b = get(o.b);
  const std::int64_t jumps = o.extra & 1;
  const ValueId truth = o.op == Op::test ? constant(step.jumped ? jumps : 1 - jumps) : kNoValue;
  if (a == b || (is_constant(a) && is_constant(b))) {
    if (is_so(o.condition, a, b) != step.jumped) return false;
  } else if (tested_.emplace(step.jumped ? o.condition : opposite(o.condition), a, b).second) {
    const bool again = step.other == step.operation;
    const std::size_t leaving = leave_to(step.other, !step.jumped && !again);
    if (o.op == Op::test && !again) {
      const ValueId other = constant(step.jumped ? 1 - jumps : jumps);
      std::vector<std::pair<Location, ValueId>>& changed = leavings_[leaving].changed;
      const auto place =
          std::find_if(changed.begin(), changed.end(), [&](const auto& one) { return one.first == o.d; });
      if (place != changed.end()) {
        place->second = other;
      } else if (o.d != kNowhere && o.d != kZero) {
        changed.emplace_back(o.d, other);
      }
    }
    steps_.push_back({.kind = TraceStep::Kind::leave,
                      .condition = step.jumped ? opposite(o.condition) : o.condition,
                      .a = a,
                      .b = b,
                      .leaving = leaving});
  }
  if (o.op == Op::test) set(o.d, truth);
  return true;
}

bool TraceRound::one(const Path::Step& step) {
  const Operation& o = *step.operation;
  const std::int64_t word_number = word_bytes_;
  const Op store_word = word_store(word_bytes_);
  const Op load_word = word_load(word_bytes_);
  const auto grow = [&](std::int64_t by) { set(o.a, make(Op::add_constant, get(o.a), kNoValue, by)); };
  switch (o.op) {
    case Op::set: set(o.d, constant(o.immediate)); return true;
    case Op::push:
      if (!store(store_word, o.a, -o.immediate, get(o.b), step)) return false;
      grow(-o.immediate);
      return true;
    case Op::pop: {
      const ValueId popped = load(load_word, o.a, 0, step);
      if (popped == kNoValue) return false;
      grow(o.immediate);
      set(o.d, popped);
      return true;
    }
    case Op::set_aside: {
      const ValueId aside = get(o.b);
      if (!store(store_word, o.a, -o.immediate, aside, step)) return false;
      set(o.d, aside);
      return true;
    }
    case Op::branch:
    case Op::test: return branch(step);
    case Op::jump: return true;
    case Op::call_register:
      if (!expect(get(o.b), step)) return false;
      [[fallthrough]];
    case Op::call:
      if (!store(store_word, o.a, -word_number, constant(static_cast<std::int64_t>(o.extra)), step))
        return false;
      grow(-word_number);
      return true;
    case Op::system_call: return system_call(step);
    case Op::fill: return fill(step);
    case Op::leave: {
      const ValueId to = load(load_word, o.a, 0, step);
      if (to == kNoValue || !expect(to, step)) return false;
      grow(word_number);
      return true;
    }
    case Op::jump_register: return expect(make(Op::add_constant, get(o.a), kNoValue, o.immediate), step);
    default: break;
  }
  if (is_load(o.op)) {
    const ValueId loaded = load(o.op, o.a, o.immediate, step);
    if (loaded == kNoValue) return false;
    set(o.d, loaded);
    return true;
  }
  if (is_store(o.op)) return store(o.op, o.a, o.immediate, get(o.b), step);
  set(o.d, make(o.op, get(o.a), has_one_source(o.op) ? kNoValue : get(o.b), o.immediate, o.condition));
  return true;
}

}  // namespace assay::exec
