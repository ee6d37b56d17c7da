// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Levels of evaluation. Where a primitive asks for a procedure (a macro, a printer, a file to load) the loop
// that runs instructions (vm.cpp) is entered again, a level deeper. A continuation is a copy of its level's
// part of the stack: calling it from a deeper level leaves the levels between by an exception.
#include <fmt/format.h>

#include <algorithm>

#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

// A continuation's body.
constexpr std::size_t kLevel = 1;  // behind its number
constexpr std::size_t kPc = 2;
constexpr std::size_t kCode = 3;
constexpr std::size_t kFp = 4;
constexpr std::size_t kFrame = 5;
constexpr std::size_t kStack = 6;

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

}  // namespace assay::mes
