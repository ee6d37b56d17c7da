// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the operations of machine/ir/ir.h compute, as plain functions: the meaning that constant folding,
// the interpreter and the tests of translators share.
#pragma once

#include <bit>

#include "machine/ir/ir.h"

namespace assay::machine {

constexpr std::uint64_t truncate(Width w, std::uint64_t x) {
  return w == Width::w64 ? x : x & ((std::uint64_t{1} << bits_of(w)) - 1);
}
constexpr std::int64_t as_signed(Width w, std::uint64_t x) {
  const unsigned shift = 64 - bits_of(w);
  return static_cast<std::int64_t>(x << shift) >> shift;
}

namespace eval {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

constexpr std::uint64_t mul_high_u(Width w, std::uint64_t a, std::uint64_t b) {
  if (w == Width::w32) return (truncate(w, a) * truncate(w, b)) >> 32;
  return static_cast<std::uint64_t>((Wide{a} * b) >> 64);
}
constexpr std::uint64_t mul_high_s(Width w, std::uint64_t a, std::uint64_t b) {
  const SignedWide product = static_cast<SignedWide>(as_signed(w, a)) * as_signed(w, b);
  return truncate(w, static_cast<std::uint64_t>(product >> bits_of(w)));
}
constexpr std::uint64_t mul_high_su(Width w, std::uint64_t a, std::uint64_t b) {
  const SignedWide product =
      static_cast<SignedWide>(as_signed(w, a)) * static_cast<SignedWide>(Wide{truncate(w, b)});
  return truncate(w, static_cast<std::uint64_t>(product >> bits_of(w)));
}
constexpr std::uint64_t div_u(Width w, std::uint64_t a, std::uint64_t b) {
  const std::uint64_t divisor = truncate(w, b);
  return divisor == 0 ? truncate(w, ~std::uint64_t{0}) : truncate(w, a) / divisor;
}
constexpr std::uint64_t rem_u(Width w, std::uint64_t a, std::uint64_t b) {
  const std::uint64_t divisor = truncate(w, b);
  return divisor == 0 ? truncate(w, a) : truncate(w, a) % divisor;
}
constexpr std::uint64_t div_s(Width w, std::uint64_t a, std::uint64_t b) {
  const std::int64_t divisor = as_signed(w, b);
  if (divisor == 0) return truncate(w, ~std::uint64_t{0});
  if (divisor == -1) return truncate(w, std::uint64_t{0} - a);
  return truncate(w, static_cast<std::uint64_t>(as_signed(w, a) / divisor));
}
constexpr std::uint64_t rem_s(Width w, std::uint64_t a, std::uint64_t b) {
  const std::int64_t divisor = as_signed(w, b);
  if (divisor == 0) return truncate(w, a);
  if (divisor == -1) return 0;
  return truncate(w, static_cast<std::uint64_t>(as_signed(w, a) % divisor));
}
constexpr std::uint64_t shl(Width w, std::uint64_t a, std::uint64_t b) {
  return truncate(w, a << (b & (bits_of(w) - 1)));
}
constexpr std::uint64_t shr(Width w, std::uint64_t a, std::uint64_t b) {
  return truncate(w, a) >> (b & (bits_of(w) - 1));
}
constexpr std::uint64_t sar(Width w, std::uint64_t a, std::uint64_t b) {
  return truncate(w, static_cast<std::uint64_t>(as_signed(w, a) >> (b & (bits_of(w) - 1))));
}
constexpr std::uint64_t ror(Width w, std::uint64_t a, std::uint64_t b) {
  const unsigned count = static_cast<unsigned>(b & (bits_of(w) - 1));
  return w == Width::w32 ? std::rotr(static_cast<std::uint32_t>(a), static_cast<int>(count))
                         : std::rotr(a, static_cast<int>(count));
}
constexpr std::uint64_t byte_swap(Width w, std::uint64_t a) {
  std::uint64_t result = 0;
  for (unsigned i = 0; i < bytes_of(w); ++i) result = (result << 8) | ((a >> (8 * i)) & 0xFF);
  return result;
}
constexpr std::uint64_t bit_reverse(Width w, std::uint64_t a) {
  std::uint64_t result = 0;
  for (unsigned i = 0; i < bits_of(w); ++i) result = (result << 1) | ((a >> i) & 1);
  return result;
}

/// add .. rem_s.
constexpr std::uint64_t binary(Op op, Width w, std::uint64_t a, std::uint64_t b) {
  switch (op) {
    case Op::add: return truncate(w, a + b);
    case Op::sub: return truncate(w, a - b);
    case Op::bit_and: return truncate(w, a & b);
    case Op::bit_or: return truncate(w, a | b);
    case Op::bit_xor: return truncate(w, a ^ b);
    case Op::shl: return shl(w, a, b);
    case Op::shr: return shr(w, a, b);
    case Op::sar: return sar(w, a, b);
    case Op::ror: return ror(w, a, b);
    case Op::mul: return truncate(w, a * b);
    case Op::mul_high_u: return mul_high_u(w, a, b);
    case Op::mul_high_s: return mul_high_s(w, a, b);
    case Op::mul_high_su: return mul_high_su(w, a, b);
    case Op::div_u: return div_u(w, a, b);
    case Op::div_s: return div_s(w, a, b);
    case Op::rem_u: return rem_u(w, a, b);
    case Op::rem_s: return rem_s(w, a, b);
    default: return 0;
  }
}

/// count_leading_zeros .. sign_extend_32.
constexpr std::uint64_t unary(Op op, Width w, std::uint64_t a) {
  const std::uint64_t x = truncate(w, a);
  switch (op) {
    case Op::count_leading_zeros: return static_cast<std::uint64_t>(std::countl_zero(x)) - (64 - bits_of(w));
    case Op::count_trailing_zeros:
      return x == 0 ? bits_of(w) : static_cast<std::uint64_t>(std::countr_zero(x));
    case Op::count_ones: return static_cast<std::uint64_t>(std::popcount(x));
    case Op::byte_swap: return byte_swap(w, a);
    case Op::bit_reverse: return bit_reverse(w, a);
    case Op::zero_extend: return x;
    case Op::sign_extend: return static_cast<std::uint64_t>(as_signed(w, a));
    case Op::sign_extend_32: return truncate(Width::w32, static_cast<std::uint64_t>(as_signed(w, a)));
    default: return 0;
  }
}

constexpr std::uint64_t field_mask(std::int64_t field) {
  const unsigned count = static_cast<unsigned>(field >> 8);
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}
constexpr std::uint64_t extract(std::uint64_t a, std::int64_t field) {
  return (a >> (field & 63)) & field_mask(field);
}
constexpr std::uint64_t deposit(std::uint64_t a, std::uint64_t b, std::int64_t field) {
  const std::uint64_t mask = field_mask(field) << (field & 63);
  return (a & ~mask) | ((b << (field & 63)) & mask);
}

constexpr bool condition(Condition c, Width w, std::uint64_t a, std::uint64_t b) {
  const std::uint64_t x = truncate(w, a);
  const std::uint64_t y = truncate(w, b);
  switch (c) {
    case Condition::eq: return x == y;
    case Condition::ne: return x != y;
    case Condition::lt_u: return x < y;
    case Condition::ge_u: return x >= y;
    case Condition::le_u: return x <= y;
    case Condition::gt_u: return x > y;
    case Condition::lt_s: return as_signed(w, a) < as_signed(w, b);
    case Condition::ge_s: return as_signed(w, a) >= as_signed(w, b);
    case Condition::le_s: return as_signed(w, a) <= as_signed(w, b);
    case Condition::gt_s: return as_signed(w, a) > as_signed(w, b);
    case Condition::no_bits: return (x & y) == 0;
    case Condition::some_bits: return (x & y) != 0;
  }
  return false;
}

/// A wide division: false where it faults.
bool wide_divide(Op op, Width w, std::uint64_t high, std::uint64_t low, std::uint64_t divisor,
                 std::uint64_t& result);

}  // namespace eval

/// The flags as set_flags records them.
struct FlagState {
  FlagKind kind = FlagKind::word;
  Width width = Width::w64;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;
};

/// The flags word that follows.
std::uint64_t flags_word(const FlagState& flags);
/// What a flag condition says of a flags word.
bool flag_holds(FlagCondition condition, std::uint64_t word);

}  // namespace assay::machine
