// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs instructions. One loop runs all calls that Scheme makes of Scheme, on a stack of values (code.h).
#include "mes/vm.h"

#include <fmt/format.h>

#include <algorithm>

#include "mes/diagnostics.h"

namespace assay::mes {
namespace {

/// Whether a value is the same as another only where it is the same word.
bool is_plain(Value value) {
  return !value.is_object() || (kind_of(value) != Kind::keyword && kind_of(value) != Kind::number &&
                                kind_of(value) != Kind::values);
}

struct QuickRow {
  std::string_view name;
  std::int32_t count;
  Op op;
};
constexpr QuickRow kQuickRows[] = {
    {"car", 1, Op::prim_car},       {"cdr", 1, Op::prim_cdr},       {"cons", 2, Op::prim_cons},
    {"null?", 1, Op::prim_is_null}, {"pair?", 1, Op::prim_is_pair}, {"eq?", 2, Op::prim_is_eq},
    {"+", 2, Op::prim_plus},        {"-", 2, Op::prim_minus},       {"=", 2, Op::prim_equal},
    {"<", 2, Op::prim_less},        {">", 2, Op::prim_greater},
};

/// The instruction of its own that a primitive has for so many arguments.
Op quick_op(std::string_view name, std::int32_t count) {
  for (const QuickRow& row : kQuickRows) {
    if (row.name == name && row.count == count) return row.op;
  }
  return Op::primitive;
}

/// Times that one call may find a procedure that has to be evaluated again.
constexpr unsigned kMostTries = 1000;

}  // namespace

// The loop keeps where it is in variables of its own; before anything that may call, collect or fail they are
// put where all can see them (SAVE), with the top of the stack as it is to be when an error was handled.
Value Vm::loop() {
  const std::int32_t* pc = pc_;
  Value* sp = sp_;
  Value* fp = fp_;
  Code* code = code_;
  Value frame = frame_;
  std::size_t count = 0;
  bool tail = false;
  unsigned tries = 0;

  const auto save = [&](Value* resume_at) {
    pc_ = pc;
    sp_ = sp;
    fp_ = fp;
    code_ = code;
    frame_ = frame;
    resume_ = resume_at;
  };
  const auto load = [&] {
    pc = pc_;
    sp = sp_;
    fp = fp_;
    code = code_;
    frame = frame_;
  };
  const auto outer = [&](std::int32_t depth) {
    Value at = frame;
    for (; depth != 0; --depth) at = slot(at, kFrameParent);
    return at;
  };
  const auto settled = [&](std::int32_t index) -> Value& {
    return code->constants[static_cast<std::size_t>(index)];
  };
  const auto number_result = [&](std::int64_t value) {
    const Value small = Value::fixnum(value);
    return dialect.bits == 64 && small.fixnum() == value ? small : number(value);
  };
  const auto builtin_index = [](Value builtin) {
    return static_cast<std::size_t>(slot(builtin, kBuiltinIndex).fixnum());
  };

  if (std::exchange(pending_call_, false)) {
    count = 2;
    tail = false;
    goto call;
  }

  while (true) {
    switch (static_cast<Op>(*pc++)) {
      case Op::constant: *sp++ = settled(*pc++); break;
      case Op::local: *sp++ = fp[*pc++]; break;
      case Op::own_variable: *sp++ = slot(frame, static_cast<std::size_t>(*pc++)); break;
      case Op::frame_variable: {
        const Value from = outer(*pc++);
        *sp++ = slot(from, static_cast<std::size_t>(*pc++));
        break;
      }
      case Op::if_set_local: {
        const bool set = fp[pc[0]] != kUnset;
        pc = set ? code->instructions.data() + pc[1] : pc + 2;
        break;
      }
      case Op::if_set_variable: {
        const bool set = slot(outer(pc[0]), static_cast<std::size_t>(pc[1])) != kUnset;
        pc = set ? code->instructions.data() + pc[2] : pc + 3;
        break;
      }
      case Op::store_local: fp[*pc++] = *--sp; break;
      case Op::store_variable: {
        const Value into = outer(*pc++);
        set_slot(into, static_cast<std::size_t>(*pc++), *--sp);
        break;
      }
      case Op::global: {
        const Value handle = slot(settled(*pc++), kBindingHandle);
        const Value value = variable_value(cdr(handle));
        if (value == kUndefined) {
          save(sp);
          error(known.unbound_variable, car(handle));
        }
        *sp++ = value;
        break;
      }
      case Op::lexical: {
        const Value handle = slot(settled(*pc++), kBindingHandle);
        if (cdr(handle) == kUndefined) {
          save(sp);
          error(known.unbound_variable, car(handle));
        }
        *sp++ = cdr(handle);
        break;
      }
      case Op::dynamic: {
        const Value name = settled(*pc++);
        save(sp);
        const Value value = lookup(name);
        if (value == kUndefined) error(known.unbound_variable, name);
        *sp++ = value;
        break;
      }
      case Op::set_global: {
        const Value handle = slot(settled(*pc++), kBindingHandle);
        if (variable_value(cdr(handle)) == kUndefined) {
          save(sp - 1);
          error(known.unbound_variable, car(handle));
        }
        set_slot(cdr(handle), kVariableValue, sp[-1]);
        sp[-1] = kUnspecified;
        break;
      }
      case Op::set_lexical:
        set_cdr(slot(settled(*pc++), kBindingHandle), sp[-1]);
        sp[-1] = kUnspecified;
        break;
      case Op::set_dynamic: {
        const Value name = settled(*pc++);
        save(sp - 1);
        set_global(name, sp[-1], false);
        sp[-1] = kUnspecified;
        break;
      }
      case Op::pop: --sp; break;
      case Op::rotate: {
        const std::int32_t below = *pc++;
        std::rotate(sp - 1 - below, sp - 1, sp);
        break;
      }
      case Op::jump: pc = code->instructions.data() + *pc; break;
      case Op::jump_if_false: pc = *--sp == kFalse ? code->instructions.data() + *pc : pc + 1; break;
      case Op::returns: {
        const Value value = sp[-1];
        const Value* const control = fp + code->arguments;
        if (control[1].word() == 1) return value;
        sp = fp - 1;
        pc = shown<const std::int32_t>(control[0].word());
        code = shown<Code>(control[1].word());
        fp = shown<Value>(control[2].word());
        frame = control[3];
        *sp++ = value;
        break;
      }
      case Op::call_operator: {
        Value& constant = settled(*pc++);
        const bool lexical = slot(constant, kBindingLexical).fixnum() != 0;
        const Value handle = slot(constant, kBindingHandle);
        const Value value = lexical ? cdr(handle) : variable_value(cdr(handle));
        if (value == kUndefined) {
          save(sp);
          error(known.unbound_variable, car(handle));
        }
        constant = value;
        const_cast<std::int32_t*>(pc)[-2] = static_cast<std::int32_t>(Op::constant);
        *sp++ = value;
        break;
      }
      case Op::call:
        count = static_cast<std::size_t>(*pc++);
        tail = false;
        goto call;
      case Op::tail_call:
        count = static_cast<std::size_t>(*pc++);
        tail = true;
        goto call;
      case Op::primitive_first: {
        const Value what = settled(pc[0]);
        const Value builtin = settled(pc[0] + 1);
        Value means = what;
        if (is(what, Kind::binding)) {
          const Value handle = slot(what, kBindingHandle);
          means = variable_value(cdr(handle));
          if (means == kUndefined) {
            save(sp - pc[1]);
            pc_ += 2;
            error(known.unbound_variable, car(handle));
          }
        }
        auto* const at = const_cast<std::int32_t*>(pc) - 1;
        if (means != builtin) {
          settled(pc[0]) = means;
          at[0] = static_cast<std::int32_t>(Op::other_procedure);
        } else {
          at[0] = static_cast<std::int32_t>(quick_op(primitive_rows()[builtin_index(builtin)].name, pc[1]));
        }
        --pc;
        break;
      }
      case Op::other_procedure: {
        count = static_cast<std::size_t>(pc[1]);
        const Value procedure = settled(pc[0]);
        pc += 2;
        std::copy_backward(sp - count, sp, sp + 1);
        ++sp;
        sp[-static_cast<std::ptrdiff_t>(count) - 1] = procedure;
        tail = static_cast<Op>(*pc) == Op::returns;
        goto call;
      }
      primitive:
      case Op::primitive: {
        const std::size_t index = builtin_index(settled(pc[0] + 1));
        const auto given = static_cast<std::size_t>(pc[1]);
        pc += 2;
        save(sp - given);
        const Value value = call_builtin(index, sp - given, given);
        sp -= given;
        *sp++ = value;
        break;
      }
      case Op::prim_car:
        if (!sp[-1].is_pair()) goto primitive;
        sp[-1] = car(sp[-1]);
        pc += 2;
        break;
      case Op::prim_cdr:
        if (!sp[-1].is_pair()) goto primitive;
        sp[-1] = cdr(sp[-1]);
        pc += 2;
        break;
      case Op::prim_cons:
        if (is(sp[-2], Kind::values) || is(sp[-1], Kind::values)) goto primitive;
        sp[-2] = heap.cons(sp[-2], sp[-1]);
        --sp;
        pc += 2;
        break;
      case Op::prim_is_null:
        if (is(sp[-1], Kind::values)) goto primitive;
        sp[-1] = Value::boolean(sp[-1] == kNil);
        pc += 2;
        break;
      case Op::prim_is_pair:
        if (is(sp[-1], Kind::values)) goto primitive;
        sp[-1] = Value::boolean(sp[-1].is_pair());
        pc += 2;
        break;
      case Op::prim_is_eq:
        if (!is_plain(sp[-2]) || !is_plain(sp[-1])) goto primitive;
        sp[-2] = Value::boolean(sp[-2] == sp[-1]);
        --sp;
        pc += 2;
        break;
      case Op::prim_plus:
        if (!sp[-2].is_fixnum() || !sp[-1].is_fixnum()) goto primitive;
        sp[-2] = number_result(sp[-2].fixnum() + sp[-1].fixnum());
        --sp;
        pc += 2;
        break;
      case Op::prim_minus:
        if (!sp[-2].is_fixnum() || !sp[-1].is_fixnum()) goto primitive;
        sp[-2] = number_result(sp[-2].fixnum() - sp[-1].fixnum());
        --sp;
        pc += 2;
        break;
      case Op::prim_equal:
      case Op::prim_less:
      case Op::prim_greater: {
        if (!sp[-2].is_fixnum() || !sp[-1].is_fixnum()) goto primitive;
        const std::int64_t left = sp[-2].fixnum();
        const std::int64_t right = sp[-1].fixnum();
        const Op op = static_cast<Op>(pc[-1]);
        sp[-2] = Value::boolean(op == Op::prim_equal  ? left == right
                                : op == Op::prim_less ? left < right
                                                      : left > right);
        --sp;
        pc += 2;
        break;
      }
      case Op::make_closure: {
        const Value made = heap.make(Kind::closure, 2);
        set_slot(made, kClosureCode,
                 Value::from_word(hidden(code->children[static_cast<std::size_t>(*pc++)])));
        set_slot(made, kClosureFrame, frame);
        *sp++ = made;
        break;
      }
      case Op::define_prepare:
        save(sp);
        module_variable(settled(*pc++), true);
        break;
      case Op::define_global: {
        const Value name = settled(*pc++);
        save(sp - 1);
        set_global(name, sp[-1], true);
        sp[-1] = kUnspecified;
        break;
      }
      case Op::define_expand: {
        const Value form = settled(*pc++);
        save(sp);
        expand_names(cdr(cdr(form)), cdr(car(cdr(form))), kNil);
        break;
      }
      case Op::define_macro: {
        const Value name = settled(*pc++);
        const bool in_procedure = *pc++ != 0;
        if (in_procedure &&
            slot(name, kSymbolMacro) == kUnset) {  // expansion defines it, but not below core:eval
          save(sp - 1);
          error(known.not_a_pair, heap.cons(kFalse, intern("set-cdr!")));
        }
        const Value macro = heap.make(Kind::macro, 2);
        set_slot(macro, kMacroProcedure, sp[-1]);
        set_slot(macro, kMacroName, slot(name, kSymbolName));
        set_slot(name, kSymbolMacro, macro);
        sp[-1] = kUnspecified;
        break;
      }
      case Op::define_in: {
        const Value list = settled(*pc);
        const Value name = settled(*pc + 1);
        ++pc;
        set_cdr(list, heap.cons(heap.cons(name, sp[-1]), cdr(list)));
        sp[-1] = kUnspecified;
        break;
      }
      case Op::environment: {
        const std::int32_t index = *pc++;
        Value first = heap.cons(known.program, kNil);
        if (index >= 0) {
          const Value made = heap.make(Kind::environment, 2);
          set_slot(made, kEnvironmentScope, Value::fixnum(index));
          set_slot(made, kEnvironmentFrame, frame);
          first = heap.cons(Value(Special::closure), made);
        }
        *sp++ = heap.cons(first, kNil);
        break;
      }
      case Op::expand: {
        save(sp - 1);
        sp[-1] = expand(sp[-1], kNil);
        break;
      }
      case Op::bad_form: save(sp); stop(kBadForm, std::string(text_of(settled(*pc))));
      case Op::spread_tail_call: {
        const Value given = *--sp;
        if (is(given, Kind::values)) {
          count = 0;
          for (Value rest = slot(given, kValuesList); rest.is_pair(); rest = cdr(rest), ++count) {
            if (stack_end_ - sp < 64) {
              save(sp);
              stop(kStackLimit, "no room for so many values");
            }
            *sp++ = car(rest);
          }
        } else {
          *sp++ = given;
          count = 1;
        }
        tail = true;
        goto call;
      }
    }
    continue;

  call:
    Value* at = sp - count - 1;
    const Value procedure = *at;
    if (is(procedure, Kind::closure)) {
      tries = 0;
      Code& callee = *shown<Code>(procedure.body()[kClosureCode]);
      if (!callee.compiled) {
        save(at);
        compile(callee);
      }
      if (++calls_ > limits.calls) {
        save(at);
        stop(kCallLimit, fmt::format("more than {} calls", limits.calls));
      }
      if (callee.rest) {
        if (count < callee.required) {
          save(at);
          error(known.not_a_pair, heap.cons(kNil, known.car));
        }
        const Value rest = list_of(sp - (count - callee.required), count - callee.required);
        sp -= count - callee.required;
        *sp++ = rest;
        count = callee.arguments;
      } else if (count != callee.required) {
        save(at);
        wrong_arguments(procedure, callee.required, count, kNil);
      }
      if (tail) {
        Value* const control = fp + code->arguments;
        const Value kept[kControl] = {control[0], control[1], control[2], control[3]};
        std::copy(at, sp, fp - 1);
        sp = fp + count;
        std::copy_n(kept, kControl, sp);
        at = fp - 1;
      } else {
        sp[0] = Value::from_word(hidden(pc));
        sp[1] = Value::from_word(hidden(code));
        sp[2] = Value::from_word(hidden(fp));
        sp[3] = frame;
      }
      if (stack_end_ - sp < static_cast<std::ptrdiff_t>(callee.most_stack) + 64) {
        save(at);
        stop(kStackLimit, fmt::format("more than {} values of calls in progress", limits.stack_values));
      }
      sp += kControl;
      fp = at + 1;
      code = &callee;
      pc = callee.instructions.data();
      frame = Value::from_word(procedure.body()[kClosureFrame]);
      if (heap.wants_collection()) {
        save(sp);
        collect();
        frame = Value::from_word((*at).body()[kClosureFrame]);
      }
      if (callee.function->in_heap) {
        const Value made = heap.make(Kind::frame, 1 + callee.function->slots, kUnset);
        set_slot(made, kFrameParent, frame);
        std::copy_n(fp, callee.arguments, reinterpret_cast<Value*>(made.body() + 1));
        frame = made;
      } else {
        for (std::uint32_t i = 0; i < callee.locals; ++i) *sp++ = kUnset;
      }
      continue;
    }
    save(at);
    if (is(procedure, Kind::builtin)) {
      const std::size_t index = builtin_index(procedure);
      const int arity = primitive_rows()[index].arity;
      if (arity >= 0 && static_cast<std::size_t>(arity) != count)
        wrong_arguments(procedure, arity, count, kNil);
      const Value value = call_builtin(index, at + 1, count);
      sp = at;
      *sp++ = value;
      continue;
    }
    if (++tries > kMostTries) stop(kEndlessApply, "a call of what is no procedure");
    if (is(procedure, Kind::continuation)) {
      if (count == 0) stop(kBadForm, "a continuation is called without a value");
      resume(procedure, at[1]);
      load();
      tries = 0;
      continue;
    }
    if (procedure.is_special()) {
      switch (procedure.special()) {
        case Special::apply: {
          if (count < 2) stop(kBadForm, "core:apply of less than a procedure and arguments");
          const Value list = at[2];
          *at = at[1];
          sp = at + 1;
          count = 0;
          for (Value rest = list; rest.is_pair(); rest = cdr(rest), ++count) {
            if (stack_end_ - sp < 64) stop(kStackLimit, "no room for so many arguments");
            *sp++ = car(rest);
          }
          goto call;
        }
        case Special::eval:
        case Special::eval_expanded: {
          if (count < 2) stop(kBadForm, "core:eval of less than a form and an environment");
          const Value value = procedure.special() == Special::eval ? eval_forms(heap.cons(at[1], kNil), at[2])
                                                                   : eval_expanded(at[1], at[2]);
          sp = at;
          *sp++ = value;
          continue;
        }
        default: break;
      }
    }
    if (procedure == known.call_cc) {
      if (count < 1) stop(kBadForm, "call-with-current-continuation of nothing");
      const Value continuation = capture(at);
      *at = at[1];
      at[1] = continuation;
      sp = at + 2;
      count = 1;
      tail = false;
      goto call;
    }
    if (procedure == known.call_with_values) {
      if (count < 2) stop(kBadForm, "call-with-values of less than two procedures");
      // A procedure of two arguments, written in instructions.
      const Value made = heap.make(Kind::closure, 2);
      set_slot(made, kClosureCode, Value::from_word(hidden(with_values_)));
      *at = made;
      sp = at + 3;
      count = 2;
      goto call;
    }
    if (procedure == known.current_environment) {
      sp = at;
      *sp++ = heap.cons(heap.cons(known.program, kNil), kNil);
      continue;
    }
    if (is(procedure, Kind::symbol)) {
      const Value value = lookup(procedure);
      if (value == kUndefined) error(known.unbound_variable, procedure);
      *at = value;
    } else if (procedure.is_pair() || is(procedure, Kind::binding)) {
      *at = eval_expanded(procedure, kNil);
    } else if (procedure.is_special()) {
      check_callable(procedure, procedure);
    }
    check_callable(*at, procedure);
    goto call;
  }
}

}  // namespace assay::mes
