// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs instructions. One loop runs all calls that Scheme makes of Scheme, on a stack of values (code.h);
// where a primitive asks for a procedure (a macro, a printer, a file to load) the loop is entered again, a
// level deeper. A continuation is a copy of its level's part of the stack: calling it from a deeper level
// leaves the levels between by an exception.
#include "mes/vm.h"

#include <fmt/format.h>

#include <algorithm>

#include "mes/diagnostics.h"

namespace assay::mes {
namespace {

// A continuation's body.
constexpr std::size_t kLevel = 1;  // behind its number
constexpr std::size_t kPc = 2;
constexpr std::size_t kCode = 3;
constexpr std::size_t kFp = 4;
constexpr std::size_t kFrame = 5;
constexpr std::size_t kStack = 6;

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

Vm::Depth::Depth(Vm& vm) : vm_(vm) {
  if (++vm.depth_ > vm.limits.depth) {
    --vm.depth_;
    vm.stop(kDepthLimit, fmt::format("more than {} forms in each other", vm.limits.depth));
  }
}

void Vm::error(Value key, Value argument) { throw SchemeError{key, argument}; }

void Vm::stop(const DiagnosticKind& kind, std::string message) { throw Stop{&kind, std::move(message)}; }

void Vm::check(bool holds, std::string_view text) {
  if (holds) return;  // else mes would print the text, but compiled by M2-Planet it reads address 0 before
  abort(fmt::format("mes's assertion fails: {}", text));
}

void Vm::abort(std::string_view why) { stop(kAbort, std::string(why)); }

void Vm::collect() {
  if (no_collection_ != 0) return;
  heap.collect([&](const Heap::Visitor& visit) {
    for (Value* at = stack_start_; at < sp_; ++at) visit(*at);
    for (Value* const root : roots_) visit(*root);
    const auto visit_code = [&](Code& code) {
      visit(code.formals);
      visit(code.body);
      for (Value& constant : code.constants) visit(constant);
    };
    for (const auto& code : codes_) visit_code(*code);
    for (Code* const code : running_) visit_code(*code);
    for (Value& list : environments_) visit(list);
    for (Value* const root :
         {&frame_, &initial_module, &current_module, &variable_type, &hash_table_type, &ports}) {
      visit(*root);
    }
    if (child_of) visit(child_of->first);
  });
}

Value Vm::list_of(const Value* at, std::size_t count) {
  Value list = kNil;
  while (count != 0) list = heap.cons(at[--count], list);
  return list;
}

void Vm::wrong_arguments(Value procedure, std::int64_t wanted, std::size_t given, Value list) {
  print_error(fmt::format("apply: wrong number of arguments; expected: {}, got: {}\n", wanted, given));
  print(procedure, errors, true);
  static_cast<void>(list);
  error(known.wrong_number_of_args,
        heap.cons(heap.make_string("apply: wrong number of arguments; expected: "), procedure));
}

void Vm::check_callable(Value procedure, Value form) {
  std::string_view type;
  if (procedure == kFalse || procedure == kTrue) type = "bool";
  if (procedure == kNil) type = "nil";
  if (procedure == kUnspecified) type = "*unspecified*";
  if (procedure == kUndefined) type = "*undefined*";
  if (procedure.is_character()) type = "char";
  if (is_number(procedure)) type = "number";
  if (is(procedure, Kind::string)) type = "string";
  if (is(procedure, Kind::structure)) type = "#<...>";
  if (type.empty()) return;
  print_error(fmt::format("cannot apply: {}[", type));
  print(form, errors, true);
  print_error("]\n");
  error(known.wrong_type_arg, heap.cons(heap.make_string("cannot apply: "), procedure));
}

Value Vm::call_builtin(std::size_t index, Value* at, std::size_t count) {
  const PrimitiveRow& row = primitive_rows()[index];
  // Several values mean the first one, for the first two arguments. mes takes one too many where the second
  // is such.
  if (row.arity != 0) {
    if (count > 0 && is(at[0], Kind::values)) {
      const Value list = slot(at[0], kValuesList);
      if (!list.is_pair()) stop(kBadForm, "no values where one is needed");
      at[0] = car(list);
    }
    if (row.arity != 1 && count > 1 && is(at[1], Kind::values)) {
      if (row.arity != 2) stop(kUnsupported, "several values as the second of many arguments");
      const Value list = slot(at[1], kValuesList);
      if (!list.is_pair()) stop(kBadForm, "no values where one is needed");
      at[1] = car(list);
    }
  }
  return row.function(*this, at, count);
}

Value Vm::apply(Value procedure, Value arguments_list) {
  const Depth depth(*this);
  Value* const base = sp_;
  std::size_t count = 0;
  for (Value rest = arguments_list; rest.is_pair(); rest = cdr(rest)) ++count;
  if (stack_end_ - sp_ < static_cast<std::ptrdiff_t>(count + 64))
    stop(kStackLimit, "no room for the arguments of a call");
  // A level begins with where the outer one goes on.
  *sp_++ = Value::from_word(hidden(pc_));
  *sp_++ = Value::from_word(hidden(code_));
  *sp_++ = Value::from_word(hidden(fp_));
  *sp_++ = frame_;
  *sp_++ = Value::from_word(hidden(resume_));
  Code call;  // one call, and the end
  call.instructions = {static_cast<std::int32_t>(Op::call), static_cast<std::int32_t>(count),
                       static_cast<std::int32_t>(Op::returns)};
  call.compiled = true;
  code_ = &call;
  pc_ = call.instructions.data();
  fp_ = sp_ + 1;
  *sp_++ = kNil;  // stands for the procedure of this frame
  for (std::size_t i = 0; i < kControl; ++i) *sp_++ = Value::from_word(1);
  *sp_++ = procedure;
  for (Value rest = arguments_list; rest.is_pair(); rest = cdr(rest)) *sp_++ = car(rest);
  return run_loop(base);
}

Value Vm::run_code(Code& code, Value frame) {
  const Depth depth(*this);
  Value* const base = sp_;
  if (stack_end_ - sp_ < static_cast<std::ptrdiff_t>(code.most_stack + 64))
    stop(kStackLimit, "no room for a form");
  *sp_++ = Value::from_word(hidden(pc_));
  *sp_++ = Value::from_word(hidden(code_));
  *sp_++ = Value::from_word(hidden(fp_));
  *sp_++ = frame_;
  *sp_++ = Value::from_word(hidden(resume_));
  code_ = &code;
  pc_ = code.instructions.data();
  *sp_++ = kNil;
  fp_ = sp_;
  for (std::size_t i = 0; i < kControl; ++i) *sp_++ = Value::from_word(1);
  for (std::size_t i = 0; i < code.locals; ++i) *sp_++ = kUnset;
  frame_ = frame;
  if (code.function->in_heap) {
    frame_ = heap.make(Kind::frame, 1 + code.function->slots, kUnset);
    set_slot(frame_, kFrameParent, frame);
  }
  return run_loop(base);
}

/// Runs until the level that begins at `base` has a value, then goes back to the outer one.
Value Vm::run_loop(Value* base) {
  Value* const outer_base = level_base_;
  const std::int64_t outer_level = level_;
  level_base_ = base;
  level_ = ++last_level_;
  levels_.push_back(level_);
  const auto leave = [&] {
    const Value* const saved = level_base_;
    sp_ = level_base_;
    pc_ = shown<const std::int32_t>(saved[0].word());
    code_ = shown<Code>(saved[1].word());
    fp_ = shown<Value>(saved[2].word());
    frame_ = saved[3];
    resume_ = shown<Value>(saved[4].word());
    level_base_ = outer_base;
    level_ = outer_level;
    levels_.pop_back();
  };
  const std::size_t no_collection = no_collection_;
  try {
    while (true) {
      try {
        const Value value = loop();
        leave();
        return value;
      } catch (const SchemeError& thrown) {
        no_collection_ = no_collection;
        raise(thrown.key, thrown.argument);
      } catch (const Escape& escape) {
        if (slot(escape.continuation, kLevel).fixnum() != level_) throw;
        no_collection_ = no_collection;
        resume(escape.continuation, escape.value);
      }
    }
  } catch (...) {
    leave();
    throw;
  }
}

/// Has (throw key argument) called in the place of what went wrong.
void Vm::raise(Value key, Value argument) {
  const Value handler = lookup(known.throw_);
  if (handler == kUndefined) {
    print(key, errors, false);
    print_error(": ");
    print(argument, errors, true);
    print_error("\n");
    check(false, "ERROR");
  }
  sp_ = resume_;
  // The loop goes on with this call, and then with what comes after the one that failed.
  *sp_++ = handler;
  *sp_++ = key;
  *sp_++ = argument;
  pending_call_ = true;
}

Value Vm::capture(Value* top) {
  const auto count = static_cast<std::size_t>(top - level_base_);
  const Value made = heap.make(Kind::continuation, kStack + count);
  set_slot(made, 0, Value::fixnum(continuations_++));
  set_slot(made, kLevel, Value::fixnum(level_));
  set_slot(made, kPc, Value::from_word(hidden(pc_)));
  set_slot(made, kCode, Value::from_word(hidden(code_)));
  set_slot(made, kFp, Value::from_word(hidden(fp_)));
  set_slot(made, kFrame, frame_);
  std::copy_n(level_base_, count, reinterpret_cast<Value*>(made.body() + kStack));
  return made;
}

void Vm::resume(Value continuation, Value value) {
  const std::int64_t level = slot(continuation, kLevel).fixnum();
  if (level != level_) {
    if (std::find(levels_.begin(), levels_.end(), level) == levels_.end()) {
      stop(kDeadContinuation, "a continuation of an evaluation that has ended is called");
    }
    throw Escape{continuation, value};
  }
  const std::size_t count = length_of(continuation) - kStack;
  std::copy_n(reinterpret_cast<const Value*>(continuation.body() + kStack), count, level_base_);
  sp_ = level_base_ + count;
  pc_ = shown<const std::int32_t>(slot(continuation, kPc).word());
  code_ = shown<Code>(slot(continuation, kCode).word());
  fp_ = shown<Value>(slot(continuation, kFp).word());
  frame_ = slot(continuation, kFrame);
  *sp_++ = value;
}

Value Vm::fork() {
  if (child_of) stop(kUnsupported, "a child that makes a child");
  const int process = ++last_child_;
  // The parent goes on from here with the number of its child, once that has ended.
  child_of = {capture(resume_), process};
  return number(0);
}

void Vm::end_child(int status) {
  const auto [continuation, process] = *child_of;
  child_of.reset();
  children.emplace_back(process, status);
  throw Escape{continuation, number(process)};
}

Value Vm::make_stack() {
  // The procedures of the calls in progress, outermost first; mes has one more frame for each form in
  // evaluation.
  std::vector<Value> procedures;
  const Code* code = code_;
  for (const Value* fp = fp_; code != nullptr && fp > level_base_;) {
    procedures.push_back(fp[-1]);
    const Value* const control = fp + code->arguments;
    code = shown<Code>(control[1].word());
    fp = shown<Value>(control[2].word());
  }
  const Value frames = heap.make(Kind::vector, procedures.size());
  const Value type = make_struct(
      known.record_type, heap.cons(known.frame, heap.cons(heap.cons(intern("procedure"), kNil), kNil)),
      kUnspecified);
  for (std::size_t i = 0; i < procedures.size(); ++i) {
    const Value procedure = procedures[procedures.size() - 1 - i];
    set_slot(
        frames, i,
        make_struct(type, heap.cons(known.frame, heap.cons(procedure == kNil ? kFalse : procedure, kNil)),
                    known.frame_printer));
  }
  const Value stack_type =
      make_struct(known.record_type,
                  heap.cons(known.stack, heap.cons(heap.cons(intern("frames"), kNil), kNil)), kUnspecified);
  return make_struct(stack_type, heap.cons(known.stack, heap.cons(frames, kNil)), kUnspecified);
}

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
