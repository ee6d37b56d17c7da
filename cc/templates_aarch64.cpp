// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AArch64. {1}, {2}, {3}: a constant from the code into W0, W1, W2; {4}, {5}: an address into X16, W0.
#include "cc/dialects.h"

namespace assay::cc {

constexpr Templates kTable = make_templates({
    {Op::function_begin, "# Defining function |{t}|\n:FUNCTION_|{t}|\n"},
    {Op::local_note, "# Defining local |{t}|\n"},
    {Op::local_push, "PUSH_X0\t#|{t}|\n"},
    {Op::pop_block_locals, "POP_X1  # _recursive_statement_locals\n"},
    {Op::pop_return_locals, "POP_X1    # _return_result_locals\n"},
    {Op::pop_break_locals, "POP_X1\t# break_cleanup_locals\n"},
    {Op::pop_arguments, "POP_X1\t# _process_expression_locals\n"},
    {Op::leave, "RETURN\n"},
    {Op::note, "# {h}|{i}|\n"},
    {Op::label, ":{h}|{i}|\n"},
    {Op::jump, "{4}{h}|{i}|\n|\nBR_X16\n"},
    {Op::jump_if_zero, "CBNZ_X0_PAST_BR\n{4}{h}|{i}|\n|\nBR_X16\n"},
    {Op::repeat_do, "CBZ_X0_PAST_BR\n{4}DO_|{i}|\n|\nBR_X16\n"},
    {Op::break_jump, "{4}|{h}|{i}|\nBR_X16|\n"},
    {Op::jump_to_user_label, "{4}|{t}|\nBR_X16|\n"},
    {Op::user_label, "{t}|\t#C goto label\n"},
    {Op::continue_note, "\n#continue statement\n"},
    {Op::assembly, "{t}|\n"},
    {Op::number, "{1}|{t}|\n"},
    {Op::small_number, "{1}|{n}|\n"},
    {Op::string_address, "{5}STRING_|{i}|\n"},
    {Op::global_address, "{5}GLOBAL_|{t}|\n"},
    {Op::function_address, "{5}FUNCTION_|{t}|\n"},
    {Op::frame_address, "SET_X0_FROM_BP\n{2}|{n}|\nSUB_X0_X0_X1\n\n"},
    {Op::load_word, "DEREF_X0\n"},
    {Op::load_byte, "DEREF_X0_BYTE\n"},
    {Op::store_word, "STR_X0_[X1]\n"},
    {Op::store_byte, "STR_BYTE_W0_[X1]\n"},
    {Op::keep_left, "PUSH_X0\t#_common_recursion\n"},
    {Op::take_left, "POP_X1\t# _common_recursion\n"},
    {Op::bit_and, "AND_X0_X1_X0\n"},
    {Op::bit_or, "OR_X0_X1_X0\n"},
    {Op::bit_xor, "XOR_X0_X1_X0\n"},
    {Op::less, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_LT\nSET_X0_TO_0\n"},
    {Op::less_equal, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_LE\nSET_X0_TO_0\n"},
    {Op::greater_equal, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_GE\nSET_X0_TO_0\n"},
    {Op::greater, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_GT\nSET_X0_TO_0\n"},
    {Op::equal, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_EQ\nSET_X0_TO_0\n"},
    {Op::not_equal, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_NE\nSET_X0_TO_0\n"},
    {Op::add, "ADD_X0_X1_X0\n"},
    {Op::subtract, "SUB_X0_X1_X0\n"},
    {Op::multiply, "MUL_X0_X1_X0\n"},
    {Op::divide, "SDIV_X0_X1_X0\n"},
    {Op::modulo, "SDIV_X2_X1_X0\nMSUB_X0_X0_X2_X1\n"},
    {Op::shift_left, "LSHIFT_X0_X1_X0\n"},
    {Op::shift_right, "ARITH_RSHIFT_X0_X1_X0\n"},
    {Op::zero, "SET_X0_TO_0\n"},
    {Op::prepare_not, "SET_X0_TO_1\n"},
    {Op::logical_not, "CMP_X1_X0\nSET_X0_TO_1\nSKIP_INST_HI\nSET_X0_TO_0\n"},
    {Op::complement, "MVN_X0\n"},
    {Op::scale, "{3}|{n}|\nLSHIFT_X0_X0_X2\n"},
    {Op::member_note, "# looking up offset\n"},
    {Op::member_offset, "# -> offset calculation\n{2}|{n}|\nADD_X0_X1_X0\n"},
    {Op::call_begin,
     "PUSH_X16\t# Protect a tmp register we're going to use\n|"
     "PUSH_LR\t# Protect the old return pointer (link)\n|PUSH_BP\t# Protect the old base pointer\n|"
     "SET_X16_FROM_SP\t# The base pointer to-be\n"},
    {Op::first_argument, "PUSH_X0\t#_process_expression1\n"},
    {Op::next_argument, "PUSH_X0\t#_process_expression2\n"},
    {Op::call_function, "SET_BP_FROM_X16\n|{4}FUNCTION_|{t}|\n|BLR_X16\n"},
    {Op::call_variable,
     "SET_X0_FROM_BP\n|{2}|{n}|\nSUB_X0_X0_X1\n|DEREF_X0\n|SET_BP_FROM_X16\n|SET_X16_FROM_X0\n|BLR_X16\n"},
    {Op::call_end,
     "POP_BP\t# Restore the old base pointer\n|POP_LR\t# Restore the old return pointer (link)\n|"
     "POP_X16\t# Restore a register we used as tmp\n"},
});

constinit const Templates kAarch64Templates = kTable;

}  // namespace assay::cc
