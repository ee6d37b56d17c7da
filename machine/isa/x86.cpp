// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// x86 (32-bit) and amd64: prefixes, the opcode maps, and the rows of the table. The user-level integer
// instructions of both; docs/machine/x86.md has the list.
#include "machine/isa/isa_table.h"
#include "machine/isa/x86_decoder.h"

namespace assay::machine {
namespace x86 {

int Decoder::decode() {
  const bool known = prefixes() && one_byte(byte());
  if (short_of_bytes_) return code_.size() >= kMaxLength ? kUnknownInstruction : kNeedMoreBytes;
  if (!known || address16_ || other_segment_) return kUnknownInstruction;
  if (lock_ && !lock_allowed_) return kUnknownInstruction;
  if (repeat_ != 0 && !repeat_allowed_) return kUnknownInstruction;
  return static_cast<int>(position_);
}

// Leaves position_ at the opcode. A REX prefix counts only right before it.
bool Decoder::prefixes() {
  while (position_ < code_.size()) {
    const unsigned value = code_[position_];
    switch (value) {
      case 0x26:
      case 0x2E:
      case 0x36:
      case 0x3E: break;  // es cs ss ds: flat, all of them
      case 0x64:
      case 0x65: other_segment_ = true; break;
      case 0x66: operand16_ = true; break;
      case 0x67: address_prefix_ = true; break;
      case 0xF0: lock_ = true; break;
      case 0xF2:
      case 0xF3: repeat_ = value; break;
      default:
        if (!is64_ || (value & 0xF0) != 0x40) return true;
        rex_ = value;
        ++position_;
        continue;
    }
    rex_ = 0;
    ++position_;
  }
  return true;
}

bool Decoder::one_byte(unsigned opcode) {
  if (opcode == 0x0F) return two_byte(byte());
  switch (opcode >> 6) {
    case 0: return alu_opcode(opcode);
    case 1: return quadrant_40(opcode);
    case 2: return quadrant_80(opcode);
    default: return quadrant_c0(opcode);
  }
}

// 00 to 3F: add or adc sbb and sub xor cmp in six forms each.
bool Decoder::alu_opcode(unsigned opcode) {
  const unsigned operation = opcode >> 3;
  const Width w = width_of(opcode);
  switch (opcode & 7) {
    case 0:
    case 1:
      modrm();
      alu(operation, w, rm(), read_reg(reg(), w));
      return true;
    case 2:
    case 3: {
      modrm();
      const Value b = read(rm(), w);
      alu(operation, w, place(reg()), b);
      return true;
    }
    case 4:
    case 5: {
      const std::int64_t value = immediate(w);
      alu(operation, w, place(kAx), imm(value));
      return true;
    }
    default: break;
  }
  if (is64_) return false;
  switch (opcode) {
    case 0x27:
    case 0x2F: decimal_adjust(opcode == 0x2F); return true;
    case 0x37:
    case 0x3F: ascii_adjust(opcode == 0x3F); return true;
    default: return false;  // segment registers
  }
}

bool Decoder::quadrant_40(unsigned opcode) {
  const unsigned low = (opcode & 7) | ((rex_ & 1) << 3);
  switch (opcode >> 3) {
    case 8:
    case 9:  // not with 64 bits: there they are REX
      increment(operand_width(), place(low), opcode >= 0x48);
      return true;
    case 10: {
      const Width w = stack_width();
      push(w, whole(low));
      return true;
    }
    case 11: pop_to(stack_width(), place(low)); return true;
    case 14:
    case 15: return branch_near(opcode & 15, Width::w8);
    default: break;
  }
  switch (opcode) {
    case 0x60:
      if (!is64_) push_all();
      return !is64_;
    case 0x61:
      if (!is64_) pop_all();
      return !is64_;
    case 0x63: {
      if (!is64_) return false;
      modrm();
      const Width w = operand_width();
      const Place from = rm();
      if (w != Width::w64) {
        write_reg(reg(), w, read(from, w));
      } else if (from.memory) {
        write_reg(reg(), w, b_.load_signed(Width::w32, from.base, from.disp));
      } else {
        write_reg(reg(), w, b_.sign_extend(Width::w32, whole(from.index)));
      }
      return true;
    }
    case 0x68:
    case 0x6A: {
      const std::int64_t value = immediate(opcode == 0x6A ? Width::w8 : stack_width());
      push(stack_width(), imm(value));
      return true;
    }
    case 0x69:
    case 0x6B: {
      modrm();
      const Width w = operand_width();
      const std::int64_t value = immediate(opcode == 0x6B ? Width::w8 : w);
      multiply_into(w, reg(), kept(read(rm(), w)), imm(value));
      return true;
    }
    default: return false;
  }
}

bool Decoder::quadrant_80(unsigned opcode) {
  const Width w = width_of(opcode);
  switch (opcode) {
    case 0x82:
      if (is64_) return false;
      [[fallthrough]];
    case 0x80:
    case 0x81:
    case 0x83: {
      modrm();
      const std::int64_t value = immediate(opcode == 0x81 ? w : Width::w8);
      alu(reg_low(), w, rm(), imm(value));
      return true;
    }
    case 0x84:
    case 0x85: {
      modrm();
      const Value a = read(rm(), w);
      test(w, a, read_reg(reg(), w));
      return true;
    }
    case 0x86:
    case 0x87:
      modrm();
      exchange(w, rm(), reg());
      return true;
    case 0x8F: {
      modrm();
      if (reg_low() != 0) return false;
      pop_to(stack_width(), rm(bytes_of(stack_width())));
      return true;
    }
    case 0x90:
      if (repeat_ == 0xF3) repeat_allowed_ = true;  // pause
      if ((rex_ & 1) == 0) return true;
      break;
    case 0x9B: float_wait(); return true;
    case 0x98: {
      const Width to = operand_width();
      const Width from = static_cast<Width>(static_cast<unsigned>(to) - 1);
      write_reg(kAx, to, sign_extended(to, from, whole(kAx)));
      return true;
    }
    case 0x99: {
      const Width to = operand_width();
      const Value a = to == Width::w16 ? b_.sign_extend_32(to, whole(kAx)) : whole(kAx);
      write_reg(kDx, to, b_.sar(computing(to), a, imm(bits_of(computing(to)) - 1)));
      return true;
    }
    case 0x9C: {
      const Value image = flags_image();
      push(stack_width(), image);
      return true;
    }
    case 0x9D: {
      const Width size = stack_width();
      const Value image = b_.load(size, stack_slot(), 0);
      refuse_system_flags(image);
      move_stack(bytes_of(size));
      set_flags_image(image);
      return true;
    }
    case 0x9E: {  // sahf
      const Value ah = b_.extract(whole(kAx), 8, 8);
      merge_flags(kArithmeticFlags & 0xFF, b_.bit_and(Width::w64, ah, imm(kArithmeticFlags & 0xFF)));
      return true;
    }
    case 0x9F: {  // lahf
      const Value ah = b_.bit_or(Width::w64, b_.get_flags(), imm(kFixedFlags));
      b_.set(kAx, b_.deposit(whole(kAx), ah, 8, 8));
      return true;
    }
    case 0xA8:
    case 0xA9: {
      const std::int64_t value = immediate(w);
      test(w, whole(kAx), imm(value));
      return true;
    }
    case 0x88:
    case 0x89:
    case 0x8A:
    case 0x8B:
    case 0x8D:
    case 0xA0:
    case 0xA1:
    case 0xA2:
    case 0xA3: return moves(opcode);
    default: break;
  }
  if (opcode >= 0xB0) return moves(opcode);
  if (opcode >= 0xA4) return string(opcode);
  if (opcode >= 0x90 && opcode < 0x98) {
    const unsigned low = (opcode & 7) | ((rex_ & 1) << 3);
    exchange(operand_width(), place(low), kAx);
    return true;
  }
  return false;
}

bool Decoder::moves(unsigned opcode) {
  Width w = width_of(opcode);
  switch (opcode) {
    case 0x88:
    case 0x89: {
      modrm();
      const Place to = rm();
      write(to, w, read_reg(reg(), w));
      return true;
    }
    case 0x8A:
    case 0x8B: {
      modrm();
      write_reg(reg(), w, read(rm(), w));
      return true;
    }
    case 0x8D:
      modrm();
      if (register_form()) return false;
      write_reg(reg(), w, effective_address(rm(), w));
      return true;
    case 0xA0:
    case 0xA1:
    case 0xA2:
    case 0xA3: {
      if (!is64_ && address_prefix_) return false;
      const std::uint64_t address = little_endian(bytes_of(address_width()));
      const Place at{true, 0, imm(address), 0};
      if (opcode < 0xA2) {
        write_reg(kAx, w, read(at, w));
      } else {
        write(at, w, whole(kAx));
      }
      return true;
    }
    default: break;
  }
  // B0 to BF: the only 64-bit immediates.
  w = opcode < 0xB8 ? Width::w8 : operand_width();
  const std::uint64_t value = little_endian(bytes_of(w));
  write_reg((opcode & 7) | ((rex_ & 1) << 3), w, imm(value));
  return true;
}

bool Decoder::quadrant_c0(unsigned opcode) {
  if (opcode >= 0xD8 && opcode <= 0xDF) return float_opcode(opcode);
  const Width w = width_of(opcode);
  switch (opcode) {
    case 0xC0:
    case 0xC1: {
      modrm();
      const unsigned count = byte();
      return shift_group(w, imm(count));
    }
    case 0xD0:
    case 0xD1: modrm(); return shift_group(w, imm(1));
    case 0xD2:
    case 0xD3: modrm(); return shift_group(w, shift_count(w));
    case 0xC2: {
      repeat_allowed_ = true;
      const auto release = static_cast<unsigned>(little_endian(2));
      return return_near(release);
    }
    case 0xC3: repeat_allowed_ = true; return return_near(0);
    case 0xC6:
    case 0xC7: {
      modrm();
      const std::int64_t value = immediate(w);
      if (reg_low() != 0) return false;
      write(rm(), w, imm(value));
      return true;
    }
    case 0xC8: return enter();
    case 0xC9: leave(); return true;
    case 0xCC: return interrupt(3);
    case 0xCD: return interrupt(byte());
    case 0xD4: return !is64_ && ascii_multiply();
    case 0xD5: return !is64_ && ascii_divide();
    case 0xD7: {
      if (!is64_ && address_prefix_) return false;
      const Value low = b_.zero_extend(Width::w8, whole(kAx));
      const Value at = b_.add(address_width(), whole(kBx), low);
      write_reg(kAx, Width::w8, b_.load(Width::w8, at, 0));
      return true;
    }
    case 0xE0:
    case 0xE1:
    case 0xE2:
    case 0xE3: return loop(opcode & 3);
    case 0xE8: repeat_allowed_ = repeat_ == 0xF2; return call_near();
    case 0xE9: repeat_allowed_ = repeat_ == 0xF2; return jump_near(Width::w32);
    case 0xEB: repeat_allowed_ = repeat_ == 0xF2; return jump_near(Width::w8);
    case 0xF5: merge_flags(kFlagCarry, b_.get_flag(FlagCondition::not_carry)); return true;
    case 0xF8: merge_flags(kFlagCarry, imm(0)); return true;
    case 0xF9: merge_flags(kFlagCarry, imm(1)); return true;
    case 0xFC:
    case 0xFD: b_.set(direction_slot(is64_), imm(opcode & 1)); return true;
    case 0xF6:
    case 0xF7: modrm(); return group_f6(w);
    case 0xFE:
    case 0xFF: modrm(); return group_fe(opcode);
    default: return false;
  }
}

// test (test) not neg mul imul div idiv
bool Decoder::group_f6(Width w) {
  if (reg_low() <= 1) {
    const std::int64_t value = immediate(w);
    test(w, read(rm(), w), imm(value));
    return true;
  }
  const Place operand = rm();
  switch (reg_low()) {
    case 2:
      lockable(operand);
      write(operand, w, b_.bit_not(computing(w), read(operand, w)));
      return true;
    case 3: negate(w, operand); return true;
    case 4:
    case 5: multiply(w, kept(read(operand, w)), reg_low() == 5); return true;
    default: divide(w, read(operand, w), reg_low() == 7); return true;
  }
}

// inc dec call (far call) jmp (far jmp) push
bool Decoder::group_fe(unsigned opcode) {
  if (reg_low() <= 1) {
    increment(width_of(opcode), rm(), reg_low() == 1);
    return true;
  }
  if (opcode == 0xFE) return false;
  switch (reg_low()) {
    case 2: repeat_allowed_ = repeat_ == 0xF2; return call_indirect();
    case 4: repeat_allowed_ = repeat_ == 0xF2; return jump_indirect();
    case 6: push(stack_width(), read(rm(), stack_width())); return true;
    default: return false;
  }
}

bool Decoder::two_byte(unsigned opcode) {
  const Width w = operand_width();
  const Width byte_or_wide = width_of(opcode);
  switch (opcode >> 4) {
    case 4: {
      modrm();
      const Value value = read(rm(), w);
      const Value chosen =
          b_.select(b_.get_flag(static_cast<FlagCondition>(opcode & 15)), value, whole(reg()));
      write_reg(reg(), w, w == Width::w32 ? zero_extended(w, chosen) : chosen);
      return true;
    }
    case 8: repeat_allowed_ = repeat_ == 0xF2; return branch_near(opcode & 15, Width::w32);
    case 9: {
      modrm();
      const Place to = rm();
      write(to, Width::w8, b_.get_flag(static_cast<FlagCondition>(opcode & 15)));
      return true;
    }
    default: break;
  }
  switch (opcode) {
    case 0x05: return system_call_64();
    case 0x0D:  // prefetches and hints: nothing happens, not even a fault
    case 0x18:
    case 0x19:
    case 0x1A:
    case 0x1B:
    case 0x1C:
    case 0x1D:
    case 0x1E:
    case 0x1F:
      repeat_allowed_ = opcode == 0x1E && repeat_ == 0xF3;  // endbr32, endbr64
      modrm();
      return opcode != 0x0D || !register_form();
    case 0xA3: modrm(); return bit_test(w, 4, false);
    case 0xAB: modrm(); return bit_test(w, 5, false);
    case 0xB3: modrm(); return bit_test(w, 6, false);
    case 0xBB: modrm(); return bit_test(w, 7, false);
    case 0xBA: modrm(); return reg_low() >= 4 && bit_test(w, reg_low(), true);
    case 0xA4:
    case 0xAC: {
      modrm();
      const unsigned count = byte();
      shift_double(w, rm(), opcode == 0xA4, whole(reg()), imm(count));
      return true;
    }
    case 0xA5:
    case 0xAD:
      modrm();
      shift_double(w, rm(), opcode == 0xA5, kept(whole(reg())), shift_count(w));
      return true;
    case 0xAE:  // lfence mfence sfence
      modrm();
      return register_form() && reg_low() >= 5 && !operand16_;
    case 0xAF: {
      modrm();
      const Value b = kept(read(rm(), w));
      multiply_into(w, reg(), whole(reg()), b);
      return true;
    }
    case 0xB0:
    case 0xB1:
      modrm();
      compare_exchange(byte_or_wide, rm(), reg());
      return true;
    case 0xB6:
    case 0xB7: {
      modrm();
      const Width from = opcode == 0xB6 ? Width::w8 : Width::w16;
      const Place source = rm();
      const Value value = read(source, from);
      write_reg(reg(), w, source.memory ? value : b_.zero_extend(from, value));
      return true;
    }
    case 0xBE:
    case 0xBF: {
      modrm();
      const Width from = opcode == 0xBE ? Width::w8 : Width::w16;
      const Place source = rm();
      if (!source.memory) {
        write_reg(reg(), w, sign_extended(w, from, read(source, from)));
      } else if (w == Width::w64) {
        write_reg(reg(), w, b_.load_signed(from, source.base, source.disp));
      } else {
        write_reg(reg(), w, b_.load_signed_32(from, source.base, source.disp));
      }
      return true;
    }
    case 0xBC:
    case 0xBD:
      modrm();
      bit_scan(w, opcode == 0xBD);
      return true;
    case 0xC0:
    case 0xC1:
      modrm();
      exchange_add(byte_or_wide, rm(), reg());
      return true;
    case 0xC7: modrm(); return reg_low() == 1 && compare_exchange_pair();
    default: break;
  }
  if (opcode >= 0xC8 && opcode <= 0xCF && w != Width::w16) {
    const unsigned low = (opcode & 7) | ((rex_ & 1) << 3);
    write_reg(low, w, b_.unary(Op::byte_swap, w, whole(low)));
    return true;
  }
  return vector_opcode(opcode);
}

}  // namespace x86

namespace {

constexpr std::string_view kRegisters64[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8",
                                             "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "df"};
constexpr std::string_view kRegisters32[] = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "df"};
constexpr Slot kHot64[] = {0, 4, 3, 5, 7, 1, 2, 6, 14, 13, 15, 12, 8, 9, 10, 11};
constexpr Slot kHot32[] = {0, 4, 3, 5, 1, 2, 7, 6};

int decode32(BlockBuilder& builder, std::uint64_t pc, ByteView code) {
  return x86::Decoder(builder, false, pc, code).decode();
}
int decode64(BlockBuilder& builder, std::uint64_t pc, ByteView code) {
  return x86::Decoder(builder, true, pc, code).decode();
}

std::uint64_t unit(std::uint64_t* slots, std::uint64_t operation, std::uint64_t a, std::uint64_t b) {
  const auto execute = (operation & sse::Operation::kMark) != 0 ? sse::execute : x87::execute;
  return execute(slots, operation, a, b);
}

constexpr std::uint16_t kElf386 = 3;
constexpr std::uint16_t kElfAmd64 = 62;

constexpr Isa make_amd64() {
  Isa isa;
  isa.name = "amd64";
  isa.elf_machine = kElfAmd64;
  isa.address_bits = 64;
  isa.max_length = x86::kMaxLength;
  isa.decode = decode64;
  isa.registers = kRegisters64;
  isa.flag_letters = "CPAZSO";
  isa.unit = unit;
  isa.stack_pointer = x86::kSp;
  isa.hot = kHot64;
  isa.abi = Abi::amd64;
  isa.call_number = x86::kAx;
  isa.arguments = {7, 6, 2, 10, 8, 9};
  isa.call_result = x86::kAx;
  isa.uname = "x86_64";
  return isa;
}

constexpr Isa make_x86() {
  Isa isa;
  isa.name = "x86";
  isa.elf_machine = kElf386;
  isa.address_bits = 32;
  isa.max_length = x86::kMaxLength;
  isa.read_implies_execute = true;
  isa.decode = decode32;
  isa.registers = kRegisters32;
  isa.flag_letters = "CPAZSO";
  isa.unit = unit;
  isa.stack_pointer = x86::kSp;
  isa.hot = kHot32;
  isa.abi = Abi::x86;
  isa.call_number = x86::kAx;
  isa.arguments = {3, 1, 2, 6, 7, 5};
  isa.call_result = x86::kAx;
  isa.uname = "i686";
  return isa;
}

}  // namespace

constexpr Isa kAmd64Row = make_amd64();
constexpr Isa kX86Row = make_x86();
const Isa kAmd64 = kAmd64Row;
const Isa kX86 = kX86Row;

}  // namespace assay::machine
