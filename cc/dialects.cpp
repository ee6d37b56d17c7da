// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/dialects.h"

#include <algorithm>

namespace assay::cc {
namespace {

constexpr FileRules kEmptyInput{
    .creation_mode = 0600,
    .missing_input = NoInput::counts_empty,
    .unreadable_input = NoInput::counts_empty,
    .unnamed_output = NoOutput::standard_output,
    .uncreatable_output = NoOutput::standard_output,
};

constexpr FileRules kRiscvFiles{
    .creation_mode = 0600,
    .missing_input = NoInput::fails,
    .unreadable_input = NoInput::crashes,
    .unnamed_output = NoOutput::standard_output,
    .uncreatable_output = NoOutput::discarded,
};

constexpr std::array<Dialect, 5> kDialects{{
    {.name = "x86",
     .program = "cc_x86",
     .files = kEmptyInput,
     .word_bytes = 4,
     .templates = &kX86Templates,
     .words = {"e", "mov_eax, &"},
     .frame = {.first_argument = -4,
               .argument_step = -4,
               .first_local = -8,
               .first_local_in_main = -20,
               .local_after_arguments = -8,
               .local_step = -4},
     .more_blanks = "SQR\x89\xC2\xB8",
     .stack_per_piece = 12,
     .division_is_unsigned = true},
    {.name = "AMD64",
     .program = "cc_amd64",
     .files = kEmptyInput,
     .word_bytes = 8,
     .templates = &kX86Templates,
     .words = {"r", "lea_rax,[rip+DWORD] %"},
     .frame = {.first_argument = -8,
               .argument_step = -8,
               .first_local = -16,
               .first_local_in_main = -40,
               .local_after_arguments = -16,
               .local_step = -8},
     .bad_hex_digit = Failure::message_to_output,
     .stack_per_piece = 24,
     .division_is_unsigned = true},
    {.name = "AArch64",
     .program = "cc_aarch64",
     .files = kEmptyInput,
     .word_bytes = 8,
     .templates = &kAarch64Templates,
     .words = {"LOAD_W0_AHEAD\nSKIP_32_DATA\n%", "LOAD_W1_AHEAD\nSKIP_32_DATA\n%",
               "LOAD_W2_AHEAD\nSKIP_32_DATA\n%", "LOAD_W16_AHEAD\nSKIP_32_DATA\n&",
               "LOAD_W0_AHEAD\nSKIP_32_DATA\n&"},
     .frame = {.first_argument = 8,
               .argument_step = 8,
               .first_local = 8,
               .first_local_in_main = 32,
               .local_after_arguments = 8,
               .local_step = 8},
     .stack_per_piece = 24},
    {.name = "riscv32",
     .program = "cc_riscv32",
     .files = kRiscvFiles,
     .word_bytes = 4,
     .templates = &kRiscvTemplates,
     .words = {"sw", "lw", "addi", "4", "8", "12"},
     .frame = {.first_argument = 4,
               .argument_step = 4,
               .first_local = 4,
               .first_local_in_main = 16,
               .local_after_arguments = 4,
               .local_step = 4},
     .data_mark = "\n:ELF_data\n",
     .letters_in_hex = false,
     .stray_break = Failure::crash,
     .names_the_member = false,
     .member_test_broken = true,
     .scale_base = 6307080,
     .stack_per_piece = 12,
     .shift_is_logical = true},
    {.name = "riscv64",
     .program = "cc_riscv64",
     .files = kRiscvFiles,
     .word_bytes = 8,
     .templates = &kRiscvTemplates,
     .words = {"sd", "ld", "addiw", "8", "16", "24"},
     .frame = {.first_argument = 8,
               .argument_step = 8,
               .first_local = 8,
               .first_local_in_main = 32,
               .local_after_arguments = 8,
               .local_step = 8},
     .data_mark = "\n:ELF_data\n",
     .letters_in_hex = false,
     .stray_break = Failure::crash,
     .names_the_member = false,
     .member_test_broken = true,
     .scale_base = 6307394,
     .stack_per_piece = 24,
     .shift_is_logical = true},
}};

constexpr std::array<std::string_view, static_cast<std::size_t>(Head::count)> kHeads{
    "",        "IF_",       "ELSE_",       "_END_IF_",   "DO_",
    "DO_END_", "WHILE_",    "THEN_while_", "END_WHILE_", "FOR_initialization_",
    "FOR_",    "FOR_ITER_", "FOR_THEN_",   "FOR_END_"};

}  // namespace

std::span<const Dialect> dialects() { return kDialects; }

const Dialect* find_dialect(std::string_view name) {
  const auto row = std::find_if(kDialects.begin(), kDialects.end(),
                                [name](const Dialect& one) { return one.name == name; });
  return row == kDialects.end() ? nullptr : &*row;
}

std::string_view text_of(Head head) { return kHeads[static_cast<std::size_t>(head)]; }

}  // namespace assay::cc
