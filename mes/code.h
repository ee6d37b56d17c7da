// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a procedure becomes before it runs: instructions for a stack machine, made when it is first called
// (compiler.cpp) from forms whose macros are expanded and whose global names are bindings (expand.cpp).
//
// A call's stack, upwards: the procedure, its arguments, four words that say where the caller goes on
// (kControl), the other variables, values in work. Variables that closures may hold are in a frame of the
// heap instead.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mes/value.h"

namespace assay::mes {

/// An instruction is a word, then its operands, a word each. c: index of a constant, o: offset from the first
/// argument, d i: variable i of the frame d steps out, t: index of an instruction, n: number of arguments.
enum class Op : std::int32_t {
  constant,         ///< c: push it
  local,            ///< o: push it
  frame_variable,   ///< d i: push it
  own_variable,     ///< i: the same of the procedure's own frame
  if_set_local,     ///< o t: jump if it was defined
  if_set_variable,  ///< d i t
  store_local,      ///< o: pop into it
  store_variable,   ///< d i
  global,           ///< c, a binding: push its value
  lexical,          ///< c, a binding of an environment: push its value
  dynamic,          ///< c, a symbol: push what it means now
  set_global,       ///< c: the top becomes its value; the top is unspecified then
  set_lexical,      ///< c
  set_dynamic,      ///< c
  pop,
  jump,           ///< t
  jump_if_false,  ///< t: pop
  returns,
  call_operator,    ///< c: push the procedure of a call; whatever it is the first time it stays (mes keeps it
                    ///< in the form)
  call,             ///< n
  tail_call,        ///< n; then always `returns`
  primitive_first,  ///< c n: constants c (binding) and c+1 (builtin): a call of a primitive by name that did
                    ///< not run yet
  primitive,        ///< c n: the same, settled; arguments without a procedure below
  other_procedure,  ///< c n: the same, settled to be another procedure
  prim_car,         ///< c n: primitives that are called most
  prim_cdr,
  prim_cons,
  prim_is_null,
  prim_is_pair,
  prim_is_eq,
  prim_plus,
  prim_minus,
  prim_equal,
  prim_less,
  prim_greater,
  make_closure,      ///< index of a child
  define_prepare,    ///< c, a symbol: the global is there from now on
  define_global,     ///< c, a symbol: pop its value; push unspecified
  define_expand,     ///< c, a define form: names of its body are looked up now
  define_macro,      ///< c, a symbol, and whether in a procedure: pop its procedure; push unspecified
  define_in,         ///< c, an environment, c+1, a symbol: pop its value; push unspecified
  environment,       ///< index of a kept scope, or -1: push what (current-environment) gives
  expand,            ///< the top becomes its expansion
  rotate,            ///< n: the top goes below n others
  bad_form,          ///< c, a string: stop
  spread_tail_call,  ///< top: what a producer gave; below: a consumer; calls it with the values
};

inline constexpr std::size_t kControl = 4;

/// What a function's variables have in common.
struct Function {
  bool in_heap = false;     ///< its variables are in a frame of the heap
  std::uint32_t slots = 0;  ///< variables so far, arguments first
};

/// Names that mean variables of a procedure, from here outwards.
struct Scope {
  struct Name {
    Value symbol;
    std::uint32_t slot = 0;
    bool may_be_unset = false;  ///< by `define`: means an outer one until that was reached
  };
  std::vector<Name> names;
  std::shared_ptr<const Scope> parent;
  std::shared_ptr<Function> function;
  bool of_lambda = false;              ///< what is defined here is local
  const Value* environment = nullptr;  ///< outermost: an environment given as a list
};

struct Code {
  Value name = Value(Special::closure);  ///< how mes shows the procedure
  Value formals = kNil;
  Value body = kNil;
  std::shared_ptr<const Scope> outside;

  bool compiled = false;
  bool rest = false;  ///< the last argument is a list of all that are more
  std::uint32_t required = 0;
  std::uint32_t arguments = 0;   ///< required, and the list of the others
  std::uint32_t locals = 0;      ///< variables on the stack beside the arguments
  std::uint32_t most_stack = 0;  ///< values above the control words at most
  std::shared_ptr<Function> function;
  std::vector<std::int32_t> instructions;
  std::vector<Value> constants;
  std::vector<Code*> children;
};

}  // namespace assay::mes
