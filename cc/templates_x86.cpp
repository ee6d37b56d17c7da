// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// x86 and AMD64. {1}: first letter of a register (e, r); {2}: how an address is loaded.
#include "cc/dialects.h"

namespace assay::cc {

constexpr Templates kTable = make_templates({
    {Op::function_begin, "# Defining function |{t}|\n:FUNCTION_|{t}|\n"},
    {Op::local_note, "# Defining local |{t}|\n"},
    {Op::local_push, "push_{1}ax\t#|{t}|\n"},
    {Op::pop_block_locals, "pop_{1}bx\t# _recursive_statement_locals\n"},
    {Op::pop_return_locals, "pop_{1}bx\t# _return_result_locals\n"},
    {Op::pop_break_locals, "pop_{1}bx\t# break_cleanup_locals\n"},
    {Op::pop_arguments, "pop_{1}bx\t# _process_expression_locals\n"},
    {Op::leave, "ret\n"},
    {Op::note, "# {h}|{i}|\n"},
    {Op::label, ":{h}|{i}|\n"},
    {Op::jump, "jmp %{h}|{i}|\n"},
    {Op::jump_if_zero, "test_{1}ax,{1}ax\nje %{h}|{i}|\n"},
    {Op::repeat_do, "test_{1}ax,{1}ax\njne %DO_|{i}|\n"},
    {Op::break_jump, "jmp %|{h}|{i}|\n"},
    {Op::jump_to_user_label, "jmp %|{t}|\n"},
    {Op::user_label, "{t}|\t#C goto label\n"},
    {Op::continue_note, "\n#continue statement\n"},
    {Op::assembly, "{t}|\n"},
    {Op::number, "mov_{1}ax, %|{t}|\n"},
    {Op::small_number, "mov_{1}ax, %|{n}|\n"},
    {Op::string_address, "{2}STRING_|{i}|\n"},
    {Op::global_address, "{2}GLOBAL_|{t}|\n"},
    {Op::function_address, "{2}FUNCTION_|{t}|\n"},
    {Op::frame_address, "lea_{1}ax,[{1}bp+DWORD] %|{n}|\n"},
    {Op::load_word, "mov_{1}ax,[{1}ax]\n"},
    {Op::load_byte, "movsx_{1}ax,BYTE_PTR_[{1}ax]\n"},
    {Op::store_word, "mov_[{1}bx],{1}ax\n"},
    {Op::store_byte, "mov_[{1}bx],al\n"},
    {Op::keep_left, "push_{1}ax\t#_common_recursion\n"},
    {Op::take_left, "pop_{1}bx\t# _common_recursion\n"},
    {Op::bit_and, "and_{1}ax,{1}bx\n"},
    {Op::bit_or, "or_{1}ax,{1}bx\n"},
    {Op::bit_xor, "xor_{1}ax,{1}bx\n"},
    {Op::less, "cmp_{1}bx,{1}ax\nsetl_al\nmovzx_{1}ax,al\n"},
    {Op::less_equal, "cmp_{1}bx,{1}ax\nsetle_al\nmovzx_{1}ax,al\n"},
    {Op::greater_equal, "cmp_{1}bx,{1}ax\nsetge_al\nmovzx_{1}ax,al\n"},
    {Op::greater, "cmp_{1}bx,{1}ax\nsetg_al\nmovzx_{1}ax,al\n"},
    {Op::equal, "cmp_{1}bx,{1}ax\nsete_al\nmovzx_{1}ax,al\n"},
    {Op::not_equal, "cmp_{1}bx,{1}ax\nsetne_al\nmovzx_{1}ax,al\n"},
    {Op::add, "add_{1}ax,{1}bx\n"},
    {Op::subtract, "sub_{1}bx,{1}ax\nmov_{1}ax,{1}bx\n"},
    {Op::multiply, "mul_{1}bx\n"},
    {Op::divide, "xchg_{1}bx,{1}ax\nmov_{1}dx, %0\ndiv_{1}bx\n"},
    {Op::modulo, "xchg_{1}bx,{1}ax\nmov_{1}dx, %0\ndiv_{1}bx\nmov_{1}ax,{1}dx\n"},
    {Op::shift_left, "mov_{1}cx,{1}ax\nmov_{1}ax,{1}bx\nsal_{1}ax,cl\n"},
    {Op::shift_right, "mov_{1}cx,{1}ax\nmov_{1}ax,{1}bx\nsar_{1}ax,cl\n"},
    {Op::zero, "mov_{1}ax, %0\n"},
    {Op::prepare_not, "mov_{1}ax, %1\n"},
    {Op::logical_not, "cmp_{1}bx,{1}ax\nseta_al\nmovzx_{1}ax,al\n"},
    {Op::complement, "not_{1}ax\n"},
    {Op::scale, "sal_{1}ax, !|{n}|\n"},
    {Op::member_note, "# looking up offset\n"},
    {Op::member_offset, "# -> offset calculation\nmov_{1}bx, %|{n}|\nadd_{1}ax,{1}bx\n"},
    {Op::call_begin,
     "push_{1}di\t# Prevent overwriting in recursion\n|push_{1}bp\t# Protect the old base pointer\n|"
     "mov_{1}di,{1}sp\t# Copy new base pointer\n"},
    {Op::first_argument, "push_{1}ax\t#_process_expression1\n"},
    {Op::next_argument, "push_{1}ax\t#_process_expression2\n"},
    {Op::call_function, "mov_{1}bp,{1}di\n|call %FUNCTION_|{t}|\n"},
    {Op::call_variable, "lea_{1}ax,[{1}bp+DWORD] %|{n}|\nmov_{1}ax,[{1}ax]\n|mov_{1}bp,{1}di\n|call_{1}ax\n"},
    {Op::call_end, "pop_{1}bp\t# Restore old base pointer\n|pop_{1}di\t# Prevent overwrite\n"},
});

constinit const Templates kX86Templates = kTable;

}  // namespace assay::cc
