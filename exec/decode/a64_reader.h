// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads A64 instructions into one block.
#pragma once

#include "exec/decode/arm_reader.h"

namespace assay::exec {

class A64Reader final : public ArmReader {
 public:
  A64Reader(Image& image, std::uint64_t address) : ArmReader(image, address) {}

 private:
  [[nodiscard]] std::int64_t signed_bits(unsigned low, unsigned count) const {
    return static_cast<std::int32_t>(code_ << (32 - low - count)) >> (32 - count);
  }
  [[nodiscard]] std::uint64_t away(std::int64_t offset) const {
    return at_ + static_cast<std::uint64_t>(offset);
  }
  /// A register field in which 31 is zero, or the stack pointer.
  [[nodiscard]] Register reg(unsigned low) const {
    const std::uint32_t number = bits(low, 5);
    return number == 31 ? kZero : static_cast<Register>(number);
  }
  [[nodiscard]] Register reg_or_stack(unsigned low) const { return static_cast<Register>(bits(low, 5)); }
  /// Of 64 bits; otherwise 32, and what is above them in a result is 0.
  [[nodiscard]] bool wide() const { return bit(31); }
  [[nodiscard]] unsigned width() const { return wide() ? 64 : 32; }
  [[nodiscard]] unsigned bytes() const { return wide() ? 8 : 4; }
  void narrow(Register d) {
    if (!wide()) block_.constant(Op::zero_int, d, d, 0);
  }
  /// The same value with nothing, or its sign, above its low 32 bits; in `into` if it has to be changed.
  Register zero_extended(Register a, Register into);
  Register sign_extended(Register a, Register into);

  // a64.cpp
  bool one() override;
  bool jump_or_branch();
  bool jump_to_register();
  void branch(Condition condition, Register left, Register right, std::uint64_t target);
  bool compare(Register left, Register right);

  // a64_flags.cpp
  std::optional<Answer> condition(unsigned code) { return flags_.condition(code, at_); }
  bool compare_if();
  bool add_with_carry();

  // a64_constants.cpp
  bool with_constant();
  bool address();
  bool add_constant();
  bool logic_constant();
  bool move_wide();
  bool bit_field();
  bool extract();

  // a64_registers.cpp
  bool with_registers();
  bool add_registers();
  bool logic_registers();
  bool two_sources();
  bool three_sources();
  bool choose();
  void add(Register d, Register a, Register b);
  void logic(unsigned which, Register d, Register a, Register b);
  Register shifted(Register a, unsigned kind, unsigned by);
  Register extended(Register a, unsigned kind, unsigned by);
  void rotate(Register d, Register high, Register low, unsigned by);

  // a64_memory.cpp
  bool memory();
  bool literal();
  bool pair();
  void access(Op op, Register reg, Register base, std::int64_t offset);
};

}  // namespace assay::exec
