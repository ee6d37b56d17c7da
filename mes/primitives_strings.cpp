// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "mes/diagnostics.h"
#include "mes/primitives.h"
#include "mes/reader.h"

namespace assay::mes {
namespace {

Value string_at(Vm& vm, Value value, std::string_view text) {
  vm.check(is(value, Kind::string), text);
  return value;
}

/// The bytes of what holds a text in mes: strings, keywords, symbols, and specials by their names.
std::string_view any_text(Vm& vm, Value value) {
  if (is(value, Kind::string)) return text_of(value);
  if (is(value, Kind::symbol) || is(value, Kind::keyword)) return text_of(slot(value, 0));
  if (value.is_special()) return name_of(value.special());
  vm.stop(kBadForm, "a value that is no text is taken for one");
}

Value list_of_characters(Vm& vm, std::string_view text) {
  Value list = kNil;
  for (auto byte = text.rbegin(); byte != text.rend(); ++byte) {
    list = vm.heap.cons(Value::character(static_cast<unsigned char>(*byte)), list);
  }
  return list;
}

}  // namespace

void check_string_length(Vm& vm, std::size_t length, std::string_view who, std::string_view text) {
  if (length <= vm.most_string) return;
  vm.print_error(fmt::format("{}:string too long[{}]:{}", who, length, text.substr(0, vm.most_string - 1)));
  vm.error(vm.known.system_error, kFalse);
}

std::string path_of(Vm& vm, Value string) {
  const std::string_view text = any_text(vm, string);
  return std::string(text.substr(0, text.find('\0')));
}

namespace primitives {

Value is_string_equal(Vm& vm, Value* at, std::size_t /*count*/) {
  const auto is_keyword = [](Value value) { return is(value, Kind::keyword); };
  if (!(is(at[0], Kind::string) && is(at[1], Kind::string)) && !is_keyword(at[0]) && !is_keyword(at[1])) {
    const auto type = [&](Value value) {
      Value one = value;
      return Vm::number_of(core_type(vm, &one, 1));
    };
    vm.print_error(fmt::format("type a: {}\ntype b: {}\na= ", type(at[0]), type(at[1])));
    vm.print(at[0], vm.errors, true);
    vm.print_error("\nb= ");
    vm.print(at[1], vm.errors, true);
    vm.print_error("\n");
    vm.check(false,
             "(a->type == TSTRING && b->type == TSTRING) || (a->type == TKEYWORD || b->type == TKEYWORD)");
  }
  return Value::boolean(any_text(vm, at[0]) == any_text(vm, at[1]));
}

Value symbol_to_string(Vm& vm, Value* at, std::size_t /*count*/) {
  const std::string text(any_text(vm, at[0]));
  return vm.heap.make_string(text);
}

Value symbol_to_keyword(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value text = symbol_to_string(vm, at, 1);
  const Value keyword = vm.heap.make(Kind::keyword, 1);
  set_slot(keyword, 0, text);
  return keyword;
}

Value keyword_to_string(Vm& vm, Value* at, std::size_t /*count*/) { return symbol_to_string(vm, at, 1); }

Value string_to_symbol(Vm& vm, Value* at, std::size_t /*count*/) { return vm.intern(any_text(vm, at[0])); }

Value make_symbol(Vm& vm, Value* at, std::size_t /*count*/) { return vm.make_symbol(any_text(vm, at[0])); }

Value string_to_list(Vm& vm, Value* at, std::size_t /*count*/) {
  return list_of_characters(vm, any_text(vm, at[0]));
}

Value list_to_string(Vm& vm, Value* at, std::size_t /*count*/) {
  std::string text;
  Value list = at[0];
  for (; list.is_pair(); list = mes::cdr(list)) {
    check_string_length(vm, text.size(), "list_to_string", text);
    // Of any other value mes takes a byte of an address, as (make-string 3) does; here it is 0.
    const Value one = mes::car(list);
    text += one.is_character() || vm.is_number(one) ? static_cast<char>(raw_number(vm, one)) : '\0';
  }
  if (list != kNil) vm.error(vm.known.not_a_pair, vm.heap.cons(list, vm.known.car));
  check_string_length(vm, text.size(), "make_string", text);
  return vm.heap.make_string(text);
}

Value read_string(Vm& vm, Value* at, std::size_t count) {
  const int before = vm.input;
  if (count > 0 && vm.is_number(at[0])) vm.input = static_cast<int>(Vm::number_of(at[0]));
  std::string text;
  for (int c = vm.read_char(); c != -1; c = vm.read_char()) {
    check_string_length(vm, text.size(), "read_string", text);
    text += static_cast<char>(c);
  }
  vm.input = before;
  check_string_length(vm, text.size(), "make_string", text);
  return vm.heap.make_string(text);
}

Value string_append(Vm& vm, Value* at, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += text_of(string_at(vm, at[i], "string->type == TSTRING"));
    check_string_length(vm, text.size(), "string_append", text);
  }
  return vm.heap.make_string(text);
}

Value string_length(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.number(static_cast<std::int64_t>(length_of(string_at(vm, at[0], "string->type == TSTRING"))));
}

namespace {

/// Where in a string; its end is a place too.
std::size_t place(Vm& vm, Value string, Value index) {
  vm.check(is(string, Kind::string), "str->type == TSTRING");
  vm.check(vm.is_number(index), "k->type == TNUMBER");
  const auto at = static_cast<std::uint64_t>(Vm::number_of(index));
  if (at > length_of(string)) {
    vm.error(vm.known.system_error, vm.heap.cons(vm.heap.make_string("value out of range"), index));
  }
  return at;
}

}  // namespace

Value string_ref(Vm& vm, Value* at, std::size_t /*count*/) {
  const std::size_t index = place(vm, at[0], at[1]);
  return Value::character(static_cast<signed char>(bytes_of(at[0])[index]));
}

Value string_set(Vm& vm, Value* at, std::size_t /*count*/) {
  const std::size_t index = place(vm, at[0], at[1]);
  vm.check(at[2].is_character(), "c->type == TCHAR");
  bytes_of(at[0])[index] = static_cast<char>(at[2].character());
  return kUnspecified;
}

}  // namespace primitives
}  // namespace assay::mes
