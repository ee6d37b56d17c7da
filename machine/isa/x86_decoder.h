// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decoder of x86 and amd64, one instruction at a time: private to machine/x86*.cpp.
//
// Sources: "Intel 64 and IA-32 Architectures Software Developer's Manual", volume 2, and "AMD64
// Architecture Programmer's Manual", volume 3. What is covered, what traps and what undefined flags
// become: docs/machine/x86.md.
//
// Rules of every handler:
//   * immediates are read before the operand is (an address relative to rip needs the length);
//   * memory is read and written before registers and flags are set (machine/ir/ir.h, "Faults");
//   * a value that came from a register slot may carry more bits than its width: operations of IR
//     look at the low bits only, and write() cleans what goes into a register whole.
#pragma once

#include "core/bytes.h"
#include "machine/ir/builder.h"
#include "machine/isa/isa.h"
#include "machine/sse/unit.h"
#include "machine/x87/unit.h"

namespace assay::machine::x86 {

inline constexpr unsigned kAx = 0;
inline constexpr unsigned kCx = 1;
inline constexpr unsigned kDx = 2;
inline constexpr unsigned kBx = 3;
inline constexpr unsigned kSp = 4;
inline constexpr unsigned kBp = 5;
inline constexpr unsigned kSi = 6;
inline constexpr unsigned kDi = 7;
inline constexpr unsigned kMaxLength = 15;

/// The direction flag (0 or 1) has a slot of its own, after the general registers.
constexpr Slot direction_slot(bool is64) { return is64 ? 16 : 8; }

/// Bits of EFLAGS that a program sees beside those of FlagKind.
inline constexpr std::uint64_t kArithmeticFlags =
    kFlagCarry | kFlagParity | kFlagAdjust | kFlagZero | kFlagSign | kFlagOverflow;
inline constexpr std::uint64_t kFixedFlags = 0x202;  ///< bit 1 and IF are always set
inline constexpr unsigned kDirectionBit = 10;

class Decoder {
 public:
  Decoder(BlockBuilder& builder, bool is64, std::uint64_t pc, ByteView code)
      : b_(builder), is64_(is64), natural_(is64 ? Width::w64 : Width::w32), pc_(pc), code_(code) {}

  /// A length, or one of the constants of Decode.
  int decode();

 private:
  /// An operand: a register, or memory[base + disp].
  struct Place {
    bool memory = false;
    unsigned index = 0;
    Value base;
    std::int64_t disp = 0;
  };

  // x86.cpp: prefixes and the opcode maps.
  bool prefixes();
  bool one_byte(unsigned opcode);
  bool alu_opcode(unsigned opcode);
  bool quadrant_40(unsigned opcode);
  bool quadrant_80(unsigned opcode);
  bool quadrant_c0(unsigned opcode);
  bool two_byte(unsigned opcode);
  bool group_f6(Width w);
  bool group_fe(unsigned opcode);
  bool moves(unsigned opcode);

  // x86_operand.cpp.
  unsigned byte();
  std::uint64_t little_endian(unsigned bytes);
  std::int64_t immediate(Width w);  ///< w64 has 32 bits, sign-extended
  std::uint64_t next() const { return wrap(pc_ + position_); }
  std::uint64_t wrap(std::uint64_t address) const { return is64_ ? address : address & 0xFFFF'FFFFU; }
  static constexpr Width computing(Width w) { return w == Width::w64 ? Width::w64 : Width::w32; }
  Width operand_width() const;
  Width width_of(unsigned opcode) const { return (opcode & 1) != 0 ? operand_width() : Width::w8; }
  Width stack_width() const { return operand16_ ? Width::w16 : natural_; }
  Width address_width() const { return address_prefix_ ? Width::w32 : natural_; }

  void modrm();
  bool register_form() const { return mod_ == 3; }
  unsigned reg() const { return reg_; }
  unsigned reg_low() const { return reg_ & 7; }
  Place rm(std::int64_t bias = 0);
  Place place(unsigned index) const { return {false, index, {}, 0}; }
  Value effective_address(const Place& memory, Width w);
  Value read(const Place& from, Width w);
  Value read_reg(unsigned index, Width w) { return read(place(index), w); }
  void write(const Place& to, Width w, Value value);
  void write_reg(unsigned index, Width w, Value value) { write(place(index), w, value); }
  static Value whole(unsigned index) { return BlockBuilder::reg(static_cast<Slot>(index)); }
  Value zero_extended(Width w, Value value);
  Value sign_extended(Width to, Width from, Value value);
  Value kept(Value value) { return value.slot < kFirstTemp ? b_.copy(value) : value; }
  Value bit(Value value, unsigned index) { return b_.extract(value, index, 1); }
  Value top_bit(Width w, Value value) { return bit(value, bits_of(w) - 1); }
  /// The flags in `mask` become those of `bits`; the rest stay.
  void merge_flags(std::uint64_t mask, Value bits);
  Value flags_image();
  void set_flags_image(Value image);
  void refuse_system_flags(Value image);
  void lockable(const Place& to) { lock_allowed_ = lock_allowed_ || to.memory; }

  // x86_arithmetic.cpp.
  void alu(unsigned operation, Width w, const Place& to, Value b);
  void alu_logic(Op op, Width w, const Place& to, Value a, Value b);
  void test(Width w, Value a, Value b);
  void increment(Width w, const Place& to, bool down);
  void negate(Width w, const Place& to);
  void multiply(Width w, Value factor, bool is_signed);
  void multiply_into(Width w, unsigned to, Value a, Value b);
  void divide(Width w, Value divisor, bool is_signed);
  void divide_narrow(Width w, Value divisor, bool is_signed);
  void exchange(Width w, const Place& to, unsigned with);
  void exchange_add(Width w, const Place& to, unsigned with);
  void compare_exchange(Width w, const Place& to, unsigned with);
  bool compare_exchange_pair();
  Value exchange_pair_64(const Place& to);
  Value exchange_pair_128(const Place& low);
  void decimal_adjust(bool subtract);
  void ascii_adjust(bool subtract);
  bool ascii_multiply();
  bool ascii_divide();

  // x86_shift.cpp.
  struct Shifted {
    Value carry;
    Value overflow;
  };
  bool shift_group(Width w, Value count);
  void shift(Width w, const Place& to, unsigned operation, Value count);
  void rotate(Width w, const Place& to, bool left, Value count);
  void rotate_carry(Width w, const Place& to, bool left, Value count);
  void rotate_carry_64(const Place& to, bool left, Value count);
  void finish_rotate(Width w, bool left, Value count, Value result, Value carry);
  void shift_double(Width w, const Place& to, bool left, Value fill, Value count);
  Value shift_count(Width w);
  bool bit_test(Width w, unsigned operation, bool immediate_index);
  void bit_scan(Width w, bool reverse);

  // x86_control.cpp: the stack, strings and jumps.
  Value stack_slot() { return whole(kSp); }
  void push(Width w, Value value);
  void pop_to(Width w, const Place& to);
  void move_stack(std::int64_t by) { b_.set(kSp, b_.add(natural_, whole(kSp), imm(by))); }
  void push_all();
  void pop_all();
  bool enter();
  void leave();
  bool jump_near(Width displacement);
  bool call_near();
  bool call_indirect();
  bool jump_indirect();
  bool return_near(unsigned release);
  bool branch_near(unsigned condition, Width displacement);
  bool loop(unsigned opcode);
  bool string(unsigned opcode);
  bool interrupt(unsigned number);
  bool system_call_64();

  // x86_float.cpp.
  void float_wait();
  bool float_opcode(unsigned opcode);
  bool float_registers(unsigned row);
  bool float_compare_flags(bool quiet, unsigned with_register, unsigned pops);
  bool float_control(unsigned i);
  bool float_d9(unsigned code);
  bool float_memory(unsigned row);
  bool float_load(x87::Operation operation, const Place& at);
  bool float_store(x87::Operation operation, const Place& at);
  bool float_store_environment(const Place& at, bool registers);
  bool float_load_environment(const Place& at, bool registers);

  // x86_sse.cpp.
  struct Vector {
    Value low;
    Value high;
  };
  bool vector_opcode(unsigned opcode);
  Vector vector_operand(unsigned bytes, bool aligned);
  void must_be_aligned(const Place& at);
  Width general_width() const { return (rex_ & 8) != 0 ? Width::w64 : Width::w32; }
  bool vector_whole(bool stores, bool aligned);
  bool vector_part(bool stores, unsigned bytes, sse::Do between);
  bool vector_general(bool stores);
  bool vector_from_integer(bool single);
  bool vector_to_integer(sse::Do what, bool single);
  bool vector_compare(bool single);
  bool vector_scalar(sse::Do what, bool single);
  bool vector_convert(bool to_single);
  bool vector_convert_pair(bool to_single);
  bool vector_bits(sse::Do what, bool single = false);

  BlockBuilder& b_;
  bool is64_;
  Width natural_;
  std::uint64_t pc_;
  ByteView code_;
  unsigned position_ = 0;
  bool short_of_bytes_ = false;

  bool operand16_ = false;
  bool address_prefix_ = false;
  bool lock_ = false;
  bool lock_allowed_ = false;
  bool other_segment_ = false;  ///< fs or gs
  unsigned repeat_ = 0;         ///< 0, 0xF2 or 0xF3
  bool repeat_allowed_ = false;
  unsigned rex_ = 0;

  unsigned mod_ = 0;
  unsigned reg_ = 0;
  unsigned rm_ = 0;
  bool has_base_ = false;
  bool has_index_ = false;
  bool rip_relative_ = false;
  unsigned base_ = 0;
  unsigned index_ = 0;
  unsigned scale_ = 0;
  std::int64_t displacement_ = 0;
  bool address16_ = false;  ///< 16-bit addressing: not covered
};

}  // namespace assay::machine::x86
