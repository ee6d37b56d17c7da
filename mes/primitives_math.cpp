// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers are the words of the machine that mes was built for, and overflow as these do.
#include "mes/diagnostics.h"
#include "mes/primitives.h"

namespace assay::mes {
namespace {

std::uint64_t number_at(Vm& vm, Value value, std::string_view who) {
  if (!vm.is_number(value)) {
    vm.print_error(std::string(who) + ": ");
    vm.error(vm.known.not_a_number, value);
  }
  return static_cast<std::uint64_t>(Vm::number_of(value));
}

/// A number as the dialect's unsigned word.
std::uint64_t as_word(const Vm& vm, std::uint64_t number) {
  return vm.dialect.bits == 32 ? number & 0xffffffff : number;
}

template <class Combine>
Value fold(Vm& vm, const Value* at, std::size_t count, std::uint64_t start, std::string_view who,
           const Combine& combine) {
  for (std::size_t i = 0; i < count; ++i) start = combine(start, number_at(vm, at[i], who));
  return vm.number(static_cast<std::int64_t>(start));
}

template <class Holds>
Value chain(Vm& vm, const Value* at, std::size_t count, std::string_view who, const Holds& holds) {
  if (count == 0) return kTrue;
  auto before = static_cast<std::int64_t>(number_at(vm, at[0], who));
  for (std::size_t i = 1; i < count; ++i) {
    const auto next = static_cast<std::int64_t>(number_at(vm, at[i], who));
    if (!holds(before, next)) return kFalse;
    before = next;
  }
  return kTrue;
}

}  // namespace

namespace primitives {

Value is_greater(Vm& vm, Value* at, std::size_t count) {
  return chain(vm, at, count, "greater_p", [](auto before, auto next) { return next < before; });
}

Value is_less(Vm& vm, Value* at, std::size_t count) {
  return chain(vm, at, count, "less_p", [](auto before, auto next) { return next > before; });
}

Value is_same(Vm& vm, Value* at, std::size_t count) {
  if (count == 0) return kTrue;
  // Only the first is looked at; others that are no numbers are compared as the words they are.
  const auto first = static_cast<std::int64_t>(number_at(vm, at[0], "is_p"));
  for (std::size_t i = 1; i < count; ++i) {
    const bool counts = vm.is_number(at[i]) || at[i].is_character();
    if (!counts || raw_number(vm, at[i]) != first) return kFalse;
  }
  return kTrue;
}

Value minus(Vm& vm, Value* at, std::size_t count) {
  if (count == 0) vm.stop(kBadForm, "- of nothing");
  const std::uint64_t first = number_at(vm, at[0], "minus");
  if (count == 1) return vm.number(static_cast<std::int64_t>(0 - first));
  return fold(vm, at + 1, count - 1, first, "minus", [](auto sum, auto next) { return sum - next; });
}

Value plus(Vm& vm, Value* at, std::size_t count) {
  return fold(vm, at, count, 0, "plus", [](auto sum, auto next) { return sum + next; });
}

Value multiply(Vm& vm, Value* at, std::size_t count) {
  return fold(vm, at, count, 1, "multiply", [](auto product, auto next) { return product * next; });
}

Value divide(Vm& vm, Value* at, std::size_t count) {
  if (count == 0) return vm.number(1);
  const auto first = static_cast<std::int64_t>(number_at(vm, at[0], "divide"));
  bool negative = first < 0;
  std::uint64_t value =
      as_word(vm, negative ? 0 - static_cast<std::uint64_t>(first) : static_cast<std::uint64_t>(first));
  for (std::size_t i = 1; i < count; ++i) {
    const auto next = static_cast<std::int64_t>(number_at(vm, at[i], "divide"));
    // mes's C says more, but M2-Planet, which compiled it, knows no precedence of && and ||: what was
    // negative never is again.
    negative = !negative && next < 0;
    if (next == 0) {
      Value rest = kNil;
      for (std::size_t k = count; k-- > i;) rest = vm.heap.cons(at[k], rest);
      vm.error(vm.intern("divide-by-zero"), rest);
    }
    if (value == 0) break;
    // A negative divisor counts as the large word that it is.
    const std::uint64_t divisor = as_word(vm, static_cast<std::uint64_t>(next));
    if (divisor != 1) value /= divisor;
  }
  return vm.number(static_cast<std::int64_t>(negative ? 0 - value : value));
}

Value modulo(Vm& vm, Value* at, std::size_t /*count*/) {
  const auto number = static_cast<std::int64_t>(number_at(vm, at[0], "modulo"));
  const auto by = static_cast<std::int64_t>(number_at(vm, at[1], "modulo"));
  if (by == 0) vm.error(vm.intern("divide-by-zero"), at[0]);
  const bool negative = by < 0;
  const std::uint64_t divisor =
      negative ? 0 - static_cast<std::uint64_t>(by) : static_cast<std::uint64_t>(by);
  std::uint64_t value = static_cast<std::uint64_t>(number);
  if (number < 0) {  // the divisor is added until it is not negative any more
    const std::uint64_t below = 0 - value;
    const std::uint64_t over = below % divisor;
    value = over == 0 ? 0 : divisor - over;
  }
  value = as_word(vm, value);
  if (value != 0) value %= divisor;
  return vm.number(static_cast<std::int64_t>(negative ? 0 - value : value));
}

Value bit_and(Vm& vm, Value* at, std::size_t count) {
  return fold(vm, at, count, ~std::uint64_t{0}, "multiply", [](auto bits, auto next) { return bits & next; });
}

Value bit_or(Vm& vm, Value* at, std::size_t count) {
  return fold(vm, at, count, 0, "logior", [](auto bits, auto next) { return bits | next; });
}

Value bit_xor(Vm& vm, Value* at, std::size_t count) {
  return fold(vm, at, count, 0, "logxor", [](auto bits, auto next) { return bits ^ next; });
}

Value bit_not(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.number(static_cast<std::int64_t>(~number_at(vm, at[0], "lognot")));
}

Value shift(Vm& vm, Value* at, std::size_t /*count*/) {
  const auto number = static_cast<std::int64_t>(number_at(vm, at[0], "ash"));
  const auto by = static_cast<std::int64_t>(number_at(vm, at[1], "ash"));
  // The processors of all three dialects take the lowest bits of a count.
  const std::uint64_t mask = vm.dialect.bits - 1;
  if (by < 0) return vm.number(number >> ((0 - static_cast<std::uint64_t>(by)) & mask));
  return vm.number(static_cast<std::int64_t>(static_cast<std::uint64_t>(number)
                                             << (static_cast<std::uint64_t>(by) & mask)));
}

}  // namespace primitives
}  // namespace assay::mes
