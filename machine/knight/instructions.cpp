// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table, and how a row of it is found: by form and code in one array made when this is compiled.
#include "machine/knight/instructions.h"

#include <algorithm>

namespace assay::machine::knight {
namespace {

constexpr std::uint8_t of(Condition condition) { return static_cast<std::uint8_t>(condition); }
constexpr std::uint8_t of(Shift shift) { return static_cast<std::uint8_t>(shift); }

constexpr Row kNop{Form::none, 0, "NOP", Op::nop};
constexpr Row kHalt{Form::none, 0, "HALT", Op::halt};

// clang-format off
constexpr Row kRows[] = {
    {Form::abcd, 0x00, "ADD.CI", Op::add_carry, kCarryIn, true},
    {Form::abcd, 0x01, "ADD.CO", Op::add_carry, kCarryOut, true},
    {Form::abcd, 0x02, "ADD.CIO", Op::add_carry, kCarryIn | kCarryOut, true},
    {Form::abcd, 0x03, "ADDU.CI", Op::add_carry, kCarryIn},
    {Form::abcd, 0x04, "ADDU.CO", Op::add_carry, kCarryOut},
    {Form::abcd, 0x05, "ADDU.CIO", Op::add_carry, kCarryIn | kCarryOut},
    {Form::abcd, 0x06, "SUB.BI", Op::subtract_borrow, kCarryIn, true},
    {Form::abcd, 0x07, "SUB.BO", Op::subtract_borrow, kCarryOut, true},
    {Form::abcd, 0x08, "SUB.BIO", Op::subtract_borrow, kCarryIn | kCarryOut, true},
    {Form::abcd, 0x09, "SUBU.BI", Op::subtract_borrow, kCarryIn},
    {Form::abcd, 0x0A, "SUBU.BO", Op::subtract_borrow, kCarryOut},
    {Form::abcd, 0x0B, "SUBU.BIO", Op::subtract_borrow, kCarryIn | kCarryOut},
    {Form::abcd, 0x0C, "MULTIPLY", Op::multiply, 0, true},
    {Form::abcd, 0x0D, "MULTIPLYU", Op::multiply},
    {Form::abcd, 0x0E, "DIVIDE", Op::divide, 0, true},
    {Form::abcd, 0x0F, "DIVIDEU", Op::divide},
    {Form::abcd, 0x10, "MUX", Op::mux, 1},
    {Form::abcd, 0x11, "NMUX", Op::mux, 0},
    {Form::abcd, 0x12, "SORT", Op::sort, 0, true},
    {Form::abcd, 0x13, "SORTU", Op::sort},

    {Form::abc, 0x000, "ADD", Op::add, 0, true},
    {Form::abc, 0x001, "ADDU", Op::add},
    {Form::abc, 0x002, "SUB", Op::subtract, 0, true},
    {Form::abc, 0x003, "SUBU", Op::subtract},
    {Form::abc, 0x004, "CMP", Op::compare, 0, true},
    {Form::abc, 0x005, "CMPU", Op::compare},
    {Form::abc, 0x006, "MUL", Op::multiply_low, 0, true},
    {Form::abc, 0x007, "MULH", Op::multiply_high, 0, true},
    {Form::abc, 0x008, "MULU", Op::multiply_low},
    {Form::abc, 0x009, "MULUH", Op::multiply_high},
    {Form::abc, 0x00A, "DIV", Op::quotient, 0, true},
    {Form::abc, 0x00B, "MOD", Op::rest, 0, true},
    {Form::abc, 0x00C, "DIVU", Op::quotient},
    {Form::abc, 0x00D, "MODU", Op::rest},
    {Form::abc, 0x010, "MAX", Op::maximum, 0, true},
    {Form::abc, 0x011, "MAXU", Op::maximum},
    {Form::abc, 0x012, "MIN", Op::minimum, 0, true},
    {Form::abc, 0x013, "MINU", Op::minimum},
    {Form::abc, 0x020, "AND", Op::logic, 0b1000},
    {Form::abc, 0x021, "OR", Op::logic, 0b1110},
    {Form::abc, 0x022, "XOR", Op::logic, 0b0110},
    {Form::abc, 0x023, "NAND", Op::logic, 0b0111},
    {Form::abc, 0x024, "NOR", Op::logic, 0b0001},
    {Form::abc, 0x025, "XNOR", Op::logic, 0b1001},
    {Form::abc, 0x026, "MPQ", Op::logic, 0b0010},
    {Form::abc, 0x027, "LPQ", Op::logic, 0b0100},
    {Form::abc, 0x028, "CPQ", Op::logic, 0b1011},
    {Form::abc, 0x029, "BPQ", Op::logic, 0b1101},
    {Form::abc, 0x030, "SAL", Op::shift, of(Shift::left)},
    {Form::abc, 0x031, "SAR", Op::shift, of(Shift::right)},
    {Form::abc, 0x032, "SL0", Op::shift, of(Shift::left_zeros)},
    {Form::abc, 0x033, "SR0", Op::shift, of(Shift::right_zeros)},
    {Form::abc, 0x034, "SL1", Op::shift, of(Shift::left_ones)},
    {Form::abc, 0x035, "SR1", Op::shift, of(Shift::right_ones)},
    {Form::abc, 0x036, "ROL", Op::shift, of(Shift::around_right)},
    {Form::abc, 0x037, "ROR", Op::shift, of(Shift::around_left)},
    {Form::abc, 0x038, "LOADX", Op::load, 0, true},
    {Form::abc, 0x039, "LOADX8", Op::load, 1, true},
    {Form::abc, 0x03A, "LOADXU8", Op::load, 1},
    {Form::abc, 0x03B, "LOADX16", Op::load, 2, true},
    {Form::abc, 0x03C, "LOADXU16", Op::load, 2},
    {Form::abc, 0x03D, "LOADX32", Op::load, 4, true},
    {Form::abc, 0x03E, "LOADXU32", Op::load, 4, true},
    {Form::abc, 0x048, "STOREX", Op::store, 0},
    {Form::abc, 0x049, "STOREX8", Op::store, 1},
    {Form::abc, 0x04A, "STOREX16", Op::store, 2},
    {Form::abc, 0x04B, "STOREX32", Op::store, 4},
    {Form::abc, 0x050, "CMPJUMP.G", Op::compare_jump, of(Condition::greater), true},
    {Form::abc, 0x051, "CMPJUMP.GE", Op::compare_jump, of(Condition::greater_equal), true},
    {Form::abc, 0x052, "CMPJUMP.E", Op::compare_jump, of(Condition::equal), true},
    {Form::abc, 0x053, "CMPJUMP.NE", Op::compare_jump, of(Condition::not_equal), true},
    {Form::abc, 0x054, "CMPJUMP.LE", Op::compare_jump, of(Condition::less_equal), true},
    {Form::abc, 0x055, "CMPJUMP.L", Op::compare_jump, of(Condition::less), true},
    {Form::abc, 0x060, "CMPJUMPU.G", Op::compare_jump, of(Condition::greater)},
    {Form::abc, 0x061, "CMPJUMPU.GE", Op::compare_jump, of(Condition::greater_equal)},
    {Form::abc, 0x064, "CMPJUMPU.LE", Op::compare_jump, of(Condition::less_equal)},
    {Form::abc, 0x065, "CMPJUMPU.L", Op::compare_jump, of(Condition::less)},

    {Form::ab, 0x0000, "NEG", Op::negate},
    {Form::ab, 0x0001, "ABS", Op::absolute},
    {Form::ab, 0x0002, "NABS", Op::negative_absolute},
    {Form::ab, 0x0003, "SWAP", Op::swap},
    {Form::ab, 0x0004, "COPY", Op::copy},
    {Form::ab, 0x0005, "MOVE", Op::move},
    {Form::ab, 0x0006, "NOT", Op::complement},
    {Form::ab, 0x0100, "BRANCH", Op::branch},
    {Form::ab, 0x0101, "CALL", Op::call},
    {Form::ab, 0x0200, "PUSHR", Op::push, 0},
    {Form::ab, 0x0201, "PUSH8", Op::push, 1},
    {Form::ab, 0x0202, "PUSH16", Op::push, 2},
    {Form::ab, 0x0203, "PUSH32", Op::push, 4},
    {Form::ab, 0x0280, "POPR", Op::pop, 0},
    {Form::ab, 0x0281, "POP8", Op::pop, 1, true},
    {Form::ab, 0x0282, "POPU8", Op::pop, 1},
    {Form::ab, 0x0283, "POP16", Op::pop, 2, true},
    {Form::ab, 0x0284, "POPU16", Op::pop, 2},
    {Form::ab, 0x0285, "POP32", Op::pop, 4, true},
    {Form::ab, 0x0286, "POPU32", Op::pop, 4},
    {Form::ab, 0x0300, "CMPSKIP.G", Op::compare_skip, of(Condition::greater), true},
    {Form::ab, 0x0301, "CMPSKIP.GE", Op::compare_skip, of(Condition::greater_equal), true},
    {Form::ab, 0x0302, "CMPSKIP.E", Op::compare_skip, of(Condition::equal), true},
    {Form::ab, 0x0303, "CMPSKIP.NE", Op::compare_skip, of(Condition::not_equal), true},
    {Form::ab, 0x0304, "CMPSKIP.LE", Op::compare_skip, of(Condition::less_equal), true},
    {Form::ab, 0x0305, "CMPSKIP.L", Op::compare_skip, of(Condition::less), true},
    {Form::ab, 0x0380, "CMPSKIPU.G", Op::compare_skip, of(Condition::greater)},
    {Form::ab, 0x0381, "CMPSKIPU.GE", Op::compare_skip, of(Condition::greater_equal)},
    {Form::ab, 0x0384, "CMPSKIPU.LE", Op::compare_skip, of(Condition::less_equal)},
    {Form::ab, 0x0385, "CMPSKIPU.L", Op::compare_skip, of(Condition::less)},

    {Form::a, 0x00000, "READPC", Op::read_pc},
    {Form::a, 0x00001, "READSCID", Op::read_scid},
    {Form::a, 0x00002, "FALSE", Op::constant, 0},
    {Form::a, 0x00003, "TRUE", Op::constant, 0xFF},
    {Form::a, 0x01000, "JSR_COROUTINE", Op::jump_register},
    {Form::a, 0x01001, "RET", Op::pop_pc},
    {Form::a, 0x02000, "PUSHPC", Op::push_pc},
    {Form::a, 0x02001, "POPPC", Op::pop_pc},

    {Form::abi, 0x00, "SET.G", Op::set_if, of(Condition::greater)},
    {Form::abi, 0x01, "SET.GE", Op::set_if, of(Condition::greater_equal)},
    {Form::abi, 0x02, "SET.E", Op::set_if, of(Condition::equal)},
    {Form::abi, 0x03, "SET.NE", Op::set_if, of(Condition::not_equal)},
    {Form::abi, 0x04, "SET.LE", Op::set_if, of(Condition::less_equal)},
    {Form::abi, 0x05, "SET.L", Op::set_if, of(Condition::less)},
    {Form::abi, 0x0E, "ADDI", Op::add, 0, true},
    {Form::abi, 0x0F, "ADDUI", Op::add},
    {Form::abi, 0x10, "SUBI", Op::subtract, 0, true},
    {Form::abi, 0x11, "SUBUI", Op::subtract},
    {Form::abi, 0x12, "CMPI", Op::compare, 0, true},
    {Form::abi, 0x13, "LOAD", Op::load, 0, true},
    {Form::abi, 0x14, "LOAD8", Op::load, 1, true},
    {Form::abi, 0x15, "LOADU8", Op::load, 1},
    {Form::abi, 0x16, "LOAD16", Op::load, 2, true},
    {Form::abi, 0x17, "LOADU16", Op::load, 2},
    {Form::abi, 0x18, "LOAD32", Op::load, 4, true},
    {Form::abi, 0x19, "LOADU32", Op::load, 4},
    {Form::abi, 0x1F, "CMPUI", Op::compare},
    {Form::abi, 0x20, "STORE", Op::store, 0},
    {Form::abi, 0x21, "STORE8", Op::store, 1},
    {Form::abi, 0x22, "STORE16", Op::store, 2},
    {Form::abi, 0x23, "STORE32", Op::store, 4},
    {Form::abi, 0xB0, "ANDI", Op::logic, 0b1000},
    {Form::abi, 0xB1, "ORI", Op::logic, 0b1110},
    {Form::abi, 0xB2, "XORI", Op::logic, 0b0110},
    {Form::abi, 0xB3, "NANDI", Op::logic, 0b0111},
    {Form::abi, 0xB4, "NORI", Op::logic, 0b0001},
    {Form::abi, 0xB5, "XNORI", Op::logic, 0b1001},
    {Form::abi, 0xC0, "CMPJUMPI.G", Op::compare_jump, of(Condition::greater), true},
    {Form::abi, 0xC1, "CMPJUMPI.GE", Op::compare_jump, of(Condition::greater_equal), true},
    {Form::abi, 0xC2, "CMPJUMPI.E", Op::compare_jump, of(Condition::equal), true},
    {Form::abi, 0xC3, "CMPJUMPI.NE", Op::compare_jump, of(Condition::not_equal), true},
    {Form::abi, 0xC4, "CMPJUMPI.LE", Op::compare_jump, of(Condition::less_equal), true},
    {Form::abi, 0xC5, "CMPJUMPI.L", Op::compare_jump, of(Condition::less), true},
    {Form::abi, 0xD0, "CMPJUMPUI.G", Op::compare_jump, of(Condition::greater)},
    {Form::abi, 0xD1, "CMPJUMPUI.GE", Op::compare_jump, of(Condition::greater_equal)},
    {Form::abi, 0xD4, "CMPJUMPUI.LE", Op::compare_jump, of(Condition::less_equal)},
    {Form::abi, 0xD5, "CMPJUMPUI.L", Op::compare_jump, of(Condition::less)},

    {Form::ai, 0x2C0, "JUMP.C", Op::jump_if, of(Condition::carry)},
    {Form::ai, 0x2C1, "JUMP.B", Op::jump_if, of(Condition::borrow)},
    {Form::ai, 0x2C2, "JUMP.O", Op::jump_if, of(Condition::overflow)},
    {Form::ai, 0x2C3, "JUMP.G", Op::jump_if, of(Condition::greater)},
    {Form::ai, 0x2C4, "JUMP.GE", Op::jump_if, of(Condition::greater_equal)},
    {Form::ai, 0x2C5, "JUMP.E", Op::jump_if, of(Condition::equal)},
    {Form::ai, 0x2C6, "JUMP.NE", Op::jump_if, of(Condition::not_equal)},
    {Form::ai, 0x2C7, "JUMP.LE", Op::jump_if, of(Condition::less_equal)},
    {Form::ai, 0x2C8, "JUMP.L", Op::jump_if, of(Condition::less)},
    {Form::ai, 0x2C9, "JUMP.Z", Op::jump_if, of(Condition::zero)},
    {Form::ai, 0x2CA, "JUMP.NZ", Op::jump_if, of(Condition::not_zero)},
    {Form::ai, 0x2CB, "JUMP.P", Op::jump_if, of(Condition::not_negative)},
    {Form::ai, 0x2CC, "JUMP.NP", Op::jump_if, of(Condition::negative)},
    {Form::ai, 0x2D0, "CALLI", Op::call_immediate},
    {Form::ai, 0x2D1, "LOADI", Op::immediate},
    {Form::ai, 0x2D2, "LOADUI", Op::immediate},
    {Form::ai, 0x2D3, "SALI", Op::shift, of(Shift::left)},
    {Form::ai, 0x2D4, "SARI", Op::shift, of(Shift::right)},
    {Form::ai, 0x2D5, "SL0I", Op::shift, of(Shift::left_zeros)},
    {Form::ai, 0x2D6, "SR0I", Op::shift, of(Shift::right_zeros)},
    {Form::ai, 0x2D7, "SL1I", Op::shift, of(Shift::left_ones)},
    {Form::ai, 0x2D8, "SR1I", Op::shift, of(Shift::right_ones)},
    {Form::ai, 0x2E0, "LOADR", Op::load, 0, true},
    {Form::ai, 0x2E1, "LOADR8", Op::load, 1, true},
    {Form::ai, 0x2E2, "LOADRU8", Op::load, 1},
    {Form::ai, 0x2E3, "LOADR16", Op::load, 2, true},
    {Form::ai, 0x2E4, "LOADRU16", Op::load, 2},
    {Form::ai, 0x2E5, "LOADR32", Op::load, 4, true},
    {Form::ai, 0x2E6, "LOADRU32", Op::load, 4},
    {Form::ai, 0x2F0, "STORER", Op::store, 0},
    {Form::ai, 0x2F1, "STORER8", Op::store, 1},
    {Form::ai, 0x2F2, "STORER16", Op::store, 2},
    {Form::ai, 0x2F3, "STORER32", Op::store, 4},
    {Form::ai, 0xA00, "CMPSKIPI.G", Op::compare_skip, of(Condition::greater), true},
    {Form::ai, 0xA01, "CMPSKIPI.GE", Op::compare_skip, of(Condition::greater_equal), true},
    {Form::ai, 0xA02, "CMPSKIPI.E", Op::compare_skip, of(Condition::equal), true},
    {Form::ai, 0xA03, "CMPSKIPI.NE", Op::compare_skip, of(Condition::not_equal), true},
    {Form::ai, 0xA04, "CMPSKIPI.LE", Op::compare_skip, of(Condition::less_equal), true},
    {Form::ai, 0xA05, "CMPSKIPI.L", Op::compare_skip, of(Condition::less), true},
    {Form::ai, 0xA10, "CMPSKIPUI.G", Op::compare_skip, of(Condition::greater)},
    {Form::ai, 0xA11, "CMPSKIPUI.GE", Op::compare_skip, of(Condition::greater_equal)},
    {Form::ai, 0xA14, "CMPSKIPUI.LE", Op::compare_skip, of(Condition::less_equal)},
    {Form::ai, 0xA15, "CMPSKIPUI.L", Op::compare_skip, of(Condition::less)},

    {Form::i, 0x00, "JUMP", Op::jump},

    {Form::hal, 0x100000, "FOPEN_READ", Op::open_read},
    {Form::hal, 0x100001, "FOPEN_WRITE", Op::open_write},
    {Form::hal, 0x100002, "FCLOSE", Op::close},
    {Form::hal, 0x100003, "REWIND", Op::rewind},
    {Form::hal, 0x100100, "FGETC", Op::get},
    {Form::hal, 0x100200, "FPUTC", Op::put},
    {Form::hal, 0x110000, "HAL_MEM", Op::memory_size},
};
// clang-format on

constexpr std::size_t kForms = static_cast<std::size_t>(Form::hal) + 1;
constexpr std::uint8_t kNoRow = 0xFF;
static_assert(std::size(kRows) < kNoRow);

/// Calls of devices are few, and the last rows.
constexpr const Row* kCalls =
    std::find_if(std::begin(kRows), std::end(kRows), [](const Row& row) { return row.form == Form::hal; });

/// Where the codes of each form begin in the array, and one more: where it ends.
constexpr std::array<std::size_t, kForms + 1> kStarts = [] {
  std::array<std::size_t, kForms + 1> starts{};
  for (std::size_t form = 0; form < kForms; ++form) {
    std::size_t codes = 0;
    for (const Row& row : kRows) {
      if (row.form == static_cast<Form>(form) && row.form != Form::hal)
        codes = std::max<std::size_t>(codes, row.code + 1);
    }
    starts[form + 1] = starts[form] + codes;
  }
  return starts;
}();

constexpr std::array<std::uint8_t, kStarts.back()> kByCode = [] {
  std::array<std::uint8_t, kStarts.back()> found{};
  for (std::uint8_t& row : found) row = kNoRow;
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].form != Form::hal)
      found[kStarts[static_cast<std::size_t>(kRows[i].form)] + kRows[i].code] = static_cast<std::uint8_t>(i);
  }
  return found;
}();

const Row* find(Form form, std::uint32_t code) {
  if (form == Form::hal) {
    const Row* const row =
        std::find_if(kCalls, std::end(kRows), [code](const Row& one) { return one.code == code; });
    return row == std::end(kRows) ? nullptr : row;
  }
  const auto index = static_cast<std::size_t>(form);
  if (code >= kStarts[index + 1] - kStarts[index]) return nullptr;
  const std::uint8_t row = kByCode[kStarts[index] + code];
  return row == kNoRow ? nullptr : &kRows[row];
}

}  // namespace

std::span<const Row> rows() { return kRows; }

// The second byte of an instruction with an immediate of its own says nothing.
Instruction decode(ByteView bytes) {
  constexpr unsigned kNibble = 4;
  const auto byte = [bytes](std::size_t i) { return std::uint32_t{bytes[i]}; };
  const auto high = [](std::uint32_t value) { return static_cast<std::uint8_t>(value >> kNibble & 0xFU); };
  const auto low = [](std::uint32_t value) { return static_cast<std::uint8_t>(value & 0xFU); };
  const auto number = [&](std::size_t i) { return static_cast<std::int16_t>(byte(i) << 8U | byte(i + 1)); };
  const std::uint32_t second = byte(1);
  const std::uint32_t third = byte(2);
  const std::uint32_t last = byte(3);
  switch (bytes[0]) {
    case 0x00: return {(second | third | last) == 0 ? &kNop : nullptr, {}, 0};
    case 0x01: return {find(Form::abcd, second), {high(third), low(third), high(last), low(last)}, 0};
    case 0x05:
      return {find(Form::abc, second << kNibble | third >> kNibble), {low(third), high(last), low(last)}, 0};
    case 0x09: return {find(Form::ab, second << 8U | third), {high(last), low(last)}, 0};
    case 0x0D: return {find(Form::a, second << 12U | third << kNibble | last >> kNibble), {low(last)}, 0};
    case 0x3C: return {find(Form::i, second), {}, number(2)};
    case 0x42: return {find(Form::hal, second << 16U | third << 8U | last), {}, 0};
    case 0xE0: return {find(Form::ai, third << kNibble | last >> kNibble), {low(last)}, number(4)};
    case 0xE1: return {find(Form::abi, third), {high(last), low(last)}, number(4)};
    case 0xFF: return {&kHalt, {}, 0};
    default: return {};
  }
}

}  // namespace assay::machine::knight
