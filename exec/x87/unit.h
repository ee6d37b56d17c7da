// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The x87 as C compilers of the bootstrap use it: loads and stores of numbers, arithmetic, comparisons, the
// control and status words. No exception may be unmasked; states, decimals and transcendental functions are
// none of it.
#pragma once

#include <array>
#include <optional>

#include "core/bytes.h"
#include "exec/x87/real.h"

namespace assay::exec::x87 {

/// What an instruction does to the memory that it names.
struct Access {
  unsigned reads = 0;   ///< bytes
  unsigned writes = 0;  ///< bytes
};

/// An instruction: the low three bits of its first byte (0xd8 to 0xdf), and its second one.
constexpr unsigned code_of(unsigned first, unsigned second) { return (first & 7) << 8 | second; }
/// fnstsw ax.
inline constexpr unsigned kStatusToAx = code_of(0xdf, 0xe0);

/// Nothing: this unit does not have the instruction.
std::optional<Access> access_of(unsigned code);

class Unit {
 public:
  /// Does an instruction that the unit has. `memory`: what it names, of the size that access_of() says.
  /// False: it goes beyond the unit (an exception would be unmasked), and nothing has been done.
  bool run(unsigned code, Byte* memory);

  [[nodiscard]] unsigned control() const { return control_; }
  /// With the number of the register that is the top.
  [[nodiscard]] unsigned status() const { return status_ | top_ << 11; }

 private:
  friend class UnitTest;
  [[nodiscard]] Arithmetic arithmetic() const;
  /// Register `index` from the top.
  [[nodiscard]] unsigned place(unsigned index) const { return (top_ + index) & 7; }
  [[nodiscard]] bool is_empty(unsigned index) const { return (filled_ >> place(index) & 1) == 0; }
  [[nodiscard]] Real get(unsigned index) const { return real_of(registers_[place(index)]); }
  void put(unsigned index, const Extended& value);
  void pop();
  void push(const Extended& value);
  void settle(const Arithmetic& how);
  void fault(bool overflow);
  void order(Order order);
  void compare(unsigned index, const Real& with, bool quietly, unsigned pops);
  void calculate(unsigned which, unsigned to, const Real& with);
  bool in_memory(unsigned first, unsigned which, Byte* memory);
  void load(const Real& value);
  template <class T>
  void store_integer(Byte* memory, bool pops);
  bool in_registers(unsigned first, unsigned second);
  bool alone(unsigned second);

  std::array<Extended, 8> registers_{};
  std::uint16_t control_ = 0x037f;
  std::uint16_t status_ = 0;  ///< without the top
  std::uint8_t top_ = 0;
  std::uint8_t filled_ = 0;  ///< a bit a register
};

}  // namespace assay::exec::x87
