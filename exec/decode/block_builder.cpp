// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/block_builder.h"

namespace assay::exec {

unsigned width_of(Op op) {
  switch (op) {
    case Op::load_byte:
    case Op::load_byte_signed:
    case Op::store_byte: return 1;
    case Op::load_half:
    case Op::load_half_signed:
    case Op::store_half: return 2;
    case Op::load_int:
    case Op::load_int_signed:
    case Op::store_int: return 4;
    default: return 8;
  }
}

std::optional<std::int64_t> BlockBuilder::known(Register reg) const {
  return reg == kZero ? std::optional<std::int64_t>(0) : known_[reg];
}

void BlockBuilder::fold_constants(Operation& operation) const {
  const std::optional<std::int64_t> a = known(operation.a);
  const std::optional<std::int64_t> b = known(operation.b);
  const auto becomes = [&](std::int64_t value) {
    operation = {.op = Op::set, .d = operation.d, .immediate = wrap(value)};
  };
  switch (operation.op) {
    case Op::set: operation.immediate = wrap(operation.immediate); break;
    case Op::move:
      if (a) becomes(*a);
      break;
    case Op::add:
      if (a && !b) std::swap(operation.a, operation.b);
      if (a && b)
        return becomes(
            static_cast<std::int64_t>(static_cast<std::uint64_t>(*a) + static_cast<std::uint64_t>(*b)));
      if (a || b) {
        operation.op = Op::add_constant;
        operation.immediate = a ? *a : *b;
      }
      break;
    case Op::subtract:
      if (b && !a) {
        operation.op = Op::add_constant;
        operation.immediate = static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(*b));
      }
      break;
    case Op::add_constant:
      if (a)
        becomes(static_cast<std::int64_t>(static_cast<std::uint64_t>(*a) +
                                          static_cast<std::uint64_t>(operation.immediate)));
      break;
    case Op::sign_int:
      if (a) becomes(static_cast<std::int32_t>(*a));
      break;
    case Op::zero_int:
      if (a) becomes(static_cast<std::int64_t>(static_cast<std::uint32_t>(*a)));
      break;
    case Op::jump_register:
      if (a) {
        operation = {.op = Op::jump,
                     .immediate = wrap(static_cast<std::int64_t>(
                         static_cast<std::uint64_t>(*a) + static_cast<std::uint64_t>(operation.immediate)))};
      }
      break;
    default: break;
  }
}

/// The address was computed by the operation before, into a register that this one overwrites.
bool BlockBuilder::fold_address(Operation& operation) {
  if (!is_load(operation.op) || block_.operations.empty()) return false;
  Operation& before = block_.operations.back();
  if (before.d != operation.a || operation.d != operation.a) return false;
  if (before.op == Op::add_constant) {
    operation.a = before.a;
  } else if (before.op == Op::set) {
    operation.a = kZero;
  } else {
    return false;
  }
  operation.immediate = static_cast<std::int64_t>(static_cast<std::uint64_t>(operation.immediate) +
                                                  static_cast<std::uint64_t>(before.immediate));
  block_.operations.pop_back();
  return true;
}

/// A branch on what was compared by the operation before.
void BlockBuilder::fold_test(Operation& operation) {
  if (operation.op != Op::branch || operation.b != kZero || block_.operations.empty()) return;
  const Operation& before = block_.operations.back();
  const bool jumps_if = operation.condition == Condition::not_equal;
  if (before.op != Op::compare || before.d != operation.a || before.d == kNowhere ||
      (!jumps_if && operation.condition != Condition::equal))
    return;
  operation = {.op = Op::test,
               .d = before.d,
               .a = before.a,
               .b = before.b,
               .condition = jumps_if ? before.condition : opposite(before.condition),
               .extra = jumps_if ? 1U : 0U,
               .immediate = operation.immediate};
  block_.operations.pop_back();
}

/// The operand was copied by the operation before, or is a sum that it made, into a register that this one
/// overwrites.
void BlockBuilder::fold_source(Operation& operation) {
  if (!has_one_source(operation.op) || operation.op == Op::pop || operation.d != operation.a ||
      block_.operations.empty())
    return;
  const Operation& before = block_.operations.back();
  if (before.d != operation.a) return;
  if (before.op == Op::move) {
    operation.a = before.a;
  } else if (before.op == Op::add_constant && operation.op == Op::add_constant && before.a != before.d) {
    operation.a = before.a;
    operation.immediate = static_cast<std::int64_t>(static_cast<std::uint64_t>(operation.immediate) +
                                                    static_cast<std::uint64_t>(before.immediate));
  } else {
    return;
  }
  block_.operations.pop_back();
}

/// Two instructions of RISC-V that are a push or a pop.
bool BlockBuilder::fold_stack(Operation& operation) {
  if (block_.operations.empty()) return false;
  const Operation& before = block_.operations.back();
  if (operation.op == word_store(word_bytes_) && before.op == Op::add_constant && before.d == before.a &&
      operation.a == before.d && operation.immediate == 0 && operation.b != before.d &&
      before.immediate == -static_cast<std::int64_t>(word_bytes_)) {
    operation = {.op = Op::push, .a = before.a, .b = operation.b, .immediate = word_bytes_};
  } else if (operation.op == Op::add_constant && before.op == word_load(word_bytes_) &&
             operation.d == operation.a && before.a == operation.a && before.immediate == 0 &&
             before.d != before.a && operation.immediate == word_bytes_) {
    operation = {.op = Op::pop, .d = before.d, .a = before.a, .immediate = word_bytes_};
  } else {
    return false;
  }
  block_.operations.pop_back();
  return true;
}

/// A pop whose push is not far back: the pushed value is kept in the register popped to (or, if something
/// between uses that one, in one of ours) as well as on the stack, and the stack pointer stays where it is.
/// Nothing between may write memory but what was set aside in the same way, or use the stack pointer.
bool BlockBuilder::fold_pop(const Operation& pop) {
  constexpr std::size_t kFar = 12;
  std::vector<Operation>& all = block_.operations;
  bool taken = false;  // something between uses the register popped to
  for (std::size_t at = all.size(); at-- > 0 && all.size() - at <= kFar;) {
    Operation& push = all[at];
    const bool aside = push.op == Op::set_aside && push.a == pop.a;
    if (push.op == Op::push && push.a == pop.a && push.immediate == pop.immediate) {
      if (pop.d == pop.a || push.b == push.a || (taken && next_kept_ == kFirstTemporary)) return false;
      const Register keeper = taken ? next_kept_++ : pop.d;
      push = {.op = Op::set_aside, .d = keeper, .a = push.a, .b = push.b, .immediate = push.immediate};
      for (std::size_t between = at + 1; between < all.size(); ++between) {
        if (all[between].op == Op::set_aside) all[between].immediate += pop.immediate;
      }
      if (taken) {
        learn({.op = Op::move, .d = pop.d, .a = keeper});
        all.push_back({.op = Op::move, .d = pop.d, .a = keeper});
      } else {
        forget(pop.d);
      }
      return true;
    }
    const bool simple = (push.op <= Op::compare && !is_wide(push.op)) || is_load(push.op) || aside;
    if (!simple || push.d == pop.a || push.b == pop.a || (push.a == pop.a && !aside)) return false;
    taken = taken || push.d == pop.d || push.a == pop.d || push.b == pop.d;
  }
  return false;
}

void BlockBuilder::learn(const Operation& operation) {
  if (operation.op == Op::pop || operation.op == Op::push) forget(operation.a);
  if (is_wide(operation.op)) {
    forget(0);
    forget(2);
    return;
  }
  switch (operation.op) {
    case Op::system_call: known_.fill(std::nullopt); return;
    case Op::set: known_[operation.d] = operation.immediate; return;
    case Op::test: known_[operation.d] = 1 - static_cast<std::int64_t>(operation.extra); return;
    case Op::set_aside: known_[operation.d] = known(operation.b); return;
    default: break;
  }
  if (writes_d(operation.op)) forget(operation.d);
  forget(kNowhere);
}

/// Of what only computes a register, keeps what somebody may look at: the program's registers wherever the
/// block can be left, ours within it.
void BlockBuilder::drop_unused() {
  static_assert(kRegisters <= 64);
  const auto bit = [](Register reg) { return std::uint64_t{1} << reg; };
  std::vector<Operation>& all = block_.operations;
  std::uint64_t used = 0;
  std::size_t kept = all.size();  // those from here on
  for (std::size_t at = all.size(); at-- > 0;) {
    Operation o = all[at];
    const bool pure = o.op <= Op::zero_int && !is_wide(o.op);
    if (pure && (used & bit(o.d)) == 0) continue;
    if (o.op == Op::set_aside && (used & bit(o.d)) == 0) {
      o = {.op = word_store(word_bytes_), .a = o.a, .b = o.b, .immediate = -o.immediate};
    }
    if (o.op == Op::test && (used & bit(o.d)) == 0) o.extra |= 2;
    if (o.op >= Op::test) used |= lasting_;
    if (pure || is_load(o.op) || o.op == Op::set_aside || o.op == Op::pop || o.op == Op::test)
      used &= ~bit(o.d);
    if (o.op != Op::set) used |= bit(o.a) | (has_one_source(o.op) ? 0 : bit(o.b));
    if (is_wide(o.op)) used |= bit(0) | bit(2);
    if (o.op == Op::insert_byte) used |= bit(o.d);
    all[--kept] = o;
  }
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept));
}

void BlockBuilder::emit(Operation operation) {
  if (writes_d(operation.op) && operation.d == kZero) operation.d = kNowhere;
  if (operation.op == Op::move && operation.a == operation.d) return;
  fold_constants(operation);
  fold_stack(operation);
  if (operation.op == Op::pop && fold_pop(operation)) return;
  while (fold_address(operation)) {
  }
  fold_source(operation);
  fold_test(operation);
  // What may close a loop.
  if (operation.op == Op::jump || operation.op == Op::branch || operation.op == Op::test)
    operation.back = static_cast<std::uint64_t>(operation.immediate) <= block_.address;
  learn(operation);
  block_.operations.push_back(operation);
}

}  // namespace assay::exec
