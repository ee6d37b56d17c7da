// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Armv7-A, the A32 instruction set: its integer part as user programs see it, without Thumb. Source: "ARM
// Architecture Reference Manual, ARMv7-A and ARMv7-R edition", chapters A5 (encodings) and A8 (meaning).
// docs/machine/armv7l.md says what is in and what stops a program. Where the manual says UNPREDICTABLE
// the instruction is unknown here: a program that leans on it should be told.
//
// A conditional instruction is a branch over it, on the inverse condition, and then the instruction: so
// what it does needs no thought of the condition. Register 15 has no slot. Reading it gives the address
// of the instruction + 8, writing it is a jump; a jump to an odd address asks for Thumb, which the
// translator refuses because instructions are aligned to 4.
#include <bit>

#include "machine/isa/arm_common.h"
#include "machine/isa/isa_table.h"

namespace assay::machine {
namespace {

using namespace arm_common;

// "q" is the sticky saturation flag, 0 or 1.
constexpr std::string_view kRegisters[] = {"r0", "r1", "r2",  "r3",  "r4",  "r5", "r6", "r7",
                                           "r8", "r9", "r10", "r11", "r12", "sp", "lr", "q"};
constexpr unsigned kStack = 13;
constexpr unsigned kLink = 14;
constexpr unsigned kPc = 15;
constexpr Slot kSaturation = 15;
constexpr Slot kHot[] = {0, 13, 1, 11, 14, 2, 12, 3, 7, 4, 5, 6, 8, 9, 10};
constexpr Width w32 = Width::w32;
constexpr Width w64 = Width::w64;
constexpr std::uint32_t kUserMode = 0x10;  // of the status register

class Decoder {
 public:
  Decoder(BlockBuilder& builder, std::uint64_t pc, std::uint32_t word) : b_(builder), pc_(pc), word_(word) {}

  bool decode() {
    const unsigned field = bits(word_, 28, 4);
    if (field == 15) return unconditional();
    if (field < 14) {
      if (bits(word_, 24, 4) == 10) {  // b
        b_.branch_flag(condition(field), branch_target());
        return true;
      }
      b_.branch_flag(inverse(condition(field)), after());
    }
    switch (bits(word_, 25, 3)) {
      case 0: return register_group();
      case 1: return immediate_group();
      case 2: return load_store();
      case 3: return bit(word_, 4) ? media() : load_store();
      case 4: return load_store_multiple();
      case 5:
        if (bit(word_, 24)) b_.set(kLink, imm(after()));
        b_.jump(branch_target());
        return true;
      case 7:
        // The number of an old-ABI call sits in the instruction: not for this machine.
        if (!bit(word_, 24) || bits(word_, 0, 24) != 0) return false;
        b_.system_call(after());
        return true;
      default: return false;  // coprocessors, floating point
    }
  }

 private:
  [[nodiscard]] unsigned rn() const { return bits(word_, 16, 4); }
  [[nodiscard]] unsigned rd() const { return bits(word_, 12, 4); }
  [[nodiscard]] unsigned rs() const { return bits(word_, 8, 4); }
  [[nodiscard]] unsigned rm() const { return bits(word_, 0, 4); }
  std::uint64_t here() const { return (pc_ + 8) & 0xFFFFFFFFU; }
  std::uint64_t after() const { return (pc_ + 4) & 0xFFFFFFFFU; }
  std::uint64_t branch_target() const {
    return (pc_ + 8 + static_cast<std::uint64_t>(extended(bits(word_, 0, 24), 24) * 4)) & 0xFFFFFFFFU;
  }
  Value r(unsigned index) const {
    return index == kPc ? imm(here()) : BlockBuilder::reg(static_cast<Slot>(index));
  }
  bool set(unsigned index, Value value) {
    b_.set(static_cast<Slot>(index), value);
    return true;
  }
  // True if one of the registers is the program counter.
  template <typename... Index>
  static bool any_pc(Index... index) {
    return ((index == kPc) || ...);
  }
  bool jump(Value address, JumpHint hint = JumpHint::none) {
    b_.jump_indirect(address, hint);
    return true;
  }
  // Writes a result, which may be the program counter: then nothing may follow.
  bool set_or_jump(unsigned index, Value value, JumpHint hint = JumpHint::none) {
    return index == kPc ? jump(value, hint) : set(index, value);
  }

  // --- shifter operands ---

  /// A second operand and what the shifter leaves in the carry flag.
  struct Operand {
    Value value;
    Value carry;
  };
  Value carry_flag() { return b_.get_flag(FlagCondition::carry); }

  Operand immediate_operand(bool with_carry) {
    const unsigned turn = 2 * rs();
    const std::uint32_t value = std::rotr(bits(word_, 0, 8), static_cast<int>(turn));
    if (!with_carry) return {imm(value), imm(0)};
    return {imm(value), turn == 0 ? carry_flag() : imm(value >> 31)};
  }

  Operand register_operand(bool with_carry) {
    const Value m = r(rm());
    unsigned amount = bits(word_, 7, 5);
    const unsigned kind = bits(word_, 5, 2);
    if (kind == 0 && amount == 0) return {m, with_carry ? carry_flag() : imm(0)};
    if (kind == 3 && amount == 0) {  // rrx
      const Value high = b_.shl(w32, carry_flag(), imm(31));
      const Value result = b_.bit_or(w32, high, b_.shr(w32, m, imm(1)));
      return {result, with_carry ? b_.bit_and(w32, m, imm(1)) : imm(0)};
    }
    if (amount == 0) amount = 32;  // lsr, asr
    const unsigned out = kind == 0 ? 32 - amount : amount - 1;
    const Value carry = with_carry ? b_.extract(m, out, 1) : imm(0);
    switch (kind) {
      case 0: return {b_.shl(w32, m, imm(amount)), carry};
      case 1: return {amount == 32 ? imm(0) : b_.shr(w32, m, imm(amount)), carry};
      case 2: return {b_.sar(w32, m, imm(amount == 32 ? 31U : amount)), carry};
      default: return {b_.ror(w32, m, imm(amount)), carry};
    }
  }

  // By the low byte of a register: amounts go to 255, and an amount of 0 leaves the carry as it is. The
  // 64-bit shifts keep the bit shifted out last next to the result.
  Operand shifted_operand(bool with_carry) {
    const Value m = r(rm());
    const unsigned kind = bits(word_, 5, 2);
    const Value amount = b_.bit_and(w32, r(rs()), imm(0xFF));
    if (kind == 3) {
      const Value result = b_.ror(w32, m, amount);
      if (!with_carry) return {result, imm(0)};
      return {result, b_.select(amount, b_.extract(result, 31, 1), carry_flag())};
    }
    const Value clamped = b_.select(b_.set_if(Condition::gt_u, w32, amount, imm(63)), imm(63), amount);
    Value result;
    Value out;
    if (kind == 0) {
      const Value wide = b_.shl(w64, m, clamped);
      if (with_carry) out = b_.extract(wide, 32, 1);
      result = b_.zero_extend(w32, wide);
    } else {
      const Value doubled = b_.shl(w64, kind == 1 ? m : b_.sign_extend(w32, m), imm(1));
      const Value wide = b_.binary(kind == 1 ? Op::shr : Op::sar, w64, doubled, clamped);
      if (with_carry) out = b_.extract(wide, 0, 1);
      result = b_.extract(wide, 1, 32);
    }
    if (!with_carry) return {result, imm(0)};
    return {result, b_.select(amount, out, carry_flag())};
  }

  // --- data processing ---

  bool data_processing(Operand second) {
    const unsigned operation = bits(word_, 21, 4);
    const bool flags = bit(word_, 20);
    const bool compares = operation >= 8 && operation <= 11;
    const bool moves = operation == 13 || operation == 15;
    if (flags && !compares && rd() == kPc) return false;  // return from an exception
    if ((compares && rd() != 0) || (moves && rn() != 0)) return false;
    const Value a = r(rn());
    const Value c = second.value;
    switch (operation) {
      case 0:
      case 8: return logical(b_.bit_and(w32, a, c), second.carry);
      case 1:
      case 9: return logical(b_.bit_xor(w32, a, c), second.carry);
      case 2:
      case 10: return subtract(a, c);
      case 3: return subtract(c, a);
      case 4:
      case 11:
        if (flags) b_.set_flags(FlagKind::add, w32, a, c);
        return compares || set_or_jump(rd(), b_.add(w32, a, c));
      case 5: return add_with_carry(FlagKind::adc, a, c);
      case 6: return add_with_carry(FlagKind::sbc_arm, a, c);
      case 7: return add_with_carry(FlagKind::sbc_arm, c, a);
      case 12: return logical(b_.bit_or(w32, a, c), second.carry);
      case 13: return logical(c, second.carry);
      case 14: return logical(b_.bit_and(w32, a, b_.bit_not(w32, c)), second.carry);
      default: return logical(b_.bit_not(w32, c), second.carry);
    }
  }
  bool logical(Value result, Value carry) {
    const bool compares = bits(word_, 23, 2) == 2;
    if (!bit(word_, 20)) {
      const bool returns = bits(word_, 0, 28) == 0x01A0F00EU;  // mov pc, lr
      return set_or_jump(rd(), result, returns ? JumpHint::ret : JumpHint::none);
    }
    if (!compares) set(rd(), result);
    b_.set_flags(FlagKind::parts, w32, result, carry, b_.get_flag(FlagCondition::overflow));
    return true;
  }
  bool subtract(Value a, Value c) {
    if (bit(word_, 20)) b_.set_flags(FlagKind::sub_arm, w32, a, c);
    return bits(word_, 21, 4) == 10 || set_or_jump(rd(), b_.sub(w32, a, c));
  }
  bool add_with_carry(FlagKind kind, Value a, Value c) {
    const Value carry = carry_flag();
    if (bit(word_, 20)) b_.set_flags(kind, w32, a, c, carry);
    const Value operand = kind == FlagKind::sbc_arm ? b_.bit_not(w32, c) : c;
    return set_or_jump(rd(), b_.add(w32, b_.add(w32, a, operand), carry));
  }
  // Only the logical operations take the shifter's carry.
  bool wants_carry() const {
    const unsigned operation = bits(word_, 21, 4);
    return bit(word_, 20) && (operation < 2 || operation == 8 || operation == 9 || operation >= 12);
  }

  bool immediate_group() {
    if (bits(word_, 23, 2) != 2 || bit(word_, 20)) return data_processing(immediate_operand(wants_carry()));
    const std::uint32_t half = bits(word_, 0, 12) | (rn() << 12);
    switch (bits(word_, 21, 2)) {
      case 0: return rd() != kPc && set(rd(), imm(half));                               // movw
      case 2: return rd() != kPc && set(rd(), b_.deposit(r(rd()), imm(half), 16, 16));  // movt
      case 1:
        if (rd() != kPc) return false;
        if (rn() == 0) return rs() == 0;  // nop and the other hints
        return write_status(immediate_operand(false).value);
      default: return false;
    }
  }

  bool register_group() {
    if (bit(word_, 7) && bit(word_, 4)) {
      if (bits(word_, 5, 2) != 0) return load_store_extra();
      return bit(word_, 24) ? exclusive() : multiply();
    }
    if (bits(word_, 23, 2) == 2 && !bit(word_, 20)) {
      return bit(word_, 7) ? multiply_halves() : miscellaneous();
    }
    if (!bit(word_, 4)) return data_processing(register_operand(wants_carry()));
    if (any_pc(rn(), rd(), rm(), rs())) return false;
    return data_processing(shifted_operand(wants_carry()));
  }

  bool miscellaneous() {
    const unsigned operation = bits(word_, 21, 2);
    switch (bits(word_, 4, 4)) {
      case 0:
        if (bit(word_, 22)) return false;  // saved status: there is none
        if (operation == 1) return rd() == kPc && rs() == 0 && !any_pc(rm()) && write_status(r(rm()));
        return rn() == 15 && bits(word_, 0, 12) == 0 && rd() != kPc && read_status();
      case 1:
        if (operation == 1) {
          return (word_ & 0xFFF00U) == 0xFFF00U &&
                 jump(r(rm()), rm() == kLink ? JumpHint::ret : JumpHint::none);
        }
        return operation == 3 && rn() == 15 && rs() == 15 && !any_pc(rd(), rm()) &&
               set(rd(), b_.unary(Op::count_leading_zeros, w32, r(rm())));
      case 3: {  // blx
        if (operation != 1 || (word_ & 0xFFF00U) != 0xFFF00U || rm() == kPc) return false;
        const Value address = rm() == kLink ? b_.copy(r(rm())) : r(rm());
        set(kLink, imm(after()));
        return jump(address, JumpHint::call);
      }
      case 5: return rs() == 0 && saturating_sum();
      case 7:
        if (operation != 1 || bits(word_, 28, 4) != 14) return false;
        b_.trap(TrapKind::breakpoint);
        return true;
      default: return false;
    }
  }

  bool read_status() {
    const Value flags = nzcv_from_flags(b_, b_.get_flags());
    const Value saturation = b_.shl(w32, BlockBuilder::reg(kSaturation), imm(27));
    return set(rd(), b_.bit_or(w32, b_.bit_or(w32, flags, saturation), imm(kUserMode)));
  }
  // A user program reaches the flags only, and those if bit 3 of the mask says so.
  bool write_status(Value value) {
    if ((rn() & 4) != 0) return false;  // GE flags: no instruction here has a use for them
    if ((rn() & 8) == 0) return rn() != 0;
    b_.set_flags(FlagKind::word, w64, flags_from_nzcv(b_, value));
    b_.set(kSaturation, b_.extract(value, 27, 1));
    return true;
  }

  // --- multiplication, division, saturation ---

  bool multiply() {
    // Here the fields are rd = 16, rn (accumulator, or the low half) = 12, rs = 8, rm = 0.
    const unsigned operation = bits(word_, 21, 3);
    const bool flags = bit(word_, 20);
    const unsigned high = rn();
    const unsigned low = rd();
    if (any_pc(high, rm(), rs()) || (operation == 0 ? low != 0 : low == kPc)) return false;
    const Value m = r(rm());
    const Value s = r(rs());
    if (operation <= 1 || operation == 3) {
      if (operation == 3 && flags) return false;
      Value result = b_.binary(Op::mul, w32, m, s);
      if (operation == 1) result = b_.add(w32, result, r(low));
      if (operation == 3) result = b_.sub(w32, r(low), result);
      if (flags) flags_of_product(w32, result);
      return set(high, result);
    }
    if (high == low || (operation == 2 && flags)) return false;
    const bool is_signed = operation >= 6;
    Value result = b_.binary(Op::mul, w64, is_signed ? b_.sign_extend(w32, m) : m,
                             is_signed ? b_.sign_extend(w32, s) : s);
    if (operation == 2) {  // umaal
      result = b_.add(w64, b_.add(w64, result, r(low)), r(high));
    } else if ((operation & 1) != 0) {
      result = b_.add(w64, result, long_value(high, low));
    }
    if (flags) flags_of_product(w64, result);
    return set_long(high, low, result);
  }
  // N and Z of a product; C and V stay.
  void flags_of_product(Width w, Value result) {
    const Value carry = carry_flag();
    b_.set_flags(FlagKind::parts, w, result, carry, b_.get_flag(FlagCondition::overflow));
  }
  Value long_value(unsigned high, unsigned low) {
    return b_.bit_or(w64, b_.shl(w64, r(high), imm(32)), r(low));
  }
  bool set_long(unsigned high, unsigned low, Value result) {
    set(low, b_.zero_extend(w32, result));
    return set(high, b_.shr(w64, result, imm(32)));
  }
  // The signed half of a register that a <x> or <y> of smul<x><y> takes.
  Value half(unsigned index, bool top) {
    return b_.sign_extend(Width::w16, top ? b_.shr(w32, r(index), imm(16)) : r(index));
  }
  // Sets a 32-bit result of a 64-bit computation; saturation is noted if it does not fit.
  bool set_noting_overflow(unsigned index, Value wide) {
    const Value fits = b_.sign_extend(w32, wide);
    const Value lost = b_.set_if(Condition::ne, w64, fits, wide);
    const Value result = b_.zero_extend(w32, wide);
    b_.set(kSaturation, b_.bit_or(w32, BlockBuilder::reg(kSaturation), lost));
    return set(index, result);
  }

  bool multiply_halves() {
    const unsigned operation = bits(word_, 21, 2);
    const unsigned high = rn();
    const unsigned low = rd();
    const bool top_m = bit(word_, 5);
    const bool top_s = bit(word_, 6);
    if (any_pc(high, rm(), rs())) return false;
    if (operation == 1) {
      const Value product = b_.binary(Op::mul, w64, b_.sign_extend(w32, r(rm())), half(rs(), top_s));
      const Value result = b_.sar(w64, product, imm(16));
      if (top_m) return low == 0 && set(high, b_.zero_extend(w32, result));  // smulw
      return low != kPc && set_noting_overflow(high, b_.add(w64, result, b_.sign_extend(w32, r(low))));
    }
    const Value product = b_.binary(Op::mul, w64, half(rm(), top_m), half(rs(), top_s));
    if (operation == 3) return low == 0 && set(high, b_.zero_extend(w32, product));
    if (low == kPc) return false;
    if (operation == 0) {
      return set_noting_overflow(high, b_.add(w64, product, b_.sign_extend(w32, r(low))));
    }
    return high != low && set_long(high, low, b_.add(w64, product, long_value(high, low)));
  }

  // value limited to [least, most]; wide is signed, 64 bits.
  Value clamped(Value wide, std::int64_t least, std::int64_t most) {
    const Value low = b_.select(b_.set_if(Condition::lt_s, w64, wide, imm(least)), imm(least), wide);
    return b_.select(b_.set_if(Condition::gt_s, w64, low, imm(most)), imm(most), low);
  }
  bool set_clamped(unsigned index, Value wide, std::int64_t least, std::int64_t most) {
    const Value result = clamped(wide, least, most);
    const Value lost = b_.set_if(Condition::ne, w64, result, wide);
    b_.set(kSaturation, b_.bit_or(w32, BlockBuilder::reg(kSaturation), lost));
    return set(index, b_.zero_extend(w32, result));
  }
  bool saturating_sum() {  // qadd, qsub, qdadd, qdsub: rm op rn
    if (any_pc(rn(), rd(), rm())) return false;
    const unsigned operation = bits(word_, 21, 2);
    const Value m = b_.sign_extend(w32, r(rm()));
    Value n = b_.sign_extend(w32, r(rn()));
    if ((operation & 2) != 0) {
      const Value doubled = b_.shl(w64, n, imm(1));
      n = clamped(doubled, INT32_MIN, INT32_MAX);
      const Value lost = b_.set_if(Condition::ne, w64, n, doubled);
      b_.set(kSaturation, b_.bit_or(w32, BlockBuilder::reg(kSaturation), lost));
    }
    const Value sum = (operation & 1) != 0 ? b_.sub(w64, m, n) : b_.add(w64, m, n);
    return set_clamped(rd(), sum, INT32_MIN, INT32_MAX);
  }

  // --- media instructions ---

  bool media() {
    const unsigned operation = bits(word_, 20, 5);
    const unsigned second = bits(word_, 5, 3);
    switch (operation >> 3) {
      case 1: return packing(operation & 7, second);
      case 2: return divide_or_high_multiply(operation & 7, second);
      case 3:
        if ((operation & 6) == 2) return (second & 3) == 2 && field(true);
        if ((operation & 6) == 4) return (second & 3) == 0 && insert_field();
        return (operation & 6) == 6 && (second & 3) == 2 && field(false);
      default: return false;  // parallel addition and subtraction
    }
  }

  bool packing(unsigned operation, unsigned second) {
    if (any_pc(rd(), rm())) return false;
    if (second == 3) return extend_and_add(operation);
    if (operation == 0 && (second & 1) == 0) {  // pkhbt, pkhtb
      if (rn() == kPc) return false;
      const Value other = register_operand(false).value;
      if (bit(word_, 6)) return set(rd(), b_.deposit(r(rn()), other, 0, 16));
      return set(rd(), b_.deposit(other, r(rn()), 0, 16));
    }
    const Value m = r(rm());
    if ((operation & 3) >= 2 && (second & 1) == 0) return saturate();
    if (rn() != 15 || rs() != 15) return false;
    if (operation == 3 && second == 1) return set(rd(), b_.unary(Op::byte_swap, w32, m));
    if (operation == 3 && second == 5) {  // rev16
      const Value up = b_.shl(w32, b_.bit_and(w32, m, imm(0x00FF00FF)), imm(8));
      return set(rd(), b_.bit_or(w32, up, b_.bit_and(w32, b_.shr(w32, m, imm(8)), imm(0x00FF00FF))));
    }
    if (operation == 7 && second == 1) return set(rd(), b_.unary(Op::bit_reverse, w32, m));
    if (operation == 7 && second == 5) {  // revsh
      return set(rd(), b_.sign_extend_32(Width::w16, b_.unary(Op::byte_swap, Width::w16, m)));
    }
    return false;
  }

  bool extend_and_add(unsigned operation) {
    if (bits(word_, 8, 2) != 0 || operation == 1 || operation == 5) return false;
    const Value turned = b_.ror(w32, r(rm()), imm(8 * bits(word_, 10, 2)));
    const bool is_signed = operation < 4;
    const unsigned kind = operation & 3;
    if (kind == 0) {  // two bytes to two halves
      const Value high = b_.shr(w32, turned, imm(16));
      Value low_part = is_signed ? b_.sign_extend_32(Width::w8, turned) : b_.zero_extend(Width::w8, turned);
      Value high_part = is_signed ? b_.sign_extend_32(Width::w8, high) : b_.zero_extend(Width::w8, high);
      if (rn() != kPc) {
        low_part = b_.add(w32, r(rn()), low_part);
        high_part = b_.add(w32, b_.shr(w32, r(rn()), imm(16)), high_part);
      }
      const Value low_half = b_.zero_extend(Width::w16, low_part);
      return set(rd(), b_.bit_or(w32, low_half, b_.shl(w32, high_part, imm(16))));
    }
    const Width from = kind == 2 ? Width::w8 : Width::w16;
    const Value part = is_signed ? b_.sign_extend_32(from, turned) : b_.zero_extend(from, turned);
    return set(rd(), rn() == kPc ? part : b_.add(w32, r(rn()), part));
  }

  bool saturate() {  // ssat, usat
    const bool is_unsigned = bit(word_, 22);
    const unsigned width = bits(word_, 16, 5);
    const Value wide = b_.sign_extend(w32, register_operand(false).value);
    const std::int64_t most = (std::int64_t{1} << width) - 1;
    return is_unsigned ? set_clamped(rd(), wide, 0, most) : set_clamped(rd(), wide, -most - 1, most);
  }

  bool divide_or_high_multiply(unsigned operation, unsigned second) {
    // Here the fields are rd = 16, accumulator = 12, second factor or divisor = 8, first = 0.
    if (any_pc(rn(), rs(), rm())) return false;
    if (operation == 1 || operation == 3) {
      if (second != 0 || rd() != kPc) return false;
      const Value quotient = b_.binary(operation == 1 ? Op::div_s : Op::div_u, w32, r(rm()), r(rs()));
      return set(rn(), b_.select(r(rs()), quotient, imm(0)));
    }
    if (operation != 5 || ((second >> 1) != 0 && (second >> 1) != 3)) return false;
    Value result = b_.binary(Op::mul, w64, b_.sign_extend(w32, r(rm())), b_.sign_extend(w32, r(rs())));
    if (rd() != kPc) {  // smmla, smmls
      const Value base = b_.shl(w64, r(rd()), imm(32));
      result = (second >> 1) == 0 ? b_.add(w64, base, result) : b_.sub(w64, base, result);
    } else if (second > 1) {
      return false;
    }
    if ((second & 1) != 0) result = b_.add(w64, result, imm(0x80000000U));
    return set(rn(), b_.shr(w64, result, imm(32)));
  }

  bool field(bool is_signed) {
    const unsigned low = bits(word_, 7, 5);
    const unsigned count = bits(word_, 16, 5) + 1;
    if (any_pc(rd(), rm()) || low + count > 32) return false;
    if (!is_signed) return set(rd(), b_.extract(r(rm()), low, count));
    const Value up = b_.shl(w32, r(rm()), imm(32 - low - count));
    return set(rd(), b_.sar(w32, up, imm(32 - count)));
  }
  bool insert_field() {
    const unsigned low = bits(word_, 7, 5);
    const unsigned high = bits(word_, 16, 5);
    if (rd() == kPc || high < low) return false;
    return set(rd(), b_.deposit(r(rd()), rm() == kPc ? imm(0) : r(rm()), low, high - low + 1));
  }

  // --- loads and stores ---

  bool pre_indexed() const { return bit(word_, 24); }
  // Post-indexed forms with bit 21 are the unprivileged ones: the same to a program without privileges.
  bool writes_back() const { return !pre_indexed() || bit(word_, 21); }

  /// Where an access goes: memory[base + disp], and the value of the base register afterwards.
  struct Address {
    Value base;
    std::int64_t disp;
    Value written;
  };
  Address by_immediate(std::uint32_t amount) {
    const std::int64_t offset = bit(word_, 23) ? std::int64_t{amount} : -std::int64_t{amount};
    const std::int64_t disp = pre_indexed() ? offset : 0;
    // The base register is written last, from its own old value.
    if (rn() == kPc) return {imm((here() + static_cast<std::uint64_t>(disp)) & 0xFFFFFFFFU), 0, imm(0)};
    return {r(rn()), disp, imm(offset)};
  }
  Address by_register(Value offset) {
    const Value sum = bit(word_, 23) ? b_.add(w32, r(rn()), offset) : b_.sub(w32, r(rn()), offset);
    return {pre_indexed() ? sum : r(rn()), 0, sum};
  }
  void write_back(const Address& address) {
    if (!writes_back()) return;
    set(rn(), address.written.is_constant() ? b_.add(w32, r(rn()), address.written) : address.written);
  }

  bool load_store() {
    const bool by_register_form = bit(word_, 25);
    const bool loads = bit(word_, 20);
    const Width w = bit(word_, 22) ? Width::w8 : w32;
    if (writes_back() && (rn() == kPc || rn() == rd())) return false;
    if (w == Width::w8 && rd() == kPc) return false;
    if (by_register_form && rm() == kPc) return false;
    const Address address =
        by_register_form ? by_register(register_operand(false).value) : by_immediate(bits(word_, 0, 12));
    if (!loads) {
      b_.store(w, address.base, address.disp, r(rd()));
      write_back(address);
      return true;
    }
    return loaded(b_.load(w, address.base, address.disp), address);
  }
  // The end of a load of one register, which may be the program counter.
  bool loaded(Value value, const Address& address) {
    if (rd() != kPc) {
      set(rd(), value);
      write_back(address);
      return true;
    }
    write_back(address);
    return jump(value, rn() == kStack ? JumpHint::ret : JumpHint::none);
  }

  bool load_store_extra() {
    const unsigned kind = bits(word_, 5, 2);
    const bool loads = bit(word_, 20);
    const bool doubles = !loads && kind >= 2;
    const bool by_register_form = !bit(word_, 22);
    if (writes_back() && (rn() == kPc || rn() == rd())) return false;
    if (rd() == kPc) return false;
    if (by_register_form && (rm() == kPc || rs() != 0)) return false;
    if (doubles) {
      const bool unprivileged = !pre_indexed() && bit(word_, 21);
      if ((rd() & 1) != 0 || rd() == kLink || unprivileged) return false;
      if (writes_back() && rn() == rd() + 1) return false;
      if (by_register_form && kind == 2 && (rm() == rd() || rm() == rd() + 1)) return false;
    }
    const Address address = by_register_form ? by_register(r(rm())) : by_immediate((rs() << 4) | rm());
    if (doubles && kind == 3) {
      b_.store(w32, address.base, address.disp, r(rd()));
      b_.store(w32, address.base, address.disp + 4, r(rd() + 1));
      write_back(address);
      return true;
    }
    if (doubles) {
      const Value first = b_.load(w32, address.base, address.disp);
      const Value second = b_.load(w32, address.base, address.disp + 4);
      set(rd() + 1, second);
      set(rd(), first);
      write_back(address);
      return true;
    }
    if (!loads) {
      b_.store(Width::w16, address.base, address.disp, r(rd()));
      write_back(address);
      return true;
    }
    if (kind == 1) return loaded(b_.load(Width::w16, address.base, address.disp), address);
    return loaded(b_.load_signed_32(kind == 2 ? Width::w8 : Width::w16, address.base, address.disp), address);
  }

  bool load_store_multiple() {
    const std::uint32_t list = bits(word_, 0, 16);
    const bool loads = bit(word_, 20);
    const bool adds = bit(word_, 23);
    const bool writes = bit(word_, 21);
    const int count = std::popcount(list);
    if (bit(word_, 22) || rn() == kPc || count == 0) return false;
    if (writes && bit(list, rn()) && (loads || bits(list, 0, rn()) != 0)) return false;
    std::int64_t disp = adds ? 0 : -4 * count;
    if (bit(word_, 24) == adds) disp += 4;
    const Value base = r(rn());
    const Value written = imm(adds ? 4 * count : -4 * count);
    if (!loads) {
      for (unsigned i = 0; i < 16; ++i) {
        if (!bit(list, i)) continue;
        b_.store(w32, base, disp, r(i));
        disp += 4;
      }
      return !writes || set(rn(), b_.add(w32, base, written));
    }
    Value values[16];
    for (unsigned i = 0; i < 16; ++i) {
      if (!bit(list, i)) continue;
      values[i] = b_.load(w32, base, disp);
      disp += 4;
    }
    for (unsigned i = 15; i-- > 0;) {
      if (bit(list, i)) set(i, values[i]);
    }
    if (writes) set(rn(), b_.add(w32, base, written));  // the base is not in the list
    if (!bit(list, kPc)) return true;
    return jump(values[kPc], rn() == kStack ? JumpHint::ret : JumpHint::none);
  }

  // ldrex, strex and their sizes. There is one thread: the store always succeeds.
  bool exclusive() {
    static constexpr Width kWidths[] = {Width::w32, Width::w32, Width::w8, Width::w16};
    if (!bit(word_, 23) || bits(word_, 8, 2) != 3 || rn() == kPc) return false;
    if (bits(word_, 10, 2) != 3) return false;  // acquire and release came with Armv8
    const unsigned kind = bits(word_, 21, 2);
    const Width w = kWidths[kind];
    const Value base = r(rn());
    if (bit(word_, 20)) {
      if (rm() != 15 || rd() == kPc) return false;
      if (kind != 1) return set(rd(), b_.load(w, base, 0));
      if ((rd() & 1) != 0 || rd() == kLink) return false;
      const Value first = b_.load(w, base, 0);
      set(rd() + 1, b_.load(w, base, 4));
      return set(rd(), first);
    }
    // Here rd is the status and rm the value.
    if (any_pc(rd(), rm()) || rd() == rn() || rd() == rm()) return false;
    if (kind == 1 && ((rm() & 1) != 0 || rm() == kLink || rd() == rm() + 1)) return false;
    b_.store(w, base, 0, r(rm()));
    if (kind == 1) b_.store(w, base, 4, r(rm() + 1));
    return set(rd(), imm(0));
  }

  // --- without a condition ---

  bool unconditional() {
    if (bits(word_, 25, 3) == 5) {  // blx: to Thumb, that is, to an odd address
      set(kLink, imm(after()));
      b_.jump((branch_target() + (bit(word_, 24) ? 2 : 0)) | 1);
      return true;
    }
    if ((word_ & 0x0FFFF000U) == 0x057FF000U) {  // clrex, dsb, dmb, isb
      const unsigned operation = bits(word_, 4, 4);
      return operation == 1 || (operation >= 4 && operation <= 6);
    }
    // pld, pldw, pli
    const bool hint = (word_ & 0x0D30F000U) == 0x0510F000U || (word_ & 0x0D70F000U) == 0x0450F000U;
    return hint && (!bit(word_, 25) || !bit(word_, 4));
  }

  BlockBuilder& b_;
  std::uint64_t pc_;
  std::uint32_t word_;
};

int decode(BlockBuilder& builder, std::uint64_t pc, ByteView code) {
  if (code.size() < 4) return kNeedMoreBytes;
  return Decoder(builder, pc, little_endian_word(code)).decode() ? 4 : kUnknownInstruction;
}

constexpr Isa make() {
  Isa isa;
  isa.name = "armv7l";
  isa.elf_machine = 40;
  isa.address_bits = 32;
  isa.alignment = 4;
  isa.max_length = 4;
  isa.inline_literals = true;
  isa.misaligned = "an odd address asks for Thumb code, which this machine does not run";
  isa.decode = decode;
  isa.registers = kRegisters;
  isa.flag_letters = "C--ZNV";
  isa.stack_pointer = kStack;
  isa.hot = kHot;
  isa.abi = Abi::arm;
  isa.call_number = 7;
  isa.arguments = {0, 1, 2, 3, 4, 5};
  isa.call_result = 0;
  isa.uname = "armv7l";
  return isa;
}

}  // namespace

constexpr Isa kArmv7lRow = make();
const Isa kArmv7l = kArmv7lRow;

}  // namespace assay::machine
