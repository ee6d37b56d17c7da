// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Encoding random x86 instructions: private to the x86_random*.cpp files.
#pragma once

#include <optional>

#include "machine/ir/ir.h"
#include "machine/ir/ir_eval.h"
#include "machine/testing/x86_random.h"

namespace assay::machine::test {

inline constexpr unsigned kDataSize = 0x2000;
inline constexpr std::uint64_t kAllFlags =
    kFlagCarry | kFlagParity | kFlagAdjust | kFlagZero | kFlagSign | kFlagOverflow;

/// Addresses of the record's parts.
struct Layout {
  explicit Layout(bool is64)
      : registers(kX86DataAddress),
        flags(registers + (is64 ? 128 : 32)),
        memory(flags + (is64 ? 8 : 4)),
        stack(memory + kRandomMemory) {}
  std::uint64_t registers;
  std::uint64_t flags;
  std::uint64_t memory;
  std::uint64_t stack;
};

enum class Operand : std::uint8_t { none, reg, memory, either };

/// An instruction with ModRM: what is fixed of it. `reg` and `rm` are registers or left to chance.
struct Shape {
  std::string name;
  Bytes opcode;
  Width width = Width::w32;  ///< of the operands: prefixes follow from it
  Operand rm = Operand::either;
  std::optional<unsigned> reg;  ///< the ModRM field or the register in it
  std::optional<unsigned> rm_register;
  bool writes_rm = false;
  bool writes_reg = false;
  bool reg_is_opcode = false;
  std::optional<Width> rm_width;  ///< where it differs (movzx)
  Bytes immediate;
  bool lockable = false;
  unsigned reserved = 0;                ///< mask of registers that addresses must not use
  std::optional<std::uint64_t> target;  ///< address of the memory operand
  unsigned size = 0;                    ///< bytes of the memory operand, if not those of the width
  std::optional<bool> rex;
};

class Emitter {
 public:
  Emitter(bool is64, std::uint64_t seed) : is64_(is64), layout_(is64), random_(seed) {}

 protected:
  std::uint64_t any() { return random_(); }
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool chance(unsigned one_in) { return below(one_in) == 0; }
  std::uint64_t number(Width w);  ///< often at an edge
  Width width(bool with_byte = true);
  Width natural() const { return is64_ ? Width::w64 : Width::w32; }
  unsigned registers() const { return is64_ ? 16 : 8; }
  unsigned general(unsigned reserved = 0);  ///< any register but the stack pointer and those in the mask
  std::uint64_t memory_target(unsigned size) {
    return layout_.memory + 64 + below(kRandomMemory - 128 - size);
  }
  std::uint64_t here() const { return address_ + code_.size(); }

  void emit(const Bytes& bytes) { code_.insert(code_.end(), bytes.begin(), bytes.end()); }
  void emit_number(std::uint64_t value, unsigned bytes);
  static Bytes little_endian(std::uint64_t value, unsigned bytes);
  Bytes random_immediate(Width w);
  void move_constant(unsigned reg, std::uint64_t value);
  /// Natural width; absolute address.
  void store_register(std::uint64_t address, unsigned reg);
  void load_register(unsigned reg, std::uint64_t address, Width w);
  void plain(const std::string& name, const Bytes& bytes, Width w = Width::w32);
  void shaped(const Shape& shape);
  void form(std::string name) { forms_.insert(std::move(name)); }
  static unsigned suffix(Width w) { return bits_of(w); }

  // What the flags are worth.
  void need_flags(std::uint64_t mask);
  void flags_change(std::uint64_t defined, std::uint64_t undefined) {
    undefined_ = (undefined_ & ~defined) | undefined;
  }

  bool is64_;
  Layout layout_;
  std::mt19937_64 random_;
  Bytes code_;
  std::uint64_t address_ = 0;
  std::uint64_t undefined_ = 0;
  std::set<std::string> forms_;

 private:
  std::string memory_operand(const Shape& shape, unsigned reg, bool extended, Bytes& tail, unsigned& rex,
                             bool& address32);
};

}  // namespace assay::machine::test
