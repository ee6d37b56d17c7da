// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/ir/ir_eval.h"

namespace assay::machine {
namespace {

struct Sum {
  std::uint64_t result;
  bool carry;
  bool overflow;
};

// a + b + c at a width.
Sum sum(Width w, std::uint64_t a, std::uint64_t b, bool c) {
  const std::uint64_t x = truncate(w, a);
  const std::uint64_t y = truncate(w, b);
  const std::uint64_t result = truncate(w, x + y + (c ? 1 : 0));
  const bool carry = c ? result <= x : result < x;
  const bool overflow = as_signed(w, ~(x ^ y) & (x ^ result)) < 0;
  return {result, carry, overflow};
}

std::uint64_t word_of(Width w, const Sum& s, bool adjust) {
  std::uint64_t word = 0;
  if (s.carry) word |= kFlagCarry;
  if (std::popcount(s.result & 0xFF) % 2 == 0) word |= kFlagParity;
  if (adjust) word |= kFlagAdjust;
  if (truncate(w, s.result) == 0) word |= kFlagZero;
  if (as_signed(w, s.result) < 0) word |= kFlagSign;
  if (s.overflow) word |= kFlagOverflow;
  return word;
}

}  // namespace

namespace eval {

bool wide_divide(Op op, Width w, std::uint64_t high, std::uint64_t low, std::uint64_t divisor,
                 std::uint64_t& result) {
  const unsigned bits = bits_of(w);
  const Wide dividend = (Wide{truncate(w, high)} << bits) | truncate(w, low);
  if (truncate(w, divisor) == 0) return false;
  if (op == Op::wide_div_u || op == Op::wide_rem_u) {
    const Wide quotient = dividend / truncate(w, divisor);
    if ((quotient >> bits) != 0) return false;
    result = op == Op::wide_div_u ? static_cast<std::uint64_t>(quotient)
                                  : static_cast<std::uint64_t>(dividend % truncate(w, divisor));
    return true;
  }
  const auto number = w == Width::w32
                          ? SignedWide{static_cast<std::int64_t>(static_cast<std::uint64_t>(dividend))}
                          : static_cast<SignedWide>(dividend);
  const SignedWide by = as_signed(w, divisor);
  // The lowest of all dividends by -1 overflows even here.
  if (by == -1 && number == static_cast<SignedWide>(Wide{1} << 127)) return false;
  const SignedWide quotient = number / by;
  if (quotient != as_signed(w, static_cast<std::uint64_t>(quotient))) return false;
  result = truncate(w, static_cast<std::uint64_t>(op == Op::wide_div_s ? quotient : number % by));
  return true;
}

}  // namespace eval

std::uint64_t flags_word(const FlagState& f) {
  const Width w = f.width;
  switch (f.kind) {
    case FlagKind::add:
    case FlagKind::adc: {
      const Sum s = sum(w, f.a, f.b, f.kind == FlagKind::adc && f.c != 0);
      return word_of(w, s, ((f.a ^ f.b ^ s.result) & 0x10) != 0);
    }
    case FlagKind::sub:
    case FlagKind::sbb: {
      Sum s = sum(w, f.a, ~f.b, f.kind == FlagKind::sub || f.c == 0);
      s.carry = !s.carry;
      return word_of(w, s, ((f.a ^ f.b ^ s.result) & 0x10) != 0);
    }
    case FlagKind::sub_arm:
    case FlagKind::sbc_arm: {
      const Sum s = sum(w, f.a, ~f.b, f.kind == FlagKind::sub_arm || f.c != 0);
      return word_of(w, s, ((f.a ^ f.b ^ s.result) & 0x10) != 0);
    }
    case FlagKind::parts: return word_of(w, {f.a, (f.b & 1) != 0, (f.c & 1) != 0}, (f.b & kFlagAdjust) != 0);
    case FlagKind::word: return f.a;
  }
  return 0;
}

bool flag_holds(FlagCondition condition, std::uint64_t word) {
  const bool c = (word & kFlagCarry) != 0;
  const bool z = (word & kFlagZero) != 0;
  const bool s = (word & kFlagSign) != 0;
  const bool v = (word & kFlagOverflow) != 0;
  bool holds = false;
  switch (static_cast<FlagCondition>(static_cast<unsigned>(condition) & ~1U)) {
    case FlagCondition::overflow: holds = v; break;
    case FlagCondition::carry: holds = c; break;
    case FlagCondition::zero: holds = z; break;
    case FlagCondition::carry_or_zero: holds = c || z; break;
    case FlagCondition::sign: holds = s; break;
    case FlagCondition::parity: holds = (word & kFlagParity) != 0; break;
    case FlagCondition::less: holds = s != v; break;
    case FlagCondition::less_or_zero: holds = z || s != v; break;
    case FlagCondition::carry_not_zero: holds = c && !z; break;
    default: break;
  }
  return holds != ((static_cast<unsigned>(condition) & 1U) != 0);
}

}  // namespace assay::machine
