// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RISC-V: the words of its M1 texts, "rd_a0 rs1_sp !16 ld", "rs1_a0 @done beqz", "$Fail jal", and alone in a
// DEFINE. What no word says is zero.
#include <algorithm>
#include <array>

#include "bootstrap/lint/claim.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

constexpr std::array<std::string_view, 33> kRegisters{
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1",  "a0",  "a1", "a2", "a3", "a4", "a5", "a6",
    "a7",   "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6", "fp"};

enum class Format : std::uint8_t { r, i, s, b, u, j, shift, system };

/// An instruction of the base set and its multiplications, and what the assembler's short names for it fix.
struct Row {
  std::string_view name;
  Format format;
  std::uint32_t value;
};

constexpr std::array<Row, 71> kRows{{
    {"lui", Format::u, 0x37},
    {"auipc", Format::u, 0x17},
    {"jal", Format::j, 0x6F},
    {"jalr", Format::i, 0x67},
    {"beq", Format::b, 0x63},
    {"bne", Format::b, 0x1063},
    {"blt", Format::b, 0x4063},
    {"bge", Format::b, 0x5063},
    {"bltu", Format::b, 0x6063},
    {"bgeu", Format::b, 0x7063},
    {"lb", Format::i, 0x03},
    {"lh", Format::i, 0x1003},
    {"lw", Format::i, 0x2003},
    {"lbu", Format::i, 0x4003},
    {"lhu", Format::i, 0x5003},
    {"sb", Format::s, 0x23},
    {"sh", Format::s, 0x1023},
    {"sw", Format::s, 0x2023},
    {"addi", Format::i, 0x13},
    {"slti", Format::i, 0x2013},
    {"sltiu", Format::i, 0x3013},
    {"xori", Format::i, 0x4013},
    {"ori", Format::i, 0x6013},
    {"andi", Format::i, 0x7013},
    {"slli", Format::shift, 0x1013},
    {"srli", Format::shift, 0x5013},
    {"srai", Format::shift, 0x40005013},
    {"add", Format::r, 0x33},
    {"sub", Format::r, 0x40000033},
    {"sll", Format::r, 0x1033},
    {"slt", Format::r, 0x2033},
    {"sltu", Format::r, 0x3033},
    {"xor", Format::r, 0x4033},
    {"srl", Format::r, 0x5033},
    {"sra", Format::r, 0x40005033},
    {"or", Format::r, 0x6033},
    {"and", Format::r, 0x7033},
    {"ecall", Format::system, 0x73},
    {"ebreak", Format::system, 0x100073},
    {"lwu", Format::i, 0x6003},
    {"ld", Format::i, 0x3003},
    {"sd", Format::s, 0x3023},
    {"addiw", Format::i, 0x1B},
    {"slliw", Format::shift, 0x101B},
    {"srliw", Format::shift, 0x501B},
    {"sraiw", Format::shift, 0x4000501B},
    {"addw", Format::r, 0x3B},
    {"subw", Format::r, 0x4000003B},
    {"sllw", Format::r, 0x103B},
    {"srlw", Format::r, 0x503B},
    {"sraw", Format::r, 0x4000503B},
    {"mul", Format::r, 0x2000033},
    {"mulh", Format::r, 0x2001033},
    {"mulhsu", Format::r, 0x2002033},
    {"mulhu", Format::r, 0x2003033},
    {"div", Format::r, 0x2004033},
    {"divu", Format::r, 0x2005033},
    {"rem", Format::r, 0x2006033},
    {"remu", Format::r, 0x2007033},
    {"mulw", Format::r, 0x200003B},
    {"divw", Format::r, 0x200403B},
    {"divuw", Format::r, 0x200503B},
    {"remw", Format::r, 0x200603B},
    {"remuw", Format::r, 0x200703B},
    {"nop", Format::i, 0x13},
    {"mv", Format::i, 0x13},
    {"not", Format::i, 0xFFF04013},
    {"beqz", Format::b, 0x63},
    {"bnez", Format::b, 0x1063},
    {"bltz", Format::b, 0x4063},
    {"ret", Format::i, 0x8067},
}};

std::uint32_t sign_bits(std::uint32_t value, unsigned bits) {
  return (value ^ (1U << (bits - 1))) - (1U << (bits - 1));
}

/// The immediate of a word, as the assembler would write it: of lui and auipc the upper 20 bits.
std::int32_t immediate_of(Format format, std::uint32_t word) {
  switch (format) {
    case Format::i: return static_cast<std::int32_t>(sign_bits(word >> 20, 12));
    case Format::s: return static_cast<std::int32_t>(sign_bits((word >> 25) << 5 | (word >> 7 & 31), 12));
    case Format::b:
      return static_cast<std::int32_t>(sign_bits(
          (word >> 31) << 12 | (word >> 7 & 1) << 11 | (word >> 25 & 63) << 5 | (word >> 8 & 15) << 1, 13));
    case Format::j:
      return static_cast<std::int32_t>(sign_bits(
          (word >> 31) << 20 | (word >> 12 & 255) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 1023) << 1,
          21));
    case Format::u: return static_cast<std::int32_t>(word >> 12);
    case Format::r:
    case Format::shift:
    case Format::system: break;
  }
  return 0;
}

constexpr std::uint32_t kFunct3 = 0x7000;
constexpr std::uint32_t kFunct7 = 0xFE000000;

/// The bits that are neither register nor immediate.
std::uint32_t fixed_bits(Format format) {
  switch (format) {
    case Format::u:
    case Format::j: return 0x7F;
    case Format::i:
    case Format::s:
    case Format::b: return 0x7F | kFunct3;
    case Format::shift: return 0x7F | kFunct3 | 0xFC000000;
    case Format::r: return 0x7F | kFunct3 | kFunct7;
    case Format::system: return 0xFFFFFFFF;
  }
  return 0;
}

struct Claim {
  std::uint32_t rd = 0, rs1 = 0, rs2 = 0;
  const Row* row = nullptr;
  char sigil = 0;
  std::int64_t number = 0;
  std::optional<std::string> label;
};

std::optional<Claim> read_claim(std::string_view text) {
  Claim claim;
  for (const std::string_view word : split(text, kBlanks)) {
    if (claim.row != nullptr) return std::nullopt;  // the instruction comes last
    const auto bar = word.find('_');
    const auto number = bar == std::string_view::npos ? std::nullopt : riscv_register(word.substr(bar + 1));
    if (number && word.starts_with("rd_")) {
      claim.rd = *number;
    } else if (number && word.starts_with("rs1_")) {
      claim.rs1 = *number;
    } else if (number && word.starts_with("rs2_")) {
      claim.rs2 = *number;
    } else if (word.size() > 1 && std::string_view("!@~$").find(word[0]) != std::string_view::npos) {
      if (claim.sigil != 0) return std::nullopt;
      claim.sigil = word[0];
      if (const auto value = number_in(word.substr(1))) {
        claim.number = *value;
      } else {
        claim.label = std::string(word.substr(1, word.find('>') - 1));
      }
    } else {
      const auto row = std::ranges::find(kRows, word, &Row::name);
      if (row == kRows.end()) return std::nullopt;
      claim.row = &*row;
    }
  }
  if (claim.row == nullptr) return std::nullopt;
  return claim;
}

}  // namespace

std::optional<unsigned> riscv_register(std::string_view name) {
  if (name == "fp") return 8;
  if (name.starts_with('x')) {
    const auto number = number_in(name.substr(1));
    if (number && *number >= 0 && *number < 32) return static_cast<unsigned>(*number);
  }
  const auto at = std::ranges::find(kRegisters, name);
  if (at == kRegisters.end()) return std::nullopt;
  return static_cast<unsigned>(at - kRegisters.begin());
}

std::optional<Judgement> judge_riscv(std::string_view words, const Code& code,
                                     const disassembly::Disassembler& disassembler) {
  const std::optional<Claim> claim = read_claim(words);
  if (!claim || code.bytes.size() != 4) return std::nullopt;
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4; ++i) word |= std::uint32_t{code.bytes[i]} << (8 * i);
  const Format format = claim->row->format;
  const bool has_rd = format != Format::s && format != Format::b && format != Format::system;
  const bool has_rs1 = format != Format::u && format != Format::j && format != Format::system;
  const bool has_rs2 =
      format == Format::r || format == Format::s || format == Format::b || format == Format::shift;

  Judgement judgement;
  if (const auto read = disassembler.disassemble(code.bytes, code.address); !read.empty())
    judgement.actual = read[0].text();
  const auto field = [word](unsigned at) { return word >> at & 31; };
  const std::uint32_t value = claim->row->value;
  const bool same_registers =
      (!has_rd || field(7) == claim->rd) &&
      (!has_rs1 || field(15) == (claim->rs1 | (value >> 15 & 31 & (claim->row->name == "ret" ? 31U : 0U)))) &&
      (!has_rs2 || field(20) == claim->rs2);
  if ((word & fixed_bits(format)) != (value & fixed_bits(format)) || !same_registers) {
    judgement.fault = Fault::instruction;
    return judgement;
  }
  if (format == Format::r || format == Format::shift || format == Format::system) return judgement;
  const std::int32_t immediate = immediate_of(format, word);
  judgement.label = claim->label;
  if (claim->label) {
    if (format == Format::b || format == Format::j)
      judgement.label_value = code.address + static_cast<std::uint64_t>(std::int64_t{immediate});
    return judgement;
  }
  std::int64_t expected = claim->number;
  if (format == Format::u) expected = (expected + 0x800) >> 12 & 0xFFFFF;
  if (claim->row->name == "not") expected = -1;
  if (format == Format::u ? immediate != expected
                          : !same_field(immediate, expected) && (immediate & 0xFFF) != (expected & 0xFFF))
    judgement.fault = Fault::number;
  return judgement;
}

}  // namespace assay::bootstrap::lint
