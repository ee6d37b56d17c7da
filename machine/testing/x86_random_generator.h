// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which instructions the random programs have: private to the x86_random*.cpp files.
#pragma once

#include "machine/testing/x86_random_emitter.h"

namespace assay::machine::test {

inline constexpr unsigned kAx = 0;
inline constexpr unsigned kCx = 1;
inline constexpr unsigned kDx = 2;
inline constexpr unsigned kBx = 3;
inline constexpr unsigned kSp = 4;
inline constexpr unsigned kBp = 5;
inline constexpr unsigned kSi = 6;
inline constexpr unsigned kDi = 7;

constexpr unsigned mask(unsigned reg) { return 1U << reg; }

inline constexpr std::uint64_t kC = kFlagCarry;
inline constexpr std::uint64_t kA = kFlagAdjust;
inline constexpr std::uint64_t kO = kFlagOverflow;
inline constexpr std::uint64_t kZ = kFlagZero;
inline constexpr std::uint64_t kS = kFlagSign;
inline constexpr std::uint64_t kP = kFlagParity;

inline constexpr std::uint64_t kConditionFlags[] = {kO, kC, kZ, kC | kZ, kS, kP, kS | kO, kZ | kS | kO};
inline constexpr std::string_view kConditionNames[] = {"o", "no", "b", "ae", "e", "ne", "be", "a",
                                                       "s", "ns", "p", "np", "l", "ge", "le", "g"};

inline Byte code_byte(unsigned value) { return static_cast<Byte>(value); }
// The opcode of a byte instruction, or of the wider one next to it.
inline Byte sized(unsigned opcode, Width w) { return code_byte(opcode | (w == Width::w8 ? 0 : 1)); }

class Generator : public Emitter {
 public:
  using Emitter::Emitter;
  RandomProgram run(unsigned snippets, unsigned instructions);

 private:
  void instruction();
  void simple();
  void prologue();
  void epilogue();
  void finish(RandomProgram& program);

  // Groups of instructions; each call emits one, and what it needs before.
  void alu();
  void alu_accumulator();
  void test_bits();
  void increment();
  void not_or_neg();
  void multiply();
  void divide();
  void shift();
  void shift_double();
  void bit_test();
  void bit_scan();
  void conditional();
  void moves();
  void extends();
  void load_address();
  void exchange();
  void compare_exchange();
  void compare_exchange_pair();
  void stack();
  void frames();
  void flag_words();
  void accumulator();
  void strings();
  void calls();
  void loops();
  void decimal();
  void nothing();

  void set_shift_count(unsigned count);
  static std::uint64_t shift_undefined(unsigned operation, Width w, unsigned count);
};

}  // namespace assay::machine::test
