// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The interpreter as a whole: its state and what its parts ask of each other. Each part is a file:
//
//   names.cpp     symbols, bindings, modules      reader.cpp    texts to values
//   expand.cpp    macros and names of forms       printer.cpp   values to texts
//   compiler.cpp  forms to instructions           files.cpp     descriptors and ports
//   vm.cpp        instructions, calls             levels.cpp    evaluations inside others, continuations
//   primitives_*.cpp
//
// Within this room errors are C++ exceptions: SchemeError is one that the program may catch, the others end
// the run.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mes/code.h"
#include "mes/heap.h"
#include "mes/mes.h"
#include "mes/world.h"

namespace assay::mes {

class Vm;

using Primitive = Value (*)(Vm& vm, Value* arguments, std::size_t count);

/// A builtin of mes: its name, how many arguments (-1: any number), what does it.
struct PrimitiveRow {
  const char* name;
  int arity;
  Primitive function;
};

/// All of them, in mes's order.
std::span<const PrimitiveRow> primitive_rows();

/// An error in mes's sense: (throw key argument).
struct SchemeError {
  Value key;
  Value argument;
};
/// The program ended itself.
struct Exit {
  int status;
};
/// The run is over: mes would crash, or it would hang, or one of our limits is reached.
struct Stop {
  const DiagnosticKind* kind;
  std::string message;
};
/// A continuation of an outer evaluation was called.
struct Escape {
  Value continuation;
  Value value;
};

/// Symbols that the interpreter itself knows.
struct KnownSymbols {
  Value lambda, begin, if_, quote, define, define_macro, set, quasiquote, unquote, unquote_splicing, syntax,
      quasisyntax, unsyntax, unsyntax_splicing, macro_expand, portable_macro_expand, sc_expander_alist,
      call_with_values, call_cc, current_environment, car, cdr, not_a_number, not_a_pair, system_error,
      throw_, unbound_variable, wrong_number_of_args, wrong_type_arg, record_type, variable, hash_table,
      builtin, frame, stack, program, standard_eval_closure, standard_interface_eval_closure,
      variable_printer, builtin_printer, frame_printer;
};

/// An open file.
struct Descriptor {
  std::shared_ptr<const Bytes> input;  ///< of one that is read
  std::size_t position = 0;
  int pushed_back = -1;
  std::shared_ptr<Writer> owned;
  Writer* output = nullptr;
};

class Vm {
 public:
  Vm(const Request& request, World& world, DiagnosticSink& sink);
  Vm(const Vm&) = delete;
  Vm& operator=(const Vm&) = delete;

  Outcome boot_and_run();

  // ---- names.cpp
  Value intern(std::string_view name);
  Value make_symbol(std::string_view name);
  Value number(std::int64_t value);  ///< cut to the dialect's width
  [[nodiscard]] bool is_number(Value value) const { return value.is_fixnum() || is(value, Kind::number); }
  [[nodiscard]] static std::int64_t number_of(Value value) {
    return value.is_fixnum() ? value.fixnum() : static_cast<std::int64_t>(value.body()[0]);
  }
  Value make_struct(Value type, Value fields, Value printer);
  Value make_variable(Value value);
  Value make_binding(Value name, Value variable, bool lexical);
  Value make_hash_table(std::int64_t size);
  Value hashq_handle(Value table, Value key);
  Value hash_of(Value table, Value key, bool by_symbol);
  void hash_set(Value table, Value key, Value value, bool by_symbol);
  /// The variable of a global name in the current module, or #f; made there if `define`.
  Value module_variable(Value name, bool define);
  /// What a name that is no local one means now, or undefined.
  Value lookup(Value name);
  void set_global(Value name, Value value, bool define);
  static Value variable_value(Value variable) { return slot(variable, kVariableValue); }

  // ---- expand.cpp
  /// Evaluates forms one after the other, each expanded first. `environment` is what core:eval was given.
  Value eval_forms(Value forms, Value environment);
  /// `environment_list` is what core:eval was given: macros in the form are defined in it.
  Value expand(Value form, Value environment_list);
  void expand_names(Value form, Value formals, Value environment);
  Value eval_expanded(Value form, Value environment);
  Value load(Value file);

  // ---- compiler.cpp
  Code* new_code();
  void compile(Code& code);
  std::unique_ptr<Code> compile_top(Value form, Value environment_list);

  // ---- vm.cpp
  /// Calls a procedure and waits for its value.
  Value apply(Value procedure, Value arguments);
  Value run_code(Code& code, Value frame);
  [[noreturn]] void error(Value key, Value argument);
  [[noreturn]] void stop(const DiagnosticKind& kind, std::string message);
  [[noreturn]] void abort(std::string_view why);
  /// What mes's assert_msg does when the check fails.
  void check(bool holds, std::string_view text);
  Value fork();
  Value make_stack();
  /// A child of fork() is at its end: goes on as its parent.
  [[noreturn]] void end_child(int status);

  // ---- reader.cpp
  Value read_form(int character);
  Value read_all();

  // ---- printer.cpp
  void print(Value value, int descriptor, bool write);
  void print_error(std::string_view text) { write_text(2, text); }

  // ---- files.cpp
  int read_char();
  int peek_char();
  void unread_char(int character);
  int open(const std::string& path, std::int64_t flags, std::uint32_t mode);
  void write_text(int descriptor, std::string_view text);
  void duplicate(int from, int to);
  int duplicate(int from);
  void flush();

  /// A value that a C++ variable holds while procedures may run.
  class Root {
   public:
    Root(Vm& vm, Value value) : vm_(vm), value_(value) { vm_.roots_.push_back(&value_); }
    ~Root() { vm_.roots_.pop_back(); }
    Root(const Root&) = delete;
    Root& operator=(const Root&) = delete;
    Root& operator=(Value value) {
      value_ = value;
      return *this;
    }
    operator Value() const { return value_; }  // NOLINT(google-explicit-constructor)

   private:
    Vm& vm_;
    Value value_;
  };
  /// Counts how deep we are, and stops the run where that is too deep.
  class Depth {
   public:
    explicit Depth(Vm& vm);
    ~Depth() { --vm_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    Vm& vm_;
  };

  Heap heap;
  World& world;
  DiagnosticSink& sink;
  const Dialect& dialect;
  Limits limits;
  KnownSymbols known;
  Environment environment;
  std::vector<std::string> arguments;
  std::size_t most_string = 524288;  ///< MES_MAX_STRING

  Value initial_module = kFalse;
  Value current_module = kFalse;
  Value variable_type = kFalse;
  Value hash_table_type = kFalse;
  Value ports = kNil;
  std::int64_t port_count = 0;  ///< mes never forgets any
  int input = 0;                ///< descriptor, or number of a string port
  int output = 1;               ///< what display and write use
  int errors = 2;
  std::vector<Value> builtins;                         ///< by index
  std::vector<std::pair<std::int64_t, int>> children;  ///< that have ended: process and status
  std::optional<std::pair<Value, int>>
      child_of;  ///< inside a child: where its parent goes on, and its number

 private:
  friend class Compiler;
  void init_symbols();
  void init_module();
  Value boot_form();
  void collect();

  // vm.cpp
  Value run_loop(Value* base);
  Value loop();
  void raise(Value key, Value argument);
  void resume(Value continuation, Value value);
  Value capture(Value* top);
  [[noreturn]] void wrong_arguments(Value procedure, std::int64_t wanted, std::size_t given, Value list);
  Value call_builtin(std::size_t index, Value* at, std::size_t count);
  Value list_of(const Value* at, std::size_t count);
  void check_callable(Value procedure, Value form);

  std::unordered_map<std::string_view, Value> symbols_;
  std::vector<Value*> roots_;
  std::vector<std::unique_ptr<Code>> codes_;  ///< of procedures, for ever
  std::vector<Code*> running_;                ///< of forms in evaluation
  std::vector<std::shared_ptr<const Scope>> kept_scopes_;
  std::deque<Value> environments_;  ///< that were given as lists
  std::size_t no_collection_ = 0;
  std::unique_ptr<Word[]> stack_;
  Value* stack_start_ = nullptr;
  Value* stack_end_ = nullptr;

  // Where the evaluation is.
  Value* sp_ = nullptr;
  Value* fp_ = nullptr;
  Value* resume_ = nullptr;  ///< top of the stack when an error's handler has returned
  const std::int32_t* pc_ = nullptr;
  Code* code_ = nullptr;
  Value frame_ = kNil;
  Value* level_base_ = nullptr;
  std::int64_t level_ = 0;
  std::int64_t last_level_ = 0;
  std::vector<std::int64_t> levels_;  ///< evaluations in progress, outermost first
  std::size_t depth_ = 0;
  bool pending_call_ = false;  ///< two arguments and the procedure above: the handler of an error
  std::uint64_t calls_ = 0;
  std::int64_t continuations_ = 0;
  int last_child_ = 1;
  Code* with_values_ = nullptr;

  std::vector<Descriptor> descriptors_;
};

}  // namespace assay::mes
