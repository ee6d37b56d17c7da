// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ways in which the interpreter does operations. What a register holds is known to the host some time
// after it was written, for the program's registers are in its memory; so an operation gets in the host's own
// registers what the one before it made, and the program's stack pointer, and there is a way for each
// combination of these; also for each condition.
#pragma once

#include <cstddef>

#include "exec/state/code.h"

namespace assay::exec {

/// Where an operation finds what its field a or b names.
enum class Source : std::uint8_t {
  memory,  ///< where the registers are
  last,    ///< it is what was made last
  stack,   ///< it is the stack pointer
};

/// How one operation is done.
struct Way {
  Op op = Op::unknown;
  unsigned kind = 0;  ///< compare, test, branch: the condition; load, store: 1 if it is sure
  Source a{};
  Source b{};
  bool to_stack = false;  ///< d is the stack pointer
};

constexpr bool has_condition(Op op) { return op == Op::compare || op == Op::test || op == Op::branch; }

/// How many ways to do an operation there are for its kind, for where its a and for where its b may be, and
/// for what its d is.
constexpr unsigned kinds(Op op) {
  if (has_condition(op)) return 10;
  return is_load(op) || is_store(op) ? 2 : 1;
}
constexpr unsigned sources_a(Op op) {
  if (op == Op::add_constant || op == Op::move || is_load(op) || is_store(op) || op == Op::push ||
      op == Op::pop || op == Op::set_aside || op == Op::call || op == Op::leave)
    return 3;
  const bool is_simple = op >= Op::add && op <= Op::shift_signed_constant;
  return is_simple || has_condition(op) || (op >= Op::sign_byte && op <= Op::zero_int) ||
                 (op >= Op::ask_read && op <= Op::ask_equal) || op == Op::jump_register
             ? 2
             : 1;
}
constexpr unsigned sources_b(Op op) {
  const bool is_two = op >= Op::add && op <= Op::shift_signed && !has_one_source(op);
  return is_two || has_condition(op) || is_store(op) || op == Op::push || op == Op::set_aside ? 2 : 1;
}
constexpr unsigned goals(Op op) { return writes_d(op) ? 2 : 1; }
constexpr std::size_t ways(Op op) {
  return std::size_t{kinds(op)} * sources_a(op) * sources_b(op) * goals(op);
}

}  // namespace assay::exec
