// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cc_programs.h"

#include <fmt/format.h>
#include <algorithm>
#include <initializer_list>
#include <random>

namespace assay::test {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::size_t limit) { return static_cast<std::uint32_t>(engine_() % limit); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  std::string pick(std::initializer_list<std::string_view> from) {
    return std::string(from.begin()[below(from.size())]);
  }

 private:
  std::mt19937 engine_;
};

struct Named {
  std::string name;
  /// Spelling of the type as tokens, and the struct it is or points to.
  std::vector<std::string> type;
  int structure = -1;
};

struct Structure {
  std::string name;
  std::vector<Named> members;
};

class Writer {
 public:
  Writer(std::uint32_t seed, std::string_view prefix, CcLimits limits)
      : dice_(seed), prefix_(prefix), limits_(limits) {}

  std::vector<std::string> program() {
    const std::uint32_t parts = 3 + dice_.below(8);
    for (std::uint32_t i = 0; i < parts; ++i) {
      switch (dice_.below(7)) {
        case 0: enumeration(); break;
        case 1: structure(); break;
        case 2: global(); break;
        default: function(); break;
      }
    }
    function();
    return std::move(out_);
  }

 private:
  void put(std::string token) { out_.push_back(std::move(token)); }
  template <class... Rest>
  void put(std::string first, Rest... rest) {
    put(std::move(first));
    put(std::move(rest)...);
  }

  std::string fresh(std::string_view kind) { return fmt::format("{}{}{}", prefix_, kind, counter_++); }

  /// Sometimes an old name, to shadow it.
  std::string local_name(const std::vector<Named>& others) {
    if (!others.empty() && dice_.one_in(8)) return dice_.pick(others).name;
    return fresh("v");
  }

  Named typed(std::string name) {
    Named named{std::move(name), {}, -1};
    if (!structures_.empty() && dice_.one_in(3)) {
      named.structure = static_cast<int>(dice_.below(structures_.size()));
      named.type = {"struct", structures_[static_cast<std::size_t>(named.structure)].name, "*"};
      if (dice_.one_in(12)) named.type.push_back("*");
    } else {
      named.type = {
          dice_.pick({"int", "char", "void", "unsigned", "long", "FILE", "FUNCTION", "int", "char", "char"})};
      for (std::uint32_t stars = dice_.below(3); stars > 0; --stars) named.type.push_back("*");
    }
    return named;
  }

  void put_type(const Named& named) {
    for (const std::string& token : named.type) put(token);
  }

  void enumeration() {
    put("enum", "{");
    const std::uint32_t count = 1 + dice_.below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string name = fresh("E");
      put(name, "=", dice_.one_in(6) ? character() : number());
      constants_.push_back(name);
      if (i + 1 < count || dice_.one_in(3)) put(",");
    }
    put("}", ";");
  }

  void structure() {
    Structure made{fresh("s"), {}};
    put("struct", made.name, "{");
    structures_.push_back(made);  // members may point to their own struct
    const std::uint32_t count = 1 + dice_.below(5);
    for (std::uint32_t i = 0; i < count; ++i) {
      Named member = typed(fresh("m"));
      const bool one_byte = member.type == std::vector<std::string>{"char"};
      if (one_byte && i == 0 && !limits_.short_first_member) member.type.push_back("*");
      put_type(member);
      put(member.name);
      if (limits_.arrays_in_structs && member.structure < 0 && dice_.one_in(4)) {
        put("[", dice_.pick({"1", "2", "3", "8", "0x10", "017", "x", "0"}), "]");
      }
      put(";");
      made.members.push_back(member);
    }
    structures_.back() = made;
    put("}", ";");
  }

  void global() {
    Named made = typed(fresh("g"));
    put_type(made);
    put(made.name, ";");
    globals_.push_back(made);
  }

  void function() {
    arguments_.clear();
    locals_.clear();
    Named made = typed(dice_.one_in(12) && prefix_.empty() ? "main" : fresh("f"));
    put_type(made);
    put(made.name, "(");
    const std::uint32_t count = dice_.below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Named argument = typed(local_name(arguments_));
      put_type(argument);
      if (!dice_.one_in(8)) {
        put(argument.name);
        arguments_.push_back(argument);
      }
      if (i + 1 < count || dice_.one_in(12)) put(",");
    }
    put(")");
    functions_.push_back(made.name);
    if (dice_.one_in(5)) {
      put(";");
      return;
    }
    if (dice_.one_in(12)) {
      statement(2);
    } else {
      block(4);
    }
  }

  void block(int depth) {
    const std::size_t keep = locals_.size();
    put("{");
    const std::uint32_t count = dice_.below(5) + 1;
    for (std::uint32_t i = 0; i < count; ++i) statement(depth - 1);
    put("}");
    locals_.resize(keep);
  }

  void condition(int depth) {
    put("(");
    expression(depth);
    put(")");
  }

  void statement(int depth) {
    if (depth <= 0) {
      expression(2);
      put(";");
      return;
    }
    switch (dice_.below(18)) {
      case 0: block(depth); break;
      case 1:
      case 2: local(); break;
      case 3:
      case 4:
        put("if");
        condition(2);
        statement(depth - 1);
        if (dice_.one_in(2)) {
          put("else");
          statement(depth - 1);
        }
        break;
      case 5:
        put("while");
        condition(2);
        loop_body(depth);
        break;
      case 6:
        put("do");
        loop_body(depth);
        put("while");
        condition(2);
        put(";");
        break;
      case 7:
        put("for", "(");
        if (!dice_.one_in(4)) expression(1);
        put(";");
        expression(2);
        put(";");
        expression(1);
        put(")");
        loop_body(depth);
        break;
      case 8:
        put("asm", "(");
        for (std::uint32_t i = dice_.below(3); i > 0; --i) put(assembly());
        put(")", ";");
        break;
      case 9: put("goto", fmt::format("{}L{}", prefix_, dice_.below(4)), ";"); break;
      case 10: put(fmt::format("{}L{}:", prefix_, dice_.below(4))); break;
      case 11:
        put("return");
        if (!dice_.one_in(3)) expression(3);
        put(";");
        break;
      case 12:
        if (loops_ == 0) {
          put("continue", ";");
        } else {
          put("break", ";");
        }
        break;
      default:
        if (dice_.one_in(3)) {
          lvalue();
          put("=");
        }
        expression(3);
        put(";");
        break;
    }
  }

  void loop_body(int depth) {
    ++loops_;
    statement(depth - 1);
    --loops_;
  }

  void local() {
    const Named made = typed(local_name(locals_));
    // A local of a struct type needs the word; the other types are found without.
    put_type(made);
    put(made.name);
    locals_.push_back(made);
    if (dice_.one_in(2)) {
      put("=");
      expression(2);
    }
    put(";");
  }

  const Named* variable() {
    const std::vector<Named>& from = dice_.one_in(3) ? globals_ : dice_.one_in(2) ? locals_ : arguments_;
    if (from.empty()) return nullptr;
    return &from[dice_.below(from.size())];
  }

  /// A variable with indexes and members behind it.
  bool place(int depth) {
    const Named* base = variable();
    if (base == nullptr) return false;
    put(base->name);
    Named current = *base;
    for (int i = 0; i < 3 && !dice_.one_in(2); ++i) {
      if (current.structure >= 0 && !dice_.one_in(3)) {
        const std::vector<Named>& members = structures_[static_cast<std::size_t>(current.structure)].members;
        if (members.empty()) break;
        current = dice_.pick(members);
        put("->", current.name);
      } else {
        put("[");
        expression(depth - 1);
        put("]");
      }
    }
    return true;
  }

  void lvalue() {
    if (!place(2)) put(number());
  }

  std::string number() {
    switch (dice_.below(6)) {
      case 0: return fmt::format("0x{:X}", dice_.below(70000));
      case 1: return fmt::format("0{:o}", dice_.below(512));
      case 2: return fmt::format("{}", dice_.below(SIZE_MAX));
      default: return fmt::format("{}", dice_.below(300));
    }
  }

  std::string escape() {
    if (!dice_.one_in(3)) return dice_.pick({"\\n", "\\t", "\\r", "\\\\", "\\'", "\\\""});
    std::string digits = limits_.letters_in_hex ? "0123456789ABCDEFabcdef" : "0123456789";
    return fmt::format("\\x{}{}", digits[dice_.below(digits.size())], digits[dice_.below(digits.size())]);
  }

  std::string character() {
    if (dice_.one_in(3)) return "'" + escape() + "'";
    if (dice_.one_in(20)) return dice_.pick({"''", "'ab'", "'\"'"});
    const char c = static_cast<char>(' ' + dice_.below(95));
    if (c == '\'' || c == '\\') return "'x'";
    return fmt::format("'{}'", c);
  }

  std::string quoted() {
    std::string text = "\"";
    const std::uint32_t length = dice_.one_in(30) ? dice_.below(150) : dice_.below(20);
    for (std::uint32_t i = 0; i < length; ++i) {
      const std::uint32_t kind = dice_.below(40);
      if (kind < 5) {
        text += escape();
      } else if (kind == 5) {
        text += dice_.pick({" :", "\t:", "\n:", "S:", "Q:", "R:", ":", "\xC2:", "\x01", "\x80", "\n", "\xFC",
                            "\\t:", "\\n:"});
      } else {
        const char c = static_cast<char>(' ' + dice_.below(95));
        if (c != '"' && c != '\\') text.push_back(c);
      }
    }
    return text + "\"";
  }

  std::string assembly() {
    return "\"" + dice_.pick({"ret", "push_rax\t# x", "a b\\n", "", "mov_rax, %1", "POP_X0 'x'"}) + "\"";
  }

  void expression(int depth) {
    if (dice_.one_in(12)) {
      lvalue();
      put("=");
    }
    if (depth <= 0) {
      primary(0);
      return;
    }
    primary(depth - 1);
    for (std::uint32_t i = dice_.below(3); i > 0; --i) {
      put(dice_.pick({"+", "-", "*", "/", "%", "<<", ">>", "&", "&&", "|", "||", "^", "<", "<=", ">=", ">",
                      "==", "!="}));
      primary(depth - 1);
    }
  }

  void primary(int depth) {
    switch (dice_.below(depth > 0 ? 22 : 8)) {
      case 0: put(character()); break;
      case 1: put(quoted()); break;
      case 2:
        if (!constants_.empty()) {
          put(dice_.pick(constants_));
          break;
        }
        [[fallthrough]];
      case 3: put(number()); break;
      case 4:
      case 5:
      case 6:
      case 7:
        if (!place(depth)) put(number());
        break;
      case 8:
      case 9:
        put("(");
        expression(depth);
        put(")");
        if (dice_.one_in(16)) {
          put("[");
          expression(0);
          put("]");
        }
        break;
      case 10:
      case 11:
        put(dice_.pick({"-", "!", "~", "-", "!", "~", "--", "!!", "-!", "!="}));
        primary(depth - 1);
        break;
      case 12: {
        const Named named = typed("");
        put("sizeof", "(");
        put_type(named);
        // The struct itself instead of its pointer.
        if (named.structure >= 0 && dice_.one_in(2)) out_.pop_back();
        put(")");
        break;
      }
      case 13:
        if (!functions_.empty()) {
          put(dice_.pick(functions_));
          break;
        }
        [[fallthrough]];
      case 14:
      case 15:
      case 16: call(depth, functions_.empty() ? "" : dice_.pick(functions_)); break;
      case 17:
        if (const Named* through = variable(); through != nullptr && through->type[0] == "FUNCTION") {
          call(depth, through->name);
          break;
        }
        [[fallthrough]];
      default:
        if (!place(depth)) put(character());
        break;
    }
  }

  void call(int depth, const std::string& name) {
    if (name.empty()) {
      put(number());
      return;
    }
    put(name, "(");
    const std::uint32_t count = dice_.below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i > 0) put(",");
      expression(depth - 1);
    }
    put(")");
  }

  Dice dice_;
  std::string prefix_;
  CcLimits limits_;
  std::vector<std::string> out_;
  int counter_ = 0;
  int loops_ = 0;
  std::vector<std::string> constants_;
  std::vector<std::string> functions_;
  std::vector<Structure> structures_;
  std::vector<Named> globals_;
  std::vector<Named> arguments_;
  std::vector<Named> locals_;
};

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_sign(char c) { return std::string_view("<=>|&!-").find(c) != std::string_view::npos; }

bool may_touch(const std::string& left, const std::string& right) {
  if (left.empty() || right.empty()) return true;
  const char a = left.back();
  const char b = right.front();
  return !(is_word(a) && (is_word(b) || b == ':')) && !(is_sign(a) && is_sign(b)) &&
         !(a == '/' && (b == '/' || b == '*'));
}

}  // namespace

std::vector<std::string> cc_program(std::uint32_t seed, std::string_view prefix, CcLimits limits) {
  return Writer(seed, prefix, limits).program();
}

std::string spell(const std::vector<std::string>& tokens, std::uint32_t seed) {
  Dice dice(seed);
  std::string text;
  const std::string* left = nullptr;
  for (const std::string& token : tokens) {
    if (left != nullptr && !(may_touch(*left, token) && dice.one_in(2))) {
      std::string between =
          dice.pick({" ",       " ",           " ",     " ",     "\n",      "\n",           "\t",
                     "  \n\t ", " ",           " ",     "\n",    "/**/",    "/* x */",      "/*/",
                     "// c\n",  "#define X\n", "/***/", " //\n", "\n#if\n", "/* \xFC \" */"});
      if (left->back() == '/' && between[0] == '/') between.insert(0, " ");
      text += between;
    }
    text += token;
    left = &token;
  }
  return text + "\n";
}

std::vector<std::string> spoil(std::vector<std::string> tokens, std::uint32_t seed) {
  Dice dice(seed);
  for (std::uint32_t i = 1 + dice.below(2); i > 0 && tokens.size() > 2; --i) {
    const std::size_t at = dice.below(tokens.size());
    const auto here = tokens.begin() + static_cast<std::ptrdiff_t>(at);
    switch (dice.below(6)) {
      case 0: tokens.erase(here); break;
      case 1: tokens.insert(here, tokens[at]); break;
      case 2: std::swap(tokens[at], tokens[dice.below(tokens.size())]); break;
      case 3:
        if (dice.one_in(6)) tokens.resize(at);
        break;
      default:
        tokens[at] = dice.pick(
            {"break", ";",        ",",        "(",        ")",       "{",         "}",    "[",     "]",
             "->",    "=",        "==",       "int",      "struct",  "char",      "*",    "enum",  "else",
             "while", "return",   "sizeof",   "'\\q'",    "\"\\0\"", "\"\\xG0\"", "\r",   "?",     ":",
             ".",     "&",        "&x",       "x",        "\x80",    "@",         "'a'",  "\"s\"", "0",
             "-",     "!",        "~",        "FUNCTION", "FILE",    "asm",       "goto", "for",   "do",
             "if",    "continue", "\"\\x4\"", "\"\\x\"",  "'\\x/0'", "\"\\x /\""});
        break;
    }
  }
  return tokens;
}

}  // namespace assay::test
