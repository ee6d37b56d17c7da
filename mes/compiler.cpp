// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Forms to instructions. mes evaluates forms as they are; what that means is kept, with three thoughts behind
// it:
//
// * A name that was made a binding means its variable. One that is a name still means the variable of the
// nearest
//   form around it that has one, or what the current module has at that moment.
// * ((lambda (x ...) ...) y ...), what let, or, cond and others expand to, is no call: its variables are more
// variables of
//   the procedure around it. Such a form is evaluated once in each call.
// * A call by the name of a primitive is an instruction of its own, if the name means the primitive when it
// is
//   reached first. mes puts what the name means then into the form, so that it never changes again.
//
// Compiling never collects: addresses of values may be kept.
#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

/// Procedures whose instructions are kept, at most.
constexpr std::size_t kMostCodes = std::size_t{1} << 22;

enum class Form : std::uint8_t { none, quote, begin, lambda, if_, set, define, define_macro, expand };
/// Words that a form needs at least.
constexpr std::size_t kLeastWords[] = {1, 2, 1, 2, 3, 3, 2, 2, 2};

std::size_t words_of(Value list) {
  std::size_t count = 0;
  for (; list.is_pair(); list = cdr(list)) ++count;
  return count;
}

}  // namespace

class Compiler {
 public:
  Compiler(Vm& vm, Code& code) : vm_(vm), code_(code), function_(std::make_shared<Function>()) {
    code.function = function_;
  }

  void procedure() {
    auto scope = std::make_shared<Scope>();
    scope->parent = code_.outside;
    scope->function = function_;
    scope->of_lambda = true;
    std::vector<Scope::Name> formals;
    Value rest = code_.formals;
    for (; rest.is_pair(); rest = cdr(rest)) formals.push_back({car(rest), function_->slots++});
    code_.required = function_->slots;
    if (rest != kNil) {
      code_.rest = true;
      formals.push_back({rest, function_->slots++});
    }
    arguments_ = code_.arguments = function_->slots;
    function_->in_heap = makes_closures_in(code_.body);
    add_defines(code_.body, *scope);
    scope->names.insert(scope->names.end(), formals.begin(), formals.end());
    body(code_.body, scope, true);
    finish();
  }

  void top(Value form, Value environment) {
    auto scope = std::make_shared<Scope>();
    scope->function = function_;
    function_->in_heap = makes_closures(form);
    if (environment.is_pair()) {
      vm_.environments_.push_back(environment);
      scope->environment = &vm_.environments_.back();
      const Value first = car(environment);
      scope->of_lambda = first.is_pair() && car(first) == Value(Special::closure);
      if (first.is_pair() && is(cdr(first), Kind::environment)) {
        scope->parent =
            vm_.kept_scopes_[static_cast<std::size_t>(slot(cdr(first), kEnvironmentScope).fixnum())];
      }
    }
    expression(form, scope, true, scope->of_lambda ? Value(Special::closure) : vm_.known.program);
    emit(Op::returns, 0);
    finish();
  }

 private:
  using ScopePtr = std::shared_ptr<Scope>;

  void finish() {
    code_.locals = function_->in_heap ? 0 : function_->slots - code_.arguments;
    code_.most_stack = static_cast<std::uint32_t>(most_) + code_.locals + kControl;
    code_.compiled = true;
  }

  // ---- instructions

  std::size_t emit(Op op, int change) {
    code_.instructions.push_back(static_cast<std::int32_t>(op));
    depth_ += change;
    most_ = std::max(most_, depth_);
    return code_.instructions.size();
  }
  void operand(std::size_t value) { code_.instructions.push_back(static_cast<std::int32_t>(value)); }
  std::size_t constant(Value value) {
    code_.constants.push_back(value);
    return code_.constants.size() - 1;
  }
  void push_constant(Value value) {
    emit(Op::constant, 1);
    operand(constant(value));
  }
  /// A jump whose target is not known yet: where the target stands.
  std::size_t jump(Op op, int change) {
    emit(op, change);
    operand(0);
    return code_.instructions.size() - 1;
  }
  void land(std::size_t jump) {
    code_.instructions[jump] = static_cast<std::int32_t>(code_.instructions.size());
  }

  /// What is wrong is said when the form is reached.
  void bad(std::string_view what) {
    emit(Op::bad_form, 1);
    operand(constant(vm_.heap.make_string(what)));
  }

  // ---- what forms are

  Form form_of(Value head) const {
    if (head == Value(Special::macro_expand)) return Form::expand;
    if (is(head, Kind::binding)) {
      const Value handle = slot(head, kBindingHandle);
      head = slot(head, kBindingLexical).fixnum() != 0 ? cdr(handle) : Vm::variable_value(cdr(handle));
      if (head == Value(Special::macro_expand)) return Form::expand;
    }
    if (!is(head, Kind::symbol)) return Form::none;
    const KnownSymbols& known = vm_.known;
    if (head == known.quote) return Form::quote;
    if (head == known.begin) return Form::begin;
    if (head == known.lambda) return Form::lambda;
    if (head == known.if_) return Form::if_;
    if (head == known.set) return Form::set;
    if (head == known.define) return Form::define;
    if (head == known.define_macro) return Form::define_macro;
    return Form::none;
  }

  [[nodiscard]] bool is_lambda(Value form) const {
    return form.is_pair() && form_of(car(form)) == Form::lambda && cdr(form).is_pair();
  }
  [[nodiscard]] bool is_environment_call(Value form) const {
    return form.is_pair() && car(form) == vm_.known.current_environment && cdr(form) == kNil;
  }
  /// Whether (core:apply f arguments (current-environment)), where the environment does not matter.
  [[nodiscard]] bool is_plain_apply(Value form) const {
    if (car(form) != Value(Special::apply)) return false;
    std::size_t count = 0;
    Value last = kNil;
    for (Value rest = cdr(form); rest.is_pair(); rest = cdr(rest), ++count) last = car(rest);
    return count == 3 && is_environment_call(last);
  }

  /// Whether evaluating one of the forms makes something that holds on to variables.
  bool makes_closures(Value forms) {
    const Vm::Depth depth(vm_);
    if (!forms.is_pair()) return false;
    if (is_environment_call(forms)) return true;
    switch (form_of(car(forms))) {
      case Form::quote: return false;
      case Form::lambda: return true;
      case Form::define:
      case Form::define_macro:
        if (cdr(forms).is_pair() && car(cdr(forms)).is_pair()) return true;
        break;
      default: break;
    }
    const bool apply = is_plain_apply(forms);
    for (Value rest = forms; rest.is_pair(); rest = cdr(rest)) {
      const Value form = car(rest);
      if (apply && cdr(rest) == kNil) continue;
      if (rest == forms && is_lambda(form) && fits(car(cdr(form)), words_of(forms) - 1)) {
        if (makes_closures_in(cdr(cdr(form)))) return true;
      } else if (makes_closures(form)) {
        return true;
      }
    }
    return false;
  }
  bool makes_closures_in(Value list) {
    for (; list.is_pair(); list = cdr(list)) {
      if (makes_closures(car(list))) return true;
    }
    return false;
  }

  /// Makes variables of the names that the forms define, not those of procedures in them.
  void add_defines(Value forms, Scope& scope) {
    for (; forms.is_pair(); forms = cdr(forms)) add_defines_of(car(forms), scope);
  }
  void add_defines_of(Value form, Scope& scope) {
    const Vm::Depth depth(vm_);
    if (!form.is_pair()) return;
    const Form kind = form_of(car(form));
    if (kind == Form::quote || kind == Form::lambda) return;
    if (kind == Form::define && cdr(form).is_pair()) {
      Value name = car(cdr(form));
      const bool procedure = name.is_pair();
      if (procedure) name = car(name);
      if (own_slot(name, scope) == nullptr) scope.names.push_back({name, function_->slots++, true});
      if (procedure) return;
    }
    if (kind == Form::define_macro && cdr(form).is_pair() && car(cdr(form)).is_pair()) return;
    add_defines(form, scope);
  }
  static const Scope::Name* own_slot(Value name, const Scope& scope) {
    for (const Scope::Name& one : scope.names) {
      if (one.symbol == name && one.may_be_unset) return &one;
    }
    return nullptr;
  }

  // ---- variables

  /// Where a variable is, from the running procedure.
  struct Variable {
    bool own = true;        ///< of the procedure itself
    std::size_t depth = 0;  ///< else, or if it is in the heap: frames from the one at hand
    std::uint32_t slot = 0;
  };

  void place(Op on_stack, Op in_frame, Variable at, int change) {
    const std::size_t depth = at.depth;
    const std::uint32_t variable = at.slot;
    if (at.own && !function_->in_heap) {
      emit(on_stack, change);
      operand(variable < arguments_ ? variable : variable + kControl);
      return;
    }
    if (in_frame == Op::frame_variable && depth == 0) {
      emit(Op::own_variable, change);
    } else {
      emit(in_frame, change);
      operand(depth);
    }
    operand(variable + 1);
  }

  /// Goes through what a name may mean, from the inside out; `use` says what to do with a variable, `global`
  /// where it is none.
  template <class Use, class Global>
  void resolve(Value name, const Scope* scope, std::size_t index, std::size_t depth, const Use& use,
               const Global& global) {
    const Function* function = scope->function.get();
    while (true) {
      for (; index < scope->names.size(); ++index) {
        const Scope::Name& one = scope->names[index];
        if (one.symbol != name) continue;
        const Variable at{scope->function == function_, depth, one.slot};
        if (!one.may_be_unset) {
          use(at);
          return;
        }
        place(Op::if_set_local, Op::if_set_variable, at, 0);
        operand(0);
        const std::size_t set = code_.instructions.size() - 1;
        const int before = depth_;
        resolve(name, scope, index + 1, depth, use, global);
        const std::size_t done = jump(Op::jump, 0);
        depth_ = before;
        land(set);
        use(at);
        land(done);
        return;
      }
      if (scope->environment != nullptr) {
        for (Value list = *scope->environment; list.is_pair(); list = cdr(list)) {
          if (!car(list).is_pair() || car(car(list)) != name) continue;
          global(vm_.make_binding(name, car(list), true));
          return;
        }
      }
      if (scope->parent == nullptr) break;
      scope = scope->parent.get();
      index = 0;
      if (scope->function.get() != function) {
        if (function->in_heap) ++depth;
        function = scope->function.get();
      }
    }
    global(name);
  }

  void reference(Value name, const ScopePtr& scope) {
    resolve(
        name, scope.get(), 0, 0, [&](Variable at) { place(Op::local, Op::frame_variable, at, 1); },
        [&](Value what) {
          emit(is(what, Kind::binding) ? Op::lexical : Op::dynamic, 1);
          operand(constant(what));
        });
  }

  void binding(Value what) {
    emit(slot(what, kBindingLexical).fixnum() != 0 ? Op::lexical : Op::global, 1);
    operand(constant(what));
  }

  // ---- forms

  void expression(Value form, const ScopePtr& scope, bool tail, Value head) {
    const Vm::Depth depth(vm_);
    if (!form.is_pair()) return atom(form, scope);
    const KnownSymbols& known = vm_.known;
    const auto part = [&](std::size_t index) {
      Value rest = form;
      for (; index != 0; --index) rest = cdr(rest);
      return car(rest);
    };
    const Form kind = form_of(car(form));
    if (words_of(form) < kLeastWords[static_cast<std::size_t>(kind)])
      return bad("a form has fewer words than it needs");
    switch (kind) {
      case Form::quote: return push_constant(part(1));
      case Form::begin:
        if (!cdr(form).is_pair()) return push_constant(known.begin);
        return body(cdr(form), scope, tail, head);
      case Form::lambda: return closure(part(1), cdr(cdr(form)), scope, head);
      case Form::if_: {
        expression(part(1), scope, false, head);
        const std::size_t otherwise = jump(Op::jump_if_false, -1);
        const int before = depth_;
        expression(part(2), scope, tail, head);
        const std::size_t done = jump(Op::jump, 0);
        land(otherwise);
        depth_ = before;
        if (!cdr(cdr(cdr(form))).is_pair()) {
          push_constant(kUnspecified);
        } else {
          expression(part(3), scope, tail, head);
        }
        land(done);
        return;
      }
      case Form::set: expression(part(2), scope, false, head); return assign(part(1), scope);
      case Form::define:
      case Form::define_macro: return define(form, part(1), scope);
      case Form::expand:
        expression(part(1), scope, false, head);
        emit(Op::expand, 0);
        return;
      case Form::none: break;
    }
    call(form, scope, tail, head);
  }

  void atom(Value form, const ScopePtr& scope) {
    const KnownSymbols& known = vm_.known;
    if (is(form, Kind::binding)) return binding(form);
    if (is(form, Kind::symbol) && form != known.current_environment && form != known.begin &&
        form != known.call_cc) {
      return reference(form, scope);
    }
    push_constant(form);
  }

  void body(Value forms, const ScopePtr& scope, bool tail, Value head = Value(Special::closure)) {
    if (!forms.is_pair()) push_constant(kUnspecified);
    for (; forms.is_pair(); forms = cdr(forms)) {
      const bool last = !cdr(forms).is_pair();
      expression(car(forms), scope, tail && last, head);
      if (!last) emit(Op::pop, -1);
    }
    if (tail) emit(Op::returns, 0);
  }

  Code* child(Value name, Value formals, Value forms, const ScopePtr& scope) {
    Code* const made = vm_.new_code();
    made->name = name;
    made->formals = formals;
    made->body = forms;
    made->outside = scope;
    code_.children.push_back(made);
    return made;
  }

  void closure(Value formals, Value forms, const ScopePtr& scope, Value name) {
    child(name, formals, forms, scope);
    emit(Op::make_closure, 1);
    operand(code_.children.size() - 1);
  }

  void assign(Value name, const ScopePtr& scope) {
    const auto set_global = [&](Value what) {
      const bool lexical = is(what, Kind::binding) && slot(what, kBindingLexical).fixnum() != 0;
      emit(lexical ? Op::set_lexical : is(what, Kind::binding) ? Op::set_global : Op::set_dynamic, 0);
      operand(constant(what));
    };
    if (is(name, Kind::binding)) return set_global(name);
    if (!is(name, Kind::symbol) && !name.is_special()) return bad("set! of what is no name");
    resolve(
        name, scope.get(), 0, 0,
        [&](Variable at) {
          place(Op::store_local, Op::store_variable, at, -1);
          push_constant(kUnspecified);
        },
        set_global);
  }

  void define(Value form, Value target, const ScopePtr& scope) {
    const bool macro = form_of(car(form)) == Form::define_macro;
    const Value name = target.is_pair() ? car(target) : target;
    if (!is(name, Kind::symbol) && !name.is_special()) return bad("define of what is no name");
    if (macro && !is(name, Kind::symbol)) return bad("define-macro of what is no name");
    const bool local = scope->of_lambda && !macro;
    const auto with_name = [&](Op op, int change, Value value) {
      emit(op, change);
      operand(constant(value));
    };
    if (!local && !macro) with_name(Op::define_prepare, 0, name);
    if (target.is_pair()) {
      if (!local) with_name(Op::define_expand, 0, form);
      closure(cdr(target), cdr(cdr(form)), scope, name);
    } else {
      if (!cdr(cdr(form)).is_pair()) return bad("define of a name without a value");
      expression(car(cdr(cdr(form))), scope, false, name);
    }
    if (macro) {
      with_name(Op::define_macro, 0, name);
      return operand(scope->of_lambda ? 1 : 0);
    }
    if (!local) return with_name(Op::define_global, 0, name);
    if (scope->environment != nullptr) {
      with_name(Op::define_in, 0, *scope->environment);
      constant(name);
      return;
    }
    // The scope has the name: it was looked for when the lambda around this form was begun.
    const Scope::Name* const own = own_slot(name, *scope);
    if (own == nullptr) return bad("define where none was expected");
    place(Op::store_local, Op::store_variable, {.slot = own->slot}, -1);
    push_constant(kUnspecified);
  }

  void call(Value form, const ScopePtr& scope, bool tail, Value head) {
    const Value procedure = car(form);
    std::size_t count = 0;
    Value end = cdr(form);
    for (; end.is_pair(); end = cdr(end)) ++count;
    if (end != kNil) return bad("a call whose arguments are no list");
    if (is_environment_call(form)) return environment(scope);
    if (is_lambda(procedure) && fits(car(cdr(procedure)), count)) return let(form, scope, tail, head);

    const bool plain_apply = is_plain_apply(form);
    const auto push_arguments = [&] {
      for (Value rest = cdr(form); rest.is_pair(); rest = cdr(rest)) {
        if (plain_apply && cdr(rest) == kNil) {
          push_constant(kNil);
        } else {
          expression(car(rest), scope, false, head);
        }
      }
    };
    const int change = 1 - static_cast<int>(count);
    const Value builtin = builtin_of(procedure, count);
    if (builtin != kNil) {
      push_arguments();
      const std::size_t at = constant(procedure);
      constant(builtin);
      most_ = std::max(most_, depth_ + 1);  // for a procedure, should it be another one
      emit(Op::primitive_first, change);
      operand(at);
      operand(count);
      if (tail) emit(Op::returns, 0);
      return;
    }
    // A form in the place of the procedure is evaluated twice: before the arguments, for nothing, and behind
    // them.
    const bool twice = procedure.is_pair() && !is_lambda(procedure);
    if (is(procedure, Kind::binding)) {
      emit(Op::call_operator, 1);
      operand(constant(procedure));
    } else {
      expression(procedure, scope, false, head);
    }
    if (twice) emit(Op::pop, -1);
    push_arguments();
    if (twice) {
      expression(procedure, scope, false, head);
      emit(Op::rotate, 0);
      operand(count);
    }
    most_ = std::max(most_, depth_ + 3);  // for what becomes of special procedures
    emit(tail ? Op::tail_call : Op::call, change - 1);
    operand(count);
    if (tail) emit(Op::returns, 0);
  }

  /// The builtin that a procedure means now, if it takes so many arguments; else nil.
  [[nodiscard]] Value builtin_of(Value procedure, std::size_t count) const {
    Value value = procedure;
    if (is(procedure, Kind::binding) && slot(procedure, kBindingLexical).fixnum() == 0) {
      value = Vm::variable_value(cdr(slot(procedure, kBindingHandle)));
    }
    if (!is(value, Kind::builtin)) return kNil;
    const int arity = primitive_rows()[static_cast<std::size_t>(slot(value, kBuiltinIndex).fixnum())].arity;
    return arity < 0 || static_cast<std::size_t>(arity) == count ? value : kNil;
  }

  static bool fits(Value formals, std::size_t count) {
    for (; formals.is_pair() && count != 0; formals = cdr(formals)) --count;
    return formals == kNil && count == 0;
  }

  void let(Value form, const ScopePtr& scope, bool tail, Value head) {
    const Value lambda = car(form);
    const Value forms = cdr(cdr(lambda));
    for (Value rest = cdr(form); rest.is_pair(); rest = cdr(rest)) expression(car(rest), scope, false, head);
    auto inner = std::make_shared<Scope>();
    inner->parent = scope;
    inner->function = function_;
    inner->of_lambda = true;
    add_defines(forms, *inner);
    std::vector<std::uint32_t> slots;
    for (Value rest = car(cdr(lambda)); rest.is_pair(); rest = cdr(rest)) {
      inner->names.push_back({car(rest), function_->slots});
      slots.push_back(function_->slots++);
    }
    for (std::size_t i = slots.size(); i-- != 0;)
      place(Op::store_local, Op::store_variable, {.slot = slots[i]}, -1);
    body(forms, inner, tail);
  }

  void environment(const ScopePtr& scope) {
    std::size_t index = static_cast<std::size_t>(-1);
    if (scope->of_lambda) {
      index = vm_.kept_scopes_.size();
      if (index >= kMostCodes) vm_.stop(kHeapLimit, "too many forms with (current-environment)");
      vm_.kept_scopes_.push_back(scope);
    }
    emit(Op::environment, 1);
    operand(index);
  }

  Vm& vm_;
  Code& code_;
  std::shared_ptr<Function> function_;
  std::uint32_t arguments_ = 0;
  int depth_ = 0;
  int most_ = 0;
};

Code* Vm::new_code() {
  if (codes_.size() >= kMostCodes) stop(kHeapLimit, "too many procedures were made from forms");
  codes_.push_back(std::make_unique<Code>());
  return codes_.back().get();
}

void Vm::compile(Code& code) { Compiler(*this, code).procedure(); }

std::unique_ptr<Code> Vm::compile_top(Value form, Value environment_list) {
  auto code = std::make_unique<Code>();
  Compiler(*this, *code).top(form, environment_list);
  return code;
}

}  // namespace assay::mes
