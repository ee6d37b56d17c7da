// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Vectors, structures, hash tables, variables, bytes, and builtins as data.
#include <fmt/format.h>

#include "mes/diagnostics.h"
#include "mes/primitives.h"
#include "mes/reader.h"

namespace assay::mes {
namespace {

/// The place that an index means; the run ends where mes would read past the end.
std::size_t index_in(Vm& vm, Value object, Value index, std::string_view text) {
  const std::int64_t at = raw_number(vm, index);
  vm.check(at < static_cast<std::int64_t>(length_of(object)), text);
  if (at < 0) vm.stop(kBadForm, fmt::format("index {} before the first element", at));
  return static_cast<std::size_t>(at);
}

[[noreturn]] void wrong_type(Vm& vm, Value value, std::string_view who) {
  vm.error(vm.known.wrong_type_arg, vm.heap.cons(value, vm.intern(who)));
}

void need_struct(Vm& vm, Value value) {
  if (is(value, Kind::structure) || is(value, Kind::builtin)) return;
  vm.error(vm.known.wrong_type_arg,
           vm.heap.cons(vm.intern("<cell:struct>"), vm.heap.cons(vm.number(1), value)));
}

const PrimitiveRow& row_of(Value builtin) {
  return primitive_rows()[static_cast<std::size_t>(slot(builtin, kBuiltinIndex).fixnum())];
}

/// A place of a structure; a builtin is one too.
Value field(Vm& vm, Value object, Value index) {
  need_struct(vm, object);
  const std::int64_t at = raw_number(vm, index);
  const auto length =
      is(object, Kind::builtin) ? std::int64_t{6} : static_cast<std::int64_t>(length_of(object));
  if (at >= length) {
    vm.print_error(fmt::format("value out of range: {}: ", at));
    vm.check(false, "value out of range");
  }
  if (at < 0) vm.stop(kBadForm, fmt::format("index {} before the first field", at));
  if (is(object, Kind::structure)) return slot(object, static_cast<std::size_t>(at));
  switch (at) {
    case 0: return vm.known.builtin;  // mes has a structure there
    case 1: return vm.known.builtin_printer;
    case 2: return vm.known.builtin;
    case 3: return vm.heap.make_string(row_of(object).name);
    case 4: return vm.number(row_of(object).arity);
    default: return vm.number(0);  // an address
  }
}

Value buckets_of(Value table) { return slot(table, kTableBuckets); }

Value bucket_at(Value table, Value hash) {
  return slot(buckets_of(table), static_cast<std::size_t>(hash.fixnum()));
}

Value create_handle(Vm& vm, Value* at, bool by_symbol) {
  const Value hash = vm.hash_of(at[0], at[1], by_symbol);
  const Value bucket = bucket_at(at[0], hash);
  const Value found = find_same(vm, at[1], bucket);
  if (found != kFalse) return found;
  vm.hash_set(at[0], at[1], at[2], by_symbol);
  return car(bucket_at(at[0], hash));
}

void need_size(Vm& vm, std::int64_t size, std::string_view what) {
  if (size < 0) vm.stop(kBadForm, fmt::format("{} of {} elements", what, size));
}

}  // namespace

Value list_to_vector(Vm& vm, Value list) {
  std::size_t count = 0;
  Value rest = list;
  for (; rest.is_pair(); rest = cdr(rest)) ++count;
  if (rest != kNil) vm.stop(kBadForm, "a vector of what is no list");
  const Value vector = vm.heap.make(Kind::vector, count);
  for (std::size_t i = 0; i < count; ++i, list = cdr(list)) set_slot(vector, i, car(list));
  return vector;
}

namespace primitives {

Value make_builtin(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  vm.stop(kUnsupported, "make-builtin needs an address in mes's memory");
}

Value builtin_name(Vm& vm, Value* at, std::size_t /*count*/) { return field(vm, at[0], vm.number(3)); }

Value builtin_arity(Vm& vm, Value* at, std::size_t /*count*/) { return field(vm, at[0], vm.number(4)); }

Value is_builtin(Vm& vm, Value* at, std::size_t /*count*/) {
  if (is(at[0], Kind::builtin)) return kTrue;
  return Value::boolean(is(at[0], Kind::structure) && length_of(at[0]) > 2 &&
                        slot(at[0], 2) == vm.known.builtin);
}

Value builtin_printer(Vm& vm, Value* at, std::size_t /*count*/) {
  if (!is(at[0], Kind::builtin)) vm.stop(kBadForm, "builtin-printer of what is no builtin");
  const PrimitiveRow& row = row_of(at[0]);
  std::string words = row.arity < 0 ? "_" : "(";
  for (int i = 0; i < row.arity; ++i) words += i == 0 ? "_" : " _";
  vm.write_text(vm.output, fmt::format("#<procedure {} {}>", row.name, words));  // where a ")" is missing
  return kUnspecified;
}

Value hash_unsupported(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  vm.print_error("hash not supporteed\n");
  vm.check(false, "0");
  return kUnspecified;
}

Value hashq_get_handle(Vm& vm, Value* at, std::size_t /*count*/) { return vm.hashq_handle(at[0], at[1]); }

Value hashq_ref(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value found = vm.hashq_handle(at[0], at[1]);
  return found == kFalse ? at[2] : mes::cdr(found);
}

Value hash_ref(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value bucket = bucket_at(at[0], vm.hash_of(at[0], at[1], false));
  if (!bucket.is_pair()) return at[2];
  const Value found = find_equal(vm, at[1], bucket);
  return found == kFalse ? at[2] : mes::cdr(found);
}

Value hashq_create_handle(Vm& vm, Value* at, std::size_t /*count*/) { return create_handle(vm, at, true); }

Value hash_create_handle(Vm& vm, Value* at, std::size_t /*count*/) { return create_handle(vm, at, false); }

Value hashq_set(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.hash_set(at[0], at[1], at[2], true);
  return at[2];
}

Value hash_set(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.hash_set(at[0], at[1], at[2], false);
  return at[2];
}

Value hash_remove(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value hash = vm.hash_of(at[0], at[1], false);
  Value bucket = bucket_at(at[0], hash);
  // An empty bucket is *unspecified*, which mes takes for a list.
  if (bucket != kNil && !bucket.is_pair())
    vm.stop(kBadForm, "hash-remove! from a bucket that nothing was put into");
  const auto has_key = [&](Value list) { return is_equal_value(vm, at[1], mes::car(mes::car(list))); };
  while (bucket.is_pair() && has_key(bucket)) bucket = mes::cdr(bucket);
  if (bucket.is_pair()) {
    Value before = bucket;
    for (Value list = mes::cdr(bucket); list.is_pair(); list = mes::cdr(list)) {
      if (has_key(list)) {
        mes::set_cdr(before, mes::cdr(list));
      } else {
        before = list;
      }
    }
  }
  set_slot(buckets_of(at[0]), static_cast<std::size_t>(hash.fixnum()), bucket);
  return kUnspecified;
}

Value hash_table_printer(Vm& vm, Value* at, std::size_t /*count*/) {
  const Vm::Root table(vm, at[0]);
  vm.hash_of(table, kNil, false);  // fails for what is no table
  vm.write_text(vm.output, "#<");
  vm.print(slot(table, 2), vm.output, false);
  vm.write_text(vm.output, " size: ");
  vm.print(slot(table, kTableSize), vm.output, false);
  vm.write_text(vm.output, " buckets: ");
  const Vm::Root buckets(vm, buckets_of(table));
  for (std::size_t i = 0; i < length_of(buckets); ++i) {
    Vm::Root list(vm, slot(buckets, i));
    if (static_cast<Value>(list) == kUnspecified) continue;
    vm.write_text(vm.output, "[");
    while (static_cast<Value>(list).is_pair()) {
      vm.print(mes::car(mes::car(list)), vm.output, true);
      list = mes::cdr(list);
      if (static_cast<Value>(list).is_pair()) vm.write_text(vm.output, " ");
    }
    vm.write_text(vm.output, "]\n  ");
  }
  vm.write_text(vm.output, ">");
  return kUnspecified;
}

Value is_hash_table(Vm& vm, Value* at, std::size_t /*count*/) {
  return Value::boolean(is(at[0], Kind::structure) && slot(at[0], kStructType) == vm.hash_table_type);
}

Value make_hash_table(Vm& vm, Value* at, std::size_t count) {
  if (count == 0) return vm.make_hash_table(0);
  if (!vm.is_number(at[0])) {
    vm.print_error("make-hash-table size: ");
    vm.error(vm.known.not_a_number, at[0]);
  }
  return vm.make_hash_table(Vm::number_of(at[0]));
}

Value hash_buckets(Vm& vm, Value* at, std::size_t /*count*/) {
  return field(vm, at[0], vm.number(kTableBuckets));
}

Value hash_clear(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.hash_of(at[0], kNil, false);
  set_slot(at[0], kTableBuckets, vm.heap.make(Kind::vector, length_of(buckets_of(at[0])), kUnspecified));
  return kUnspecified;
}

Value char_to_integer(Vm& vm, Value* at, std::size_t /*count*/) { return vm.number(raw_number(vm, at[0])); }

Value integer_to_char(Vm& vm, Value* at, std::size_t /*count*/) {
  return Value::character(static_cast<std::int32_t>(raw_number(vm, at[0])));
}

Value make_bytevector(Vm& vm, Value* at, std::size_t count) {
  if (count == 0 || count > 2) vm.error(vm.known.wrong_number_of_args, vm.intern("make-bytevector"));
  if (!vm.is_number(at[0]) || (count == 2 && !vm.is_number(at[1]))) wrong_type(vm, at[0], "make-bytevector");
  const std::int64_t fill = count == 2 ? Vm::number_of(at[1]) : 0;
  if (fill < 0 || fill > 255) {
    vm.error(vm.known.system_error,
             vm.heap.cons(vm.heap.make_string("make-bytevector: value out of range"), at[1]));
  }
  const std::int64_t size = Vm::number_of(at[0]);
  need_size(vm, size, "bytes");
  const Value bytes = vm.heap.make_bytes(Kind::bytes, static_cast<std::size_t>(size));
  std::fill_n(bytes_of(bytes), size, static_cast<char>(fill));
  return bytes;
}

namespace {

char& byte_at(Vm& vm, Value bytes, Value index, std::string_view who) {
  if (!is(bytes, Kind::bytes)) wrong_type(vm, bytes, who);
  if (!vm.is_number(index)) wrong_type(vm, index, who);
  const std::int64_t at = Vm::number_of(index);
  if (at < 0 || at >= static_cast<std::int64_t>(length_of(bytes))) {
    vm.error(vm.known.system_error,
             vm.heap.cons(vm.heap.make_string(std::string(who) + ": index out of range"), index));
  }
  return bytes_of(bytes)[at];
}

}  // namespace

Value bytevector_ref(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.number(static_cast<unsigned char>(byte_at(vm, at[0], at[1], "bytevector-u8-ref")));
}

Value bytevector_set(Vm& vm, Value* at, std::size_t /*count*/) {
  constexpr std::string_view kName = "bytevector-u8-set!";
  char& byte = byte_at(vm, at[0], at[1], kName);
  if (!vm.is_number(at[2])) wrong_type(vm, at[2], kName);
  const std::int64_t value = Vm::number_of(at[2]);
  if (value < 0 || value > 255) {
    vm.error(vm.known.system_error,
             vm.heap.cons(vm.heap.make_string("bytevector-u8-set!: value out of range"), at[2]));
  }
  byte = static_cast<char>(value);
  return kUnspecified;
}

Value make_struct(Vm& vm, Value* at, std::size_t /*count*/) { return vm.make_struct(at[0], at[1], at[2]); }

Value struct_length(Vm& vm, Value* at, std::size_t /*count*/) {
  if (is(at[0], Kind::builtin)) return vm.number(6);
  vm.check(is(at[0], Kind::structure), "x->type == TSTRUCT");
  return vm.number(static_cast<std::int64_t>(length_of(at[0])));
}

Value struct_ref(Vm& vm, Value* at, std::size_t /*count*/) { return field(vm, at[0], at[1]); }

Value struct_set(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(is(at[0], Kind::structure), "x->type == TSTRUCT");
  set_slot(at[0], index_in(vm, at[0], at[1], "i < x->length"), at[2]);
  return kUnspecified;
}

Value make_variable(Vm& vm, Value* at, std::size_t /*count*/) { return vm.make_variable(at[0]); }

Value is_variable(Vm& vm, Value* at, std::size_t /*count*/) {
  return Value::boolean(is(at[0], Kind::structure) && slot(at[0], kStructType) == vm.variable_type);
}

Value variable_ref(Vm& vm, Value* at, std::size_t /*count*/) {
  return field(vm, at[0], vm.number(kVariableValue));
}

Value variable_set(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(is(at[0], Kind::structure), "x->type == TSTRUCT");
  set_slot(at[0], index_in(vm, at[0], vm.number(kVariableValue), "i < x->length"), at[1]);
  return kUnspecified;
}

Value variable_printer(Vm& vm, Value* at, std::size_t count) {
  vm.write_text(vm.output, "#<variable ");
  vm.print(variable_ref(vm, at, count), vm.output, false);
  vm.write_text(vm.output, ">");
  return kUnspecified;
}

Value make_vector(Vm& vm, Value* at, std::size_t count) {
  if (count == 0) vm.stop(kBadForm, "make-vector of nothing");
  if (!vm.is_number(at[0])) {
    vm.print_error("make-vector: ");
    vm.error(vm.known.not_a_number, at[0]);
  }
  const std::int64_t size = Vm::number_of(at[0]);
  need_size(vm, size, "a vector");
  return vm.heap.make(Kind::vector, static_cast<std::size_t>(size), count > 1 ? at[1] : kUnspecified);
}

Value vector_length(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(is(at[0], Kind::vector), "x->type == TVECTOR");
  return vm.number(static_cast<std::int64_t>(length_of(at[0])));
}

Value vector_ref(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(is(at[0], Kind::vector), "x->type == TVECTOR");
  return slot(at[0], index_in(vm, at[0], at[1], "i < x->length"));
}

Value vector_entry(Vm& /*vm*/, Value* at, std::size_t /*count*/) { return at[0]; }

Value vector_set(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(is(at[0], Kind::vector), "x->type == TVECTOR");
  set_slot(at[0], index_in(vm, at[0], at[1], "i < x->length"), at[2]);
  return kUnspecified;
}

Value list_to_vector(Vm& vm, Value* at, std::size_t /*count*/) { return mes::list_to_vector(vm, at[0]); }

Value vector_to_list(Vm& vm, Value* at, std::size_t /*count*/) {
  if (!is(at[0], Kind::vector)) vm.stop(kBadForm, "vector->list of what is no vector");
  Value list = kNil;
  for (std::size_t i = length_of(at[0]); i != 0;) list = vm.heap.cons(slot(at[0], --i), list);
  return list;
}

Value make_binding(Vm& vm, Value* at, std::size_t /*count*/) {
  if (!is(at[1], Kind::structure) || length_of(at[1]) <= kVariableValue) {
    vm.stop(kBadForm, "make-binding to what is no variable");
  }
  return vm.make_binding(at[0], at[1], false);
}

Value initial_module(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.initial_module; }

Value current_module(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.current_module; }

Value set_current_module(Vm& vm, Value* at, std::size_t /*count*/) {
  return std::exchange(vm.current_module, at[0]);
}

}  // namespace primitives
}  // namespace assay::mes
