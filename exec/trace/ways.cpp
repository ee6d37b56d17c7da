// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/trace/ways.h"

#include <functional>

namespace assay::exec {
namespace {

/// What is made last is known within a list, but not where others come to it.
class Chooser {
 public:
  explicit Chooser(Register stack) : stack_(stack) {}

  void at_target() { last_ = kNowhere; }
  template <bool kWide>
  void choose(Operation& o);

 private:
  [[nodiscard]] Source source(Register reg, unsigned count) const {
    if (count > 2 && reg == stack_) return Source::stack;
    return count > 1 && reg == last_ ? Source::last : Source::memory;
  }
  void follow(const Operation& o);

  Register stack_;
  Register last_ = kNowhere;
};

unsigned kind(const Operation& o) {
  if (has_condition(o.op)) return static_cast<unsigned>(o.condition);
  return is_load(o.op) || is_store(o.op) ? o.extra & kSure : 0;
}

template <bool kWide>
void Chooser::choose(Operation& o) {
  o.last = last_;
  o.way = kWays<kWide>.number({o.op, kind(o), source(o.a, sources_a(o.op)), source(o.b, sources_b(o.op)),
                               writes_d(o.op) && o.d == stack_});
  follow(o);
}

void Chooser::follow(const Operation& o) {
  if (writes_d(o.op)) {
    last_ = o.d;
  } else if (is_wide(o.op) || o.op == Op::system_call ||
             ((o.op == Op::push || o.op == Op::call) && o.a == last_)) {
    last_ = kNowhere;
  }
}

/// So that they are as few as possible from each operation on. `all`: with ways of one operation each.
template <bool kWide>
void join(std::span<Operation> all) {
  const auto& ways = kWays<kWide>;
  std::vector<std::uint16_t> alone(all.size());
  std::vector<std::uint16_t> left(all.size() + 1);  // how many, from an operation on
  for (std::size_t at = all.size(); at-- > 0;) {
    alone[at] = all[at].way;
    left[at] = left[at + 1] + 1;
    for (std::uint16_t way = ways.longer(alone[at]); way != 0; way = ways.longer(way)) {
      const WayNumbers parts = ways.parts(way);
      std::size_t same = 1;
      while (same < parts.count && at + same < all.size() && alone[at + same] == parts.numbers[same]) ++same;
      if (same < parts.count || left[at + same] + 1 >= left[at]) continue;
      left[at] = left[at + same] + 1;
      all[at].way = way;
    }
  }
}

template <bool kWide>
void choose(std::span<Operation> all, Register stack) {
  std::vector<bool> is_target(all.size());
  const auto* const end = all.data() + all.size();
  for (const Operation& o : all) {
    if (!std::less<>()(o.target, all.data()) && std::less<>()(o.target, end))
      is_target[static_cast<std::size_t>(o.target - all.data())] = true;
  }
  Chooser chooser(stack);
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (is_target[at]) chooser.at_target();
    chooser.choose<kWide>(all[at]);
  }
  join<kWide>(all);
}

}  // namespace

void choose_ways(std::span<Operation> operations, unsigned word_bytes, Register stack) {
  word_bytes == 8 ? choose<true>(operations, stack) : choose<false>(operations, stack);
}

void go_alone(Operation& operation) {
  operation.way = kWays<true>.number({.op = operation.op, .kind = kind(operation)});
}

}  // namespace assay::exec
