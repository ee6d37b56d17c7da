// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AArch64, the A64 instruction set: the integer base of Armv8.0 as user programs see it. Source: "Arm
// Architecture Reference Manual for A-profile architecture", chapters C4 (encodings) and C6 (meaning).
// docs/machine/aarch64.md says what is in and what stops a program. Where the manual says CONSTRAINED
// UNPREDICTABLE the instruction is unknown here: a program that leans on it should be told.
//
// Register field 31 is the zero register or the stack pointer, by instruction: x() and w-forms read the
// former, x_or_sp() the latter, whose slot is 31.
#include <bit>

#include "machine/isa/arm_common.h"
#include "machine/isa/isa_table.h"

namespace assay::machine {
namespace {

using namespace arm_common;

constexpr std::string_view kRegisters[] = {"x0",  "x1",  "x2",  "x3",  "x4",  "x5",       "x6",  "x7",  "x8",
                                           "x9",  "x10", "x11", "x12", "x13", "x14",      "x15", "x16", "x17",
                                           "x18", "x19", "x20", "x21", "x22", "x23",      "x24", "x25", "x26",
                                           "x27", "x28", "x29", "x30", "sp",  "tpidr_el0"};
constexpr unsigned kLink = 30;
constexpr unsigned kStack = 31;
constexpr Slot kThread = 32;
// M2-Planet keeps its stack pointer in x18 and its frame pointer in x17; x16 is its scratch register.
constexpr Slot kHot[] = {0, 18, 17, 1, 16, 30, 2, 3, 8, 31, 19, 20, 4, 5, 6, 9, 10, 11, 12, 29};

// System registers that a program may name: op0:op1:CRn:CRm:op2 as in bits 5 to 20 of mrs and msr.
constexpr std::uint32_t system_register(unsigned op1, unsigned n, unsigned m, unsigned op2) {
  return (3U << 14) | (op1 << 11) | (n << 7) | (m << 3) | op2;
}
constexpr std::uint32_t kNzcv = system_register(3, 4, 2, 0);
constexpr std::uint32_t kTpidr = system_register(3, 13, 0, 2);
constexpr std::uint32_t kCacheType = system_register(3, 0, 0, 1);
constexpr std::uint32_t kZeroBlock = system_register(3, 0, 0, 7);

// The mask that N:immr:imms of a logical instruction stand for, at 64 bits; 0 if they stand for none.
constexpr std::uint64_t bit_mask(unsigned n, unsigned immr, unsigned imms) {
  const unsigned pattern = (n << 6) | (~imms & 0x3F);
  if (pattern < 2) return 0;
  const unsigned size = 1U << (std::bit_width(pattern) - 1);
  const unsigned ones = (imms & (size - 1)) + 1;
  if (ones == size) return 0;
  const unsigned turn = immr & (size - 1);
  const std::uint64_t element = (std::uint64_t{1} << ones) - 1;
  const std::uint64_t all = size == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1;
  std::uint64_t mask = turn == 0 ? element : ((element >> turn) | (element << (size - turn))) & all;
  for (unsigned filled = size; filled < 64; filled *= 2) mask |= mask << filled;
  return mask;
}

class Decoder {
 public:
  Decoder(BlockBuilder& builder, std::uint64_t pc, std::uint32_t word)
      : b_(builder), pc_(pc), word_(word), is64_(bit(word, 31)), w_(is64_ ? Width::w64 : Width::w32) {}

  bool decode() {
    switch (bits(word_, 25, 4)) {
      case 8:
      case 9: return data_immediate();
      case 10:
      case 11: return branch_or_system();
      case 4:
      case 6:
      case 12:
      case 14: return load_store();
      case 5:
      case 13: return data_register();
      default: return false;
    }
  }

 private:
  [[nodiscard]] unsigned rd() const { return bits(word_, 0, 5); }
  [[nodiscard]] unsigned rn() const { return bits(word_, 5, 5); }
  [[nodiscard]] unsigned rm() const { return bits(word_, 16, 5); }
  [[nodiscard]] unsigned size_bits() const { return is64_ ? 64 : 32; }
  static Value x(unsigned index) {
    return index == 31 ? imm(0) : BlockBuilder::reg(static_cast<Slot>(index));
  }
  static Value x_or_sp(unsigned index) { return BlockBuilder::reg(static_cast<Slot>(index)); }

  bool set(unsigned index, Value value) {
    if (index != 31) b_.set(static_cast<Slot>(index), value);
    return true;
  }
  // A result computed at 64 bits of an instruction that may be a 32-bit one.
  Value narrowed(Value value) { return is64_ ? value : b_.zero_extend(Width::w32, value); }

  // 1 if the condition field holds. Both 14 and 15 are "always" here.
  Value holds(unsigned field) { return field >= 14 ? imm(1) : b_.get_flag(condition(field)); }

  // --- data processing, immediate ---

  bool data_immediate() {
    switch (bits(word_, 23, 3)) {
      case 0:
      case 1: return pc_relative();
      case 2: return add_sub(x_or_sp(rn()), imm(bits(word_, 10, 12) << (bit(word_, 22) ? 12 : 0)), true);
      case 4: return logical_immediate();
      case 5: return move_wide();
      case 6: return bit_field();
      case 7: return extract_pair();
      default: return false;
    }
  }

  bool pc_relative() {
    const std::int64_t offset = extended((bits(word_, 5, 19) << 2) | bits(word_, 29, 2), 21);
    const std::uint64_t target =
        bit(word_, 31) ? (pc_ & ~std::uint64_t{0xFFF}) + (static_cast<std::uint64_t>(offset) << 12)
                       : pc_ + static_cast<std::uint64_t>(offset);
    return set(rd(), imm(target));
  }

  // add, adds, sub, subs of two values. With `stack`, field 31 of a destination without flags is sp.
  bool add_sub(Value a, Value c, bool stack) {
    const bool subtracts = bit(word_, 30);
    const bool flags = bit(word_, 29);
    if (flags) b_.set_flags(subtracts ? FlagKind::sub_arm : FlagKind::add, w_, a, c);
    if (rd() == 31 && (flags || !stack)) return true;
    b_.set(static_cast<Slot>(rd()), subtracts ? b_.sub(w_, a, c) : b_.add(w_, a, c));
    return true;
  }

  bool logical_immediate() {
    const std::uint64_t mask = bit_mask(bits(word_, 22, 1), bits(word_, 16, 6), bits(word_, 10, 6));
    if (mask == 0 || (!is64_ && bit(word_, 22))) return false;
    return logical(x(rn()), imm(is64_ ? mask : mask & 0xFFFFFFFFU), true);
  }

  bool logical(Value a, Value c, bool stack) {
    static constexpr Op kOps[] = {Op::bit_and, Op::bit_or, Op::bit_xor, Op::bit_and};
    const unsigned opc = bits(word_, 29, 2);
    const Value result = b_.binary(kOps[opc], w_, a, c);
    if (opc == 3) {
      set(rd(), result);
      b_.set_flags(FlagKind::parts, w_, result);
    } else if (rd() != 31 || stack) {
      b_.set(static_cast<Slot>(rd()), result);
    }
    return true;
  }

  bool move_wide() {
    const unsigned shift = 16 * bits(word_, 21, 2);
    if (shift >= size_bits()) return false;
    const std::uint64_t part = static_cast<std::uint64_t>(bits(word_, 5, 16)) << shift;
    switch (bits(word_, 29, 2)) {
      case 0: return set(rd(), imm(is64_ ? ~part : ~part & 0xFFFFFFFFU));
      case 2: return set(rd(), imm(part));
      case 3:
        if (rd() == 31) return true;
        return set(rd(), narrowed(b_.deposit(x(rd()), imm(part >> shift), shift, 16)));
      default: return false;
    }
  }

  bool bit_field() {
    const unsigned immr = bits(word_, 16, 6);
    const unsigned imms = bits(word_, 10, 6);
    const unsigned size = size_bits();
    if (bit(word_, 22) != is64_ || immr >= size || imms >= size) return false;
    const Value source = x(rn());
    const unsigned count = imms + 1;
    const unsigned spare = size - count;
    switch (bits(word_, 29, 2)) {
      case 0:  // sbfm
        if (immr == 0 && (count == 8 || count == 16 || count == 32)) {
          const Width from = count == 8 ? Width::w8 : count == 16 ? Width::w16 : Width::w32;
          return set(rd(), is64_ ? b_.sign_extend(from, source) : b_.sign_extend_32(from, source));
        }
        if (imms >= immr) return set(rd(), b_.sar(w_, shifted(source, spare), imm(spare + immr)));
        return set(rd(), b_.sar(w_, shifted(source, spare), imm(immr - count)));
      case 1:  // bfm
        if (rd() == 31) return true;
        if (imms >= immr) {
          const Value part = b_.shr(Width::w64, source, imm(immr));
          return set(rd(), narrowed(b_.deposit(x(rd()), part, 0, count - immr)));
        }
        return set(rd(), narrowed(b_.deposit(x(rd()), source, size - immr, count)));
      case 2:  // ubfm
        if (spare == 0) return set(rd(), b_.shr(w_, source, imm(immr)));
        if (count == immr) return set(rd(), b_.shl(w_, source, imm(size - immr)));
        if (imms >= immr) return set(rd(), b_.extract(source, immr, count - immr));
        return set(rd(), b_.shl(Width::w64, b_.extract(source, 0, count), imm(size - immr)));
      default: return false;
    }
  }
  Value shifted(Value value, unsigned left) { return left == 0 ? value : b_.shl(w_, value, imm(left)); }

  bool extract_pair() {
    const unsigned low = bits(word_, 10, 6);
    if (bits(word_, 29, 2) != 0 || bit(word_, 21) || bit(word_, 22) != is64_ || low >= size_bits())
      return false;
    if (rn() == rm()) return set(rd(), b_.ror(w_, x(rm()), imm(low)));
    if (low == 0) return set(rd(), narrowed(x(rm())));
    const Value high = b_.shl(w_, x(rn()), imm(size_bits() - low));
    return set(rd(), b_.bit_or(w_, high, b_.shr(w_, x(rm()), imm(low))));
  }

  // --- data processing, register ---

  bool data_register() {
    if (!bit(word_, 28)) return bit(word_, 24) ? add_sub_register() : logical_register();
    switch (bits(word_, 21, 4)) {
      case 0: return bits(word_, 10, 6) == 0 && add_sub_carry();
      case 2: return conditional_compare();
      case 4: return conditional_select();
      case 6: return bit(word_, 30) ? one_source() : two_sources();
      default: return bit(word_, 24) && three_sources();
    }
  }

  // Shift kind 0 to 3 of bits 22 and 23 by bits 10 to 15.
  Value shifted_rm() {
    static constexpr Op kShifts[] = {Op::shl, Op::shr, Op::sar, Op::ror};
    const unsigned amount = bits(word_, 10, 6);
    return amount == 0 ? x(rm()) : b_.binary(kShifts[bits(word_, 22, 2)], w_, x(rm()), imm(amount));
  }

  bool logical_register() {
    if (!is64_ && bit(word_, 15)) return false;
    const Value operand = shifted_rm();
    return logical(x(rn()), bit(word_, 21) ? b_.bit_not(w_, operand) : operand, false);
  }

  bool add_sub_register() {
    if (!bit(word_, 21)) {
      if (bits(word_, 22, 2) == 3 || (!is64_ && bit(word_, 15))) return false;
      return add_sub(x(rn()), shifted_rm(), false);
    }
    const unsigned shift = bits(word_, 10, 3);
    if (bits(word_, 22, 2) != 0 || shift > 4) return false;
    const Value operand = extended_register(bits(word_, 13, 3));
    return add_sub(x_or_sp(rn()), shift == 0 ? operand : b_.shl(w_, operand, imm(shift)), true);
  }

  // rm as uxtb, uxth, uxtw, uxtx, sxtb, ... have it.
  Value extended_register(unsigned option) {
    const auto from = static_cast<Width>(option & 3);
    if (from >= w_) return x(rm());
    return (option & 4) != 0 ? b_.sign_extend(from, x(rm())) : b_.zero_extend(from, x(rm()));
  }

  bool add_sub_carry() {
    const bool subtracts = bit(word_, 30);
    const Value a = x(rn());
    const Value c = x(rm());
    const Value carry = b_.get_flag(FlagCondition::carry);
    if (bit(word_, 29)) b_.set_flags(subtracts ? FlagKind::sbc_arm : FlagKind::adc, w_, a, c, carry);
    if (rd() == 31) return true;
    const Value operand = subtracts ? b_.bit_not(w_, c) : c;
    return set(rd(), b_.add(w_, b_.add(w_, a, operand), carry));
  }

  bool conditional_compare() {
    if (!bit(word_, 29) || bit(word_, 10) || bit(word_, 4)) return false;
    const Value chosen = holds(bits(word_, 12, 4));
    const Value operand = bit(word_, 11) ? imm(rm()) : x(rm());
    b_.set_flags(bit(word_, 30) ? FlagKind::sub_arm : FlagKind::add, w_, x(rn()), operand);
    const Value compared = b_.get_flags();
    const std::uint64_t otherwise = flags_from_nzcv(std::uint64_t{bits(word_, 0, 4)} << 28);
    b_.set_flags(FlagKind::word, Width::w64, b_.select(chosen, compared, imm(otherwise)));
    return true;
  }

  bool conditional_select() {
    if (bit(word_, 29) || bit(word_, 11)) return false;
    const unsigned field = bits(word_, 12, 4);
    const bool inverts = bit(word_, 30);
    const bool increments = bit(word_, 10);
    if (rn() == 31 && rm() == 31 && field < 14 && (inverts || increments)) {
      if (inverts && increments) return set(rd(), imm(0));  // csneg of two zeros
      const Value not_chosen = b_.get_flag(inverse(condition(field)));
      return set(rd(), increments ? not_chosen : b_.sub(w_, imm(0), not_chosen));  // cset, csetm
    }
    const Value chosen = holds(field);
    Value other = x(rm());
    if (inverts) other = increments ? b_.sub(w_, imm(0), other) : b_.bit_not(w_, other);
    if (!inverts && increments) other = b_.add(w_, other, imm(1));
    return set(rd(), narrowed(b_.select(chosen, x(rn()), other)));
  }

  bool two_sources() {
    if (bit(word_, 29)) return false;
    const Value a = x(rn());
    const Value c = x(rm());
    switch (bits(word_, 10, 6)) {
      case 2: return divide(Op::div_u, a, c);
      case 3: return divide(Op::div_s, a, c);
      case 8: return set(rd(), b_.shl(w_, a, c));
      case 9: return set(rd(), b_.shr(w_, a, c));
      case 10: return set(rd(), b_.sar(w_, a, c));
      case 11: return set(rd(), b_.ror(w_, a, c));
      default: return false;
    }
  }
  bool divide(Op op, Value a, Value divisor) {  // by zero gives zero
    const Value quotient = b_.binary(op, w_, a, divisor);
    return set(rd(), b_.select(narrowed(divisor), quotient, imm(0)));
  }

  bool one_source() {
    if (bit(word_, 29) || rm() != 0) return false;
    const Value a = x(rn());
    switch (bits(word_, 10, 6)) {
      case 0: return set(rd(), b_.unary(Op::bit_reverse, w_, a));
      case 1: {
        const std::uint64_t even = is64_ ? 0x00FF00FF00FF00FFU : 0x00FF00FFU;
        const Value up = b_.shl(w_, b_.bit_and(w_, a, imm(even)), imm(8));
        return set(rd(), b_.bit_or(w_, up, b_.bit_and(w_, b_.shr(w_, a, imm(8)), imm(even))));
      }
      case 2: {
        const Value swapped = b_.unary(Op::byte_swap, w_, a);
        return set(rd(), is64_ ? b_.ror(w_, swapped, imm(32)) : swapped);
      }
      case 3: return is64_ && set(rd(), b_.unary(Op::byte_swap, w_, a));
      case 4: return set(rd(), b_.unary(Op::count_leading_zeros, w_, a));
      case 5: {
        const Value changes = b_.bit_xor(w_, a, b_.sar(w_, a, imm(1)));
        return set(rd(), b_.sub(w_, b_.unary(Op::count_leading_zeros, w_, changes), imm(1)));
      }
      default: return false;
    }
  }

  bool three_sources() {
    if (bits(word_, 29, 2) != 0) return false;
    const unsigned operation = (bits(word_, 21, 3) << 1) | bits(word_, 15, 1);
    if (operation > 1 && !is64_) return false;
    const Value a = x(rn());
    const Value c = x(rm());
    switch (operation) {
      case 0:
      case 1: return accumulate(b_.binary(Op::mul, w_, a, c));
      case 2:
      case 3:
        return accumulate(
            b_.binary(Op::mul, w_, b_.sign_extend(Width::w32, a), b_.sign_extend(Width::w32, c)));
      case 4: return bits(word_, 10, 5) == 31 && set(rd(), b_.binary(Op::mul_high_s, w_, a, c));
      case 10:
      case 11:
        return accumulate(
            b_.binary(Op::mul, w_, b_.zero_extend(Width::w32, a), b_.zero_extend(Width::w32, c)));
      case 12: return bits(word_, 10, 5) == 31 && set(rd(), b_.binary(Op::mul_high_u, w_, a, c));
      default: return false;
    }
  }
  bool accumulate(Value product) {
    const unsigned ra = bits(word_, 10, 5);
    if (bit(word_, 15)) return set(rd(), b_.sub(w_, x(ra), product));
    return set(rd(), ra == 31 ? product : b_.add(w_, x(ra), product));
  }

  // --- branches and system ---

  std::uint64_t after() const { return pc_ + 4; }
  std::uint64_t target(unsigned low, unsigned count) const {
    return pc_ + static_cast<std::uint64_t>(extended(bits(word_, low, count), count) * 4);
  }

  bool branch_or_system() {
    switch (bits(word_, 29, 3)) {
      case 0:
      case 4:
        if (bit(word_, 31)) b_.set(kLink, imm(after()));
        b_.jump(target(0, 26));
        return true;
      case 1:
      case 5: return bit(word_, 25) ? test_branch() : compare_branch();
      case 2: return conditional_branch();
      case 6: return bit(word_, 25) ? branch_register() : bit(word_, 24) ? system() : exception();
      default: return false;
    }
  }

  bool compare_branch() {
    b_.branch(bit(word_, 24) ? Condition::ne : Condition::eq, w_, x(rd()), imm(0), target(5, 19));
    return true;
  }
  bool test_branch() {
    const unsigned at = bits(word_, 19, 5) | (bits(word_, 31, 1) << 5);
    b_.branch(bit(word_, 24) ? Condition::some_bits : Condition::no_bits, Width::w64, x(rd()),
              imm(std::uint64_t{1} << at), target(5, 14));
    return true;
  }
  bool conditional_branch() {
    if (bits(word_, 24, 2) != 0 || bit(word_, 4)) return false;
    const unsigned field = bits(word_, 0, 4);
    if (field >= 14) {
      b_.jump(target(5, 19));
    } else {
      b_.branch_flag(condition(field), target(5, 19));
    }
    return true;
  }

  bool branch_register() {
    if ((word_ & 0xFF9FFC1FU) != 0xD61F0000U) return false;
    Value address = x(rn());
    switch (bits(word_, 21, 2)) {
      case 0: b_.jump_indirect(address); return true;
      case 1:
        if (rn() == kLink) address = b_.copy(address);
        b_.set(kLink, imm(after()));
        b_.jump_indirect(address, JumpHint::call);
        return true;
      case 2: b_.jump_indirect(address, JumpHint::ret); return true;
      default: return false;
    }
  }

  bool exception() {
    if ((word_ & 0xFFE0001FU) == 0xD4000001U) {
      b_.system_call(after());
    } else if ((word_ & 0xFFE0001FU) == 0xD4200000U) {
      b_.trap(TrapKind::breakpoint);
    } else {
      return false;
    }
    return true;
  }

  bool system() {
    if ((word_ & 0xFFFFF01FU) == 0xD503201FU) return true;  // nop and the other hints
    if ((word_ & 0xFFFFF01FU) == 0xD503301FU) {             // clrex, dsb, dmb, isb
      const unsigned operation = bits(word_, 5, 3);
      return operation == 2 || (operation >= 4 && operation <= 6);
    }
    if ((word_ & 0xFFF80000U) == 0xD5080000U) {  // ic ivau, dc cvac, dc cvau, dc civac: always coherent
      const unsigned what = bits(word_, 5, 14);
      constexpr unsigned kCache = (3U << 11) | (7U << 7);
      return what == (kCache | (5U << 3) | 1) || what == (kCache | (10U << 3) | 1) ||
             what == (kCache | (11U << 3) | 1) || what == (kCache | (14U << 3) | 1);
    }
    if ((word_ & 0xFFD00000U) != 0xD5100000U) return false;
    return bit(word_, 21) ? read_system() : write_system();
  }
  bool read_system() {
    switch (bits(word_, 5, 16)) {
      case kNzcv: return set(rd(), rd() == 31 ? imm(0) : nzcv_from_flags(b_, b_.get_flags()));
      case kTpidr: return set(rd(), x_or_sp(kThread));
      case kCacheType: return set(rd(), imm(0x8444C004U));  // lines of 64 bytes
      case kZeroBlock: return set(rd(), imm(0x10));         // dc zva prohibited
      default: return false;
    }
  }
  bool write_system() {
    switch (bits(word_, 5, 16)) {
      case kNzcv: b_.set_flags(FlagKind::word, Width::w64, flags_from_nzcv(b_, x(rd()))); return true;
      case kTpidr: b_.set(kThread, x(rd())); return true;
      default: return false;
    }
  }

  // --- loads and stores ---

  bool load_store() {
    if (bit(word_, 26)) return false;  // SIMD and floating point
    switch (bits(word_, 27, 3)) {
      case 1: return !bit(word_, 24) && exclusive();
      case 3: return !bit(word_, 24) && load_literal();
      case 5: return pair();
      case 7: return single();
      default: return false;
    }
  }

  bool load_literal() {
    const unsigned opc = bits(word_, 30, 2);
    if (opc == 3) return true;  // prfm
    const Value address = imm(target(5, 19));
    if (opc == 2) return set(rd(), b_.load_signed(Width::w32, address, 0));
    return set(rd(), b_.load(opc == 1 ? Width::w64 : Width::w32, address, 0));
  }

  // ldr and str of every size. The address is base + disp; `written` (if `writes_back`) is added to
  // the base register afterwards.
  bool access(unsigned size, unsigned opc, Value base, std::int64_t disp, bool writes_back,
              std::int64_t written) {
    const auto w = static_cast<Width>(size);
    if (writes_back && rd() == rn() && rn() != kStack) return false;
    if (opc == 0) {
      b_.store(w, base, disp, x(rd()));
    } else if (opc == 1) {
      set(rd(), b_.load(w, base, disp));
    } else if (opc == 2) {
      if (size == 3) return !writes_back;  // prfm
      set(rd(), b_.load_signed(w, base, disp));
    } else {
      if (size > 1) return false;
      set(rd(), b_.load_signed_32(w, base, disp));
    }
    if (writes_back) b_.set(static_cast<Slot>(rn()), b_.add(Width::w64, base, imm(written)));
    return true;
  }

  bool single() {
    const unsigned size = bits(word_, 30, 2);
    const unsigned opc = bits(word_, 22, 2);
    const Value base = x_or_sp(rn());
    if (bit(word_, 24)) {
      return access(size, opc, base, static_cast<std::int64_t>(bits(word_, 10, 12)) << size, false, 0);
    }
    if (bit(word_, 21)) return bits(word_, 10, 2) == 2 && register_offset(size, opc, base);
    const std::int64_t offset = extended(bits(word_, 12, 9), 9);
    switch (bits(word_, 10, 2)) {
      case 1: return access(size, opc, base, 0, true, offset);
      case 2:  // the unprivileged forms: the same to a program that has no privileges
        return !(size == 3 && opc == 2) && access(size, opc, base, offset, false, 0);
      case 3: return access(size, opc, base, offset, true, offset);
      default: return access(size, opc, base, offset, false, 0);
    }
  }

  bool register_offset(unsigned size, unsigned opc, Value base) {
    const unsigned option = bits(word_, 13, 3);
    if ((option & 2) == 0) return false;
    const unsigned shift = bit(word_, 12) ? size : 0;
    Value offset = x(rm());
    if (option == 2) offset = b_.zero_extend(Width::w32, offset);
    if (option == 6) offset = b_.sign_extend(Width::w32, offset);
    if (shift != 0) offset = b_.shl(Width::w64, offset, imm(shift));
    return access(size, opc, b_.add(Width::w64, base, offset), 0, false, 0);
  }

  bool pair() {
    const unsigned opc = bits(word_, 30, 2);
    const unsigned mode = bits(word_, 23, 2);  // no-allocate hint, post-index, offset, pre-index
    const bool loads = bit(word_, 22);
    const unsigned second = bits(word_, 10, 5);
    const bool writes_back = (mode & 1) != 0;
    if (opc == 3 || (opc == 1 && (!loads || mode == 0))) return false;
    if (loads && rd() == second) return false;
    if (writes_back && rn() != kStack && (rd() == rn() || second == rn())) return false;
    const Width w = opc == 2 ? Width::w64 : Width::w32;
    const std::int64_t offset = extended(bits(word_, 15, 7), 7) * bytes_of(w);
    const std::int64_t disp = mode == 1 ? 0 : offset;
    const Value base = x_or_sp(rn());
    if (loads) {
      const Value first = opc == 1 ? b_.load_signed(w, base, disp) : b_.load(w, base, disp);
      const std::int64_t next = disp + bytes_of(w);
      set(second, opc == 1 ? b_.load_signed(w, base, next) : b_.load(w, base, next));
      // Here `base` has the loaded value if it was loaded: not together with writing back.
      set(rd(), first);
    } else {
      b_.store(w, base, disp, x(rd()));
      b_.store(w, base, disp + bytes_of(w), x(second));
    }
    if (writes_back) b_.set(static_cast<Slot>(rn()), b_.add(Width::w64, base, imm(offset)));
    return true;
  }

  // Load and store exclusive, acquire, release. There is one thread: an exclusive store always succeeds.
  bool exclusive() {
    const auto w = static_cast<Width>(bits(word_, 30, 2));
    const bool ordered = bit(word_, 23);
    const bool loads = bit(word_, 22);
    const bool is_pair = bit(word_, 21);
    const unsigned status = rm();
    const unsigned second = bits(word_, 10, 5);
    const Value base = x_or_sp(rn());
    if (is_pair && (ordered || w < Width::w32)) return false;
    if (ordered && !bit(word_, 15)) return false;
    if ((ordered || loads) && status != 31) return false;
    if (!is_pair && second != 31) return false;
    if (loads) {
      if (!is_pair) return set(rd(), b_.load(w, base, 0));
      if (rd() == second) return false;
      const Value first = b_.load(w, base, 0);
      set(second, b_.load(w, base, bytes_of(w)));
      return set(rd(), first);
    }
    if (!ordered && (status == rd() || (is_pair && status == second) || (status == rn() && rn() != 31)))
      return false;
    b_.store(w, base, 0, x(rd()));
    if (is_pair) b_.store(w, base, bytes_of(w), x(second));
    return ordered || set(status, imm(0));
  }

  BlockBuilder& b_;
  std::uint64_t pc_;
  std::uint32_t word_;
  bool is64_;
  Width w_;
};

int decode(BlockBuilder& builder, std::uint64_t pc, ByteView code) {
  if (code.size() < 4) return kNeedMoreBytes;
  return Decoder(builder, pc, little_endian_word(code)).decode() ? 4 : kUnknownInstruction;
}

constexpr Isa make() {
  Isa isa;
  isa.name = "aarch64";
  isa.elf_machine = 183;
  isa.address_bits = 64;
  isa.alignment = 4;
  isa.max_length = 4;
  isa.inline_literals = true;
  isa.decode = decode;
  isa.registers = kRegisters;
  isa.flag_letters = "C--ZNV";
  isa.stack_pointer = kStack;
  isa.hot = kHot;
  isa.abi = Abi::aarch64;
  isa.call_number = 8;
  isa.arguments = {0, 1, 2, 3, 4, 5};
  isa.call_result = 0;
  isa.uname = "aarch64";
  return isa;
}

}  // namespace

constexpr Isa kAarch64Row = make();
const Isa kAarch64 = kAarch64Row;

}  // namespace assay::machine
