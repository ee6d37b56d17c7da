// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parser makes of a source text: operations of an accumulator machine, in the order the
// compilers emit them, with every decision about types taken. A back end needs nothing else: the
// emitter turns each operation into the text of one architecture.
//
// The machine: one accumulator, one second register, a stack of words, a frame base. Arguments and
// locals are words in the frame, at displacements counted in the dialect's own way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cc/lexer.h"

namespace assay::cc {

/// Fields an operation uses besides its token are named in the comments.
enum class Op : std::uint8_t {
  function_begin,      ///< text: name
  local_note,          ///< text: name
  local_push,          ///< text: name; the accumulator becomes the local's value
  pop_block_locals,    ///< number: how many words, at the end of a block
  pop_return_locals,   ///< number: how many words, before a return
  pop_break_locals,    ///< number: how many words, before a break
  pop_arguments,       ///< number: how many words, after a call
  leave,               ///< return from the function
  note,                ///< head, id: a comment only
  label,               ///< head, id
  jump,                ///< head, id
  jump_if_zero,        ///< head, id
  repeat_do,           ///< id: jump to DO_ unless zero
  break_jump,          ///< head, id
  jump_to_user_label,  ///< text
  user_label,          ///< text, with its colon
  continue_note,
  assembly,          ///< text: token with its quote; the rest is copied
  number,            ///< text: copied, never evaluated
  small_number,      ///< number: sizeof or a character
  string_address,    ///< id
  global_address,    ///< text
  function_address,  ///< text
  frame_address,     ///< number: displacement of a local or an argument
  load_word,
  load_byte,
  store_word,
  store_byte,
  keep_left,  ///< push the accumulator
  take_left,  ///< pop into the second register
  bit_and,
  bit_or,
  bit_xor,
  less,
  less_equal,
  greater_equal,
  greater,
  equal,
  not_equal,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  shift_left,
  shift_right,
  zero,         ///< before unary -
  prepare_not,  ///< before !; empty where the machine needs none
  logical_not,
  complement,
  scale,  ///< number: log2 of the element size
  member_note,
  member_offset,  ///< number
  call_begin,
  first_argument,  ///< push
  next_argument,   ///< push
  call_function,   ///< text
  call_variable,   ///< number: displacement of the variable
  call_end,
  count,
};

inline constexpr std::size_t kOps = static_cast<std::size_t>(Op::count);

/// The word in front of a label's id.
enum class Head : std::uint8_t {
  none,
  if_begin,
  else_,
  end_if,
  do_,
  end_do,
  while_,
  then_while,
  end_while,
  for_begin,
  for_,
  for_iter,
  for_then,
  end_for,
  count,
};

struct Operation {
  Op op{};
  Head head = Head::none;
  /// Index of the token that stands for this operation.
  std::uint32_t token = 0;
  /// Name id of a text field.
  std::uint32_t text = 0;
  /// An id is FUNCTION_COUNTER: the name id of the function and the counter.
  std::uint32_t function = 0;
  std::uint32_t counter = 0;
  std::int64_t number = 0;
};

/// A string literal, in the order of the strings section.
struct StringLiteral {
  std::uint32_t token = 0;
  std::uint32_t function = 0;
  std::uint32_t counter = 0;
  /// What stands behind the label, with its LF unless cut.
  std::string text;
};

struct Program {
  std::vector<Operation> operations;
  /// Tokens that name a global variable.
  std::vector<std::uint32_t> globals;
  std::vector<StringLiteral> strings;
};

}  // namespace assay::cc
