// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The builtins of mes, each under the name of its C++ function; primitives.cpp has the table. What they do
// with arguments of wrong types is what mes does where it looks at types, and a named stop where mes reads
// memory that is no value.
#pragma once

#include "mes/vm.h"

namespace assay::mes {

#define ASSAY_MES_PRIMITIVE(name) Value name(Vm& vm, Value* at, std::size_t count)

namespace primitives {

// primitives_lists.cpp
ASSAY_MES_PRIMITIVE(car);
ASSAY_MES_PRIMITIVE(cdr);
ASSAY_MES_PRIMITIVE(list);
ASSAY_MES_PRIMITIVE(is_null);
ASSAY_MES_PRIMITIVE(is_eq);
ASSAY_MES_PRIMITIVE(values);
ASSAY_MES_PRIMITIVE(acons);
ASSAY_MES_PRIMITIVE(length);
ASSAY_MES_PRIMITIVE(append2);
ASSAY_MES_PRIMITIVE(append_reverse);
ASSAY_MES_PRIMITIVE(reverse);
ASSAY_MES_PRIMITIVE(assq);
ASSAY_MES_PRIMITIVE(assoc);
ASSAY_MES_PRIMITIVE(pairlis);
ASSAY_MES_PRIMITIVE(set_car);
ASSAY_MES_PRIMITIVE(set_cdr);
ASSAY_MES_PRIMITIVE(add_formals);
ASSAY_MES_PRIMITIVE(cons);
ASSAY_MES_PRIMITIVE(core_type);
ASSAY_MES_PRIMITIVE(core_car);
ASSAY_MES_PRIMITIVE(core_cdr);
ASSAY_MES_PRIMITIVE(xassq);
ASSAY_MES_PRIMITIVE(memq);
ASSAY_MES_PRIMITIVE(is_equal2);
ASSAY_MES_PRIMITIVE(last_pair);
ASSAY_MES_PRIMITIVE(is_pair);

// primitives_data.cpp
ASSAY_MES_PRIMITIVE(make_builtin);
ASSAY_MES_PRIMITIVE(builtin_name);
ASSAY_MES_PRIMITIVE(builtin_arity);
ASSAY_MES_PRIMITIVE(is_builtin);
ASSAY_MES_PRIMITIVE(builtin_printer);
ASSAY_MES_PRIMITIVE(hash_unsupported);
ASSAY_MES_PRIMITIVE(hashq_get_handle);
ASSAY_MES_PRIMITIVE(hashq_ref);
ASSAY_MES_PRIMITIVE(hash_ref);
ASSAY_MES_PRIMITIVE(hashq_create_handle);
ASSAY_MES_PRIMITIVE(hash_create_handle);
ASSAY_MES_PRIMITIVE(hashq_set);
ASSAY_MES_PRIMITIVE(hash_set);
ASSAY_MES_PRIMITIVE(hash_remove);
ASSAY_MES_PRIMITIVE(hash_table_printer);
ASSAY_MES_PRIMITIVE(is_hash_table);
ASSAY_MES_PRIMITIVE(make_hash_table);
ASSAY_MES_PRIMITIVE(hash_buckets);
ASSAY_MES_PRIMITIVE(hash_clear);
ASSAY_MES_PRIMITIVE(char_to_integer);
ASSAY_MES_PRIMITIVE(integer_to_char);
ASSAY_MES_PRIMITIVE(make_bytevector);
ASSAY_MES_PRIMITIVE(bytevector_ref);
ASSAY_MES_PRIMITIVE(bytevector_set);
ASSAY_MES_PRIMITIVE(make_struct);
ASSAY_MES_PRIMITIVE(struct_length);
ASSAY_MES_PRIMITIVE(struct_ref);
ASSAY_MES_PRIMITIVE(struct_set);
ASSAY_MES_PRIMITIVE(make_variable);
ASSAY_MES_PRIMITIVE(is_variable);
ASSAY_MES_PRIMITIVE(variable_ref);
ASSAY_MES_PRIMITIVE(variable_set);
ASSAY_MES_PRIMITIVE(variable_printer);
ASSAY_MES_PRIMITIVE(make_vector);
ASSAY_MES_PRIMITIVE(vector_length);
ASSAY_MES_PRIMITIVE(vector_ref);
ASSAY_MES_PRIMITIVE(vector_entry);
ASSAY_MES_PRIMITIVE(vector_set);
ASSAY_MES_PRIMITIVE(list_to_vector);
ASSAY_MES_PRIMITIVE(vector_to_list);
ASSAY_MES_PRIMITIVE(make_binding);
ASSAY_MES_PRIMITIVE(initial_module);
ASSAY_MES_PRIMITIVE(current_module);
ASSAY_MES_PRIMITIVE(set_current_module);

// primitives_strings.cpp
ASSAY_MES_PRIMITIVE(is_string_equal);
ASSAY_MES_PRIMITIVE(symbol_to_string);
ASSAY_MES_PRIMITIVE(symbol_to_keyword);
ASSAY_MES_PRIMITIVE(keyword_to_string);
ASSAY_MES_PRIMITIVE(string_to_symbol);
ASSAY_MES_PRIMITIVE(make_symbol);
ASSAY_MES_PRIMITIVE(string_to_list);
ASSAY_MES_PRIMITIVE(list_to_string);
ASSAY_MES_PRIMITIVE(read_string);
ASSAY_MES_PRIMITIVE(string_append);
ASSAY_MES_PRIMITIVE(string_length);
ASSAY_MES_PRIMITIVE(string_ref);
ASSAY_MES_PRIMITIVE(string_set);

// primitives_math.cpp
ASSAY_MES_PRIMITIVE(is_greater);
ASSAY_MES_PRIMITIVE(is_less);
ASSAY_MES_PRIMITIVE(is_same);
ASSAY_MES_PRIMITIVE(minus);
ASSAY_MES_PRIMITIVE(plus);
ASSAY_MES_PRIMITIVE(divide);
ASSAY_MES_PRIMITIVE(modulo);
ASSAY_MES_PRIMITIVE(multiply);
ASSAY_MES_PRIMITIVE(bit_and);
ASSAY_MES_PRIMITIVE(bit_or);
ASSAY_MES_PRIMITIVE(bit_not);
ASSAY_MES_PRIMITIVE(bit_xor);
ASSAY_MES_PRIMITIVE(shift);

// primitives_system.cpp
ASSAY_MES_PRIMITIVE(error);
ASSAY_MES_PRIMITIVE(display);
ASSAY_MES_PRIMITIVE(display_error);
ASSAY_MES_PRIMITIVE(display_port);
ASSAY_MES_PRIMITIVE(write);
ASSAY_MES_PRIMITIVE(write_error);
ASSAY_MES_PRIMITIVE(write_port);
ASSAY_MES_PRIMITIVE(eval_apply);
ASSAY_MES_PRIMITIVE(primitive_load);
ASSAY_MES_PRIMITIVE(gc_stats);
ASSAY_MES_PRIMITIVE(gc);
ASSAY_MES_PRIMITIVE(abort);
ASSAY_MES_PRIMITIVE(exit);
ASSAY_MES_PRIMITIVE(peek_byte);
ASSAY_MES_PRIMITIVE(read_byte);
ASSAY_MES_PRIMITIVE(unread_byte);
ASSAY_MES_PRIMITIVE(peek_char);
ASSAY_MES_PRIMITIVE(read_char);
ASSAY_MES_PRIMITIVE(write_char);
ASSAY_MES_PRIMITIVE(write_byte);
ASSAY_MES_PRIMITIVE(get_variable);
ASSAY_MES_PRIMITIVE(set_variable);
ASSAY_MES_PRIMITIVE(is_accessible);
ASSAY_MES_PRIMITIVE(current_input_port);
ASSAY_MES_PRIMITIVE(open);
ASSAY_MES_PRIMITIVE(open_input_file);
ASSAY_MES_PRIMITIVE(open_input_string);
ASSAY_MES_PRIMITIVE(set_current_input_port);
ASSAY_MES_PRIMITIVE(current_output_port);
ASSAY_MES_PRIMITIVE(current_error_port);
ASSAY_MES_PRIMITIVE(open_output_file);
ASSAY_MES_PRIMITIVE(set_current_output_port);
ASSAY_MES_PRIMITIVE(set_current_error_port);
ASSAY_MES_PRIMITIVE(change_mode);
ASSAY_MES_PRIMITIVE(is_terminal);
ASSAY_MES_PRIMITIVE(fork);
ASSAY_MES_PRIMITIVE(execl);
ASSAY_MES_PRIMITIVE(execle);
ASSAY_MES_PRIMITIVE(wait);
ASSAY_MES_PRIMITIVE(current_time);
ASSAY_MES_PRIMITIVE(time_of_day);
ASSAY_MES_PRIMITIVE(run_time);
ASSAY_MES_PRIMITIVE(current_directory);
ASSAY_MES_PRIMITIVE(duplicate);
ASSAY_MES_PRIMITIVE(duplicate_to);
ASSAY_MES_PRIMITIVE(delete_file);
ASSAY_MES_PRIMITIVE(system_name);
ASSAY_MES_PRIMITIVE(read_input_file);
ASSAY_MES_PRIMITIVE(read_input_file_from);
ASSAY_MES_PRIMITIVE(read_env);
ASSAY_MES_PRIMITIVE(read_sexp);
ASSAY_MES_PRIMITIVE(read_character_literal);
ASSAY_MES_PRIMITIVE(read_binary);
ASSAY_MES_PRIMITIVE(read_octal);
ASSAY_MES_PRIMITIVE(read_hex);
ASSAY_MES_PRIMITIVE(read_string_literal);
ASSAY_MES_PRIMITIVE(frame_printer);
ASSAY_MES_PRIMITIVE(make_stack);
ASSAY_MES_PRIMITIVE(stack_length);
ASSAY_MES_PRIMITIVE(stack_ref);

}  // namespace primitives

/// Whether two values are the same for eq?; a number is what it counts.
bool is_same_value(Value left, Value right);
/// equal2?: also pairs, strings and vectors by what is in them.
bool is_equal_value(Vm& vm, Value left, Value right);
/// The pair of a list of pairs whose first is the key, by mes's rules for assq and assoc; #f.
Value find_same(Vm& vm, Value key, Value list);
Value find_equal(Vm& vm, Value key, Value list);
/// The number that a number or character is.
std::int64_t raw_number(Vm& vm, Value value);
/// The bytes of a string, up to a NUL: what a system call sees.
std::string path_of(Vm& vm, Value string);

}  // namespace assay::mes
