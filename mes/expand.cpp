// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What mes does to a form before it evaluates it: macros are expanded, in place, and names that are no local
// ones become bindings, by rules that know little of scope. Programs rely on both; they are followed step by
// step.
#include <deque>

#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

/// Names that are taken for local ones at a place.
struct Locals {
  Value name;
  const Locals* next;
};

bool is_local(Value name, const Locals* locals) {
  for (; locals != nullptr; locals = locals->next) {
    if (locals->name == name) return true;
  }
  return false;
}

}  // namespace

Value Vm::expand(Value form, Value environment_list) {
  const Depth depth(*this);
  const Root keep(*this, environment_list);
  const auto rest_of = [&](Value list) {
    if (!cdr(list).is_pair()) stop(kBadForm, "a lambda, set! or define of one word");
    return cdr(cdr(list));
  };
  Root first(*this, form);
  Root last(*this, kNil);  // its cdr is what is being expanded, or there is none
  Root at(*this, form);
  const auto result = [&](Value value) -> Value {
    if (last == kNil) return value;
    set_cdr(last, value);
    return first;
  };
  while (true) {
    if (!static_cast<Value>(at).is_pair() || car(at) == known.quote) return result(at);
    const Value head = car(at);
    if (head == known.lambda || head == known.set || head == known.define || head == known.define_macro) {
      const Value body = expand(rest_of(at), keep);
      set_cdr(cdr(at), body);
      if (head == known.define_macro) eval_expanded(at, keep);
      return result(at);
    }
    if (is(head, Kind::symbol)) {
      const Value macro = slot(head, kSymbolMacro);
      if (macro != kUnset) {
        at = apply(slot(macro, kMacroProcedure), cdr(at));
        continue;
      }
      if (head != known.begin && slot(known.portable_macro_expand, kSymbolMacro) != kUnset) {
        Value expanders = lookup(known.sc_expander_alist);
        while (expanders.is_pair() && !(car(expanders).is_pair() && car(car(expanders)) == head))
          expanders = cdr(expanders);
        if (expanders.is_pair()) {
          const Value expander = lookup(known.macro_expand);
          if (expander != kUndefined && expander != kFalse)
            return result(apply(expander, heap.cons(at, kNil)));
        }
      }
    }
    const Value expanded = expand(car(at), keep);
    set_car(at, expanded);
    if (last == kNil) {
      first = static_cast<Value>(at);
    } else {
      set_cdr(last, at);
    }
    if (cdr(at) == kNil) return first;
    last = static_cast<Value>(at);
    at = cdr(at);
  }
}

void Vm::expand_names(Value form, Value formals, Value environment_list) {
  struct Place {
    Value list;
    const Locals* locals;
  };
  std::deque<Locals> names;
  const auto add = [&](Value name, const Locals* next) -> const Locals* {
    names.push_back({name, next});
    return &names.back();
  };
  const auto add_formals = [&](Value list, const Locals* locals) {
    for (; list.is_pair(); list = cdr(list)) locals = add(car(list), locals);
    return is(list, Kind::symbol) ? add(list, locals) : locals;
  };
  const auto second = [&](Value list) {
    if (!cdr(list).is_pair()) stop(kBadForm, "a lambda or define of one word");
    return car(cdr(list));
  };
  const auto defines = [&](Value list) {
    return car(list) == known.define || car(list) == known.define_macro;
  };
  ++no_collection_;  // a module may look names up with a procedure
  std::vector<Place> places = {{form, add_formals(formals, nullptr)}};
  bool top = true;
  while (!places.empty()) {
    Value list = places.back().list;
    const Locals* locals = places.back().locals;
    places.pop_back();
    for (Value rest = list; rest.is_pair() && car(rest) != known.quote; rest = cdr(rest)) {
      if (!car(rest).is_pair() || !defines(car(rest))) continue;
      const Value name = second(car(rest));
      locals = add(name.is_pair() ? car(name) : name, locals);
    }
    for (; list.is_pair(); list = cdr(list), top = false) {
      const Value head = car(list);
      if (head.is_pair()) {
        places.push_back({head, locals});
      } else if (head == known.lambda) {
        locals = add_formals(second(list), locals);
        list = cdr(list);
      } else if (head == known.define || head == known.define_macro) {
        Value name = second(list);
        if (top) name = name.is_pair() ? cdr(name) : kNil;
        locals = add_formals(name, locals);
        list = cdr(list);
      } else if (head == known.quote) {
        break;
      } else if (is(head, Kind::symbol) && head != known.current_environment && !is_local(head, locals)) {
        Value lexical = environment_list;
        while (lexical.is_pair() && !(car(lexical).is_pair() && car(car(lexical)) == head))
          lexical = cdr(lexical);
        if (lexical.is_pair()) {
          set_car(list, make_binding(head, car(lexical), true));
          continue;
        }
        Value variable = module_variable(head, false);
        if (variable == kFalse) variable = module_variable(head, true);
        // An interface has no room for new names: the real one leaves #f there.
        set_car(list, variable == kFalse ? kFalse : make_binding(head, variable, false));
      }
    }
  }
  --no_collection_;
}

Value Vm::eval_forms(Value forms, Value environment_list) {
  const Depth depth(*this);
  Root at(*this, forms);
  const Root keep(*this, environment_list);
  Value value = kUnspecified;
  while (static_cast<Value>(at) != kNil) {
    while (true) {
      if (!static_cast<Value>(at).is_pair()) stop(kBadForm, "what is evaluated ends in a begin of nothing");
      const Value form = car(at);
      if (form.is_pair() && car(form) == known.begin) {
        // Its forms stand for it: copied, as mes does.
        Value copies = kNil;
        Value last = kNil;
        for (Value rest = cdr(form); rest.is_pair(); rest = cdr(rest)) {
          const Value pair = heap.cons(car(rest), kNil);
          if (last == kNil) {
            copies = pair;
          } else {
            set_cdr(last, pair);
          }
          last = pair;
        }
        if (last == kNil) {
          at = cdr(at);
        } else {
          set_cdr(last, cdr(at));
          at = copies;
        }
        if (!static_cast<Value>(at).is_pair()) stop(kBadForm, "what is evaluated ends in a begin of nothing");
      }
      const Root before(*this, car(at));
      const Value expanded = expand(car(at), keep);
      if (expanded == static_cast<Value>(before)) break;
      set_car(at, expanded);
    }
    const Value form = car(at);
    if (form.is_pair() && car(form) == known.define && cdr(form).is_pair() && car(cdr(form)).is_pair()) {
      module_variable(car(car(cdr(form))), true);
    }
    expand_names(car(at), kNil, keep);
    value = eval_expanded(car(at), keep);
    at = cdr(at);
  }
  return value;
}

Value Vm::eval_expanded(Value form, Value environment_list) {
  const Depth depth(*this);
  // What a procedure's (current-environment) gives begins with its scope and frame.
  Value frame = kNil;
  if (environment_list.is_pair() && car(environment_list).is_pair() &&
      is(cdr(car(environment_list)), Kind::environment)) {
    frame = slot(cdr(car(environment_list)), kEnvironmentFrame);
  }
  const std::unique_ptr<Code> code = compile_top(form, environment_list);
  struct Running {
    Running(std::vector<Code*>& list, Code* one) : all(list) { all.push_back(one); }
    ~Running() { all.pop_back(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    std::vector<Code*>& all;
  };
  const Running running(running_, code.get());
  return run_code(*code, frame);
}

Value Vm::load(Value file) {
  const int before = input;
  if (is_number(file)) {
    if (number_of(file) != 0) stop(kBadForm, "primitive-load of a number that is not 0");
  } else if (is(file, Kind::string)) {
    const std::string path(text_of(file).substr(0, text_of(file).find('\0')));
    const int descriptor = open(path, 0, 0);
    if (descriptor < 0) {
      error(known.system_error, heap.cons(heap.make_string("No such file or directory"), file));
    }
    input = descriptor;
  } else if (is(file, Kind::port)) {
    input = static_cast<int>(slot(file, kPortNumber).fixnum());
  } else {
    print_error("primitive_load failed, filename=");
    print(file, errors, false);
    check(false, "primitive-load-boom 0");
  }
  const Value forms = read_all();
  input = before;
  return eval_forms(forms, kNil);
}

}  // namespace assay::mes
