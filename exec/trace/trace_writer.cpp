// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A round on values becomes operations: what is needed of it, in registers that nothing else needs.
#include <algorithm>

#include "exec/decode/instruction_set.h"
#include "exec/trace/loop.h"
#include "exec/trace/trace_values.h"
#include "exec/trace/ways.h"

namespace assay::exec {
namespace {

constexpr Register kFirstHand = kRegisters - 3;  // for constants and the like, while an operation is written
constexpr Register kSecondHand = kRegisters - 2;
constexpr Register kThirdHand = kRegisters - 1;
constexpr int kNotNeeded = -1;

class Writer {
 public:
  Writer(TraceRound& round, const InstructionSet& set, Trace& trace)
      : round_(round), set_(set), trace_(trace), end_(static_cast<int>(round.steps().size())) {}

  bool write();

 private:
  using Moves = std::vector<std::pair<Location, ValueId>>;

  struct Source {
    bool is_constant = false;
    Register reg = kZero;
    std::int64_t number = 0;  ///< the constant, or what to add
  };

  void find_exits();
  void find_needs();
  void follow_needs();
  void need(ValueId id, int at, bool in_body);
  void need_all(const Moves& moves, int at);
  bool place_starts();
  bool take(ValueId id, std::optional<Register> wish);
  void release(int at);
  void write_start();
  bool write_step(const TraceStep& step, int at);
  const Operation* write_exit(std::size_t leaving);
  void write_moves(std::vector<Operation>& to, const Moves& moves);
  void write_end();
  void ask(Location where, Register reg, std::int64_t number);

  [[nodiscard]] bool is_carried(Location where) const { return carried_[where]; }
  [[nodiscard]] Location slot_location(std::size_t index) const {
    return kFirstSlot + static_cast<Location>(index);
  }
  /// A word of the stack that changes; what is read is carried over in a register, what is not in its place.
  [[nodiscard]] bool varies(std::size_t index) const {
    return round_.slots()[index].last != kNoValue && !round_.expected(slot_location(index));
  }
  [[nodiscard]] bool is_used(std::size_t index) const {
    return round_.slots()[index].is_read || round_.is_basis(slot_location(index));
  }
  [[nodiscard]] bool lives_in_register(std::size_t index) const {
    return round_.comes_round() && varies(index) && is_used(index);
  }
  [[nodiscard]] bool is_written_back(std::size_t index) const {
    return round_.comes_round() && varies(index) && !is_used(index);
  }
  /// The base of the stack is where it was until the very end.
  [[nodiscard]] bool stays(Register reg) const { return reg == round_.base() || !round_.changed(reg); }
  [[nodiscard]] Register home_of(Location where) const {
    return std::find_if(homes_.begin(), homes_.end(), [&](const auto& one) { return one.first == where; })
        ->second;
  }
  [[nodiscard]] bool is_sum(ValueId id) const;
  [[nodiscard]] bool is_cheap(ValueId id) const;
  [[nodiscard]] Source source(ValueId id) const;
  Register in_register(std::vector<Operation>& to, ValueId id, Register hand);
  [[nodiscard]] bool is_needed(ValueId id) const {
    return needed_until_[static_cast<std::size_t>(id)] != kNotNeeded;
  }
  [[nodiscard]] Register name(ValueId id) const { return names_[static_cast<std::size_t>(id)]; }

  TraceRound& round_;
  const InstructionSet& set_;
  Trace& trace_;
  const int end_;  ///< the round's, as a number of a step
  std::vector<Moves> exits_;
  Moves finals_;  ///< what a round carries over to the next one
  std::vector<bool> carried_;
  std::vector<bool> used_in_body_;
  std::vector<bool> sunk_;
  std::vector<int> made_at_;  ///< in which step; -1: before
  std::vector<int> needed_until_;
  std::vector<Register> names_;
  std::vector<std::optional<Register>> wishes_;
  std::vector<Register> pool_;
  std::array<ValueId, kRegisters> holds_{};
  /// Where what is needed of a round's begin is then.
  std::vector<std::pair<Location, Register>> homes_;
  std::vector<Operation>* body_ = nullptr;
};

/// Whether the step makes the value that its field a names.
bool makes_a(const TraceStep& step) {
  return step.kind == TraceStep::Kind::value || step.kind == TraceStep::Kind::take;
}
bool may_leave(const TraceStep& step) {
  return step.kind != TraceStep::Kind::value && step.kind != TraceStep::Kind::store;
}

/// What something held when the round began, and a constant.
bool Writer::is_sum(ValueId id) const {
  const TraceValue& one = round_.value(id);
  return one.kind == TraceValue::Kind::made && one.op == Op::add_constant &&
         round_.value(one.a).kind == TraceValue::Kind::start;
}

/// Is made anew wherever it is needed.
bool Writer::is_cheap(ValueId id) const {
  if (!is_sum(id)) return false;
  const Location of = round_.value(round_.value(id).a).where;
  return sunk_[static_cast<std::size_t>(id)] || (of < kProgramRegisters && stays(static_cast<Register>(of)));
}

/// What each way out has to put in its place.
void Writer::find_exits() {
  for (const Leaving& leaving : round_.leavings()) {
    Moves& moves = exits_.emplace_back();
    const auto now = [&](Location where) {
      const auto found = std::find_if(leaving.changed.begin(), leaving.changed.end(),
                                      [&](const auto& one) { return one.first == where; });
      return found == leaving.changed.end() ? kNoValue : found->second;
    };
    for (Register reg = 0; reg < kFirstOfTrace; ++reg) {
      const ValueId id = now(reg);
      if (reg >= kProgramRegisters ? leaving.begins_block || id == kNoValue
                                   : id == kNoValue && !round_.changed(reg))
        continue;
      moves.emplace_back(reg, id != kNoValue ? id : round_.begin_of(reg));
    }
    for (std::size_t index = 0; index < round_.slots().size(); ++index) {
      const Location where = slot_location(index);
      const std::optional<Expected> expected = round_.expected(where);
      const ValueId begin = round_.begin_of(where);
      const ValueId changed = now(where);
      const ValueId id = changed != kNoValue ? changed : begin;
      // In its place is what it held when the round began; but not of one that changes elsewhere.
      if (lives_in_register(index) || (expected && !round_.is_steady(*expected)) || id != begin)
        moves.emplace_back(where, id);
    }
  }
}

/// A step needs a value. (The last one says so first.)
void Writer::need(ValueId id, int at, bool in_body) {
  if (round_.value(id).kind == TraceValue::Kind::constant) return;
  const auto index = static_cast<std::size_t>(id);
  // What is expected of the begin may be made later than it is needed.
  if (is_cheap(id) || made_at_[index] >= at) return need(round_.value(id).a, at, in_body);
  if (in_body) used_in_body_[index] = true;
  if (needed_until_[index] == kNotNeeded) needed_until_[index] = at;
}

void Writer::need_all(const Moves& moves, int at) {
  for (const auto& [where, id] : moves) need(id, at, false);
}

/// Sums that only ways out and the next round need are not made before.
void Writer::find_needs() {
  sunk_.assign(round_.values().size(), false);
  made_at_.assign(round_.values().size(), -1);
  for (std::size_t at = 0; at < round_.steps().size(); ++at) {
    const TraceStep& step = round_.steps()[at];
    if (makes_a(step)) made_at_[static_cast<std::size_t>(step.a)] = static_cast<int>(at);
  }
  follow_needs();
  for (std::size_t id = 0; id < sunk_.size(); ++id)
    sunk_[id] = !used_in_body_[id] && is_sum(static_cast<ValueId>(id));
  follow_needs();
}

/// Goes back through the round. What is needed of its begin has to be carried over from its end, which may
/// need more.
void Writer::follow_needs() {
  const std::vector<TraceStep>& steps = round_.steps();
  finals_.clear();
  carried_.assign(kFirstSlot + round_.slots().size(), false);
  for (bool more = true; more;) {
    needed_until_.assign(round_.values().size(), kNotNeeded);
    used_in_body_.assign(round_.values().size(), false);
    need_all(round_.comes_round() ? finals_ : exits_.back(), end_);
    for (std::size_t index = 0; index < round_.slots().size(); ++index) {
      if (is_written_back(index)) need_all({{slot_location(index), round_.slots()[index].last}}, end_);
    }
    for (int at = end_; at-- > 0;) {
      const TraceStep& step = steps[static_cast<std::size_t>(at)];
      if (step.kind == TraceStep::Kind::value && !is_needed(step.a)) continue;
      const bool makes = makes_a(step);
      const TraceValue& made = round_.value(step.a);
      for (const ValueId id : {makes ? made.a : step.a, makes ? made.b : step.b, step.c}) {
        if (id != kNoValue) need(id, at, true);
      }
      if (may_leave(step)) need_all(exits_[step.leaving], at);
    }
    more = false;
    if (!round_.comes_round()) break;
    for (std::size_t id = 0; id < needed_until_.size(); ++id) {
      const TraceValue& one = round_.values()[id];
      if (one.kind != TraceValue::Kind::start || needed_until_[id] == kNotNeeded || is_carried(one.where))
        continue;
      std::optional<ValueId> last;
      if (one.where < kProgramRegisters) {
        last = round_.changed(static_cast<Register>(one.where));
      } else if (one.where >= kFirstSlot && lives_in_register(one.where - kFirstSlot)) {
        last = round_.slots()[one.where - kFirstSlot].last;
      }
      if (!last) continue;
      carried_[one.where] = true;
      finals_.emplace_back(one.where, *last);
      more = true;
    }
  }
}

bool Writer::take(ValueId id, std::optional<Register> wish) {
  const auto is_free = [&](Register reg) { return holds_[reg] == kNoValue; };
  std::optional<Register> found;
  if (wish && is_free(*wish)) {
    found = wish;
  } else {
    const auto free = std::find_if(pool_.begin(), pool_.end(), is_free);
    if (free != pool_.end()) found = *free;
  }
  if (!found) return false;
  holds_[*found] = id;
  names_[static_cast<std::size_t>(id)] = *found;
  return true;
}

/// Registers of what is needed no more behind a step.
void Writer::release(int at) {
  for (ValueId& id : holds_) {
    if (id != kNoValue && needed_until_[static_cast<std::size_t>(id)] <= at) id = kNoValue;
  }
}

/// Where things are when a round begins.
bool Writer::place_starts() {
  names_.assign(round_.values().size(), kNowhere);
  wishes_.assign(round_.values().size(), std::nullopt);
  holds_.fill(kNoValue);
  const auto is_free = [&](Register reg) {
    return reg >= kLeft ? reg < kFirstHand : reg < kProgramRegisters && !stays(reg);
  };
  for (const Register reg : set_.busy) {
    if (is_free(reg)) pool_.push_back(reg);
  }
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (is_free(reg) && std::find(pool_.begin(), pool_.end(), reg) == pool_.end()) pool_.push_back(reg);
  }
  Register cold = kFirstHand;
  std::vector<ValueId> slots;
  for (std::size_t index = 0; index < needed_until_.size(); ++index) {
    const TraceValue& one = round_.values()[index];
    const auto id = static_cast<ValueId>(index);
    if (one.kind != TraceValue::Kind::start || needed_until_[index] == kNotNeeded) continue;
    if (one.where >= kFirstSlot) {
      slots.push_back(id);
      continue;
    }
    if (one.where >= kProgramRegisters) return false;
    const auto reg = static_cast<Register>(one.where);
    names_[index] = reg;
    if (stays(reg)) continue;
    if (!round_.comes_round()) {
      holds_[reg] = id;
      continue;
    }
    // What only a way out needs is out of the way.
    if (!used_in_body_[index]) {
      if (--cold < kFirstOfTrace) return false;
      names_[index] = cold;
    }
    holds_[names_[index]] = id;
    homes_.emplace_back(one.where, names_[index]);
  }
  for (const ValueId id : slots) {
    const Location where = round_.value(id).where;
    if (round_.comes_round() && !is_carried(where)) needed_until_[static_cast<std::size_t>(id)] = end_;
    if (!take(id, std::nullopt)) return false;
    homes_.emplace_back(where, name(id));
  }
  for (const auto& [where, id] : finals_) {
    const Register home = home_of(where);
    if (home < kFirstOfTrace || where >= kFirstSlot) wishes_[static_cast<std::size_t>(id)] = home;
  }
  return true;
}

Writer::Source Writer::source(ValueId id) const {
  const TraceValue& one = round_.value(id);
  if (one.kind == TraceValue::Kind::constant) return {true, kZero, one.number};
  if (is_cheap(id) || (is_sum(id) && name(id) == kNowhere)) return {false, name(one.a), one.number};
  return {false, name(id), 0};
}

/// A register that holds a value; `hand` if no other one does.
Register Writer::in_register(std::vector<Operation>& to, ValueId id, Register hand) {
  const Source from = source(id);
  if (from.is_constant) {
    if (from.number == 0) return kZero;
    to.push_back({.op = Op::set, .d = hand, .immediate = from.number});
    return hand;
  }
  if (from.number == 0) return from.reg;
  to.push_back({.op = Op::add_constant, .d = hand, .a = from.reg, .immediate = from.number});
  return hand;
}

/// All at once: what is read is read before it is written.
void Writer::write_moves(std::vector<Operation>& to, const Moves& moves) {
  struct Move {
    Register to;
    Source from;
  };
  std::vector<Move> left;
  for (const auto& [where, id] : moves) {
    if (where >= kFirstSlot) {
      const Register from = in_register(to, id, kFirstHand);
      to.push_back({.op = word_store(set_.word_bytes),
                    .a = round_.base(),
                    .b = from,
                    .extra = kSure,
                    .immediate = round_.slots()[where - kFirstSlot].offset});
    } else {
      const Source from = source(id);
      if (from.is_constant || from.reg != where || from.number != 0)
        left.push_back({static_cast<Register>(where), from});
    }
  }
  while (!left.empty()) {
    auto next = std::find_if(left.begin(), left.end(), [&](const Move& move) {
      return std::none_of(left.begin(), left.end(), [&](const Move& other) {
        return &other != &move && !other.from.is_constant && other.from.reg == move.to;
      });
    });
    if (next == left.end()) {
      // Round and round: one of them goes aside.
      const Register aside = left.front().to;
      to.push_back({.op = Op::move, .d = kSecondHand, .a = aside});
      for (Move& move : left) {
        if (!move.from.is_constant && move.from.reg == aside) move.from.reg = kSecondHand;
      }
      continue;
    }
    if (next->from.is_constant) {
      to.push_back({.op = Op::set, .d = next->to, .immediate = next->from.number});
    } else if (next->from.number != 0) {
      to.push_back(
          {.op = Op::add_constant, .d = next->to, .a = next->from.reg, .immediate = next->from.number});
    } else {
      to.push_back({.op = Op::move, .d = next->to, .a = next->from.reg});
    }
    left.erase(next);
  }
}

const Operation* Writer::write_exit(std::size_t leaving) {
  std::vector<Operation>& part = trace_.parts.emplace_back();
  write_moves(part, exits_[leaving]);
  part.push_back({.op = Op::jump,
                  .immediate = static_cast<std::int64_t>(trace_.path.address),
                  .target = round_.leavings()[leaving].to});
  return part.data();
}

/// Unless what `where` holds is what `reg` does and a number, the loop goes round in its blocks.
void Writer::ask(Location where, Register reg, std::int64_t number) {
  if (number != static_cast<std::int32_t>(number)) {
    body_->push_back({.op = Op::set, .d = kFirstHand, .immediate = number});  // reg is none
    reg = kFirstHand;
    number = 0;
  }
  Operation o{.op = Op::ask_equal,
              .a = static_cast<Register>(where),
              .b = reg,
              .extra = static_cast<std::uint32_t>(number),
              .target = trace_.path.head};
  if (where >= kFirstSlot) {
    o.op = Op::ask_word;
    o.a = round_.base();
    o.immediate = round_.slots()[where - kFirstSlot].offset;
  }
  body_->push_back(o);
}

/// What is assumed is asked, and the registers get what they should hold when a round begins.
void Writer::write_start() {
  const Op load = word_load(set_.word_bytes);
  const auto load_slot = [&](Register d, const TraceSlot& slot) {
    body_->push_back({.op = load, .d = d, .a = round_.base(), .extra = kSure, .immediate = slot.offset});
  };
  const std::vector<TraceSlot>& slots = round_.slots();
  // What it takes to enter and to leave is worth about a round; of a way that ends elsewhere, a quarter
  // (measured).
  body_->push_back({.op = Op::enter,
                    .extra = trace_.path.heat,
                    .immediate = round_.comes_round() ? kEntered : kEntered / 4,
                    .target = trace_.path.head});
  if (!slots.empty()) {
    const auto [low, high] =
        std::minmax_element(slots.begin(), slots.end(),
                            [](const TraceSlot& a, const TraceSlot& b) { return a.offset < b.offset; });
    body_->push_back({.op = Op::ask_stack,
                      .a = round_.base(),
                      .extra = static_cast<std::uint32_t>(high->offset - low->offset + set_.word_bytes),
                      .immediate = low->offset,
                      .target = trace_.path.head});
  }
  for (const auto& [reg, distance] : round_.distances()) ask(reg, round_.base(), distance);
  for (Location where = 0; where < kFirstSlot + slots.size(); ++where) {
    const std::optional<Expected> expected = round_.expected(where);
    if (!expected) continue;
    Register reg = kZero;
    if (expected->where && *expected->where < kFirstSlot) {
      reg = static_cast<Register>(*expected->where);
    } else if (expected->where) {
      reg = kSecondHand;
      load_slot(reg, slots[*expected->where - kFirstSlot]);
    }
    ask(where, reg, expected->number);
  }
  for (const auto& [where, reg] : homes_) {
    if (where < kFirstSlot && reg != where)
      body_->push_back({.op = Op::move, .d = reg, .a = static_cast<Register>(where)});
  }
  for (const auto& [where, reg] : homes_) {
    if (where >= kFirstSlot) load_slot(reg, slots[where - kFirstSlot]);
  }
}

bool Writer::write_step(const TraceStep& step, int at) {
  if (step.kind == TraceStep::Kind::value && !is_needed(step.a)) return true;
  if (makes_a(step)) {
    const TraceValue& one = round_.value(step.a);
    const bool loads = is_load(one.op);
    Operation o{
        .op = one.op, .condition = one.condition, .extra = loads ? kSure : 0, .immediate = one.number};
    const TraceValue& of = round_.value(one.a);
    if (loads && of.kind == TraceValue::Kind::start &&
        std::find(finals_.begin(), finals_.end(), Moves::value_type{of.where, step.a}) != finals_.end())
      o.extra |= kAhead;
    o.a = in_register(*body_, one.a, kFirstHand);
    if (one.b != kNoValue) o.b = in_register(*body_, one.b, kSecondHand);
    if (may_leave(step)) o.target = write_exit(step.leaving);
    release(at);
    if (!take(step.a, wishes_[static_cast<std::size_t>(step.a)])) return false;
    o.d = name(step.a);
    body_->push_back(o);
    return true;
  }
  Operation o{.op = step.op, .condition = step.condition, .immediate = step.number};
  o.a = in_register(*body_, step.a, kFirstHand);
  if (step.b != kNoValue) o.b = in_register(*body_, step.b, kSecondHand);
  if (step.c != kNoValue) o.d = in_register(*body_, step.c, kThirdHand);
  if (step.kind == TraceStep::Kind::store) o.extra = kSure;
  if (may_leave(step)) o.target = write_exit(step.leaving);
  if (step.kind == TraceStep::Kind::ask) o.extra = step.bytes;
  if (step.kind == TraceStep::Kind::leave) {
    o.op = Op::branch;
    o.immediate = static_cast<std::int64_t>(trace_.path.address);
  }
  body_->push_back(o);
  release(at);
  return true;
}

void Writer::write_end() {
  if (!round_.comes_round()) return write_moves(*body_, exits_.back());
  Moves moves;
  for (std::size_t index = 0; index < round_.slots().size(); ++index) {
    if (is_written_back(index)) moves.emplace_back(slot_location(index), round_.slots()[index].last);
  }
  for (const auto& [where, id] : finals_) {
    moves.emplace_back(home_of(where), id);
  }
  write_moves(*body_, moves);
}

bool Writer::write() {
  find_exits();
  find_needs();
  if (!place_starts()) return false;
  body_ = &trace_.parts.emplace_back();
  write_start();
  const auto begin = static_cast<std::ptrdiff_t>(body_->size());
  for (int at = 0; at < end_; ++at) {
    if (!write_step(round_.steps()[static_cast<std::size_t>(at)], at)) return false;
  }
  write_end();
  body_->push_back({.op = Op::round,
                    .extra = trace_.path.heat,
                    .immediate = static_cast<std::int64_t>(trace_.path.address)});
  body_->back().target = round_.comes_round() ? body_->data() + begin : trace_.path.end;
  for (std::vector<Operation>& part : trace_.parts) choose_ways(part, set_.word_bytes, set_.in_stack[0]);
  trace_.start = body_->data();
  return true;
}

}  // namespace

Trace make_trace(Path path, const InstructionSet& set, const Image& image) {
  Trace trace;
  trace.path = std::move(path);
  TraceRound round(trace.path, set, image);
  if (!round.follow() || !Writer(round, set, trace).write()) trace.parts.clear();
  return trace;
}

}  // namespace assay::exec
