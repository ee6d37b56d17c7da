// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Symbols, variables, modules, and the hash tables that modules are made of. Tables keep mes's order:
// programs see it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

constexpr std::array<std::string_view, kSpecialCount> kSpecialNames = {"()",
                                                                       "#f",
                                                                       "#t",
                                                                       ".",
                                                                       "=>",
                                                                       "*undefined*",
                                                                       "*unspecified*",
                                                                       "*closure*",
                                                                       "*circular*",
                                                                       "core:apply",
                                                                       "core:eval",
                                                                       "core:eval-expanded",
                                                                       "core:macro-expand",
                                                                       "*vm-begin*",
                                                                       "*vm-return*",
                                                                       ""};

/// Buckets that mes's tables have unless told otherwise.
constexpr std::int64_t kBuckets = 100;

// mes's types by number, as their names are bound.
constexpr std::array<std::string_view, 18> kTypes = {
    "<cell:bytes>",   "<cell:char>",   "<cell:closure>",     "<cell:continuation>", "<cell:keyword>",
    "<cell:macro>",   "<cell:number>", "<cell:pair>",        "<cell:port>",         "<cell:ref>",
    "<cell:special>", "<cell:string>", "<cell:struct>",      "<cell:symbol>",       "<cell:values>",
    "<cell:binding>", "<cell:vector>", "<cell:broken-heart>"};
constexpr std::array<int, 18> kTypeNumbers = {1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};

// What open(2) takes, by mes's own names.
constexpr std::array<std::pair<std::string_view, int>, 4> kOpenFlags = {
    {{"O_RDONLY", 0}, {"O_WRONLY", 1}, {"O_CREAT", 0x40}, {"O_TRUNC", 0x200}}};

std::int64_t bucket_of(std::string_view name, std::int64_t size) {
  std::int64_t hash = 0;
  if (!name.empty()) hash = std::int64_t{static_cast<signed char>(name[0])} * 37;
  if (name.size() > 1 && name[0] != 0) hash += std::int64_t{static_cast<signed char>(name[1])} * 43;
  return hash % size;
}

Value find_pair(Value key, Value list) {
  for (; list.is_pair(); list = cdr(list)) {
    if (car(list).is_pair() && car(car(list)) == key) return car(list);
  }
  return kFalse;
}

}  // namespace

std::string_view name_of(Special special) { return kSpecialNames.at(static_cast<std::size_t>(special)); }

const Dialect* find_dialect(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kDialects), std::end(kDialects),
                                         [&](const Dialect& row) { return row.name == name; });
  return found == std::end(kDialects) ? nullptr : found;
}

Value Vm::make_symbol(std::string_view name) {
  const Value text = heap.make_lasting_string(name);
  const Value symbol = heap.make_lasting(Kind::symbol, 2);
  set_slot(symbol, kSymbolName, text);
  set_slot(symbol, kSymbolMacro, kUnset);
  symbols_.insert_or_assign(text_of(text), symbol);
  return symbol;
}

Value Vm::intern(std::string_view name) {
  const auto found = symbols_.find(name);
  return found != symbols_.end() ? found->second : make_symbol(name);
}

Value Vm::number(std::int64_t value) {
  if (dialect.bits == 32) return Value::fixnum(static_cast<std::int32_t>(static_cast<std::uint32_t>(value)));
  const Value small = Value::fixnum(value);
  if (small.fixnum() == value) return small;
  const Value large = heap.make_bytes(Kind::number, sizeof(std::int64_t));
  large.body()[0] = static_cast<Word>(value);
  return large;
}

Value Vm::make_struct(Value type, Value fields, Value printer) {
  std::size_t count = 0;
  for (Value rest = fields; rest.is_pair(); rest = cdr(rest)) ++count;
  const Value made = heap.make(Kind::structure, 2 + count, kUnspecified);
  set_slot(made, kStructType, type);
  set_slot(made, kStructPrinter, printer);
  for (std::size_t i = 2; fields.is_pair(); fields = cdr(fields)) set_slot(made, i++, car(fields));
  return made;
}

Value Vm::make_variable(Value value) {
  const Value made = heap.make(Kind::structure, 4);
  set_slot(made, kStructType, variable_type);
  set_slot(made, kStructPrinter, known.variable_printer);
  set_slot(made, 2, known.variable);
  set_slot(made, kVariableValue, value);
  return made;
}

Value Vm::make_binding(Value name, Value variable, bool lexical) {
  const Value handle = lexical ? variable : heap.cons(name, variable);
  const Value made = heap.make(Kind::binding, 2);
  set_slot(made, kBindingHandle, handle);
  set_slot(made, kBindingLexical, Value::fixnum(lexical ? 1 : 0));
  return made;
}

Value Vm::make_hash_table(std::int64_t size) {
  if (size == 0) size = kBuckets;
  if (size < 0) stop(kBadForm, fmt::format("a hash table of {} buckets", size));
  const Value buckets = heap.make(Kind::vector, static_cast<std::size_t>(size), kUnspecified);
  return make_struct(hash_table_type,
                     heap.cons(known.hash_table, heap.cons(number(size), heap.cons(buckets, kNil))),
                     kUnspecified);
}

Value Vm::hash_of(Value table, Value key, bool by_symbol) {
  if (!is(table, Kind::structure) || length_of(table) <= kTableBuckets ||
      !is(slot(table, kTableBuckets), Kind::vector) || !slot(table, kTableSize).is_fixnum()) {
    error(known.wrong_type_arg, heap.cons(intern("<cell:struct>"), heap.cons(number(1), table)));
  }
  const auto size = static_cast<std::int64_t>(length_of(slot(table, kTableBuckets)));
  if (size == 0) stop(kBadForm, "a hash table without buckets");
  std::int64_t hash = 0;
  if (by_symbol) {
    if (is(key, Kind::symbol)) {
      hash = bucket_of(text_of(slot(key, kSymbolName)), size);
    } else if (key.is_special()) {
      hash = bucket_of(name_of(key.special()), size);
    } else {
      error(known.system_error, heap.cons(heap.make_string("hashq_: not a symbol"), key));
    }
  } else if (is(key, Kind::string)) {
    hash = bucket_of(text_of(key), size);
  }
  if (hash < 0) stop(kBadForm, "a hash key that begins with a byte above 127");
  return Value::fixnum(hash);
}

Value Vm::hashq_handle(Value table, Value key) {
  const Value hash = hash_of(table, key, true);
  return find_pair(key, slot(slot(table, kTableBuckets), static_cast<std::size_t>(hash.fixnum())));
}

void Vm::hash_set(Value table, Value key, Value value, bool by_symbol) {
  const auto hash = static_cast<std::size_t>(hash_of(table, key, by_symbol).fixnum());
  const Value buckets = slot(table, kTableBuckets);
  const Value bucket = slot(buckets, hash);
  set_slot(buckets, hash, heap.cons(heap.cons(key, value), bucket.is_pair() ? bucket : kNil));
}

Value Vm::module_variable(Value name, bool define) {
  constexpr std::size_t kObarray = 3;
  constexpr std::size_t kUses = 4;
  constexpr std::size_t kEvalClosure = 6;
  if (current_module == kFalse) {
    const Value handle = hashq_handle(initial_module, name);
    if (handle != kFalse) return cdr(handle);
    if (!define) return kFalse;
    const Value variable = make_variable(kUndefined);
    hash_set(initial_module, name, variable, true);
    return variable;
  }
  const auto is_module = [](Value module) {
    return is(module, Kind::structure) && length_of(module) > kEvalClosure;
  };
  if (!is_module(current_module)) stop(kBadForm, "the current module is no module");
  const Value closure = slot(current_module, kEvalClosure);
  if (closure != known.standard_eval_closure && closure != known.standard_interface_eval_closure) {
    return apply(closure, heap.cons(name, heap.cons(Value::boolean(define), kNil)));
  }
  if (define) {
    if (closure == known.standard_interface_eval_closure) return kFalse;
    const Value table = slot(current_module, kObarray);
    const Value handle = hashq_handle(table, name);
    if (handle != kFalse) return cdr(handle);
    const Value variable = make_variable(kUndefined);
    hash_set(table, name, variable, true);
    return variable;
  }
  // Modules in the order mes visits them: what one uses before what comes behind it. One that was seen needs
  // no second look.
  std::vector<Value> waiting = {current_module};
  std::vector<Value> seen;
  while (!waiting.empty()) {
    const Value module = waiting.back();
    waiting.pop_back();
    if (std::find(seen.begin(), seen.end(), module) != seen.end()) continue;
    seen.push_back(module);
    if (!is_module(module)) stop(kBadForm, "a used module is no module");
    const Value handle = hashq_handle(slot(module, kObarray), name);
    if (handle != kFalse && cdr(handle) != kFalse) return cdr(handle);
    const std::size_t first = waiting.size();
    for (Value uses = slot(module, kUses); uses.is_pair(); uses = cdr(uses)) waiting.push_back(car(uses));
    std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(first), waiting.end());
  }
  return kFalse;
}

Value Vm::lookup(Value name) {
  const Value variable = module_variable(name, false);
  return variable == kFalse ? kUndefined : variable_value(variable);
}

void Vm::set_global(Value name, Value value, bool define) {
  const Value variable = module_variable(name, false);
  if (variable == kFalse || (!define && variable_value(variable) == kUndefined))
    error(known.unbound_variable, name);
  set_slot(variable, kVariableValue, value);
}

void Vm::init_symbols() {
  for (std::size_t i = 0; i + 1 < kSpecialCount; ++i) {
    symbols_.emplace(kSpecialNames.at(i), Value(static_cast<Special>(i)));
  }
  known = {.lambda = intern("lambda"),
           .begin = intern("begin"),
           .if_ = intern("if"),
           .quote = intern("quote"),
           .define = intern("define"),
           .define_macro = intern("define-macro"),
           .set = intern("set!"),
           .quasiquote = intern("quasiquote"),
           .unquote = intern("unquote"),
           .unquote_splicing = intern("unquote-splicing"),
           .syntax = intern("syntax"),
           .quasisyntax = intern("quasisyntax"),
           .unsyntax = intern("unsyntax"),
           .unsyntax_splicing = intern("unsyntax-splicing"),
           .macro_expand = intern("macro-expand"),
           .portable_macro_expand = intern("portable-macro-expand"),
           .sc_expander_alist = intern("*sc-expander-alist*"),
           .call_with_values = intern("call-with-values"),
           .call_cc = intern("call-with-current-continuation"),
           .current_environment = intern("current-environment"),
           .car = intern("car"),
           .cdr = intern("cdr"),
           .not_a_number = intern("not-a-number"),
           .not_a_pair = intern("not-a-pair"),
           .system_error = intern("system-error"),
           .throw_ = intern("throw"),
           .unbound_variable = intern("unbound-variable"),
           .wrong_number_of_args = intern("wrong-number-of-args"),
           .wrong_type_arg = intern("wrong-type-arg"),
           .record_type = intern("<record-type>"),
           .variable = intern("<variable>"),
           .hash_table = intern("<hashq-table>"),
           .builtin = intern("<builtin>"),
           .frame = intern("<frame>"),
           .stack = intern("<stack>"),
           .program = intern("%program"),
           .standard_eval_closure = intern("standard-eval-closure"),
           .standard_interface_eval_closure = intern("standard-interface-eval-closure"),
           .variable_printer = intern("variable-printer"),
           .builtin_printer = intern("builtin-printer"),
           .frame_printer = intern("frame-printer")};
}

void Vm::init_module() {
  const auto list = [&](std::initializer_list<Value> values) {
    Value made = kNil;
    for (const Value* value = values.end(); value != values.begin();) made = heap.cons(*--value, made);
    return made;
  };
  hash_table_type = make_struct(
      known.record_type, list({known.hash_table, list({intern("size"), intern("buckets")})}), kUnspecified);
  variable_type =
      make_struct(known.record_type, list({known.variable, list({intern("value")})}), kUnspecified);
  initial_module = make_hash_table(kBuckets);

  // In the order in which mes makes them; the module gets them from the last to the first.
  std::vector<std::pair<Value, Value>> names;
  const auto add = [&](Value name, Value value) { names.emplace_back(name, value); };
  const auto add_self = [&](Value name) { add(name, name); };
  add_self(known.call_with_values);
  add_self(known.current_environment);
  add(intern("%version"), heap.make_string("0.27.1"));
  add(intern("%datadir"), heap.make_string(""));
  for (std::size_t i = 0; i < kTypes.size(); ++i) add(intern(kTypes.at(i)), number(kTypeNumbers.at(i)));
  add(intern("hash-table-type"), hash_table_type);
  add(Value(Special::closure), kNil);
  for (const Value name :
       {known.call_cc, known.call_with_values, known.current_environment, known.lambda, known.quote,
        known.begin, known.if_, known.set, known.define, known.define_macro}) {
    add_self(name);
  }
  add(intern("%compiler"), heap.make_string("m2c"));
  add(intern("%arch"), heap.make_string(dialect.arch));
  Value words = kNil;
  for (auto word = arguments.rbegin(); word != arguments.rend(); ++word) {
    words = heap.cons(heap.make_string(*word), words);
  }
  add(intern("%argv"), words);
  const std::span<const PrimitiveRow> rows = primitive_rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Value builtin = heap.make_lasting(Kind::builtin, 1);
    set_slot(builtin, kBuiltinIndex, Value::fixnum(static_cast<std::int64_t>(i)));
    builtins.push_back(builtin);
    if (std::string_view(rows[i].name) == "core:read-input-file-env") {
      for (const auto& [name, flag] : kOpenFlags) add(intern(name), number(flag));
    }
    add(intern(rows[i].name), builtin);
  }
  add(intern("internal-time-units-per-second"), number(dialect.ticks));
  for (auto row = names.rbegin(); row != names.rend(); ++row) {
    hash_set(initial_module, row->first, make_variable(row->second), true);
  }
}

}  // namespace assay::mes
