// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the operations of machine/ir/ir.h make of values of which some bits are unknown. The promise, which
// shadow_test.cpp tries: whatever the unknown bits of the operands are, the known bits of a result are the
// same, and a comparison that is said to be decided comes out the same. The other way round it is only nearly
// so.
#pragma once

#include "machine/ir/ir_eval.h"

namespace assay::machine::shadow {

struct Bits {
  std::uint64_t value = 0;
  std::uint64_t unknown = 0;  ///< a bit for each of `value` that nobody gave
};

/// add .. rem_s.
Bits binary(Op op, Width w, Bits a, Bits b);
/// count_leading_zeros .. sign_extend_32.
Bits unary(Op op, Width w, Bits a);
Bits select(Bits chooser, Bits a, Bits b);
/// Whether the condition is the same for all that a and b may be.
bool decided(Condition c, Width w, Bits a, Bits b);

struct Flags {
  FlagKind kind = FlagKind::word;
  Width width = Width::w64;
  Bits a;
  Bits b;
  Bits c;
};
/// The flags word.
Bits flags_word(const Flags& flags);
bool decided(FlagCondition condition, const Flags& flags);

}  // namespace assay::machine::shadow
