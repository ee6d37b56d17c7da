// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The few x86-64 instructions that translated code is made of.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "core/bytes.h"

namespace assay::exec {

using HostRegister = unsigned;
inline constexpr HostRegister kRax = 0, kRcx = 1, kRdx = 2, kRbx = 3, kRsp = 4, kRbp = 5, kRsi = 6, kRdi = 7;

/// Opcodes of `op r/m, r`, and the number of the same with a constant.
enum class Alu : Byte {
  add = 0x01,
  bit_or = 0x09,
  bit_and = 0x21,
  subtract = 0x29,
  bit_xor = 0x31,
  compare = 0x39
};

class HostAssembler {
 public:
  explicit HostAssembler(bool wide) : wide_(wide) {}

  Bytes code;

  void byte(unsigned value) { code.push_back(static_cast<Byte>(value)); }
  void number(std::uint64_t value, unsigned bytes) {
    std::array<Byte, 8> all{};
    std::memcpy(all.data(), &value, all.size());  // the host is little-endian
    code.insert(code.end(), all.begin(), all.begin() + bytes);
  }

  // Of a word, unless said otherwise: as wide as the program's.
  void alu(Alu op, HostRegister d, HostRegister b) { registers(static_cast<unsigned>(op), b, d, wide_); }
  void alu_constant(Alu op, HostRegister d, std::int32_t value) {
    const bool is_short = value == static_cast<std::int8_t>(value);
    rex(wide_, 0, 0, d);
    byte(is_short ? 0x83 : 0x81);
    byte(0xc0 | (static_cast<unsigned>(op) & 0x38) | (d & 7));
    number(static_cast<std::uint32_t>(value), is_short ? 1 : 4);
  }
  void move(HostRegister d, HostRegister a) {
    if (d != a) registers(0x89, a, d, wide_);
  }
  /// All 64 bits, whatever the program's width.
  void move_all(HostRegister d, HostRegister a) { registers(0x89, a, d, true); }
  void lea(HostRegister d, HostRegister a, std::int32_t offset) {
    rex(wide_, d, 0, a);
    byte(0x8d);
    memory(d, a, offset);
  }
  /// d = a + offset, all 64 bits whatever the program's width.
  void distance(HostRegister d, HostRegister a, std::int32_t offset) {
    rex(true, d, 0, a);
    byte(0x8d);
    memory(d, a, offset);
  }
  /// d = a's low byte or half, sign extended.
  void sign(HostRegister d, HostRegister a, bool half) {
    const unsigned bits = (wide_ ? 8U : 0U) | (d > 7 ? 4U : 0U) | (a > 7 ? 1U : 0U);
    byte(0x40 | bits);  // always: without it, some low bytes are others
    byte(0x0f);
    byte(half ? 0xbf : 0xbe);
    byte(0xc0 | (d & 7) << 3 | (a & 7));
  }
  void multiply(HostRegister d, HostRegister b) {
    rex(wide_, d, 0, b);
    byte(0x0f);
    byte(0xaf);
    byte(0xc0 | (d & 7) << 3 | (b & 7));
  }
  /// rdx:rax = rax, sign extended.
  void sign_to_rdx() {
    rex(wide_, 0, 0, 0);
    byte(0x99);
  }
  /// rdx:rax by b. `form`: 4 multiply, 5 the same with signs, 6 divide, 7 the same with signs.
  void by_register(unsigned form, HostRegister b) {
    rex(wide_, 0, 0, b);
    byte(0xf7);
    byte(0xc0 | form << 3 | (b & 7));
  }
  /// By cl. `form`: 4 left, 5 right, 7 right with the sign.
  void shift(unsigned form, HostRegister d) {
    rex(wide_, 0, 0, d);
    byte(0xd3);
    byte(0xc0 | form << 3 | (d & 7));
  }
  void shift_constant(unsigned form, HostRegister d, unsigned by) {
    rex(wide_, 0, 0, d);
    byte(0xc1);
    byte(0xc0 | form << 3 | (d & 7));
    byte(by);
  }
  void set(HostRegister d, std::uint64_t value) {
    if (value <= UINT32_MAX) {
      rex(false, 0, 0, d);
      byte(0xb8 | (d & 7));
      number(value, 4);
    } else if (static_cast<std::int64_t>(value) == static_cast<std::int32_t>(value)) {
      rex(true, 0, 0, d);
      byte(0xc7);
      byte(0xc0 | (d & 7));
      number(value, 4);
    } else {
      rex(true, 0, 0, d);
      byte(0xb8 | (d & 7));
      number(value, 8);
    }
  }
  /// d = the flags' condition ? 1 : 0; clobbers rax if d is another.
  void set_condition(unsigned condition, HostRegister d) {
    byte(0x0f);
    byte(0x90 | condition);
    byte(0xc0);
    rex(false, d, 0, 0);
    byte(0x0f);
    byte(0xb6);
    byte(0xc0 | (d & 7) << 3);
  }
  /// The 64 bits at [base + offset]; base is neither rsp nor r12.
  void load_field(HostRegister d, HostRegister base, std::int32_t offset) {
    rex(true, d, 0, base);
    byte(0x8b);
    memory(d, base, offset);
  }
  void store_field(HostRegister base, std::int32_t offset, HostRegister b) {
    rex(true, b, 0, base);
    byte(0x89);
    memory(b, base, offset);
  }
  /// [rbp + index + offset]; an index of rsp is none. Sign extension reaches as far as `w`.
  void access(HostRegister reg, unsigned opcode, bool two_bytes, bool w, bool half, bool byte_register,
              HostRegister index = kRax, std::int32_t offset = 0) {
    if (half) byte(0x66);
    const unsigned bits = (w ? 8U : 0U) | (reg > 7 ? 4U : 0U) | (index > 7 ? 2U : 0U);
    if (bits != 0 || (byte_register && reg > 3)) byte(0x40 | bits);
    if (two_bytes) byte(0x0f);
    byte(opcode);
    const bool is_short = offset == static_cast<std::int8_t>(offset);
    byte((is_short ? 0x44U : 0x84U) | (reg & 7) << 3);
    byte(0x05 | (index & 7) << 3);
    number(static_cast<std::uint32_t>(offset), is_short ? 1 : 4);
  }
  /// d = base + 8 * index, 64 bits; neither is rsp.
  void scaled(HostRegister d, HostRegister base, HostRegister index) {
    rex(true, d, index, base);
    byte(0x8d);
    byte(0x44 | (d & 7) << 3);
    byte(0xc0 | (index & 7) << 3 | (base & 7));
    byte(0);
  }
  /// Fetches [rbp + index + offset] into the host's caches; any address will do.
  void prefetch(HostRegister index, std::int32_t offset) {
    access(1, 0x18, true, false, false, false, index, offset);
  }
  /// Returns where the four bytes of the distance are, in `code`.
  std::size_t jump() {
    byte(0xe9);
    number(0, 4);
    return code.size() - 4;
  }
  std::size_t call() {
    byte(0xe8);
    number(0, 4);
    return code.size() - 4;
  }
  std::size_t jump_if(unsigned condition) {
    byte(0x0f);
    byte(0x80 | condition);
    number(0, 4);
    return code.size() - 4;
  }
  void land(std::size_t distance_at) { set_distance(distance_at, code.size()); }
  void set_distance(std::size_t distance_at, std::size_t target) {
    const auto distance = static_cast<std::uint32_t>(target - (distance_at + 4));
    for (unsigned index = 0; index < 4; ++index)
      code[distance_at + index] = static_cast<Byte>(distance >> (8 * index));
  }
  void registers(unsigned opcode, HostRegister reg, HostRegister rm, bool w) {
    rex(w, reg, 0, rm);
    byte(opcode);
    byte(0xc0 | (reg & 7) << 3 | (rm & 7));
  }
  void rex(bool w, HostRegister reg, HostRegister index, HostRegister rm) {
    const unsigned bits = (w ? 8U : 0U) | (reg > 7 ? 4U : 0U) | (index > 7 ? 2U : 0U) | (rm > 7 ? 1U : 0U);
    if (bits != 0) byte(0x40 | bits);
  }

 private:
  void memory(HostRegister reg, HostRegister base, std::int32_t offset) {
    const bool is_short = offset == static_cast<std::int8_t>(offset);
    byte((is_short ? 0x40U : 0x80U) | (reg & 7) << 3 | (base & 7));
    if ((base & 7) == kRsp) byte(0x24);
    number(static_cast<std::uint32_t>(offset), is_short ? 1 : 4);
  }
  bool wide_;
};

}  // namespace assay::exec
