// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parser's basics and declarations.
#include "cc/parser.h"

#include <fmt/format.h>

namespace assay::cc {

Parser::Parser(const std::vector<Token>& tokens, Names& names, const Dialect& dialect, Report& report)
    : tokens_(tokens), names_(names), dialect_(dialect), report_(report), types_(dialect.word_bytes, names) {}

Program Parser::run() {
  while (at_ < tokens_.size()) {
    if (name() == kEnum) {
      enumeration();
      continue;
    }
    const TypeId type = type_name();
    if (type == kNoType) continue;
    const std::uint32_t declared = name();
    const std::size_t symbols_before = symbols_++;
    globals_[declared] = type;
    advance();
    if (name() == kSemicolon) {
      program_.globals.push_back(static_cast<std::uint32_t>(at_ - 1));
      advance();
    } else if (name() == kOpenParen) {
      declare_function(symbols_before);
    } else {
      report_.warn(
          Kind::silent_end, here(),
          fmt::format("'{}' after the declared name: the rest of the file is ignored", text(name())));
      break;
    }
  }
  return std::move(program_);
}

std::uint32_t Parser::name() {
  if (at_ >= tokens_.size()) unexpected_end();
  return tokens_[at_].name;
}

Byte Parser::first_character() {
  const std::string_view current = text(name());
  return current.empty() ? Byte{0} : static_cast<Byte>(current[0]);
}

void Parser::advance() {
  if (at_ >= tokens_.size()) unexpected_end();
  ++at_;
}

void Parser::require(Known sign, std::string_view message) {
  if (name() != sign) {
    report_.fail(Kind::missing_token, here(),
                 fmt::format("expected '{}', found '{}'", text(sign), text(name())), std::string(message));
  }
  advance();
}

Span Parser::span(std::size_t token) const {
  if (token >= tokens_.size()) {
    if (tokens_.empty()) return {};
    return {0, std::uint64_t{tokens_.back().offset} + tokens_.back().length, 0};
  }
  return {0, tokens_[token].offset, tokens_[token].length};
}

void Parser::unexpected_end() {
  report_.end(Kind::unexpected_end, span(tokens_.size()),
              "the text ends in the middle of a declaration; the real compiler crashes", Ending::crashes);
}

void Parser::no_type(std::string message) {
  report_.end(Kind::no_type, here(), std::move(message) + "; the real compiler crashes", Ending::crashes);
}

void Parser::too_deep() {
  report_.end(Kind::nesting_too_deep, here(), fmt::format("more than {} levels of nesting", kMaxNesting),
              Ending::undefined);
}

Operation& Parser::emit(Op op, std::size_t token) {
  after_leave_ = op == Op::leave;
  Operation& operation = program_.operations.emplace_back();
  operation.op = op;
  operation.token = static_cast<std::uint32_t>(token);
  return operation;
}

void Parser::emit_id(Op op, Head head, std::size_t token, std::uint32_t counter) {
  Operation& operation = emit(op, token);
  operation.head = head;
  operation.function = function_;
  operation.counter = counter;
}

void Parser::emit_pops(Op op, std::size_t token, std::size_t count) {
  if (count > 0) emit_number(op, token, static_cast<std::int64_t>(count));
}

void Parser::enumeration() {
  advance();
  require(kOpenBrace, "ERROR in enum\nExpected {\n");
  do {
    const std::uint32_t constant = name();
    advance();
    require(kAssign, "ERROR in enum\nExpected =\n");
    constants_[constant] = name();
    advance();
    if (name() != kComma) break;
    advance();
  } while (name() != kCloseBrace);
  require(kCloseBrace, "ERROR in enum\nExpected }\n");
  require(kSemicolon, "ERROR in enum\nExpected ;\n");
}

/// None if it was the definition of a new struct, which ends with its semicolon.
TypeId Parser::type_name() {
  TypeId type = kNoType;
  if (name() == kStruct) {
    advance();
    type = types_.find(name());
    if (type == kNoType) {
      create_struct();
      return kNoType;
    }
  } else {
    type = types_.find(name());
    if (type == kNoType) {
      report_.fail(Kind::unknown_type, here(), fmt::format("unknown type '{}'", text(name())),
                   fmt::format("Unknown type {}\n", text(name())));
    }
  }
  advance();
  while (first_character() == '*') {
    type = types_[type].indirect;
    advance();
  }
  return type;
}

void Parser::create_struct() {
  static constexpr std::string_view kMissingSemicolon = "ERROR in create_struct\n Missing ;\n";
  const Nested nested(*this);
  const TypeId made = types_.declare_struct(name());
  advance();
  require(kOpenBrace, "ERROR in create_struct\n Missing {\n");
  std::int64_t offset = 0;
  while (first_character() != '}') {
    const std::int64_t size = build_member(made, offset);
    offset = types_.wrap(static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(size));
    require(kSemicolon, kMissingSemicolon);
  }
  advance();
  require(kSemicolon, kMissingSemicolon);
  types_.finish_struct(made, offset);
}

std::int64_t Parser::build_member(TypeId of, std::int64_t offset) {
  Member member{.offset = offset, .type = type_name()};
  member.name = name();
  advance();
  member.array = name() == kOpenBracket;
  if (dialect_.member_test_broken) {
    if (offset == (member.array ? 0 : 1)) {
      report_.end(Kind::member_hang, here(),
                  fmt::format("{} hangs on {}", dialect_.program,
                              member.array ? "a struct that begins with an array"
                                           : "a member at offset 1, behind a single char"),
                  Ending::hangs);
    }
    member.array = false;
  }
  if (member.type == kNoType) no_type("a struct defined inside a struct is no type of a member");
  if (!member.array) {
    member.size = types_[member.type].size;
    types_.add_member(of, member);
    return member.size;
  }
  advance();
  const std::int64_t count = array_size(text(name()));
  const TypeId element = types_[member.type].element;
  if (element == kNoType) no_type("an array of structs or of pointers to structs");
  member.size =
      types_.wrap(static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(types_[element].size));
  advance();
  require(kCloseBracket, "Struct only supports [num] form\n");
  types_.add_member(of, member);
  return member.size;
}

/// Decimal, or hexadecimal in capitals behind any digit and 'x'; 0 if there is anything else.
std::int64_t Parser::array_size(std::string_view digits) const {
  const bool hexadecimal = digits.size() > 1 && digits[1] == 'x';
  std::uint64_t value = 0;
  std::size_t at = 0;
  const bool negative = !hexadecimal && !digits.empty() && digits[0] == '-';
  if (hexadecimal) at = 2;
  if (negative) at = 1;
  for (; at < digits.size(); ++at) {
    int digit = static_cast<Byte>(digits[at]) - '0';
    if (hexadecimal && digit >= 10) digit -= 7;
    if (digit < 0 || digit > (hexadecimal ? 15 : 9)) return 0;
    value = value * (hexadecimal ? 16 : 10) + static_cast<std::uint64_t>(digit);
  }
  return types_.wrap(negative ? 0 - value : value);
}

void Parser::declare_function(std::size_t symbols_before) {
  const std::size_t declared = at_ - 1;
  counter_ = 0;
  function_ = tokens_[declared].name;
  functions_[function_] = true;
  arguments_.clear();
  argument_of_.clear();
  forget_locals(0);
  collect_arguments();
  if (name() == kSemicolon) {
    advance();
    return;
  }
  emit_text(Op::function_begin, declared, function_);
  statement({{}, symbols_before >= 2});
  if (!after_leave_) emit(Op::leave, declared);
}

void Parser::collect_arguments() {
  advance();
  while (name() != kCloseParen) {
    const TypeId type = type_name();
    if (name() != kCloseParen && name() != kComma) {
      const Frame& frame = dialect_.frame;
      const std::int64_t displacement =
          arguments_.empty() ? frame.first_argument : arguments_.back().displacement + frame.argument_step;
      argument_of_[name()] = static_cast<std::uint32_t>(arguments_.size());
      arguments_.push_back({name(), type, displacement});
      advance();
    }
    if (name() == kComma) {
      advance();
    } else if (name() != kCloseParen) {
      report_.warn(Kind::missing_comma, here(), "arguments without a comma between them");
    }
  }
  advance();
}

void Parser::collect_local() {
  const TypeId type = type_name();
  const std::size_t declared = at_;
  Variable local{name(), type, 0};
  if (type == kNoType) {
    report_.warn(Kind::struct_as_local, here(),
                 fmt::format("'{}' becomes a variable: a struct definition counts as the type of one",
                             text(local.name)));
  }
  const Frame& frame = dialect_.frame;
  if (!locals_.empty()) {
    local.displacement = locals_.back().displacement + frame.local_step;
  } else if (function_ == kMain) {
    local.displacement = frame.first_local_in_main;
  } else if (!arguments_.empty()) {
    local.displacement = arguments_.back().displacement + frame.local_after_arguments;
  } else {
    local.displacement = frame.first_local;
  }
  locals_of_[local.name].push_back(static_cast<std::uint32_t>(locals_.size()));
  locals_.push_back(local);
  emit_text(Op::local_note, declared, local.name);
  advance();
  if (name() == kAssign) {
    advance();
    expression();
  }
  require(kSemicolon, "ERROR in collect_local\nMissing ;\n");
  emit_text(Op::local_push, declared, local.name);
}

const Parser::Variable* Parser::find_local(std::uint32_t name) const {
  const auto found = locals_of_.find(name);
  return found == locals_of_.end() || found->second.empty() ? nullptr : &locals_[found->second.back()];
}

void Parser::forget_locals(std::size_t keep) {
  for (; locals_.size() > keep; locals_.pop_back()) locals_of_[locals_.back().name].pop_back();
}

}  // namespace assay::cc
