// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/shadow.h"

namespace assay::machine::shadow {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

std::uint64_t lowest(Bits x) { return x.value & ~x.unknown; }
std::uint64_t highest(Bits x) { return x.value | x.unknown; }
Bits cut(Width w, Bits x) { return {truncate(w, x.value), truncate(w, x.unknown)}; }
bool is_zero(Bits x) { return highest(x) == 0; }
/// All from the lowest bit that is set.
std::uint64_t upwards(std::uint64_t x) { return x | (0 - x); }

// The carries of the two extremes bracket those of all that is between.
std::uint64_t unknown_of_sum(Op op, Bits a, Bits b) {
  const bool add = op == Op::add;
  const std::uint64_t low = add ? lowest(a) + lowest(b) : lowest(a) - highest(b);
  const std::uint64_t high = add ? highest(a) + highest(b) : highest(a) - lowest(b);
  return a.unknown | b.unknown | (low ^ high);
}

std::uint64_t unknown_of_shift(Op op, Width w, Bits a, Bits b) {
  if (is_zero(a)) return 0;
  if ((b.unknown & (bits_of(w) - 1)) != 0) return kAll;
  return eval::binary(op, w, a.unknown, b.value);
}

std::uint64_t unknown_of_binary(Op op, Width w, Bits a, Bits b) {
  switch (op) {
    case Op::add:
    case Op::sub: return unknown_of_sum(op, a, b);
    case Op::bit_and: return (a.unknown & highest(b)) | (b.unknown & highest(a));
    case Op::bit_or: return (a.unknown & ~lowest(b)) | (b.unknown & ~lowest(a));
    case Op::bit_xor: return a.unknown | b.unknown;
    case Op::shl:
    case Op::shr:
    case Op::sar:
    case Op::ror: return unknown_of_shift(op, w, a, b);
    case Op::mul: return is_zero(a) || is_zero(b) ? 0 : upwards(a.unknown | b.unknown);
    default: return (a.unknown | b.unknown) == 0 ? 0 : kAll;
  }
}

/// Sums that carry: whether they do.
bool carries(Width w, std::uint64_t a, std::uint64_t b) { return truncate(w, a + b) < truncate(w, a); }

bool decided_order(Condition c, Width w, Bits a, Bits b) {
  const bool is_signed = c >= Condition::lt_s;
  const std::uint64_t sign = is_signed ? std::uint64_t{1} << (bits_of(w) - 1) : 0;
  a.value ^= sign;
  b.value ^= sign;
  const bool or_equal =
      c == Condition::le_u || c == Condition::gt_u || c == Condition::le_s || c == Condition::gt_s;
  if (or_equal) return highest(a) <= lowest(b) || lowest(a) > highest(b);
  return highest(a) < lowest(b) || lowest(a) >= highest(b);
}

}  // namespace

Bits binary(Op op, Width w, Bits a, Bits b) {
  a = cut(w, a);
  b = cut(w, b);
  return {eval::binary(op, w, a.value, b.value), truncate(w, unknown_of_binary(op, w, a, b))};
}

Bits unary(Op op, Width w, Bits a) {
  Bits result{eval::unary(op, w, a.value), truncate(w, a.unknown)};
  switch (op) {
    case Op::count_leading_zeros:
    case Op::count_trailing_zeros:
    case Op::count_ones: result.unknown = result.unknown == 0 ? 0 : 0x7F; break;
    default: result.unknown = eval::unary(op, w, a.unknown); break;
  }
  return result;
}

Bits select(Bits chooser, Bits a, Bits b) {
  if (chooser.unknown != 0 && lowest(chooser) == 0)
    return {chooser.value != 0 ? a.value : b.value, a.unknown | b.unknown | (a.value ^ b.value)};
  return chooser.value != 0 ? a : b;
}

bool decided(Condition c, Width w, Bits a, Bits b) {
  a = cut(w, a);
  b = cut(w, b);
  if ((a.unknown | b.unknown) == 0) return true;
  switch (c) {
    case Condition::eq:
    case Condition::ne: return ((a.value ^ b.value) & ~(a.unknown | b.unknown)) != 0;
    case Condition::no_bits:
    case Condition::some_bits: return (lowest(a) & lowest(b)) != 0 || (highest(a) & highest(b)) == 0;
    default: return decided_order(c, w, a, b);
  }
}

Bits flags_word(const Flags& f) {
  const Width w = f.width;
  const Bits a = cut(w, f.a);
  const Bits b = cut(w, f.b);
  Bits word{machine::flags_word({f.kind, w, f.a.value, f.b.value, f.c.value}), 0};
  constexpr std::uint64_t kWord =
      kFlagCarry | kFlagParity | kFlagAdjust | kFlagZero | kFlagSign | kFlagOverflow;
  const std::uint64_t sign = std::uint64_t{1} << (bits_of(w) - 1);
  Bits result = a;
  switch (f.kind) {
    case FlagKind::word: return {word.value, f.a.unknown};
    case FlagKind::adc:
    case FlagKind::sbb:
    case FlagKind::sbc_arm:
      if ((a.unknown | b.unknown | f.c.unknown) != 0) word.unknown = kWord;
      return word;
    case FlagKind::parts:
      word.unknown =
          (f.b.unknown & (kFlagCarry | kFlagAdjust)) | ((f.c.unknown & 1) != 0 ? kFlagOverflow : 0);
      break;
    case FlagKind::add:
    case FlagKind::sub:
    case FlagKind::sub_arm: {
      const bool add = f.kind == FlagKind::add;
      result = binary(add ? Op::add : Op::sub, w, a, b);
      const bool carry_known = add ? carries(w, lowest(a), lowest(b)) == carries(w, highest(a), highest(b))
                                   : decided(Condition::lt_u, w, a, b);
      if (!carry_known) word.unknown |= kFlagCarry;
      if (((a.unknown | b.unknown | result.unknown) & sign) != 0) word.unknown |= kFlagOverflow;
      if (((a.unknown | b.unknown | result.unknown) & 0x10) != 0) word.unknown |= kFlagAdjust;
      break;
    }
  }
  if (result.unknown != 0 && lowest(result) == 0) word.unknown |= kFlagZero;
  if ((result.unknown & sign) != 0) word.unknown |= kFlagSign;
  if ((result.unknown & 0xFF) != 0) word.unknown |= kFlagParity;
  return word;
}

bool decided(FlagCondition condition, const Flags& f) {
  if (f.kind == FlagKind::sub || f.kind == FlagKind::sub_arm) {
    switch (static_cast<FlagCondition>(static_cast<unsigned>(condition) & ~1U)) {
      case FlagCondition::zero: return decided(Condition::eq, f.width, f.a, f.b);
      case FlagCondition::less: return decided(Condition::lt_s, f.width, f.a, f.b);
      case FlagCondition::less_or_zero: return decided(Condition::le_s, f.width, f.a, f.b);
      case FlagCondition::carry_or_zero:
        if (f.kind == FlagKind::sub) return decided(Condition::le_u, f.width, f.a, f.b);
        break;
      case FlagCondition::carry_not_zero:
        if (f.kind == FlagKind::sub_arm) return decided(Condition::gt_u, f.width, f.a, f.b);
        break;
      default: break;
    }
  }
  // Otherwise: all that the unknown flags may be, one after the other.
  const Bits word = flags_word(f);
  const bool holds = flag_holds(condition, word.value);
  for (std::uint64_t some = word.unknown; some != 0; some = (some - 1) & word.unknown) {
    if (flag_holds(condition, word.value ^ some) != holds) return false;
  }
  return true;
}

}  // namespace assay::machine::shadow
