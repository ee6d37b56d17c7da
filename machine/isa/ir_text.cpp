// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iterator>

#include "machine/isa/isa.h"

namespace assay::machine {
namespace {

constexpr std::string_view kOps[] = {"mov",
                                     "add",
                                     "sub",
                                     "and",
                                     "or",
                                     "xor",
                                     "shl",
                                     "shr",
                                     "sar",
                                     "ror",
                                     "mul",
                                     "mul_high_u",
                                     "mul_high_s",
                                     "mul_high_su",
                                     "div_u",
                                     "div_s",
                                     "rem_u",
                                     "rem_s",
                                     "wide_div_u",
                                     "wide_rem_u",
                                     "wide_div_s",
                                     "wide_rem_s",
                                     "count_leading_zeros",
                                     "count_trailing_zeros",
                                     "count_ones",
                                     "byte_swap",
                                     "bit_reverse",
                                     "zero_extend",
                                     "sign_extend",
                                     "sign_extend_32",
                                     "extract",
                                     "deposit",
                                     "set_if",
                                     "select",
                                     "load",
                                     "load_signed",
                                     "load_signed_32",
                                     "store",
                                     "set_flags",
                                     "get_flag",
                                     "get_flags",
                                     "unit",
                                     "branch",
                                     "branch_flag",
                                     "jump",
                                     "jump_indirect",
                                     "system_call",
                                     "trap",
                                     "trap_if"};
static_assert(std::size(kOps) == static_cast<std::size_t>(Op::trap_if) + 1);
constexpr std::string_view kConditions[] = {"eq",   "ne",   "lt_u", "ge_u", "le_u",    "gt_u",
                                            "lt_s", "ge_s", "le_s", "gt_s", "no_bits", "some_bits"};
constexpr std::string_view kFlagKinds[] = {"add", "adc", "sub", "sbb", "sub_arm", "sbc_arm", "parts", "word"};
constexpr std::string_view kFlagConditions[] = {
    "overflow",       "not_overflow",     "carry",         "not_carry",
    "zero",           "not_zero",         "carry_or_zero", "not_carry_nor_zero",
    "sign",           "not_sign",         "parity",        "not_parity",
    "less",           "not_less",         "less_or_zero",  "greater",
    "carry_not_zero", "not_carry_or_zero"};
constexpr std::string_view kTraps[] = {"unknown_instruction", "breakpoint",     "arithmetic",
                                       "fetch_fault",         "floating_point", "undetermined"};

std::string slot_text(const Isa& isa, Slot slot) {
  if (slot >= kFirstTemp) return fmt::format("t{}", slot - kFirstTemp);
  return slot < isa.registers.size() ? std::string(isa.registers[slot]) : fmt::format("r{}", slot);
}

std::string_view code_text(const Ins& ins) {
  switch (ins.op) {
    case Op::set_if:
    case Op::branch:
    case Op::trap_if: return kConditions[ins.code];
    case Op::set_flags: return kFlagKinds[ins.code];
    case Op::get_flag:
    case Op::branch_flag: return kFlagConditions[ins.code];
    case Op::trap: return kTraps[ins.code];
    default: return "";
  }
}

void append(const Isa& isa, const Ins& ins, std::string& text) {
  auto out = std::back_inserter(text);
  fmt::format_to(out, "  {}.{}", kOps[static_cast<std::size_t>(ins.op)], bits_of(ins.width));
  if (!code_text(ins).empty()) fmt::format_to(out, " {}", code_text(ins));
  if (ins.dst != kNoSlot) fmt::format_to(out, " {} <-", slot_text(isa, ins.dst));
  const bool memory = ins.op >= Op::load && ins.op <= Op::store;
  if (memory) {
    fmt::format_to(out, " [{}{:+}]", slot_text(isa, ins.a), ins.disp);
  } else if (ins.a != kNoSlot) {
    fmt::format_to(out, " {}", slot_text(isa, ins.a));
  }
  if (ins.b == kImmediate || ins.op == Op::extract || ins.op == Op::deposit)
    fmt::format_to(out, " #{:#x}", ins.imm);
  if (ins.b < kNoSlot) fmt::format_to(out, " {}", slot_text(isa, ins.b));
  if (ins.c < kNoSlot && ins.op != Op::trap_if) fmt::format_to(out, " {}", slot_text(isa, ins.c));
  if (is_exit(ins.op)) {
    if (ins.op != Op::jump_indirect && ins.op < Op::trap) fmt::format_to(out, " -> {:#x}", ins.target);
    fmt::format_to(out, " ({})", ins.count);
  }
  text += '\n';
}

}  // namespace

std::string to_text(const Isa& isa, const Block& block) {
  std::string text;
  std::size_t guest = block.guest.size();
  for (const Ins& ins : block.code) {
    if (ins.guest != guest) {
      guest = ins.guest;
      text += fmt::format("{:#x}:\n", block.guest[guest].pc);
    }
    append(isa, ins, text);
  }
  return text;
}

}  // namespace assay::machine
