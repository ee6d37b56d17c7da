// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finding the loops: one iteration on symbols, on every way through a few branches.
#include "machine/engine/fill_loop.h"

#include <map>

#include "machine/ir/ir_eval.h"
#include "machine/ir/optimise.h"

namespace assay::machine {
namespace {

constexpr unsigned kMostGuest = 64;        // guest instructions of a block
constexpr std::size_t kMostBlocks = 6;     // of one iteration
constexpr std::size_t kMostDecisions = 3;  // of one iteration
constexpr std::size_t kMostWords = 24;

using Test = FillLoop::Test;

Affine constant(std::int64_t value) {
  Affine result;
  result.constant = value;
  return result;
}

Affine atom(unsigned id) {
  Affine result;
  result.atoms[0] = static_cast<Atom>(id);
  result.count = 1;
  return result;
}

std::int64_t negative(std::int64_t value) {
  return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value));
}

bool same_atoms(const Affine& a, const Affine& b) { return a.count == b.count && a.atoms == b.atoms; }

struct Value {
  enum Kind : std::uint8_t { unknown, sum, truth } kind = unknown;
  Affine affine;
  Test test;  ///< of a truth
  [[nodiscard]] bool is_constant() const { return kind == sum && affine.count == 0; }
};

Value value_of(const Affine& affine) { return {Value::sum, affine, {}}; }

/// The condition that flags of a comparison stand for; nothing for those that are not one.
std::optional<Condition> comparison(FlagKind kind, FlagCondition condition) {
  switch (condition) {
    case FlagCondition::zero: return Condition::eq;
    case FlagCondition::not_zero: return Condition::ne;
    case FlagCondition::less: return Condition::lt_s;
    case FlagCondition::not_less: return Condition::ge_s;
    case FlagCondition::less_or_zero: return Condition::le_s;
    case FlagCondition::greater: return Condition::gt_s;
    default: break;
  }
  const bool arm = kind == FlagKind::sub_arm;
  switch (condition) {
    case FlagCondition::carry: return arm ? Condition::ge_u : Condition::lt_u;
    case FlagCondition::not_carry: return arm ? Condition::lt_u : Condition::ge_u;
    case FlagCondition::carry_or_zero: return arm ? std::nullopt : std::optional(Condition::le_u);
    case FlagCondition::not_carry_nor_zero: return arm ? std::nullopt : std::optional(Condition::gt_u);
    case FlagCondition::carry_not_zero: return arm ? std::optional(Condition::gt_u) : std::nullopt;
    case FlagCondition::not_carry_or_zero: return arm ? std::optional(Condition::le_u) : std::nullopt;
    default: return std::nullopt;
  }
}

using Blocks = std::map<std::uint64_t, Block>;

/// One iteration.
class Iteration {
 public:
  Iteration(const Isa& isa, const Fetch& fetch, Blocks& blocks)
      : isa_(isa),
        fetch_(fetch),
        blocks_(blocks),
        natural_(isa.address_bits == 64 ? Width::w64 : Width::w32) {
    for (unsigned slot = 0; slot < kFirstTemp; ++slot) values_[slot] = value_of(atom(slot));
  }

  /// From the head back to it. `taken` says which way to go where it is not clear, and is made longer
  /// where it says nothing.
  bool follow(std::uint64_t head, std::vector<bool>& taken);
  /// What was found; to be called once.
  std::optional<FillLoop> loop();

 private:
  struct Flags {
    bool known = false;
    FlagKind kind = FlagKind::sub;
    Width width = Width::w64;
    Value a, b;
  };

  const Block& block_at(std::uint64_t pc, std::uint64_t head);
  bool step(const Ins& ins);
  Value binary(const Ins& ins) const;
  Value unary(const Ins& ins) const;
  [[nodiscard]] Value compare(Condition condition, Width width, const Value& a, const Value& b) const;
  [[nodiscard]] Value flag(FlagCondition condition) const;
  bool load(const Ins& ins);
  bool store(const Ins& ins);
  std::optional<std::size_t> word_at(const Affine& address);
  [[nodiscard]] std::optional<Affine> sum(const Affine& a, const Affine& b) const;
  [[nodiscard]] Value operand(const Ins& ins) const {
    return ins.b == kImmediate ? value_of(constant(cut(ins.imm))) : values_[ins.b];
  }
  [[nodiscard]] std::int64_t cut(std::int64_t value) const {
    return natural_ == Width::w64 ? value : static_cast<std::int32_t>(value);
  }
  [[nodiscard]] const Value& after(Atom id) const {
    return id < kFirstWord ? values_[id] : word_values_[id - kFirstWord];
  }
  [[nodiscard]] std::optional<std::int64_t> step_of(const Affine& affine) const;
  bool note_steps(const Affine& affine);
  bool note_steps(Test& test);
  bool settle_words();
  bool settle_fill();

  const Isa& isa_;
  const Fetch& fetch_;
  Blocks& blocks_;
  Width natural_;
  std::array<Value, 256> values_;
  std::vector<Value> word_values_;
  std::vector<unsigned> stores_;  ///< to each word
  std::vector<bool> loaded_;      ///< each word
  Flags flags_;
  bool left_ = false;         ///< an exit has been passed
  bool early_flags_ = false;  ///< flags have been set before one
  bool late_flags_ = false;   ///< and behind one
  std::array<std::int64_t, kFirstTemp> register_steps_{};
  FillLoop loop_;
};

/// The block at an address; none goes on beyond the head.
const Block& Iteration::block_at(std::uint64_t pc, std::uint64_t head) {
  const auto known = blocks_.find(pc);
  if (known != blocks_.end()) return known->second;
  Block block = translate(isa_, pc, kMostGuest, [&](std::uint64_t at, std::size_t most) {
    return at == head && pc != head ? ByteView{} : fetch_(at, most);
  });
  optimise(block, isa_.address_bits);
  return blocks_.emplace(pc, std::move(block)).first->second;
}

std::optional<Affine> Iteration::sum(const Affine& a, const Affine& b) const {
  Affine result = a;
  result.constant = cut(static_cast<std::int64_t>(static_cast<std::uint64_t>(a.constant) +
                                                  static_cast<std::uint64_t>(b.constant)));
  for (unsigned i = 0; i < b.count; ++i) {
    if (result.count == result.atoms.size()) return std::nullopt;
    unsigned place = result.count++;
    for (; place > 0 && result.atoms[place - 1] > b.atoms[i]; --place)
      result.atoms[place] = result.atoms[place - 1];
    result.atoms[place] = b.atoms[i];
  }
  return result;
}

bool Iteration::follow(std::uint64_t head, std::vector<bool>& taken) {
  std::size_t decisions = 0;
  std::uint64_t pc = head;
  for (std::size_t blocks = 0; blocks < kMostBlocks; ++blocks) {
    const Block& block = block_at(pc, head);
    for (const GuestIns& guest : block.guest) loop_.code.push_back({guest.pc, guest.length});
    loop_.code.insert(loop_.code.end(), block.literals.begin(), block.literals.end());
    const Ins* exit = nullptr;
    std::uint64_t next = 0;
    for (const Ins& ins : block.code) {
      if (ins.op == Op::jump || (ins.op == Op::jump_indirect && values_[ins.a].is_constant())) {
        exit = &ins;
        next = ins.op == Op::jump ? ins.target : static_cast<std::uint64_t>(values_[ins.a].affine.constant);
        break;
      }
      if (ins.op != Op::branch && ins.op != Op::branch_flag) {
        if (is_exit(ins.op) || !step(ins)) return false;
        continue;
      }
      left_ = true;
      Value holds = ins.op == Op::branch ? compare(ins.condition, ins.width, values_[ins.a], operand(ins))
                                         : flag(ins.flag_condition);
      if (holds.kind == Value::unknown) return false;
      bool goes = false;
      if (holds.kind == Value::sum) {
        if (!holds.is_constant()) return false;
        goes = holds.affine.constant != 0;
      } else {
        if (decisions == kMostDecisions) return false;
        if (decisions == taken.size()) taken.push_back(false);
        goes = taken[decisions++];
        if (!goes) holds.test.condition = inverse(holds.test.condition);
        loop_.tests.push_back(holds.test);
      }
      if (goes) {
        exit = &ins;
        next = ins.target;
        break;
      }
    }
    if (exit == nullptr) return false;
    loop_.instructions += exit->count;
    pc = isa_.address_bits == 64 ? next : next & 0xFFFF'FFFFU;
    if (pc == head) return true;
  }
  return false;
}

bool Iteration::step(const Ins& ins) {
  Value made;
  switch (ins.op) {
    case Op::mov: made = operand(ins); break;
    case Op::set_if: made = compare(ins.condition, ins.width, values_[ins.a], operand(ins)); break;
    case Op::get_flag: made = flag(ins.flag_condition); break;
    case Op::load: return load(ins);
    case Op::store: return store(ins);
    case Op::set_flags:
      flags_ = {true, ins.flag_kind, ins.width, values_[ins.a], operand(ins)};
      (left_ ? late_flags_ : early_flags_) = true;
      return true;
    case Op::zero_extend:
    case Op::sign_extend:
    case Op::sign_extend_32: made = unary(ins); break;
    default:
      if (can_fault(ins.op) || ins.op == Op::get_flags || ins.op == Op::unit) return false;
      if (ins.op <= Op::rem_s) made = binary(ins);
      break;
  }
  values_[ins.dst] = made;
  return true;
}

Value Iteration::binary(const Ins& ins) const {
  const Value& a = values_[ins.a];
  const Value b = operand(ins);
  if (a.is_constant() && b.is_constant()) {
    const std::uint64_t result =
        eval::binary(ins.op, ins.width, static_cast<std::uint64_t>(a.affine.constant),
                     ins.b == kImmediate ? static_cast<std::uint64_t>(ins.imm)
                                         : static_cast<std::uint64_t>(b.affine.constant));
    return value_of(constant(cut(static_cast<std::int64_t>(result))));
  }
  if (ins.op == Op::bit_xor && a.kind == Value::truth && b.is_constant() && b.affine.constant == 1) {
    Value result = a;
    result.test.condition = inverse(a.test.condition);
    return result;
  }
  if (ins.width != natural_ || a.kind == Value::unknown) return {};
  if ((ins.op == Op::bit_and || ins.op == Op::bit_or) && ins.a == ins.b) return a;
  if (a.kind != Value::sum || b.kind != Value::sum) return {};
  std::optional<Affine> result;
  if (ins.op == Op::add) result = sum(a.affine, b.affine);
  if (ins.op == Op::sub && b.is_constant())
    result = sum(a.affine, constant(cut(negative(b.affine.constant))));
  return result ? value_of(*result) : Value{};
}

Value Iteration::unary(const Ins& ins) const {
  const Value& a = values_[ins.a];
  if (a.kind == Value::truth) return a;
  if (ins.op == Op::zero_extend && ins.width == natural_) return a;
  if (!a.is_constant()) return {};
  const std::uint64_t result = eval::unary(ins.op, ins.width, static_cast<std::uint64_t>(a.affine.constant));
  return value_of(constant(cut(static_cast<std::int64_t>(result))));
}

/// A truth, a constant, or unknown.
Value Iteration::compare(Condition condition, Width width, const Value& a, const Value& b) const {
  if (a.kind == Value::truth && b.is_constant() && b.affine.constant == 0 &&
      (condition == Condition::eq || condition == Condition::ne)) {
    Value result = a;
    if (condition == Condition::eq) result.test.condition = inverse(a.test.condition);
    return result;
  }
  if (a.kind != Value::sum || b.kind != Value::sum) return {};
  if (a.is_constant() && b.is_constant()) {
    const bool holds = eval::condition(condition, width, static_cast<std::uint64_t>(a.affine.constant),
                                       static_cast<std::uint64_t>(b.affine.constant));
    return value_of(constant(holds ? 1 : 0));
  }
  if (width != natural_ || condition >= Condition::no_bits) return {};
  return {Value::truth, {}, {condition, a.affine, b.affine}};
}

Value Iteration::flag(FlagCondition condition) const {
  if (!flags_.known) return {};
  if (flags_.kind == FlagKind::parts) {
    if (condition != FlagCondition::zero && condition != FlagCondition::not_zero) return {};
    return compare(condition == FlagCondition::zero ? Condition::eq : Condition::ne, flags_.width, flags_.a,
                   value_of(constant(0)));
  }
  if (flags_.kind != FlagKind::sub && flags_.kind != FlagKind::sub_arm) return {};
  const std::optional<Condition> condition_of_both = comparison(flags_.kind, condition);
  return condition_of_both ? compare(*condition_of_both, flags_.width, flags_.a, flags_.b) : Value{};
}

/// The word at an address, a new one if need be; nothing if it meets another halfway.
std::optional<std::size_t> Iteration::word_at(const Affine& address) {
  const auto size = static_cast<std::int64_t>(bytes_of(natural_));
  for (std::size_t i = 0; i < loop_.words.size(); ++i) {
    const Affine& other = loop_.words[i].address;
    if (!same_atoms(other, address)) continue;
    if (other.constant == address.constant) return i;
    const std::int64_t distance = cut(static_cast<std::int64_t>(
        static_cast<std::uint64_t>(other.constant) - static_cast<std::uint64_t>(address.constant)));
    if (distance < size && distance > -size) return std::nullopt;
  }
  if (loop_.words.size() == kMostWords) return std::nullopt;
  loop_.words.push_back({.address = address});
  word_values_.push_back(value_of(atom(static_cast<unsigned>(kFirstWord + word_values_.size()))));
  stores_.push_back(0);
  loaded_.push_back(false);
  return loop_.words.size() - 1;
}

bool Iteration::load(const Ins& ins) {
  const Value& base = values_[ins.a];
  if (base.kind != Value::sum || ins.width != natural_) return false;
  const auto index = word_at(*sum(base.affine, constant(ins.disp)));
  if (!index) return false;
  loaded_[*index] = true;
  values_[ins.dst] = word_values_[*index];
  return true;
}

bool Iteration::store(const Ins& ins) {
  const Value& base = values_[ins.a];
  const Value value = operand(ins);
  if (base.kind != Value::sum) return false;
  const Affine address = *sum(base.affine, constant(ins.disp));
  if (ins.width == natural_) {
    const auto index = word_at(address);
    if (!index) return false;
    word_values_[*index] = value;
    ++stores_[*index];
    return true;
  }
  if (loop_.fill || value.kind != Value::sum) return false;
  loop_.fill = {ins.width, address, 0, value.affine};
  return true;
}

std::optional<std::int64_t> Iteration::step_of(const Affine& affine) const {
  std::uint64_t total = 0;
  for (unsigned i = 0; i < affine.count; ++i) {
    const Value& value = after(affine.atoms[i]);
    if (value.kind != Value::sum || !same_atoms(value.affine, atom(affine.atoms[i]))) return std::nullopt;
    total += static_cast<std::uint64_t>(value.affine.constant);
  }
  return cut(static_cast<std::int64_t>(total));
}

/// Notes how the atoms of a sum change; false if one does not do so by a constant.
bool Iteration::note_steps(const Affine& affine) {
  if (!step_of(affine)) return false;
  for (unsigned i = 0; i < affine.count; ++i) {
    const Atom id = affine.atoms[i];
    const std::int64_t step = *step_of(atom(id));
    if (id < kFirstWord) {
      register_steps_[id] = step;
    } else {
      loop_.words[id - kFirstWord].step = step;
    }
  }
  return true;
}

bool Iteration::note_steps(Test& test) {
  if (!note_steps(test.left) || !note_steps(test.right)) return false;
  test.left_step = *step_of(test.left);
  test.right_step = *step_of(test.right);
  return true;
}

/// Tells words from what is a fill by whole words.
bool Iteration::settle_words() {
  for (std::size_t i = 0; i < loop_.words.size(); ++i) {
    FillLoop::Word& word = loop_.words[i];
    word.stored = stores_[i] != 0;
    if (!note_steps(word.address)) return false;
    if (*step_of(word.address) == 0) continue;
    if (loop_.fill || loaded_[i] || stores_[i] != 1 || word_values_[i].kind != Value::sum) return false;
    word.moves = true;
    loop_.fill = {natural_, word.address, 0, word_values_[i].affine};
  }
  return true;
}

bool Iteration::settle_fill() {
  if (!loop_.fill) return true;
  FillLoop::Fill& fill = *loop_.fill;
  if (!note_steps(fill.address) || !note_steps(fill.value) || *step_of(fill.value) != 0) return false;
  fill.step = *step_of(fill.address);
  const auto size = static_cast<std::int64_t>(bytes_of(fill.width));
  return fill.step == size || fill.step == -size;
}

std::optional<FillLoop> Iteration::loop() {
  // Flags that were set before the head must be of no use there.
  if (late_flags_ && !early_flags_) return std::nullopt;
  if (loop_.tests.empty() || !settle_words() || !settle_fill()) return std::nullopt;
  for (Test& test : loop_.tests) {
    if (!note_steps(test)) return std::nullopt;
  }
  for (unsigned id = 0; id < kFirstWord + loop_.words.size(); ++id) {
    const Value& value = after(static_cast<Atom>(id));
    if (value.kind == Value::sum && value.affine == atom(id)) continue;
    if (id >= kFirstWord && loop_.words[id - kFirstWord].moves) continue;
    FillLoop::Result result{static_cast<Atom>(id), value.kind == Value::truth, value.affine, value.test};
    if (value.kind == Value::unknown) return std::nullopt;
    if (!(result.truth ? note_steps(result.test) : note_steps(result.sum))) return std::nullopt;
    loop_.results.push_back(result);
  }
  for (unsigned i = 0; i < loop_.words.size(); ++i) {
    for (unsigned j = 0; j < i; ++j) {
      if (loop_.words[i].moves || loop_.words[j].moves) continue;
      if (!same_atoms(loop_.words[i].address, loop_.words[j].address))
        loop_.unsure.emplace_back(static_cast<Atom>(i), static_cast<Atom>(j));
    }
  }
  for (unsigned slot = 0; slot < kFirstTemp; ++slot) {
    if (register_steps_[slot] != 0)
      loop_.register_steps.emplace_back(static_cast<Slot>(slot), register_steps_[slot]);
  }
  return std::move(loop_);
}

}  // namespace

std::optional<FillLoop> find_fill_loop(const Isa& isa, std::uint64_t pc, const Fetch& fetch) {
  Blocks blocks;
  std::vector<bool> taken;
  for (;;) {
    Iteration iteration(isa, fetch, blocks);
    if (iteration.follow(pc, taken)) {
      if (std::optional<FillLoop> loop = iteration.loop()) return loop;
    }
    // The next way: the last branch that was not taken is.
    while (!taken.empty() && taken.back()) taken.pop_back();
    if (taken.empty()) return std::nullopt;
    taken.back() = true;
  }
}

}  // namespace assay::machine
