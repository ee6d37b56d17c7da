// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads A32 instructions into one block.
#pragma once

#include "exec/decode/arm_reader.h"

namespace assay::exec {

class A32Reader final : public ArmReader {
 public:
  A32Reader(Image& image, std::uint64_t address) : ArmReader(image, address) {}

 private:
  static constexpr Register kStack = 13, kLink = 14;
  static constexpr unsigned kProgramCounter = 15;

  [[nodiscard]] std::uint32_t away(std::int64_t offset) const {
    return static_cast<std::uint32_t>(at_ + static_cast<std::uint64_t>(offset));
  }
  /// A register field; the program counter is a constant, which is put into `counter`.
  Register reg(unsigned low, Register counter) {
    const unsigned number = bits(low, 4);
    if (number != kProgramCounter) return static_cast<Register>(number);
    block_.set(counter, away(8));
    return counter;
  }
  [[nodiscard]] bool is_counter(unsigned low) const { return bits(low, 4) == kProgramCounter; }

  // a32.cpp
  bool one() override;
  bool on_condition();
  bool makes_truth(unsigned condition);
  [[nodiscard]] bool may_ask(std::uint64_t at) const;
  bool unconditional();
  bool save_flags();
  bool restore_flags();
  void compare(Register a, Register b);
  bool jump();
  bool jump_to(Register to);

  // a32_data.cpp
  bool data(Register d);
  bool multiply(Register d);
  std::optional<Register> operand();
  Register shifted(Register a, unsigned kind, unsigned by);
  Register shifted_by_register(Register a, unsigned kind, Register by);
  bool add_with_carry(unsigned op, Register d, Register a, Register b);

  // a32_memory.cpp
  bool word_or_byte();
  bool half_or_signed();
  bool access(Op op, std::optional<Register> index, std::int64_t offset);
  bool literal(Op op, std::int64_t offset);
  bool many();
};

}  // namespace assay::exec
