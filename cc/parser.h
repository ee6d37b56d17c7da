// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From tokens to operations: one pass, in the order of the real compilers, which matters: the "current type"
// is one variable that every load sets and nothing clears but an assignment, names are looked up when
// they are read, and each construct takes its number from one counter a function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cc/code.h"
#include "cc/dialects.h"
#include "cc/stop.h"
#include "cc/types.h"

namespace assay::cc {

/// Parentheses, operators and statements inside each other. The real compilers have only their stack.
inline constexpr int kMaxNesting = 2000;

class Parser {
 public:
  Parser(const std::vector<Token>& tokens, Names& names, const Dialect& dialect, Report& report);

  /// Throws Stop where the real compiler fails, hangs or crashes.
  Program run();

 private:
  struct Variable {
    std::uint32_t name = 0;
    TypeId type = kNoType;
    std::int64_t displacement = 0;
  };

  struct BreakTarget {
    Head head = Head::none;
    std::uint32_t function = 0;
    std::uint32_t counter = 0;
    std::size_t locals = 0;
  };

  /// What the message about a stray break begins with: whatever one register holds.
  struct Stray {
    std::string text;
    /// It is the address of something in memory.
    bool pointer = false;
  };

  /// How the current type came about, for the warnings.
  enum class TypeState : std::uint8_t { stale, own, merged, indexed };

  /// One operator of a level, with its precedence in C.
  struct Binary {
    Known sign{};
    Op op{};
    int precedence = 0;
  };

  struct Level {
    const Binary* first = nullptr;
    std::size_t count = 0;
  };

  class Nested {
   public:
    explicit Nested(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxNesting) parser_.too_deep();
    }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    ~Nested() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  // Tokens. Every look at a token behind the last one is a crash of the real compiler.
  [[nodiscard]] std::uint32_t name();
  [[nodiscard]] Byte first_character();
  void advance();
  void require(Known sign, std::string_view message);
  [[nodiscard]] Span here() const { return span(at_); }
  [[nodiscard]] Span span(std::size_t token) const;
  [[nodiscard]] std::string_view text(std::uint32_t id) const { return names_.text(id); }
  [[noreturn]] void unexpected_end();
  [[noreturn]] void no_type(std::string message);
  [[noreturn]] void too_deep();

  // Operations.
  Operation& emit(Op op, std::size_t token);
  void emit_text(Op op, std::size_t token, std::uint32_t text) { emit(op, token).text = text; }
  void emit_number(Op op, std::size_t token, std::int64_t number) { emit(op, token).number = number; }
  void emit_id(Op op, Head head, std::size_t token, std::uint32_t counter);
  void emit_pops(Op op, std::size_t token, std::size_t count);

  // Declarations (parser.cpp).
  void enumeration();
  TypeId type_name();
  void create_struct();
  std::int64_t build_member(TypeId of, std::int64_t offset);
  [[nodiscard]] std::int64_t array_size(std::string_view digits) const;
  void declare_function(std::size_t symbols_before);
  void collect_arguments();
  void collect_local();
  const Variable* find_local(std::uint32_t name) const;
  void forget_locals(std::size_t keep);

  // Statements (statements.cpp).
  void statement(const Stray& stray);
  void block();
  void if_statement();
  void do_statement();
  void while_statement();
  void for_statement();
  void asm_statement();
  void goto_statement();
  void return_statement();
  void break_statement(const Stray& stray);
  void continue_statement();
  BreakTarget enter_loop(Head end, std::uint32_t counter);

  // Expressions (expressions.cpp). The result tells whether the value can only be 0 or 1.
  bool expression();
  bool binary(std::size_t level);
  bool postfix();
  bool primary();
  template <class Operand>
  bool right_side(Operand operand);
  void index();
  void arrow();
  void size_of();
  void variable();
  void string();
  void load_variable(const Variable& variable, std::size_t token);
  void load_unless_stored(std::size_t token);
  void call(std::size_t token, const Variable* through);
  /// What an undefined name may have been meant to be.
  [[nodiscard]] std::string near_name(std::uint32_t word) const;
  void set_type(TypeId type);
  void warn_binary(const Binary& op, std::size_t token, int& loosest, TypeId left);
  static const Level kLevels[3];

  const std::vector<Token>& tokens_;
  Names& names_;
  const Dialect& dialect_;
  Report& report_;
  Types types_;
  Program program_;
  std::size_t at_ = 0;
  int depth_ = 0;

  std::unordered_map<std::uint32_t, std::uint32_t> constants_;
  std::unordered_map<std::uint32_t, TypeId> globals_;
  std::unordered_map<std::uint32_t, bool> functions_;
  std::size_t symbols_ = 0;

  std::uint32_t function_ = 0;
  std::uint32_t counter_ = 0;
  std::vector<Variable> arguments_;
  std::unordered_map<std::uint32_t, std::uint32_t> argument_of_;
  std::vector<Variable> locals_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> locals_of_;
  BreakTarget break_;

  TypeId current_ = kNoType;
  TypeState type_state_ = TypeState::stale;
  /// Calls, loads through pointers and assignments so far: what && and || do not skip.
  std::uint64_t effects_ = 0;
  /// The last thing written is a return.
  bool after_leave_ = false;
};

}  // namespace assay::cc
