// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ports, files, processes, the environment, time, and what asks the interpreter itself.
#include <fmt/format.h>

#include "mes/diagnostics.h"
#include "mes/primitives.h"
#include "mes/reader.h"

namespace assay::mes {
namespace {

constexpr std::uint32_t kPrivate = 0600;  ///< mode of files that mes makes unless told otherwise
constexpr std::size_t kMostWords = 1000;

int descriptor_of(Vm& vm, Value port) { return static_cast<int>(raw_number(vm, port)); }

/// Reads from a port that an argument names, if it is a number, instead of the current one.
template <class Read>
auto reading(Vm& vm, const Value* at, std::size_t count, const Read& read) {
  const int before = vm.input;
  if (count > 0 && vm.is_number(at[0])) vm.input = static_cast<int>(Vm::number_of(at[0]));
  const auto result = read();
  vm.input = before;
  return result;
}

Value current_input(Vm& vm) {
  if (vm.input >= 0) return vm.number(vm.input);
  for (Value ports = vm.ports; ports.is_pair(); ports = cdr(ports)) {
    if (slot(car(ports), kPortNumber) == Value::fixnum(vm.input)) return car(ports);
  }
  vm.stop(kBadForm, "the current input is a port that is not there");
}

std::vector<std::string> words_of(Vm& vm, Value list, std::string_view too_many, Value file) {
  std::vector<std::string> words;
  for (Value rest = list; rest.is_pair(); rest = cdr(rest)) {
    if (words.size() == kMostWords) {
      vm.error(vm.known.system_error, vm.heap.cons(vm.heap.make_string(too_many), vm.heap.cons(file, list)));
    }
    vm.check(is(car(rest), Kind::string), "args->car->type == TSTRING");
    words.push_back(path_of(vm, car(rest)));
  }
  return words;
}

Value execute(Vm& vm, Value file, Value list, const Environment& environment) {
  const std::vector<std::string> words = words_of(vm, list, "too many arguments", file);
  const std::optional<int> status = vm.world.run(path_of(vm, file), words, environment);
  if (!status) return vm.number(-1);
  if (vm.child_of) vm.end_child(*status);
  throw Exit{*status >> 8};
}

}  // namespace

namespace primitives {

Value error(Vm& vm, Value* at, std::size_t /*count*/) { vm.error(at[0], at[1]); }

Value display(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.print(at[0], vm.output, false);
  return kUnspecified;
}

Value display_error(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.print(at[0], vm.errors, false);
  return kUnspecified;
}

Value display_port(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(vm.is_number(at[1]), "p->type == TNUMBER");
  vm.print(at[0], descriptor_of(vm, at[1]), false);
  return kUnspecified;
}

Value write(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.print(at[0], vm.output, true);
  return kUnspecified;
}

Value write_error(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.print(at[0], vm.errors, true);
  return kUnspecified;
}

Value write_port(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.check(vm.is_number(at[1]), "p->type == TNUMBER");
  vm.print(at[0], descriptor_of(vm, at[1]), true);
  return kUnspecified;
}

Value eval_apply(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  vm.stop(kUnsupported, "eval-apply goes on with mes's own registers");
}

Value primitive_load(Vm& vm, Value* at, std::size_t /*count*/) { return vm.load(at[0]); }

Value gc_stats(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  const auto entry = [&](std::string_view name, std::size_t value, Value rest) {
    return vm.heap.cons(vm.heap.cons(vm.intern(name), vm.number(static_cast<std::int64_t>(value))), rest);
  };
  // mes tells of its cells; these are ours.
  Value list = entry("gc-count", vm.heap.collections(), kNil);
  list = entry("gc-time", 0, list);
  list = entry("arena-free", vm.limits.heap_bytes - vm.heap.live_bytes(), list);
  return entry("arena-size", vm.limits.heap_bytes, list);
}

Value gc(Vm& /*vm*/, Value* /*at*/, std::size_t /*count*/) { return kUnspecified; }

Value abort(Vm& vm, Value* /*at*/, std::size_t /*count*/) { vm.abort("the program calls abort"); }

Value exit(Vm& vm, Value* at, std::size_t /*count*/) {
  std::int64_t status = at[0] == kFalse ? 1 : 0;
  if (at[0] != kFalse && at[0] != kTrue) {
    vm.check(vm.is_number(at[0]), "x->type == TNUMBER");
    status = Vm::number_of(at[0]);
  }
  const int byte = static_cast<int>(status & 0xff);
  if (vm.child_of) vm.end_child(byte << 8);
  throw Exit{byte};
}

Value peek_byte(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.number(vm.peek_char()); }

Value read_byte(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.number(vm.read_char()); }

Value unread_byte(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.unread_char(static_cast<int>(raw_number(vm, at[0])));
  return at[0];
}

Value peek_char(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return Value::character(vm.peek_char()); }

Value read_char(Vm& vm, Value* at, std::size_t count) {
  return reading(vm, at, count, [&] { return Value::character(vm.read_char()); });
}

Value write_byte(Vm& vm, Value* at, std::size_t count) {
  if (count == 0) vm.error(vm.known.not_a_pair, vm.heap.cons(kNil, vm.known.car));
  int descriptor = vm.output;
  if (count > 1 && vm.is_number(at[1])) {
    const std::int64_t port = Vm::number_of(at[1]);
    if (port != 1) descriptor = static_cast<int>(port);
    if (port == 2) descriptor = vm.errors;
  }
  const char byte = static_cast<char>(raw_number(vm, at[0]));
  vm.write_text(descriptor, {&byte, 1});
  return at[0];
}

Value write_char(Vm& vm, Value* at, std::size_t count) {
  // write-byte gets all arguments as one list, and gives back the list.
  write_byte(vm, at, count);
  return list(vm, at, count);
}

Value get_variable(Vm& vm, Value* at, std::size_t /*count*/) {
  const std::string name = path_of(vm, at[0]);
  for (const auto& [key, value] : vm.environment) {
    if (key == name) return vm.heap.make_string(value);
  }
  return kFalse;
}

Value set_variable(Vm& vm, Value* at, std::size_t /*count*/) {
  const std::string name = path_of(vm, at[0]);
  std::string value = path_of(vm, at[1]);
  for (auto& [key, old] : vm.environment) {
    if (key != name) continue;
    old = std::move(value);
    return kUnspecified;
  }
  vm.environment.emplace_back(name, std::move(value));
  return kUnspecified;
}

Value is_accessible(Vm& vm, Value* at, std::size_t /*count*/) {
  return Value::boolean(
      vm.world.access(path_of(vm, at[0]), static_cast<unsigned>(raw_number(vm, at[1]) & 7)));
}

Value current_input_port(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return current_input(vm); }

Value open(Vm& vm, Value* at, std::size_t /*count*/) {
  const int descriptor = vm.open(path_of(vm, at[0]), raw_number(vm, at[1]), kPrivate);
  if (descriptor < 0) {
    vm.error(vm.known.system_error, vm.heap.cons(vm.heap.make_string("Cannot open file"), at[0]));
  }
  return vm.number(descriptor);
}

Value open_input_file(Vm& vm, Value* at, std::size_t /*count*/) {
  const int descriptor = vm.open(path_of(vm, at[0]), 0, 0);
  if (descriptor < 0) {
    vm.error(vm.known.system_error, vm.heap.cons(vm.heap.make_string("No such file or directory"), at[0]));
  }
  return vm.number(descriptor);
}

Value open_input_string(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value text =
      vm.heap.make_string(std::string(is(at[0], Kind::string) ? text_of(at[0]) : path_of(vm, at[0])));
  const Value port = vm.heap.make(Kind::port, 3);
  set_slot(port, kPortNumber, Value::fixnum(-vm.port_count++ - 2));
  set_slot(port, kPortString, text);
  set_slot(port, kPortPosition, Value::fixnum(0));
  vm.ports = vm.heap.cons(port, vm.ports);
  return port;
}

Value set_current_input_port(Vm& vm, Value* at, std::size_t /*count*/) {
  const Value before = current_input(vm);
  if (vm.is_number(at[0])) {
    vm.input = static_cast<int>(Vm::number_of(at[0]));
  } else if (is(at[0], Kind::port)) {
    vm.input = static_cast<int>(slot(at[0], kPortNumber).fixnum());
  }
  return before;
}

Value current_output_port(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.number(vm.output); }

Value current_error_port(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.number(vm.errors); }

Value open_output_file(Vm& vm, Value* at, std::size_t count) {
  constexpr std::int64_t kNew = 1 | 0x40 | 0x200;  // to write, created, truncated
  if (count == 0) vm.error(vm.known.not_a_pair, vm.heap.cons(kNil, vm.known.car));
  const std::uint32_t mode =
      count > 1 && vm.is_number(at[1]) ? static_cast<std::uint32_t>(Vm::number_of(at[1]) & 07777) : kPrivate;
  return vm.number(vm.open(path_of(vm, at[0]), kNew, mode));
}

Value set_current_output_port(Vm& vm, Value* at, std::size_t /*count*/) {
  const int descriptor = descriptor_of(vm, at[0]);
  vm.output = descriptor != 0 ? descriptor : 1;
  return vm.number(vm.output);
}

Value set_current_error_port(Vm& vm, Value* at, std::size_t /*count*/) {
  const int descriptor = descriptor_of(vm, at[0]);
  vm.errors = descriptor != 0 ? descriptor : 2;
  return vm.number(vm.errors);
}

Value change_mode(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.world.set_mode(path_of(vm, at[0]), static_cast<std::uint32_t>(raw_number(vm, at[1]) & 07777));
  return kUnspecified;
}

Value is_terminal(Vm& /*vm*/, Value* /*at*/, std::size_t /*count*/) { return kFalse; }

Value fork(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.fork(); }

Value execl(Vm& vm, Value* at, std::size_t /*count*/) { return execute(vm, at[0], at[1], vm.environment); }

Value execle(Vm& vm, Value* at, std::size_t /*count*/) {
  Environment environment;
  for (const std::string& word : words_of(vm, at[2], "too many variables", at[0])) {
    const std::size_t sign = word.find('=');
    if (sign != std::string::npos) environment.emplace_back(word.substr(0, sign), word.substr(sign + 1));
  }
  return execute(vm, at[0], at[1], environment);
}

Value wait(Vm& vm, Value* at, std::size_t /*count*/) {
  const std::int64_t wanted = raw_number(vm, at[0]);
  for (auto child = vm.children.begin(); child != vm.children.end(); ++child) {
    if (wanted > 0 && child->first != wanted) continue;
    const auto [process, status] = *child;
    vm.children.erase(child);
    return vm.heap.cons(vm.number(process), vm.number(status));
  }
  return vm.heap.cons(vm.number(-1), vm.number(0));
}

// A run knows no time: what it computes is the same always.
Value current_time(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.number(0); }

Value time_of_day(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  return vm.heap.cons(vm.number(0), vm.number(0));
}

Value run_time(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.number(0); }

Value current_directory(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  return vm.heap.make_string(vm.world.current_directory());
}

Value duplicate(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.number(vm.duplicate(descriptor_of(vm, at[0])));
}

Value duplicate_to(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.duplicate(descriptor_of(vm, at[0]), descriptor_of(vm, at[1]));
  return kUnspecified;
}

Value delete_file(Vm& vm, Value* at, std::size_t /*count*/) {
  vm.world.remove(path_of(vm, at[0]));
  return kUnspecified;
}

Value system_name(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  const std::string machine(vm.dialect.arch == "x86" ? "i386" : vm.dialect.arch);
  const Value vector = vm.heap.make(Kind::vector, 5);
  const std::string words[] = {"Linux", "assay", "0", "0", machine};
  for (std::size_t i = 0; i < 5; ++i) set_slot(vector, i, vm.heap.make_string(words[i]));
  return vector;
}

Value read_input_file(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.read_all(); }

Value read_input_file_from(Vm& vm, Value* at, std::size_t /*count*/) {
  return at[0] == kNil ? kNil : vm.heap.cons(at[0], vm.read_all());
}

Value read_env(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.read_form(vm.read_char()); }

Value read_sexp(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.read_form(static_cast<int>(raw_number(vm, at[0])));
}

Value read_character_literal(Vm& vm, Value* /*at*/, std::size_t /*count*/) {
  return Reader(vm).read_character();
}

Value read_binary(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return Reader(vm).read_digits(1); }

Value read_octal(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return Reader(vm).read_digits(3); }

Value read_hex(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return Reader(vm).read_digits(4); }

Value read_string_literal(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return Reader(vm).read_string(); }

Value frame_printer(Vm& vm, Value* at, std::size_t /*count*/) {
  const Vm::Root frame(vm, at[0]);
  if (!is(frame, Kind::structure) || length_of(frame) < 4)
    vm.stop(kBadForm, "frame-printer of what is no frame");
  vm.write_text(vm.output, "#<");
  vm.print(slot(frame, 2), vm.output, false);
  vm.write_text(vm.output, " procedure: ");
  vm.print(slot(frame, 3), vm.output, false);
  vm.write_text(vm.output, ">");
  return kUnspecified;
}

Value make_stack(Vm& vm, Value* /*at*/, std::size_t /*count*/) { return vm.make_stack(); }

namespace {

Value frames_of(Vm& vm, Value stack) {
  const bool is_stack =
      is(stack, Kind::structure) && length_of(stack) > 3 && is(slot(stack, 3), Kind::vector);
  if (!is_stack) vm.stop(kBadForm, "a stack that make-stack did not make");
  return slot(stack, 3);
}

}  // namespace

Value stack_length(Vm& vm, Value* at, std::size_t /*count*/) {
  return vm.number(static_cast<std::int64_t>(length_of(frames_of(vm, at[0]))));
}

Value stack_ref(Vm& vm, Value* at, std::size_t count) {
  Value arguments[] = {frames_of(vm, at[0]), at[1]};
  return vector_ref(vm, arguments, count);
}

}  // namespace primitives
}  // namespace assay::mes
