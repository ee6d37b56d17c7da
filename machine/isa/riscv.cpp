// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RISC-V, 32 and 64 bits: I, M and C in full, fences as no-operations (the machine is always
// coherent). Source: "The RISC-V Instruction Set Manual, Volume I: Unprivileged ISA", chapters of RV32I,
// RV64I, M and C. A compressed instruction is expanded to the one it stands for.
#include "machine/isa/isa_table.h"

namespace assay::machine {
namespace {

constexpr std::string_view kRegisters[] = {
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
    "a6",   "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
constexpr Slot kHot[] = {10, 2, 11, 8, 1, 5, 6, 12, 17, 9, 18, 13, 14, 15, 7, 19, 20, 4, 16, 28};

constexpr std::uint32_t bits(std::uint32_t word, unsigned low, unsigned count) {
  return (word >> low) & ((1U << count) - 1);
}
// The low `count` bits of a value, sign-extended.
constexpr std::int64_t extended(std::uint32_t value, unsigned count) {
  return static_cast<std::int32_t>(value << (32 - count)) >> (32 - count);
}

class Decoder {
 public:
  Decoder(BlockBuilder& builder, bool is64, std::uint64_t pc, std::uint32_t word, unsigned length)
      : b_(builder), is64_(is64), w_(is64 ? Width::w64 : Width::w32), pc_(pc), word_(word), length_(length) {}

  bool decode() {
    switch (bits(word_, 0, 7)) {
      case 0x03: return load();
      case 0x0F: return funct3() <= 1;  // fence, fence.i
      case 0x13: return op_imm(w_);
      case 0x17: return set(imm(address(pc_ + upper())));
      case 0x1B: return is64_ && op_imm(Width::w32);
      case 0x23: return store();
      case 0x33: return op(w_);
      case 0x37: return set(imm(address(upper())));
      case 0x3B: return is64_ && op(Width::w32);
      case 0x63: return branch();
      case 0x67: return jalr();
      case 0x6F: return jal();
      case 0x73: return system();
      default: return false;
    }
  }

 private:
  unsigned funct3() const { return bits(word_, 12, 3); }
  unsigned funct7() const { return bits(word_, 25, 7); }
  static Value value(unsigned index) {
    return index == 0 ? imm(0) : BlockBuilder::reg(static_cast<Slot>(index));
  }
  Value rs1() const { return value(bits(word_, 15, 5)); }
  Value rs2() const { return value(bits(word_, 20, 5)); }
  std::int64_t i_imm() const { return extended(word_ >> 20, 12); }
  std::uint64_t upper() const { return static_cast<std::uint64_t>(extended(word_ & 0xFFFFF000U, 32)); }
  std::uint64_t address(std::uint64_t value) const { return is64_ ? value : value & 0xFFFFFFFFU; }
  std::uint64_t next() const { return address(pc_ + length_); }

  bool set(Value result) {
    const unsigned rd = bits(word_, 7, 5);
    if (rd != 0) b_.set(static_cast<Slot>(rd), result);
    return true;
  }
  // The result of an operation at `w`: the 32-bit ones of RV64 sign-extend.
  bool set(Width w, Value result) {
    return set(is64_ && w == Width::w32 ? b_.sign_extend(Width::w32, result) : result);
  }

  bool load() {
    const Value base = rs1();
    switch (funct3()) {
      case 0: return set(loaded(Width::w8, base));
      case 1: return set(loaded(Width::w16, base));
      case 2: return set(loaded(Width::w32, base));
      case 3: return is64_ && set(b_.load(Width::w64, base, i_imm()));
      case 4: return set(b_.load(Width::w8, base, i_imm()));
      case 5: return set(b_.load(Width::w16, base, i_imm()));
      case 6: return is64_ && set(b_.load(Width::w32, base, i_imm()));
      default: return false;
    }
  }
  Value loaded(Width w, Value base) {
    return is64_ ? b_.load_signed(w, base, i_imm()) : b_.load_signed_32(w, base, i_imm());
  }

  bool store() {
    if (funct3() > (is64_ ? 3U : 2U)) return false;
    const std::int64_t disp = extended(bits(word_, 7, 5) | (bits(word_, 25, 7) << 5), 12);
    b_.store(static_cast<Width>(funct3()), rs1(), disp, rs2());
    return true;
  }

  bool op_imm(Width w) {
    const Value a = rs1();
    const bool narrow = w != w_;
    const std::int64_t i = i_imm();
    const unsigned shift_bits = w == Width::w64 ? 6 : 5;
    const unsigned amount = bits(word_, 20, shift_bits);
    const unsigned kind = word_ >> (20 + shift_bits);
    const unsigned arithmetic = w == Width::w64 ? 0x10 : 0x20;
    switch (funct3()) {
      case 0:
        if (i == 0) return set(narrow ? b_.sign_extend(Width::w32, a) : a);
        return set(w, b_.add(w, a, imm(i)));
      case 1: return kind == 0 && set(w, b_.shl(w, a, imm(amount)));
      case 2: return !narrow && set(b_.set_if(Condition::lt_s, w, a, imm(i)));
      case 3: return !narrow && set(b_.set_if(Condition::lt_u, w, a, imm(i)));
      case 4: return !narrow && set(b_.bit_xor(w, a, imm(i)));
      case 5:
        if (kind == 0) return set(w, b_.shr(w, a, imm(amount)));
        return kind == arithmetic && set(w, b_.sar(w, a, imm(amount)));
      case 6: return !narrow && set(b_.bit_or(w, a, imm(i)));
      default: return !narrow && set(b_.bit_and(w, a, imm(i)));
    }
  }

  bool op(Width w) {
    const bool narrow = w != w_;
    const Value a = rs1();
    const Value c = rs2();
    switch ((funct7() << 3) | funct3()) {
      case 0: return set(w, b_.add(w, a, c));
      case 0x100: return set(w, b_.sub(w, a, c));
      case 1: return set(w, b_.shl(w, a, c));
      case 2: return !narrow && set(b_.set_if(Condition::lt_s, w, a, c));
      case 3: return !narrow && set(b_.set_if(Condition::lt_u, w, a, c));
      case 4: return !narrow && set(b_.bit_xor(w, a, c));
      case 5: return set(w, b_.shr(w, a, c));
      case 0x105: return set(w, b_.sar(w, a, c));
      case 6: return !narrow && set(b_.bit_or(w, a, c));
      case 7: return !narrow && set(b_.bit_and(w, a, c));
      case 8: return set(w, b_.binary(Op::mul, w, a, c));
      case 9: return !narrow && set(b_.binary(Op::mul_high_s, w, a, c));
      case 10: return !narrow && set(b_.binary(Op::mul_high_su, w, a, c));
      case 11: return !narrow && set(b_.binary(Op::mul_high_u, w, a, c));
      case 12: return set(w, b_.binary(Op::div_s, w, a, c));
      case 13: return set(w, b_.binary(Op::div_u, w, a, c));
      case 14: return set(w, b_.binary(Op::rem_s, w, a, c));
      case 15: return set(w, b_.binary(Op::rem_u, w, a, c));
      default: return false;
    }
  }

  bool branch() {
    static constexpr Condition kConditions[] = {Condition::eq,   Condition::ne,   Condition::eq,
                                                Condition::eq,   Condition::lt_s, Condition::ge_s,
                                                Condition::lt_u, Condition::ge_u};
    if (funct3() == 2 || funct3() == 3) return false;
    const std::uint32_t offset = (bits(word_, 8, 4) << 1) | (bits(word_, 25, 6) << 5) |
                                 (bits(word_, 7, 1) << 11) | (bits(word_, 31, 1) << 12);
    b_.branch(kConditions[funct3()], w_, rs1(), rs2(),
              address(pc_ + static_cast<std::uint64_t>(extended(offset, 13))));
    return true;
  }

  bool jal() {
    const std::uint32_t offset = (bits(word_, 21, 10) << 1) | (bits(word_, 20, 1) << 11) |
                                 (bits(word_, 12, 8) << 12) | (bits(word_, 31, 1) << 20);
    set(imm(next()));
    b_.jump(address(pc_ + static_cast<std::uint64_t>(extended(offset, 21))));
    return true;
  }

  bool jalr() {
    if (funct3() != 0) return false;
    const unsigned rd = bits(word_, 7, 5);
    const unsigned base = bits(word_, 15, 5);
    const bool links = rd == 1 || rd == 5;
    const bool returns = (base == 1 || base == 5) && rd == 0;
    const Value target = b_.bit_and(w_, b_.add(w_, rs1(), imm(i_imm())), imm(-2));
    set(imm(next()));
    b_.jump_indirect(target, links ? JumpHint::call : returns ? JumpHint::ret : JumpHint::none);
    return true;
  }

  bool system() {
    if (word_ == 0x00000073) {
      b_.system_call(next());
    } else if (word_ == 0x00100073) {
      b_.trap(TrapKind::breakpoint);
    } else {
      return false;
    }
    return true;
  }

  BlockBuilder& b_;
  bool is64_;
  Width w_;
  std::uint64_t pc_;
  std::uint32_t word_;
  unsigned length_;
};

// The encodings that compressed instructions stand for.
std::uint32_t i_type(std::uint32_t opcode, unsigned f3, unsigned rd, unsigned rs1, std::uint32_t immediate) {
  return opcode | (rd << 7) | (f3 << 12) | (rs1 << 15) | ((immediate & 0xFFF) << 20);
}
std::uint32_t s_type(unsigned f3, unsigned rs1, unsigned rs2, std::uint32_t immediate) {
  return 0x23 | ((immediate & 31) << 7) | (f3 << 12) | (rs1 << 15) | (rs2 << 20) |
         (((immediate >> 5) & 127) << 25);
}
std::uint32_t r_type(std::uint32_t opcode, unsigned f3, unsigned f7, unsigned rd, unsigned rs1,
                     unsigned rs2) {
  return opcode | (rd << 7) | (f3 << 12) | (rs1 << 15) | (rs2 << 20) | (f7 << 25);
}
std::uint32_t j_type(unsigned rd, std::uint32_t offset) {
  return 0x6F | (rd << 7) | (bits(offset, 12, 8) << 12) | (bits(offset, 11, 1) << 20) |
         (bits(offset, 1, 10) << 21) | (bits(offset, 20, 1) << 31);
}
std::uint32_t b_type(unsigned f3, unsigned rs1, std::uint32_t offset) {
  return 0x63 | (f3 << 12) | (rs1 << 15) | (bits(offset, 11, 1) << 7) | (bits(offset, 1, 4) << 8) |
         (bits(offset, 5, 6) << 25) | (bits(offset, 12, 1) << 31);
}

// Quadrant 0: loads and stores by the eight middle registers. 0 where there is none.
std::uint32_t expand_quadrant0(std::uint32_t h, bool is64) {
  const unsigned rd = 8 + bits(h, 2, 3);
  const unsigned rs1 = 8 + bits(h, 7, 3);
  const std::uint32_t word_offset = (bits(h, 6, 1) << 2) | (bits(h, 10, 3) << 3) | (bits(h, 5, 1) << 6);
  const std::uint32_t double_offset = (bits(h, 10, 3) << 3) | (bits(h, 5, 2) << 6);
  switch (bits(h, 13, 3)) {
    case 0: {
      const std::uint32_t offset =
          (bits(h, 6, 1) << 2) | (bits(h, 5, 1) << 3) | (bits(h, 11, 2) << 4) | (bits(h, 7, 4) << 6);
      return offset == 0 ? 0 : i_type(0x13, 0, rd, 2, offset);
    }
    case 2: return i_type(0x03, 2, rd, rs1, word_offset);
    case 3: return is64 ? i_type(0x03, 3, rd, rs1, double_offset) : 0;
    case 6: return s_type(2, rs1, rd, word_offset);
    case 7: return is64 ? s_type(3, rs1, rd, double_offset) : 0;
    default: return 0;
  }
}

// Quadrant 1, funct3 4: arithmetic on the eight middle registers.
std::uint32_t expand_arithmetic(std::uint32_t h, bool is64) {
  const unsigned rd = 8 + bits(h, 7, 3);
  const unsigned rs2 = 8 + bits(h, 2, 3);
  const std::uint32_t six = bits(h, 2, 5) | (bits(h, 12, 1) << 5);
  switch (bits(h, 10, 2)) {
    case 0: return !is64 && six > 31 ? 0 : i_type(0x13, 5, rd, rd, six);
    case 1: return !is64 && six > 31 ? 0 : i_type(0x13, 5, rd, rd, six | 0x400);
    case 2: return i_type(0x13, 7, rd, rd, static_cast<std::uint32_t>(extended(six, 6)));
    default: break;
  }
  if (bits(h, 12, 1) != 0) {
    if (!is64 || bits(h, 5, 2) > 1) return 0;
    return r_type(0x3B, 0, bits(h, 5, 2) == 0 ? 0x20 : 0, rd, rd, rs2);
  }
  static constexpr unsigned kFunct3[] = {0, 4, 6, 7};
  return r_type(0x33, kFunct3[bits(h, 5, 2)], bits(h, 5, 2) == 0 ? 0x20 : 0, rd, rd, rs2);
}

std::uint32_t expand_quadrant1(std::uint32_t h, bool is64) {
  const unsigned rd = bits(h, 7, 5);
  const auto six = static_cast<std::uint32_t>(extended(bits(h, 2, 5) | (bits(h, 12, 1) << 5), 6));
  const auto jump = static_cast<std::uint32_t>(extended(
      (bits(h, 3, 3) << 1) | (bits(h, 11, 1) << 4) | (bits(h, 2, 1) << 5) | (bits(h, 7, 1) << 6) |
          (bits(h, 6, 1) << 7) | (bits(h, 9, 2) << 8) | (bits(h, 8, 1) << 10) | (bits(h, 12, 1) << 11),
      12));
  const auto branch = static_cast<std::uint32_t>(extended((bits(h, 3, 2) << 1) | (bits(h, 10, 2) << 3) |
                                                              (bits(h, 2, 1) << 5) | (bits(h, 5, 2) << 6) |
                                                              (bits(h, 12, 1) << 8),
                                                          9));
  switch (bits(h, 13, 3)) {
    case 0: return i_type(0x13, 0, rd, rd, six);
    case 1: return !is64 ? j_type(1, jump) : rd == 0 ? 0 : i_type(0x1B, 0, rd, rd, six);
    case 2: return i_type(0x13, 0, rd, 0, six);
    case 3:
      if (six == 0) return 0;
      if (rd == 2) {
        const std::uint32_t offset = (bits(h, 6, 1) << 4) | (bits(h, 2, 1) << 5) | (bits(h, 5, 1) << 6) |
                                     (bits(h, 3, 2) << 7) | (bits(h, 12, 1) << 9);
        return i_type(0x13, 0, 2, 2, static_cast<std::uint32_t>(extended(offset, 10)));
      }
      return 0x37 | (rd << 7) | (six << 12);
    case 4: return expand_arithmetic(h, is64);
    case 5: return j_type(0, jump);
    case 6: return b_type(0, 8 + bits(h, 7, 3), branch);
    default: return b_type(1, 8 + bits(h, 7, 3), branch);
  }
}

std::uint32_t expand_quadrant2(std::uint32_t h, bool is64) {
  const unsigned rd = bits(h, 7, 5);
  const unsigned rs2 = bits(h, 2, 5);
  const std::uint32_t six = rs2 | (bits(h, 12, 1) << 5);
  switch (bits(h, 13, 3)) {
    case 0: return !is64 && six > 31 ? 0 : i_type(0x13, 1, rd, rd, six);
    case 2:
      return rd == 0 ? 0
                     : i_type(0x03, 2, rd, 2,
                              (bits(h, 4, 3) << 2) | (bits(h, 12, 1) << 5) | (bits(h, 2, 2) << 6));
    case 3:
      if (!is64 || rd == 0) return 0;
      return i_type(0x03, 3, rd, 2, (bits(h, 5, 2) << 3) | (bits(h, 12, 1) << 5) | (bits(h, 2, 3) << 6));
    case 4:
      if (bits(h, 12, 1) == 0) {
        if (rs2 != 0) return r_type(0x33, 0, 0, rd, 0, rs2);
        return rd == 0 ? 0 : i_type(0x67, 0, 0, rd, 0);
      }
      if (rs2 != 0) return r_type(0x33, 0, 0, rd, rd, rs2);
      return rd == 0 ? 0x00100073 : i_type(0x67, 0, 1, rd, 0);
    case 6: return s_type(2, 2, rs2, (bits(h, 9, 4) << 2) | (bits(h, 7, 2) << 6));
    case 7: return is64 ? s_type(3, 2, rs2, (bits(h, 10, 3) << 3) | (bits(h, 7, 3) << 6)) : 0;
    default: return 0;
  }
}

int decode(BlockBuilder& builder, bool is64, std::uint64_t pc, ByteView code) {
  if (code.size() < 2) return kNeedMoreBytes;
  const std::uint32_t half = code[0] | (static_cast<std::uint32_t>(code[1]) << 8);
  std::uint32_t word = half;
  unsigned length = 2;
  switch (half & 3) {
    case 0: word = expand_quadrant0(half, is64); break;
    case 1: word = expand_quadrant1(half, is64); break;
    case 2: word = expand_quadrant2(half, is64); break;
    default:
      if ((half & 0x1F) == 0x1F) return kUnknownInstruction;  // longer than 32 bits
      if (code.size() < 4) return kNeedMoreBytes;
      word |= (static_cast<std::uint32_t>(code[2]) << 16) | (static_cast<std::uint32_t>(code[3]) << 24);
      length = 4;
  }
  return Decoder(builder, is64, pc, word, length).decode() ? static_cast<int>(length) : kUnknownInstruction;
}

int decode32(BlockBuilder& builder, std::uint64_t pc, ByteView code) {
  return decode(builder, false, pc, code);
}
int decode64(BlockBuilder& builder, std::uint64_t pc, ByteView code) {
  return decode(builder, true, pc, code);
}

constexpr std::uint16_t kElfMachine = 243;

constexpr Isa make(std::string_view name, bool is64) {
  Isa isa;
  isa.name = name;
  isa.elf_machine = kElfMachine;
  isa.address_bits = is64 ? 64 : 32;
  isa.alignment = 2;
  isa.max_length = 4;
  isa.decode = is64 ? decode64 : decode32;
  isa.registers = kRegisters;
  isa.stack_pointer = 2;
  isa.zero = 0;
  isa.hot = kHot;
  isa.abi = is64 ? Abi::generic64 : Abi::generic32;
  isa.call_number = 17;
  isa.arguments = {10, 11, 12, 13, 14, 15};
  isa.call_result = 10;
  isa.uname = name;
  return isa;
}

}  // namespace

constexpr Isa kRiscv64Row = make("riscv64", true);
constexpr Isa kRiscv32Row = make("riscv32", false);
const Isa kRiscv64 = kRiscv64Row;
const Isa kRiscv32 = kRiscv32Row;

}  // namespace assay::machine
