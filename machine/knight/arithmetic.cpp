// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What registers do to each other.
#include <algorithm>
#include <limits>

#include "machine/knight/conditions.h"
#include "machine/knight/processor.h"

namespace assay::machine::knight {
namespace {

using eval::SignedWide;
using eval::Wide;

/// Where a narrower register is calculated with: in numbers of this many bits.
constexpr unsigned kNarrowest = 32;

std::uint64_t by_table(unsigned table, std::uint64_t left, std::uint64_t right) {
  std::uint64_t result = 0;
  if ((table & 1U) != 0) result |= ~left & ~right;
  if ((table & 2U) != 0) result |= ~left & right;
  if ((table & 4U) != 0) result |= left & ~right;
  if ((table & 8U) != 0) result |= left & right;
  return result;
}

std::uint64_t shifted(Word word, Shift shift, std::uint64_t value, std::uint64_t amount) {
  const std::uint64_t all = word.trim(~std::uint64_t{0});
  const unsigned plain = static_cast<unsigned>(amount & (std::max(word.bits, kNarrowest) - 1));
  const auto around = static_cast<unsigned>(amount % word.bits);
  const bool is_far = amount >= word.bits;
  switch (shift) {
    case Shift::left: return value << plain;
    case Shift::right: return value >> plain;
    case Shift::left_zeros: return is_far ? 0 : value << amount;
    case Shift::right_zeros: return is_far ? 0 : value >> amount;
    case Shift::left_ones: return is_far ? all : ~(~value << amount);
    case Shift::right_ones: return is_far ? all : ~((~value & all) >> amount);
    case Shift::around_right: return around == 0 ? value : value >> around | value << (word.bits - around);
    case Shift::around_left: return around == 0 ? value : value << around | value >> (word.bits - around);
  }
  return value;
}

/// A quotient that does not fit; where registers are narrow it only loses its highest bit.
bool overflows(Word word, std::int64_t left, std::int64_t right) {
  return word.bits >= kNarrowest && right == -1 &&
         left == word.as_signed(std::uint64_t{1} << (word.bits - 1));
}

}  // namespace

Event Processor::with_carry(Cpu& cpu, const Instruction& instruction) const {
  const auto [a, b, c, d] = instruction.registers;
  const Row& row = *instruction.row;
  const std::uint64_t left = cpu.slots[b];
  const std::uint64_t right = cpu.slots[c];
  const bool takes = (row.kind & kCarryIn) != 0 && (cpu.slots[d] & kCarryBit) != 0;
  if ((row.kind & kCarryOut) != 0) {
    const bool carry =
        row.is_signed ? (SignedWide{word_.as_signed(left)} + word_.as_signed(right)) >> (word_.bits - 1) == 1
                      : (Wide{left} + right) >> word_.bits != 0;
    cpu.slots[d] = carry ? cpu.slots[d] | kCarryBit : cpu.slots[d] & ~kCarryBit;
  }
  cpu.slots[a] = word_.trim(left + right + (takes ? 1 : 0));
  return Event::done;
}

// The machine's borrow is not that of the reference: signed, the left number is taken without its sign and
// the test wraps where registers have 32 bits or more; unsigned, narrow registers never borrow.
Event Processor::with_borrow(Cpu& cpu, const Instruction& instruction) const {
  const auto [a, b, c, d] = instruction.registers;
  const Row& row = *instruction.row;
  const std::uint64_t left = cpu.slots[b];
  const std::uint64_t right = cpu.slots[c];
  const bool takes = (row.kind & kCarryIn) != 0 && (cpu.slots[d] & kBorrowBit) != 0;
  if ((row.kind & kCarryOut) != 0) {
    bool borrow = word_.bits >= kNarrowest && left < right;
    if (row.is_signed) {
      const SignedWide back = SignedWide{word_.as_signed(word_.trim(left - right))} + word_.as_signed(right);
      const SignedWide seen = word_.bits >= kNarrowest
                                  ? SignedWide{word_.as_signed(word_.trim(static_cast<std::uint64_t>(back)))}
                                  : back;
      borrow = SignedWide{left} != seen;
    }
    cpu.slots[d] = borrow ? cpu.slots[d] | kBorrowBit : cpu.slots[d] & ~kBorrowBit;
  }
  cpu.slots[a] = word_.trim(left - right - (takes ? 1 : 0));
  return Event::done;
}

// The high half of a signed product is rounded towards zero.
Event Processor::in_two(Cpu& cpu, const Instruction& instruction) const {
  const auto [a, b, c, d] = instruction.registers;
  const bool is_signed = instruction.row->is_signed;
  const std::uint64_t left = cpu.slots[c];
  const std::uint64_t right = cpu.slots[d];
  const std::int64_t signed_left = word_.as_signed(left);
  const std::int64_t signed_right = word_.as_signed(right);
  if (instruction.row->op == Op::multiply) {
    const SignedWide product = SignedWide{signed_left} * signed_right;
    const Wide plain = Wide{left} * right;
    cpu.slots[a] = word_.trim(left * right);
    cpu.slots[b] = word_.trim(static_cast<std::uint64_t>(
        is_signed ? product / (SignedWide{1} << word_.bits) : static_cast<SignedWide>(plain >> word_.bits)));
    return Event::done;
  }
  if (right == 0 || (is_signed && overflows(word_, signed_left, signed_right)))
    return Event::arithmetic_fault;
  cpu.slots[a] =
      is_signed ? word_.trim(static_cast<std::uint64_t>(signed_left / signed_right)) : left / right;
  cpu.slots[b] =
      is_signed ? word_.trim(static_cast<std::uint64_t>(signed_left % signed_right)) : left % right;
  return Event::done;
}

Event Processor::choose(Cpu& cpu, const Instruction& instruction) const {
  const auto [a, b, c, d] = instruction.registers;
  const std::uint64_t left = cpu.slots[c];
  const std::uint64_t right = cpu.slots[d];
  if (instruction.row->op == Op::mux) {
    const std::uint64_t takes_right = instruction.row->kind == 1 ? cpu.slots[b] : ~cpu.slots[b];
    cpu.slots[a] = (left & ~takes_right) | (right & takes_right);
    return Event::done;
  }
  const bool is_sorted = holds(word_, Condition::greater, left, right, instruction.row->is_signed);
  // In this order: of one register the last value counts.
  if (is_sorted) cpu.slots[a] = left;
  cpu.slots[b] = is_sorted ? right : left;
  if (!is_sorted) cpu.slots[a] = right;
  return Event::done;
}

Event Processor::calculate(Cpu& cpu, const Instruction& instruction) const {
  const Row& row = *instruction.row;
  const auto& r = instruction.registers;
  const std::uint64_t left = cpu.slots[r[row.form == Form::ai ? 0 : 1]];
  const std::uint64_t right =
      row.form == Form::abc ? cpu.slots[r[2]] : word_.trim(static_cast<std::uint64_t>(instruction.immediate));
  const std::int64_t signed_left = word_.as_signed(left);
  const std::int64_t signed_right = word_.as_signed(right);
  const bool is_division = row.op == Op::quotient || row.op == Op::rest;
  if (is_division && (right == 0 || (row.is_signed && overflows(word_, signed_left, signed_right))))
    return Event::arithmetic_fault;
  std::uint64_t result = 0;
  switch (row.op) {
    case Op::add: result = left + right; break;
    case Op::subtract: result = left - right; break;
    case Op::compare:
      result = holds(word_, Condition::greater, left, right, row.is_signed) ? kGreaterBit
               : left == right                                              ? kEqualBit
                                                                            : kLessBit;
      break;
    case Op::multiply_low: result = left * right; break;
    case Op::multiply_high:
      // A signed product is cut to a number's size before its high half is taken: nothing, but in 16 bits.
      if (!row.is_signed) {
        result = static_cast<std::uint64_t>((Wide{left} * right) >> word_.bits);
      } else if (word_.bits < kNarrowest) {
        result = static_cast<std::uint64_t>(signed_left * signed_right / (std::int64_t{1} << word_.bits));
      }
      break;
    case Op::quotient:
      result = row.is_signed ? static_cast<std::uint64_t>(signed_left / signed_right) : left / right;
      break;
    case Op::rest:
      result = row.is_signed ? static_cast<std::uint64_t>(signed_left % signed_right) : left % right;
      break;
    case Op::maximum:
      result = holds(word_, Condition::greater, left, right, row.is_signed) ? left : right;
      break;
    case Op::minimum:
      result = holds(word_, Condition::less, left, right, row.is_signed) ? left : right;
      break;
    case Op::logic: result = by_table(row.kind, left, right); break;
    default: result = shifted(word_, static_cast<Shift>(row.kind), left, right); break;
  }
  cpu.slots[r[0]] = word_.trim(result);
  return Event::done;
}

Event Processor::of_one(Cpu& cpu, const Instruction& instruction) const {
  std::uint64_t& to = cpu.slots[instruction.registers[0]];
  std::uint64_t& from = cpu.slots[instruction.registers[1]];
  const bool is_negative = word_.as_signed(from) < 0;
  switch (instruction.row->op) {
    case Op::negate: to = word_.trim(0 - from); break;
    case Op::absolute: to = is_negative ? word_.trim(0 - from) : from; break;
    case Op::negative_absolute: to = is_negative ? from : word_.trim(0 - from); break;
    case Op::swap: std::swap(to, from); break;
    case Op::copy: to = from; break;
    case Op::complement: to = word_.trim(~from); break;
    default:  // move
      to = from;
      from = 0;
      break;
  }
  return Event::done;
}

}  // namespace assay::machine::knight
