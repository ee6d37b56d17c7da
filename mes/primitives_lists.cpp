// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mes/diagnostics.h"
#include "mes/primitives.h"

namespace assay::mes {
namespace {

void need_pair(Vm& vm, Value value, Value who) {
  if (!value.is_pair()) vm.error(vm.known.not_a_pair, vm.heap.cons(value, who));
}

bool has_number(const Vm& vm, Value value) { return value.is_character() || vm.is_number(value); }

std::string_view keyword_text(Value keyword) { return text_of(slot(keyword, 0)); }

/// mes walks over what it takes for a list; where that is none it reads memory that is no value.
[[noreturn]] void no_list(Vm& vm) { vm.stop(kBadForm, "a list that does not end in ()"); }

/// The first element of a list that `holds`, given to `found` as the pair it stands in; kUnset if none.
template <class Holds>
Value find(Vm& vm, Value list, const Holds& holds) {
  for (; list.is_pair(); list = cdr(list)) {
    if (holds(car(list))) return list;
  }
  if (list != kNil) no_list(vm);
  return kUnset;
}

/// The key of an entry of a list of pairs.
Value key_of(Vm& vm, Value entry) {
  if (!entry.is_pair()) vm.stop(kBadForm, "an association list with an element that is no pair");
  return car(entry);
}

/// Whether `value` has the key's place in memory, which is what mes compares: any number or character that
/// counts the same.
bool is_same_word(Vm& vm, Value key, Value value) {
  if (has_number(vm, key)) return has_number(vm, value) && raw_number(vm, key) == raw_number(vm, value);
  return key == value;
}

Value reversed_onto(Vm& vm, Value list, Value rest) {
  for (; list.is_pair(); list = cdr(list)) rest = vm.heap.cons(car(list), rest);
  if (list != kNil) no_list(vm);
  return rest;
}

Value copied_onto(Vm& vm, Value list, Value rest) {
  Value first = kNil;
  Value last = kNil;
  for (; list.is_pair(); list = cdr(list)) {
    const Value pair = vm.heap.cons(car(list), kNil);
    if (last == kNil) {
      first = pair;
    } else {
      set_cdr(last, pair);
    }
    last = pair;
  }
  if (list != kNil) no_list(vm);
  if (last == kNil) return rest;
  set_cdr(last, rest);
  return first;
}

}  // namespace

std::int64_t raw_number(Vm& vm, Value value) {
  if (value.is_character()) return value.character();
  if (!vm.is_number(value))
    vm.stop(kBadForm, "a value that is neither number nor character is taken for one");
  return Vm::number_of(value);
}

bool is_same_value(Value left, Value right) {
  if (left == right) return true;
  if (is(left, Kind::keyword) && is(right, Kind::keyword)) return keyword_text(left) == keyword_text(right);
  if (is(left, Kind::number) && is(right, Kind::number)) return Vm::number_of(left) == Vm::number_of(right);
  return false;
}

bool is_equal_value(Vm& vm, Value left, Value right) {
  const Vm::Depth depth(vm);
  for (; left.is_pair() && right.is_pair(); left = cdr(left), right = cdr(right)) {
    if (left == right) return true;
    if (!is_equal_value(vm, car(left), car(right))) return false;
  }
  if (left == right) return true;
  if (is(left, Kind::string) && is(right, Kind::string)) return text_of(left) == text_of(right);
  if (is(left, Kind::vector) && is(right, Kind::vector)) {
    if (length_of(left) != length_of(right)) return false;
    for (std::size_t i = 0; i < length_of(left); ++i) {
      if (!is_equal_value(vm, slot(left, i), slot(right, i))) return false;
    }
    return true;
  }
  return is_same_value(left, right);
}

Value find_same(Vm& vm, Value key, Value list) {
  if (!list.is_pair()) return kFalse;
  const Value found = find(vm, list, [&](Value entry) {
    const Value other = key_of(vm, entry);
    if (is(key, Kind::keyword)) return is(other, Kind::keyword) && keyword_text(key) == keyword_text(other);
    return is_same_word(vm, key, other);
  });
  return found == kUnset ? kFalse : car(found);
}

Value find_equal(Vm& vm, Value key, Value list) {
  const Value found = find(vm, list, [&](Value entry) {
    const Value other = key_of(vm, entry);
    if (is(key, Kind::string)) return is(other, Kind::string) && text_of(key) == text_of(other);
    return is_equal_value(vm, key, other);
  });
  return found == kUnset ? kFalse : car(found);
}

namespace primitives {

Value car(Vm& vm, Value* at, std::size_t /*count*/) {
  need_pair(vm, at[0], vm.known.car);
  return mes::car(at[0]);
}

Value cdr(Vm& vm, Value* at, std::size_t /*count*/) {
  need_pair(vm, at[0], vm.known.cdr);
  return mes::cdr(at[0]);
}

Value list(Vm& vm, Value* at, std::size_t count) {
  Value made = kNil;
  while (count != 0) made = vm.heap.cons(at[--count], made);
  return made;
}

Value is_null(Vm& /*vm*/, Value* at, std::size_t /*count*/) { return Value::boolean(at[0] == kNil); }

Value is_eq(Vm& /*vm*/, Value* at, std::size_t /*count*/) {
  return Value::boolean(is_same_value(at[0], at[1]));
}

Value values(Vm& vm, Value* at, std::size_t count) {
  const Value made = list(vm, at, count);
  const Value values = vm.heap.make(Kind::values, 1);
  set_slot(values, kValuesList, made);
  return values;
}

Value acons(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.heap.cons(vm.heap.cons(at[0], at[1]), at[2]);
}

Value length(Vm& vm, Value* at, std::size_t /*count*/) {
  std::int64_t length = 0;
  for (Value rest = at[0]; rest != kNil; rest = mes::cdr(rest), ++length) {
    if (!rest.is_pair()) return vm.number(-1);
  }
  return vm.number(length);
}

Value append2(Vm& vm, Value* at, std::size_t /*count*/) {
  if (at[0] != kNil) need_pair(vm, at[0], vm.intern("append2"));
  return copied_onto(vm, at[0], at[1]);
}

Value append_reverse(Vm& vm, Value* at, std::size_t /*count*/) {
  if (at[0] != kNil) need_pair(vm, at[0], vm.intern("append-reverse"));
  return reversed_onto(vm, at[0], at[1]);
}

Value reverse(Vm& vm, Value* at, std::size_t /*count*/) {
  Value list = at[0];
  if (list != kNil) need_pair(vm, list, vm.intern("core:reverse!"));
  Value done = at[1];
  while (list.is_pair()) {
    const Value next = mes::cdr(list);
    mes::set_cdr(list, done);
    done = list;
    list = next;
  }
  if (list != kNil) no_list(vm);
  return done;
}

Value assq(Vm& vm, Value* at, std::size_t /*count*/) { return find_same(vm, at[0], at[1]); }

Value assoc(Vm& vm, Value* at, std::size_t /*count*/) { return find_equal(vm, at[0], at[1]); }

Value pairlis(Vm& vm, Value* at, std::size_t /*count*/) {
  Value names = at[0];
  Value values = at[1];
  std::vector<Value> made;
  for (; names.is_pair(); names = mes::cdr(names), values = mes::cdr(values)) {
    need_pair(vm, values, vm.known.car);
    made.push_back(vm.heap.cons(mes::car(names), mes::car(values)));
  }
  if (names != kNil) made.push_back(vm.heap.cons(names, values));
  Value list = at[2];
  for (auto one = made.rbegin(); one != made.rend(); ++one) list = vm.heap.cons(*one, list);
  return list;
}

Value set_car(Vm& vm, Value* at, std::size_t /*count*/) {
  need_pair(vm, at[0], vm.intern("set-car!"));
  mes::set_car(at[0], at[1]);
  return kUnspecified;
}

Value set_cdr(Vm& vm, Value* at, std::size_t /*count*/) {
  need_pair(vm, at[0], vm.intern("set-cdr!"));
  mes::set_cdr(at[0], at[1]);
  return kUnspecified;
}

Value add_formals(Vm& vm, Value* at, std::size_t /*count*/) {
  Value formals = at[0];
  Value rest = at[1];
  for (; rest.is_pair(); rest = mes::cdr(rest)) formals = vm.heap.cons(mes::car(rest), formals);
  return is(rest, Kind::symbol) ? vm.heap.cons(rest, formals) : formals;
}

Value cons(Vm& vm, Value* at, std::size_t /*count*/) { return vm.heap.cons(at[0], at[1]); }

Value core_type(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value value = at[0];
  if (value.is_fixnum()) return vm.number(6);
  if (value.is_pair()) return vm.number(7);
  if (value.is_character()) return vm.number(0);
  if (value.is_special()) return vm.number(10);
  switch (kind_of(value)) {
    case Kind::bytes: return vm.number(1);
    case Kind::closure: return vm.number(2);
    case Kind::continuation: return vm.number(3);
    case Kind::keyword: return vm.number(4);
    case Kind::macro: return vm.number(5);
    case Kind::number: return vm.number(6);
    case Kind::port: return vm.number(8);
    case Kind::string: return vm.number(11);
    case Kind::structure:
    case Kind::builtin: return vm.number(12);
    case Kind::symbol: return vm.number(13);
    case Kind::values: return vm.number(14);
    case Kind::binding: return vm.number(15);
    case Kind::vector: return vm.number(16);
    default: return vm.number(7);  // an environment is a list
  }
}

Value core_car(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value value = at[0];
  if (value.is_pair()) return mes::car(value);
  if (is(value, Kind::binding)) return slot(value, kBindingHandle);
  if (is(value, Kind::continuation) || is(value, Kind::port)) return slot(value, 0);
  if (is(value, Kind::bytes) || is(value, Kind::string) || is(value, Kind::vector)) {
    return vm.number(static_cast<std::int64_t>(length_of(value)));
  }
  if (is(value, Kind::symbol) || is(value, Kind::keyword)) {
    return vm.number(static_cast<std::int64_t>(length_of(slot(value, 0))));
  }
  if (vm.is_number(value) || value.is_character()) return vm.number(0);
  vm.stop(kUnsupported, "core:car of what has an address there");
}

Value core_cdr(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value value = at[0];
  if (value.is_pair()) return mes::cdr(value);
  if (vm.is_number(value) || value.is_character()) return vm.number(raw_number(vm, value));
  if (is(value, Kind::binding)) return slot(value, kBindingLexical);
  if (is(value, Kind::closure)) {  // ((*circular* . environment) formals . body)
    const Code& code = *shown<Code>(value.body()[kClosureCode]);
    const Value environment = vm.heap.cons(vm.heap.cons(code.name, code.name), kNil);
    return vm.heap.cons(vm.heap.cons(Value(Special::circular), environment),
                        vm.heap.cons(code.formals, code.body));
  }
  if (is(value, Kind::macro)) return slot(value, kMacroName);
  vm.stop(kUnsupported, "core:cdr of what has an address there");
}

Value xassq(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value found = find(vm, at[1], [&](Value entry) {
    key_of(vm, entry);  // numbers and characters are objects of their own in mes, each time
    return mes::cdr(entry) == at[0] && !has_number(vm, at[0]);
  });
  return found == kUnset ? kFalse : mes::car(found);
}

Value memq(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value key = at[0];
  const Value found = find(vm, at[1], [&](Value element) {
    return is(key, Kind::keyword) ? is_same_value(key, element) : is_same_word(vm, key, element);
  });
  return found == kUnset ? kFalse : found;
}

Value is_equal2(Vm& vm, Value* at, std::size_t /*count*/) {
  return Value::boolean(is_equal_value(vm, at[0], at[1]));
}

Value last_pair(Vm& vm, Value* at, std::size_t /*count*/) {
  Value list = at[0];
  while (list.is_pair() && mes::cdr(list) != kNil) list = mes::cdr(list);
  if (list != kNil && !list.is_pair()) no_list(vm);
  return list;
}

Value is_pair(Vm& /*vm*/, Value* at, std::size_t /*count*/) { return Value::boolean(at[0].is_pair()); }

}  // namespace primitives
}  // namespace assay::mes
