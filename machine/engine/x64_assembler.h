// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes x86-64 instructions: just the encodings that the translator uses.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/bytes.h"

namespace assay::machine::x64 {

enum Reg : std::uint8_t {
  rax,
  rcx,
  rdx,
  rbx,
  rsp,
  rbp,
  rsi,
  rdi,
  r8,
  r9,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  no_reg = 0xFF
};

/// Condition codes as in jcc, setcc, cmovcc.
enum Cc : std::uint8_t { o, no, b, ae, e, ne, be, a, s, ns, p, np, l, ge, le, g };
constexpr Cc inverse(Cc cc) { return static_cast<Cc>(cc ^ 1U); }

/// [base + index + disp]; index may be no_reg.
struct Mem {
  Reg base = rbp;
  Reg index = no_reg;
  std::int32_t disp = 0;
};

/// The eight operations of opcode 80..83 and their register forms.
enum class Alu : std::uint8_t { add, orr, adc, sbb, andd, sub, xorr, cmp };
enum class Shift : std::uint8_t { rol, ror, shl = 4, shr, sar = 7 };

/// Appends to a buffer; the caller sees to it that there is room (an instruction has at most 15 bytes).
class Assembler {
 public:
  void start(Byte* buffer) { begin_ = at_ = buffer; }
  [[nodiscard]] Byte* here() const { return at_; }

  void byte(unsigned value) { *at_++ = static_cast<Byte>(value); }
  void dword(std::uint32_t value) {
    std::memcpy(at_, &value, 4);
    at_ += 4;
  }
  void qword(std::uint64_t value) {
    std::memcpy(at_, &value, 8);
    at_ += 8;
  }

  // Moves.
  void mov(bool wide, Reg to, Reg from) { reg_reg(wide, 0x89, from, to); }
  void mov_imm(Reg to, std::uint64_t value) {
    if (value == 0) {
      alu(false, Alu::xorr, to, to);
    } else {
      mov_imm_keeping_flags(to, value);
    }
  }
  void mov_imm_keeping_flags(Reg to, std::uint64_t value) {
    if (value <= 0xFFFFFFFFU) {
      rex(false, no_reg, no_reg, to);
      byte(0xB8U | (to & 7U));
      dword(static_cast<std::uint32_t>(value));
    } else if (static_cast<std::int64_t>(value) == static_cast<std::int32_t>(value)) {
      rex(true, no_reg, no_reg, to);
      byte(0xC7);
      byte(0xC0U | (to & 7U));
      dword(static_cast<std::uint32_t>(value));
    } else {
      rex(true, no_reg, no_reg, to);
      byte(0xB8U | (to & 7U));
      qword(value);
    }
  }
  void load(bool wide, Reg to, Mem from) { reg_mem(wide, 0x8B, to, from); }
  void store(bool wide, Mem to, Reg from) { reg_mem(wide, 0x89, from, to); }
  void store8(Mem to, Reg from) { reg_mem(false, 0x88, from, to, from >= rsp && from <= rdi); }
  void store16(Mem to, Reg from) {
    byte(0x66);
    reg_mem(false, 0x89, from, to);
  }
  /// A store of an immediate of 1, 2, 4 or (sign-extended) 8 bytes.
  void store_imm(unsigned size, Mem to, std::int32_t value) {
    if (size == 2) byte(0x66);
    reg_mem(size == 8, size == 1 ? 0xC6 : 0xC7, rax, to);
    if (size == 1) {
      byte(static_cast<std::uint8_t>(value));
    } else if (size == 2) {
      byte(static_cast<std::uint8_t>(value));
      byte(static_cast<std::uint8_t>(value >> 8));
    } else {
      dword(static_cast<std::uint32_t>(value));
    }
  }
  // 0F B6/B7 zero-extending, BE/BF sign-extending.
  void load_extended(bool wide, unsigned opcode, Reg to, Mem from) {
    reg_mem(wide, 0x0F00U | opcode, to, from);
  }
  void extend(bool wide, unsigned opcode, Reg to, Reg from) {
    reg_reg(wide, 0x0F00U | opcode, to, from, (opcode & 1U) == 0 && from >= rsp && from <= rdi);
  }
  void movsxd(Reg to, Reg from) { reg_reg(true, 0x63, to, from); }
  void load_movsxd(Reg to, Mem from) { reg_mem(true, 0x63, to, from); }
  void mov8(Reg to, Reg from) {
    reg_reg(false, 0x88, from, to, (from >= rsp && from <= rdi) || (to >= rsp && to <= rdi));
  }
  void mov16(Reg to, Reg from) {
    byte(0x66);
    reg_reg(false, 0x89, from, to);
  }
  void lea(bool wide, Reg to, Mem from) { reg_mem(wide, 0x8D, to, from); }
  void bswap(bool wide, Reg reg) {
    rex(wide, no_reg, no_reg, reg);
    byte(0x0F);
    byte(0xC8U | (reg & 7U));
  }

  // Arithmetic.
  void alu(bool wide, Alu op, Reg to, Reg from) {
    reg_reg(wide, (static_cast<unsigned>(op) << 3) | 1U, from, to);
  }
  void alu_load(bool wide, Alu op, Reg to, Mem from) {
    reg_mem(wide, (static_cast<unsigned>(op) << 3) | 3U, to, from);
  }
  void alu8(Alu op, Reg to, Reg from) { reg_reg(false, static_cast<unsigned>(op) << 3, from, to, true); }
  void alu16(Alu op, Reg to, Reg from) {
    byte(0x66);
    alu(false, op, to, from);
  }
  void alu_imm(bool wide, Alu op, Reg to, std::int32_t value) {
    const bool small = value >= -128 && value <= 127;
    rex(wide, no_reg, no_reg, to);
    byte(small ? 0x83 : 0x81);
    byte(0xC0U | (static_cast<unsigned>(op) << 3) | (to & 7U));
    immediate(small, value);
  }
  void alu8_imm(Alu op, Reg to, unsigned value) {
    rex(false, no_reg, no_reg, to, true);
    byte(0x80);
    byte(0xC0U | (static_cast<unsigned>(op) << 3) | (to & 7U));
    byte(value & 0xFFU);
  }
  void alu16_imm(Alu op, Reg to, unsigned value) {
    byte(0x66);
    rex(false, no_reg, no_reg, to);
    byte(0x81);
    byte(0xC0U | (static_cast<unsigned>(op) << 3) | (to & 7U));
    byte(value & 0xFFU);
    byte((value >> 8) & 0xFFU);
  }
  void alu_mem_imm(unsigned size, Alu op, Mem to, std::int8_t value) {
    if (size == 2) byte(0x66);
    reg_mem(size == 8, size == 1 ? 0x80 : 0x83, static_cast<Reg>(op), to);
    byte(static_cast<std::uint8_t>(value));
  }
  void test(bool wide, Reg one, Reg other) { reg_reg(wide, 0x85, other, one); }
  void test8(Reg one, Reg other) { reg_reg(false, 0x84, other, one, true); }
  void test16(Reg one, Reg other) {
    byte(0x66);
    reg_reg(false, 0x85, other, one);
  }
  void test_imm(bool wide, Reg reg, std::int32_t value) {
    rex(wide, no_reg, no_reg, reg);
    byte(0xF7);
    byte(0xC0U | (reg & 7U));
    dword(static_cast<std::uint32_t>(value));
  }
  void neg(bool wide, Reg reg) { group3(wide, 3, reg); }
  void mul(bool wide, Reg reg) { group3(wide, 4, reg); }
  void imul_high(bool wide, Reg reg) { group3(wide, 5, reg); }
  void div(bool wide, Reg reg) { group3(wide, 6, reg); }
  void idiv(bool wide, Reg reg) { group3(wide, 7, reg); }
  void imul(bool wide, Reg to, Reg from) { reg_reg(wide, 0x0FAF, to, from); }
  void imul_imm(bool wide, Reg to, Reg from, std::int32_t value) {
    reg_reg(wide, 0x69, to, from);
    dword(static_cast<std::uint32_t>(value));
  }
  void shift_imm(bool wide, Shift op, Reg reg, unsigned count) {
    rex(wide, no_reg, no_reg, reg);
    byte(0xC1);
    byte(0xC0U | (static_cast<unsigned>(op) << 3) | (reg & 7U));
    byte(count);
  }
  void shift_cl(bool wide, Shift op, Reg reg) {
    rex(wide, no_reg, no_reg, reg);
    byte(0xD3);
    byte(0xC0U | (static_cast<unsigned>(op) << 3) | (reg & 7U));
  }
  /// BMI2 shlx, shrx, sarx: to = from shifted by count.
  void shift_by(bool wide, Shift op, Reg to, Reg from, Reg count) {
    const unsigned prefix = op == Shift::shl ? 1U : op == Shift::shr ? 3U : 2U;
    byte(0xC4);
    byte(2U | (to < r8 ? 0x80U : 0) | 0x40U | (from < r8 ? 0x20U : 0));
    byte((wide ? 0x80U : 0) | ((~static_cast<unsigned>(count) & 15U) << 3) | prefix);
    byte(0xF7);
    byte(0xC0U | ((to & 7U) << 3) | (from & 7U));
  }
  /// BMI2 rorx.
  void rorx(bool wide, Reg to, Reg from, unsigned count) {
    byte(0xC4);
    byte(3U | (to < r8 ? 0x80U : 0) | 0x40U | (from < r8 ? 0x20U : 0));
    byte((wide ? 0x80U : 0) | 0x78U | 3U);
    byte(0xF0);
    byte(0xC0U | ((to & 7U) << 3) | (from & 7U));
    byte(count);
  }
  // F3 0F BD lzcnt, BC tzcnt, B8 popcnt.
  void count_bits(bool wide, unsigned opcode, Reg to, Reg from) {
    byte(0xF3);
    reg_reg(wide, 0x0F00U | opcode, to, from);
  }
  void setcc(Cc cc, Reg reg) {
    rex(false, no_reg, no_reg, reg, reg >= rsp && reg <= rdi);
    byte(0x0F);
    byte(0x90U | cc);
    byte(0xC0U | (reg & 7U));
  }
  void cmov(bool wide, Cc cc, Reg to, Reg from) { reg_reg(wide, 0x0F40U | cc, to, from); }

  // Control. jmp and jcc give the place of their 32-bit displacement, for bind() or patch().
  Byte* jmp() {
    byte(0xE9);
    dword(0);
    return at_ - 4;
  }
  Byte* jcc(Cc cc) {
    byte(0x0F);
    byte(0x80U | cc);
    dword(0);
    return at_ - 4;
  }
  void jmp_mem(Mem to) { reg_mem(false, 0xFF, static_cast<Reg>(4), to); }
  void jmp_reg(Reg to) {
    rex(false, no_reg, no_reg, to);
    byte(0xFF);
    byte(0xE0U | (to & 7U));
  }
  void call_reg(Reg to) {
    rex(false, no_reg, no_reg, to);
    byte(0xFF);
    byte(0xD0U | (to & 7U));
  }
  void push(Reg reg) {
    rex(false, no_reg, no_reg, reg);
    byte(0x50U | (reg & 7U));
  }
  void pop(Reg reg) {
    rex(false, no_reg, no_reg, reg);
    byte(0x58U | (reg & 7U));
  }
  void ret() { byte(0xC3); }
  /// Calls code at a place in the same buffer.
  void call(const Byte* target) {
    byte(0xE8);
    dword(0);
    patch(at_ - 4, target);
  }
  void bind(Byte* displacement) const { patch(displacement, at_); }
  static void patch(Byte* displacement, const Byte* target) {
    const auto value = static_cast<std::int32_t>(target - (displacement + 4));
    std::memcpy(displacement, &value, 4);
  }

 private:
  void immediate(bool small, std::int32_t value) {
    if (small) {
      byte(static_cast<std::uint8_t>(value));
    } else {
      dword(static_cast<std::uint32_t>(value));
    }
  }
  void rex(bool wide, Reg reg, Reg index, Reg base, bool force = false) {
    const unsigned value = (wide ? 8U : 0) | (reg != no_reg && reg >= r8 ? 4U : 0) |
                           (index != no_reg && index >= r8 ? 2U : 0) |
                           (base != no_reg && base >= r8 ? 1U : 0);
    if (value != 0 || force) byte(0x40U | value);
  }
  void opcode(unsigned value) {
    if (value > 0xFF) byte(value >> 8);
    byte(value & 0xFFU);
  }
  void reg_reg(bool wide, unsigned op, Reg reg, Reg rm, bool force = false) {
    rex(wide, reg, no_reg, rm, force);
    opcode(op);
    byte(0xC0U | ((reg & 7U) << 3) | (rm & 7U));
  }
  void reg_mem(bool wide, unsigned op, Reg reg, Mem mem, bool force = false) {
    rex(wide, reg, mem.index, mem.base, force);
    opcode(op);
    const bool sib = mem.index != no_reg || (mem.base & 7U) == rsp;
    const bool none = mem.disp == 0 && (mem.base & 7U) != rbp;
    const bool small = mem.disp >= -128 && mem.disp <= 127;
    const unsigned mod = none ? 0U : small ? 0x40U : 0x80U;
    byte(mod | ((reg & 7U) << 3) | (sib ? 4U : (mem.base & 7U)));
    if (sib) byte(((mem.index == no_reg ? 4U : (mem.index & 7U)) << 3) | (mem.base & 7U));
    if (!none) immediate(small, mem.disp);
  }
  void group3(bool wide, unsigned op, Reg reg) {
    rex(wide, no_reg, no_reg, reg);
    byte(0xF7);
    byte(0xC0U | (op << 3) | (reg & 7U));
  }

  Byte* begin_ = nullptr;
  Byte* at_ = nullptr;
};

}  // namespace assay::machine::x64
