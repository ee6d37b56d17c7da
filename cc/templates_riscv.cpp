// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// riscv32 and riscv64. {1}: word store; {2}: word load; {3}: 32-bit add immediate; {4}, {5}, {6}: one, two,
// three words.
#include "cc/dialects.h"

namespace assay::cc {

constexpr Templates kTable = make_templates({
    {Op::function_begin, "# Defining function |{t}|\n:FUNCTION_|{t}|\n"},
    {Op::local_note, "# Defining local |{t}|\n"},
    {Op::local_push, "rd_sp rs1_sp !-{4} addi\nrs1_sp rs2_a0 {1}\t#|{t}|\n"},
    {Op::pop_block_locals, "rd_a1 rs1_sp {2}\t# _recursive_statement_locals\nrd_sp rs1_sp !{4} addi\n"},
    {Op::pop_return_locals, "rd_a1 rs1_sp {2}\t# _return_result_locals\nrd_sp rs1_sp !{4} addi\n"},
    {Op::pop_break_locals, "rd_a1 rs1_sp {2}\t# break_cleanup_locals\nrd_sp rs1_sp !{4} addi\n"},
    {Op::pop_arguments, "rd_a1 rs1_sp {2}\t# _process_expression_locals\nrd_sp rs1_sp !{4} addi\n"},
    {Op::leave, "ret\n"},
    {Op::note, "# {h}|{i}|\n"},
    {Op::label, ":{h}|{i}|\n"},
    {Op::jump, "${h}|{i}|\n|jal\n"},
    {Op::jump_if_zero, "rs1_a0 @8 bnez\n${h}|{i}|\n|jal\n"},
    {Op::repeat_do, "rs1_a0 @DO_END_|{i}|\n|beqz\n$DO_|{i}|\n|jal\n"},
    {Op::break_jump, "$|{h}|{i}| jal\n"},
    {Op::jump_to_user_label, "$|{t}| jal\n"},
    {Op::user_label, "{t}|\t#C goto label\n"},
    {Op::continue_note, "\n#continue statement\n"},
    {Op::assembly, "{t}|\n"},
    {Op::number, "rd_a0 ~|{t}| lui\nrd_a0 rs1_a0 !|{t}| {3}\n"},
    {Op::small_number, "rd_a0 !|{n}| addi\n"},
    {Op::string_address, "rd_a0 ~STRING_|{i}|\n|auipc\nrd_a0 rs1_a0 !STRING_|{i}|\n|addi\n"},
    {Op::global_address, "rd_a0 ~GLOBAL_|{t}| auipc\nrd_a0 rs1_a0 !GLOBAL_|{t}| addi\n"},
    {Op::function_address, "rd_a0 ~FUNCTION_|{t}| auipc\nrd_a0 rs1_a0 !FUNCTION_|{t}| {3}\n"},
    {Op::frame_address, "rd_a0 rs1_fp !-|{n}| addi\n"},
    {Op::load_word, "rd_a0 rs1_a0 {2}\n"},
    {Op::load_byte, "rd_a0 rs1_a0 lbu\n"},
    {Op::store_word, "rs1_a1 rs2_a0 {1}\n"},
    {Op::store_byte, "rs1_a1 rs2_a0 sb\n"},
    {Op::keep_left, "rd_sp rs1_sp !-{4} addi\t# _common_recursion\nrs1_sp rs2_a0 {1}\n"},
    {Op::take_left, "rd_a1 rs1_sp {2}\nrd_sp rs1_sp !{4} addi\t# _common_recursion\n"},
    {Op::bit_and, "rd_a0 rs1_a1 rs2_a0 and\n"},
    {Op::bit_or, "rd_a0 rs1_a1 rs2_a0 or\n"},
    {Op::bit_xor, "rd_a0 rs1_a1 rs2_a0 xor\n"},
    {Op::less, "rd_a0 rs1_a1 rs2_a0 slt\n"},
    {Op::less_equal, "rd_a0 rs1_a0 rs2_a1 slt\nrd_a0 rs1_a0 !1 xori\n"},
    {Op::greater_equal, "rd_a0 rs1_a1 rs2_a0 slt\nrd_a0 rs1_a0 !1 xori\n"},
    {Op::greater, "rd_a0 rs1_a0 rs2_a1 slt\n"},
    {Op::equal, "rd_a0 rs1_a0 rs2_a1 sub\nrd_a0 rs1_a0 !1 sltiu\n"},
    {Op::not_equal, "rd_a0 rs1_a0 rs2_a1 sub\nrd_a0 rs2_a0 sltu\n"},
    {Op::add, "rd_a0 rs1_a1 rs2_a0 add\n"},
    {Op::subtract, "rd_a0 rs1_a1 rs2_a0 sub\n"},
    {Op::multiply, "rd_a0 rs1_a1 rs2_a0 mul\n"},
    {Op::divide, "rd_a0 rs1_a1 rs2_a0 div\n"},
    {Op::modulo, "rd_a0 rs1_a1 rs2_a0 rem\n"},
    {Op::shift_left, "rd_a0 rs1_a1 rs2_a0 sll\n"},
    {Op::shift_right, "rd_a0 rs1_a1 rs2_a0 srl\n"},
    {Op::zero, "rd_a0 mv\n"},
    {Op::prepare_not, ""},
    {Op::logical_not, "rd_a0 rs1_a0 !1 sltiu\n"},
    {Op::complement, "rd_a0 rs1_a0 not\n"},
    {Op::scale, "rd_a0 rs1_a0 rs2_x|{n}| slli\n"},
    {Op::member_note, "# looking up offset\n"},
    {Op::member_offset, "# -> offset calculation\nrd_a1 !|{n}| addi\nrd_a0 rs1_a1 rs2_a0 add\n"},
    {Op::call_begin,
     "rd_sp rs1_sp !-{6} addi\nrs1_sp rs2_ra @{4} {1}\t# Protect the old return pointer\n|"
     "rs1_sp rs2_fp {1}\t# Protect the old frame pointer\n|"
     "rs1_sp rs2_tp @{5} {1}\t# Protect temp register we are going to use\n|"
     "rd_tp rs1_sp mv\t# The base pointer to-be\n"},
    {Op::first_argument, "rd_sp rs1_sp !-{4} addi\nrs1_sp rs2_a0 {1}\t#_process_expression1\n"},
    {Op::next_argument, "rd_sp rs1_sp !-{4} addi\nrs1_sp rs2_a0 {1}\t#_process_expression2\n"},
    {Op::call_function, "rd_fp rs1_tp mv\n|rd_ra $FUNCTION_|{t}| jal\n"},
    {Op::call_variable,
     "rd_a0 rs1_fp !-|{n}| addi\nrd_a0 rs1_a0 {2}\n|rd_fp rs1_tp mv\n|rd_ra rs1_a0 jalr\n"},
    {Op::call_end,
     "rd_fp rs1_sp {2}\t# Restore old frame pointer\n|rd_tp rs1_sp !{5} {2}\t# Restore temp register\n|"
     "rd_ra rs1_sp !{4} {2}\t# Restore return address\nrd_sp rs1_sp !{6} addi\n"},
});

constinit const Templates kRiscvTemplates = kTable;

}  // namespace assay::cc
