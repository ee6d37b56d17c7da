// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the two Arm instruction sets (a64.cpp, arm.cpp) share: instruction fields, the condition codes,
// and the conversions between their N, Z, C, V and a flags word of the machine.
#pragma once

#include "core/bytes.h"
#include "machine/ir/builder.h"

namespace assay::machine::arm_common {

constexpr std::uint32_t bits(std::uint32_t word, unsigned low, unsigned count) {
  return (word >> low) & ((1U << count) - 1);
}
constexpr bool bit(std::uint32_t word, unsigned at) { return bits(word, at, 1) != 0; }

/// The low `count` bits of a value, sign-extended.
constexpr std::int64_t extended(std::uint32_t value, unsigned count) {
  return static_cast<std::int32_t>(value << (32 - count)) >> (32 - count);
}

constexpr std::uint32_t little_endian_word(ByteView code) {
  return code[0] | (static_cast<std::uint32_t>(code[1]) << 8) | (static_cast<std::uint32_t>(code[2]) << 16) |
         (static_cast<std::uint32_t>(code[3]) << 24);
}

/// The 4-bit condition field below 14; 14 is "always", 15 depends on the instruction set.
constexpr FlagCondition condition(unsigned field) {
  constexpr FlagCondition kConditions[] = {FlagCondition::zero,           FlagCondition::not_zero,
                                           FlagCondition::carry,          FlagCondition::not_carry,
                                           FlagCondition::sign,           FlagCondition::not_sign,
                                           FlagCondition::overflow,       FlagCondition::not_overflow,
                                           FlagCondition::carry_not_zero, FlagCondition::not_carry_or_zero,
                                           FlagCondition::not_less,       FlagCondition::less,
                                           FlagCondition::greater,        FlagCondition::less_or_zero};
  return kConditions[field % 14];
}

/// A flags word from N, Z, C, V in bits 31 to 28 and back.
constexpr std::uint64_t flags_from_nzcv(std::uint64_t nzcv) {
  return ((nzcv >> 24) & (kFlagSign | kFlagZero)) | ((nzcv >> 29) & kFlagCarry) |
         ((nzcv >> 17) & kFlagOverflow);
}
inline Value flags_from_nzcv(BlockBuilder& b, Value nzcv) {
  if (nzcv.is_constant()) return imm(flags_from_nzcv(static_cast<std::uint64_t>(nzcv.constant)));
  const Width w = Width::w64;
  const Value nz = b.bit_and(w, b.shr(w, nzcv, imm(24)), imm(kFlagSign | kFlagZero));
  const Value carry = b.bit_and(w, b.shr(w, nzcv, imm(29)), imm(kFlagCarry));
  const Value overflow = b.bit_and(w, b.shr(w, nzcv, imm(17)), imm(kFlagOverflow));
  return b.bit_or(w, b.bit_or(w, nz, carry), overflow);
}
inline Value nzcv_from_flags(BlockBuilder& b, Value flags) {
  const Width w = Width::w64;
  const Value nz = b.shl(w, b.bit_and(w, flags, imm(kFlagSign | kFlagZero)), imm(24));
  const Value carry = b.shl(w, b.bit_and(w, flags, imm(kFlagCarry)), imm(29));
  const Value overflow = b.shl(w, b.bit_and(w, flags, imm(kFlagOverflow)), imm(17));
  return b.bit_or(w, b.bit_or(w, nz, carry), overflow);
}

}  // namespace assay::machine::arm_common
