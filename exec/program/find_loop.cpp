// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finding loops: one iteration on symbols.
#include "exec/program/find_loop.h"

#include <algorithm>

#include "exec/decode/block_builder.h"
#include "exec/program/program.h"

namespace assay::exec {
namespace {

constexpr int kMostSteps = 120;           // operations of one iteration
constexpr std::size_t kMostBranches = 3;  // of one iteration
constexpr std::size_t kMostSlots = 24;

std::optional<Sum> sum(const Sum& a, const Sum& b) {
  Sum result = a;
  result.constant = static_cast<std::int64_t>(static_cast<std::uint64_t>(a.constant) +
                                              static_cast<std::uint64_t>(b.constant));
  for (unsigned index = 0; index < b.count; ++index) {
    if (result.count == Sum::kMostAtoms) return std::nullopt;
    unsigned place = result.count++;
    for (; place > 0 && result.atoms[place - 1] > b.atoms[index]; --place)
      result.atoms[place] = result.atoms[place - 1];
    result.atoms[place] = b.atoms[index];
  }
  return result;
}

Sum constant(std::int64_t value) {
  Sum result;
  result.constant = value;
  return result;
}

Sum atom(std::uint16_t id) {
  Sum result;
  result.atoms[0] = id;
  result.count = 1;
  return result;
}

struct Value {
  enum class Kind { unknown, sum, truth, data } kind = Kind::unknown;
  Sum sum{};           ///< sum; of data: the address
  unsigned bytes = 0;  ///< data
  Condition condition{};
  Sum left{}, right{};  ///< truth
};

Value value_of(Sum sum) { return {.kind = Value::Kind::sum, .sum = sum}; }

class Walk {
 public:
  Walk(Program& program, std::uint64_t address, unsigned word_bytes)
      : program_(program), header_(address), word_bytes_(word_bytes) {
    for (unsigned reg = 0; reg < kRegisters; ++reg)
      registers_[reg] = value_of(atom(static_cast<std::uint16_t>(reg)));
    registers_[kZero] = value_of(constant(0));
  }

  /// Goes round once. `taken`: which way to go at the first branches; gets what was done at all of them.
  bool round(std::vector<bool>& taken);
  std::optional<Loop> result();

 private:
  bool step(const Operation& o);
  bool store(const Operation& o, const std::optional<Sum>& to, unsigned bytes);
  Value load(const std::optional<Sum>& from, unsigned bytes);
  std::optional<std::size_t> slot(const Sum& address, bool reads);
  bool test(const Operation& branch, bool taken);
  std::optional<Sum> plus(Register reg, std::int64_t value) const {
    if (registers_[reg].kind != Value::Kind::sum) return std::nullopt;
    return sum(registers_[reg].sum, constant(value));
  }
  std::optional<std::int64_t> step_of(const Sum& of);
  [[nodiscard]] std::int64_t as_signed(std::int64_t value) const {
    return word_bytes_ == 4 ? static_cast<std::int32_t>(value) : value;
  }
  void note_reads(const Operation& o);

  Program& program_;
  std::uint64_t header_;
  unsigned word_bytes_;
  std::array<Value, kRegisters> registers_;
  std::array<bool, kRegisters> written_{};
  std::array<bool, kRegisters> read_{};  ///< before it was written
  std::vector<Value> slots_;
  std::array<std::int64_t, kRegisters> register_steps_{};
  bool failed_ = false;
  Loop loop_;
};

bool Walk::round(std::vector<bool>& taken) {
  const Operation* next = program_.at(header_);
  std::size_t branches = 0;
  for (int steps = 0; steps < kMostSteps && next != nullptr; ++steps) {
    const Operation& o = *next++;
    std::uint64_t to = 0;
    if (o.op == Op::branch || o.op == Op::test) {
      if (branches == kMostBranches) return false;
      if (branches == taken.size()) taken.push_back(false);
      const bool jumps = taken[branches++];
      Operation branch = o;
      if (o.op == Op::test) {
        // The two operations that it was made of.
        const bool jumps_if = o.extra % 2 != 0;
        Operation compare = o;
        compare.op = Op::compare;
        if (!jumps_if) compare.condition = opposite(o.condition);
        if (!step(compare) || failed_) return false;
        branch.a = o.d;
        branch.b = kZero;
        branch.condition = jumps_if ? Condition::not_equal : Condition::equal;
      }
      if (!test(branch, jumps)) return false;
      if (!jumps) continue;
      to = static_cast<std::uint64_t>(o.immediate);
    } else if (o.op == Op::jump) {
      to = static_cast<std::uint64_t>(o.immediate);
    } else {
      if (!step(o) || failed_) return false;
      continue;
    }
    if (to == header_) return true;
    next = program_.at(to);
  }
  return false;
}

/// The word at an address made of at most one register.
std::optional<std::size_t> Walk::slot(const Sum& address, bool reads) {
  if (address.count > 1 || (address.count == 1 && address.atoms[0] >= Sum::kFirstSlot)) return std::nullopt;
  const Register base = address.count == 0 ? kZero : static_cast<Register>(address.atoms[0]);
  const std::int64_t offset = as_signed(address.constant);
  for (std::size_t index = 0; index < loop_.slots.size(); ++index) {
    const Loop::Slot& one = loop_.slots[index];
    if (one.base != base) continue;
    if (one.offset == offset) return index;
    if (std::abs(one.offset - offset) < static_cast<std::int64_t>(word_bytes_)) failed_ = true;
  }
  if (loop_.slots.size() == kMostSlots) failed_ = true;
  if (failed_) return std::nullopt;
  loop_.slots.push_back({.base = base, .offset = offset, .read = reads});
  slots_.push_back(value_of(atom(static_cast<std::uint16_t>(Sum::kFirstSlot + slots_.size()))));
  return slots_.size() - 1;
}

Value Walk::load(const std::optional<Sum>& from, unsigned bytes) {
  if (!from) return {};
  const std::optional<std::size_t> index = slot(*from, true);
  if (index) {
    if (bytes == word_bytes_) return slots_[*index];
    failed_ = true;
    return {};
  }
  return {.kind = Value::Kind::data, .sum = *from, .bytes = bytes};
}

bool Walk::store(const Operation& o, const std::optional<Sum>& to, unsigned bytes) {
  if (!to) return false;
  const std::optional<std::size_t> index = slot(*to, false);
  if (failed_) return false;
  const Value& value = registers_[o.b];
  if (index) {
    if (bytes != word_bytes_) return false;
    slots_[*index] = value;
    return true;
  }
  Loop::Write write{.to = *to, .bytes = bytes, .value = value.sum};
  write.copies = value.kind == Value::Kind::data && value.bytes >= bytes;
  if (!write.copies && value.kind != Value::Kind::sum) return false;
  loop_.writes.push_back(write);
  return true;
}

/// Fields that an operation does not read may be noted, too.
void Walk::note_reads(const Operation& o) {
  const auto note = [this](Register reg) { read_[reg] = read_[reg] || !written_[reg]; };
  if (o.op == Op::set) return;
  note(o.a);
  if (!has_one_source(o.op)) note(o.b);
}

bool Walk::test(const Operation& branch, bool taken) {
  note_reads(branch);
  const Value& left = registers_[branch.a];
  const Value& right = registers_[branch.b];
  Loop::Test test{.condition = branch.condition};
  if (left.kind == Value::Kind::truth && right.kind == Value::Kind::sum && right.sum == constant(0)) {
    // A truth compared with 0.
    if (branch.condition != Condition::equal && branch.condition != Condition::not_equal) return false;
    test = {.condition = branch.condition == Condition::equal ? opposite(left.condition) : left.condition,
            .left = left.left,
            .right = left.right};
  } else if (left.kind == Value::Kind::sum && right.kind == Value::Kind::sum) {
    test.left = left.sum;
    test.right = right.sum;
  } else {
    return false;
  }
  if (!taken) test.condition = opposite(test.condition);
  loop_.tests.push_back(test);
  return true;
}

bool Walk::step(const Operation& o) {
  note_reads(o);
  const Value& a = registers_[o.a];
  const Value& b = registers_[o.b];
  const bool sums = a.kind == Value::Kind::sum && b.kind == Value::Kind::sum;
  const auto word_step = static_cast<std::int64_t>(word_bytes_);
  Value made;
  switch (o.op) {
    case Op::set: made = value_of(constant(o.immediate)); break;
    case Op::move: made = a; break;
    case Op::add_constant:
      if (const std::optional<Sum> result = plus(o.a, o.immediate)) made = value_of(*result);
      break;
    case Op::add:
      if (sums) {
        if (const std::optional<Sum> result = sum(a.sum, b.sum)) made = value_of(*result);
      }
      break;
    case Op::subtract:
      if (sums && b.sum.count == 0) {
        if (const std::optional<Sum> result = sum(a.sum, constant(-b.sum.constant))) made = value_of(*result);
      }
      break;
    case Op::compare:
      if (a.kind == Value::Kind::truth && b.kind == Value::Kind::sum && b.sum == constant(0) &&
          (o.condition == Condition::equal || o.condition == Condition::not_equal)) {
        made = a;
        if (o.condition == Condition::equal) made.condition = opposite(a.condition);
      } else if (sums) {
        made = {.kind = Value::Kind::truth, .condition = o.condition, .left = a.sum, .right = b.sum};
      }
      break;
    case Op::xor_constant:
      if (a.kind == Value::Kind::truth && o.immediate == 1) {
        made = a;
        made.condition = opposite(a.condition);
      }
      break;
    case Op::push:
    case Op::pop:
    case Op::set_aside: {
      if (o.op != Op::set_aside && o.immediate != word_step) return false;
      const std::optional<Sum> below = plus(o.a, o.op == Op::pop ? 0 : -o.immediate);
      if (!below) return false;
      if (o.op != Op::pop && !store(o, below, word_bytes_)) return false;
      if (o.op == Op::push) registers_[o.a] = value_of(*below);
      if (o.op == Op::push) return true;
      made = o.op == Op::pop ? load(below, word_bytes_) : b;
      if (o.op == Op::pop) registers_[o.a] = value_of(*plus(o.a, word_step));
      break;
    }
    default:
      if (is_store(o.op)) return store(o, plus(o.a, o.immediate), width_of(o.op));
      if (is_load(o.op)) {
        made = load(plus(o.a, o.immediate), width_of(o.op));
      } else if (!writes_d(o.op) || o.op == Op::insert_byte) {
        return false;
      }
      break;
  }
  registers_[o.d] = made;
  written_[o.d] = true;
  return true;
}

/// How much a sum changes each time round; nothing if that is not known.
std::optional<std::int64_t> Walk::step_of(const Sum& of) {
  std::int64_t total = 0;
  for (unsigned index = 0; index < of.count; ++index) {
    const std::uint16_t id = of.atoms[index];
    const Value& after = id < Sum::kFirstSlot ? registers_[id] : slots_[id - Sum::kFirstSlot];
    const Sum before = atom(id);
    if (after.kind != Value::Kind::sum || after.sum.count != 1 || after.sum.atoms != before.atoms)
      return std::nullopt;
    const std::int64_t step = as_signed(after.sum.constant);
    total += step;
    if (id < Sum::kFirstSlot) {
      register_steps_[id] = step;
    } else {
      loop_.slots[id - Sum::kFirstSlot].step = step;
    }
  }
  return total;
}

std::optional<Loop> Walk::result() {
  if (loop_.writes.size() != 1 || loop_.tests.empty()) return std::nullopt;
  // What one time round takes from the one before.
  for (std::uint16_t reg = 0; reg < kRegisters; ++reg) {
    if (reg != kZero && read_[reg] && !step_of(atom(reg))) return std::nullopt;
  }
  for (std::size_t index = 0; index < loop_.slots.size(); ++index) {
    if (loop_.slots[index].read && !step_of(atom(static_cast<std::uint16_t>(Sum::kFirstSlot + index))))
      return std::nullopt;
  }
  for (const Loop::Slot& slot : loop_.slots) {
    if (slot.base != kZero && step_of(atom(slot.base)) != std::optional<std::int64_t>(0)) return std::nullopt;
  }
  for (Loop::Test& test : loop_.tests) {
    const auto left = step_of(test.left);
    const auto right = step_of(test.right);
    if (!left || !right || (*left != 0 && *right != 0)) return std::nullopt;
    test.left_step = *left;
    test.right_step = *right;
  }
  Loop::Write& write = loop_.writes.front();
  const auto to = step_of(write.to);
  const auto value = step_of(write.value);
  const auto bytes = static_cast<std::int64_t>(write.bytes);
  if (!to || !value || (*to != bytes && *to != -bytes)) return std::nullopt;
  if (*value != (write.copies ? *to : 0)) return std::nullopt;
  write.step = *to;
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (register_steps_[reg] != 0) loop_.register_steps.push_back({reg, register_steps_[reg]});
  }
  loop_.word_bytes = word_bytes_;
  const auto word = static_cast<std::int64_t>(word_bytes_);
  for (const Loop::Slot& slot : loop_.slots) {
    const auto area = std::find_if(loop_.areas.begin(), loop_.areas.end(),
                                   [&](const Loop::Area& one) { return one.base == slot.base; });
    if (area == loop_.areas.end()) {
      loop_.areas.push_back({slot.base, slot.offset, slot.offset + word});
    } else {
      area->low = std::min(area->low, slot.offset);
      area->high = std::max(area->high, slot.offset + word);
    }
  }
  if (loop_.areas.size() > Loop::kMostAreas) return std::nullopt;
  return std::move(loop_);
}

}  // namespace

std::optional<Loop> find_loop(Program& program, std::uint64_t address, unsigned word_bytes) {
  std::vector<bool> taken;
  for (;;) {
    Walk walk(program, address, word_bytes);
    if (walk.round(taken)) return walk.result();
    // The next way round: the last branch that was not taken is.
    while (!taken.empty() && taken.back()) taken.pop_back();
    if (taken.empty()) return std::nullopt;
    taken.back() = true;
  }
}

}  // namespace assay::exec
