// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads x86 and AMD64 instructions into one block. Operands have 1, 2, 4 or 8 bytes; of a value in a
// register, only so many low bytes count, whatever is above them.
#pragma once

#include "exec/decode/flags.h"
#include "exec/decode/instruction_set.h"
#include "exec/decode/x86_ahead.h"

namespace assay::exec {

class X86Reader {
 public:
  X86Reader(Image& image, std::uint64_t address)
      : image_(image),
        at_(address),
        wide_(image.word_bytes() == 8),
        word_bytes_(image.word_bytes()),
        keeps_flags_(image.keeps_flags()),
        block_(image.word_bytes(), address),
        flags_(block_, image.word_bytes(),
               keeps_flags_ ? std::optional<Register>(kSavedFlags) : std::nullopt) {}

  Block read();

 private:
  static constexpr Register kA = 0;
  static constexpr Register kC = 1;
  static constexpr Register kD = 2;
  static constexpr Register kStack = 4;
  static constexpr Register kFrame = 5;
  // Within an instruction.
  static constexpr Register kAddress = kFirstTemporary;
  static constexpr Register kValue = kFirstTemporary + 1;
  static constexpr Register kOther = kFirstTemporary + 2;

  /// What ModRM names: a register, or memory at base + displacement.
  struct Operand {
    bool memory = false;
    Register reg = 0;   ///< the other operand, or an opcode's extension
    Register base = 0;  ///< the register, if no memory
    std::int64_t displacement = 0;
    [[nodiscard]] unsigned which() const { return reg & 7; }
  };
  static constexpr Register kSavedFlags = 16;  // no program has it

  static constexpr Operand in_register(Register reg) { return {.base = reg}; }

  // x86_operands.cpp
  Byte byte();
  std::int64_t number(unsigned bytes);
  /// A constant of an operand so wide: four bytes at most, sign extended.
  std::int64_t constant_of(unsigned bytes) { return number(bytes < 4 ? bytes : 4); }
  /// `behind`: bytes of a constant behind it, which count for an address relative to the next instruction.
  bool operand(Operand& operand, unsigned behind = 0);
  void scaled(Operand& operand, Register index, unsigned shift);
  /// The same instruction without a prefix has words of 4 bytes.
  [[nodiscard]] unsigned size() const { return half_ ? 2 : (rex_ & 8) != 0 ? 8 : 4; }
  [[nodiscard]] unsigned size_of(unsigned code) const { return (code & 1) == 0 ? 1 : size(); }
  [[nodiscard]] bool is_high(Register reg, unsigned bytes) const {
    return bytes == 1 && !has_rex_ && reg >= 4 && reg < 8;
  }
  /// A register with the operand's value; `into` if it has none of its own.
  Register get(const Operand& operand, unsigned bytes, Register into);
  Register get(Register reg, unsigned bytes, Register into) { return get(in_register(reg), bytes, into); }
  void put(const Operand& operand, unsigned bytes, Register value);
  void put(Register reg, unsigned bytes, Register value) { put(in_register(reg), bytes, value); }
  /// All of `d` = a value with nothing, or its sign, above it.
  void zero_extend(Register d, Register a, unsigned bytes);
  void sign_extend(Register d, Register a, unsigned bytes);
  void load(Register d, const Operand& operand, unsigned bytes);
  void store(const Operand& operand, unsigned bytes, Register value);
  void push(Register reg);
  void pop(Register reg);
  [[nodiscard]] Register extended(unsigned low, unsigned rex_bit) const {
    return static_cast<Register>(low | ((rex_ & rex_bit) != 0 ? 8U : 0U));
  }
  [[nodiscard]] std::uint64_t away(std::int64_t distance) const {
    const std::uint64_t to = at_ + static_cast<std::uint64_t>(distance);
    return wide_ ? to : static_cast<std::uint32_t>(to);
  }

  // x86.cpp
  bool one();
  bool prefixes(unsigned& code);
  bool simple(unsigned code);
  bool move(unsigned code);
  bool move_absolute(unsigned code);
  bool stack(unsigned code);
  bool jump(unsigned code);
  bool loop(unsigned code);
  bool group_five(const Operand& operand, unsigned bytes);
  void go_to(std::uint64_t target);
  bool system_call();

  // x86_two_byte.cpp
  bool two_byte();
  bool set_byte(unsigned code);
  bool move_if(unsigned code);
  bool extend(unsigned code);
  bool branch(unsigned code, std::uint64_t target);
  std::optional<Answer> condition(unsigned code);

  // x86_arithmetic.cpp: true if it can be read.
  bool arithmetic(unsigned which, const Operand& to, Register by, unsigned bytes);
  bool with_constant(unsigned which, const Operand& to, std::int64_t value, unsigned bytes);
  bool with_carry(bool adds, const Operand& to, Register by, unsigned bytes);
  bool compare(Register left, Register right, unsigned bytes);
  void test(Register left, Register right, unsigned bytes);
  bool step(const Operand& operand, bool up, unsigned bytes);
  bool unary(unsigned code);
  bool divide(Register by, bool with_signs, unsigned bytes);
  bool multiply(Register by, bool with_signs, unsigned bytes);
  bool multiply_to(Register d, Register a, Register b, unsigned bytes);
  void stop_unless(Register truth);
  // x86_x87.cpp
  bool floats(unsigned code);
  bool flags_in_ah(unsigned code);
  // x86_shifts.cpp
  bool shift(unsigned code);
  void shift_by_constant(unsigned which, const Operand& operand, unsigned by, unsigned bytes);
  bool rotate_by_constant(unsigned which, const Operand& operand, unsigned by, unsigned bytes);

  /// Whether the flags that this instruction sets may be asked for; known once all of it has been read.
  [[nodiscard]] bool flags_are_used() const { return look_ahead(image_, at_, keeps_flags_).are_used; }
  /// Behind a result of 32 bits in a 64-bit program.
  void narrow(Register d, unsigned bytes) {
    if (bytes < word_bytes_) block_.constant(Op::zero_int, d, d, 0);
  }

  Image& image_;
  std::uint64_t at_;
  std::uint64_t start_ = 0;
  std::uint64_t next_ = 0;  ///< where to read on, if not behind
  bool wide_;
  unsigned word_bytes_;
  bool keeps_flags_;
  BlockBuilder block_;
  Flags flags_;
  unsigned rex_ = 0;
  bool has_rex_ = false;
  bool half_ = false;           ///< an operand size prefix
  bool short_address_ = false;  ///< an address size prefix
  bool done_ = false;
  bool bad_ = false;
  bool asks_flags_ = false;  ///< of which nothing is known
};

}  // namespace assay::exec
