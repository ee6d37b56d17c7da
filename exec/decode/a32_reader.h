// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads A32 instructions into one block.
#pragma once

#include "exec/decode/arm_flags.h"
#include "exec/decode/instruction_set.h"

namespace assay::exec {

class A32Reader {
 public:
  A32Reader(Image& image, std::uint64_t address)
      : image_(image), at_(address), block_(4, address), flags_(block_, image) {}

  Block read();

 private:
  static constexpr Register kStack = 13, kLink = 14;
  static constexpr unsigned kProgramCounter = 15;
  // Within an instruction.
  static constexpr Register kFirst = kFirstTemporary;
  static constexpr Register kSecond = kFirstTemporary + 1;
  static constexpr Register kThird = kFirstTemporary + 2;

  [[nodiscard]] std::uint32_t bits(unsigned low, unsigned count) const {
    return code_ >> low & ((1U << count) - 1);
  }
  [[nodiscard]] bool bit(unsigned at) const { return (code_ >> at & 1) != 0; }
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
  [[nodiscard]] std::uint32_t code_at(std::uint64_t address) const {
    return address >= image_.base() && address + 4 <= image_.end() ? image_.load<std::uint32_t>(address) : 0;
  }

  // a32.cpp
  bool one();
  bool on_condition();
  bool makes_truth(unsigned condition);
  [[nodiscard]] bool may_ask(std::uint64_t at) const;
  bool unconditional();
  bool save_flags();
  bool restore_flags();
  void go_to(std::uint64_t target);
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

  Image& image_;
  std::uint64_t at_;
  std::uint64_t next_ = 0;  ///< where to read on, if not behind
  std::uint32_t code_ = 0;
  BlockBuilder block_;
  ArmFlags flags_;
  bool done_ = false;
};

}  // namespace assay::exec
