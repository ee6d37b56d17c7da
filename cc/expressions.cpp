// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>

#include "cc/literals.h"
#include "cc/parser.h"
#include "command/nearest_word.h"

namespace assay::cc {
namespace {

/// log2 rounded up, by counting bits; -1 for a size of 0.
std::int64_t ceil_log2(std::int64_t size, std::int64_t base) {
  const auto bits = static_cast<std::uint64_t>(size);
  std::int64_t result = (bits & (bits - 1)) == 0 ? -1 : base;
  for (std::int64_t rest = size; rest > 0; rest >>= 1) ++result;
  return result;
}

bool is_power_of_two(std::int64_t size) { return size > 0 && (size & (size - 1)) == 0; }

constexpr TypeId kUnsignedType = 7;

}  // namespace

const Parser::Level Parser::kLevels[3] = {
    [] {
      static constexpr Binary kBits[] = {{kAnd, Op::bit_and, 5},
                                         {kAndAnd, Op::bit_and, 2},
                                         {kOr, Op::bit_or, 3},
                                         {kOrOr, Op::bit_or, 1},
                                         {kXor, Op::bit_xor, 4}};
      return Level{kBits, std::size(kBits)};
    }(),
    [] {
      static constexpr Binary kRelations[] = {
          {kLess, Op::less, 7},       {kLessEqual, Op::less_equal, 7}, {kGreaterEqual, Op::greater_equal, 7},
          {kGreater, Op::greater, 7}, {kEqualTo, Op::equal, 6},        {kNotEqual, Op::not_equal, 6}};
      return Level{kRelations, std::size(kRelations)};
    }(),
    [] {
      static constexpr Binary kSums[] = {{kPlus, Op::add, 9},
                                         {kMinus, Op::subtract, 9},
                                         {kTimes, Op::multiply, 10},
                                         {kOver, Op::divide, 10},
                                         {kPercent, Op::modulo, 10},
                                         {kShiftLeft, Op::shift_left, 8},
                                         {kShiftRight, Op::shift_right, 8}};
      return Level{kSums, std::size(kSums)};
    }(),
};

void Parser::set_type(TypeId type) {
  current_ = type;
  type_state_ = TypeState::own;
}

/// Skips the operator, keeps the left value, and merges the types of the two sides.
template <class Operand>
bool Parser::right_side(Operand operand) {
  emit(Op::keep_left, at_);
  const std::size_t sign = at_;
  advance();
  const TypeId left = current_;
  const bool boolean = operand();
  current_ = types_.merge(current_, left);
  emit(Op::take_left, sign);
  return boolean;
}

bool Parser::expression() {
  const Nested nested(*this);
  bool boolean = binary(0);
  if (name() != kAssign) return boolean;
  const std::size_t sign = at_;
  Op store = Op::store_word;
  if (sign > 0 && tokens_[sign - 1].name == kCloseBracket) {
    if (current_ == kNoType) no_type("assignment behind ']' without a current type");
    if (current_ == kCharPointer) store = Op::store_byte;
  }
  boolean = right_side([this] { return expression(); });
  emit(store, sign);
  ++effects_;
  current_ = kNoType;
  type_state_ = TypeState::stale;
  return boolean;
}

bool Parser::binary(std::size_t level) {
  const auto operand = [this, level] { return level < 2 ? binary(level + 1) : postfix(); };
  const Level& signs = kLevels[level];
  bool boolean = operand();
  int loosest = INT32_MAX;
  for (;;) {
    const std::uint32_t sign = name();
    const Binary* const end = signs.first + signs.count;
    const Binary* const op =
        std::find_if(signs.first, end, [sign](const Binary& one) { return one.sign == sign; });
    if (op == end) return boolean;
    const std::size_t token = at_;
    const TypeId left = current_;
    const std::uint64_t effects = effects_;
    const bool right_boolean = right_side(operand);
    type_state_ = TypeState::merged;
    emit(op->op, token);
    if (op->sign == kAndAnd || op->sign == kOrOr) {
      if (!boolean || !right_boolean) {
        report_.warn(
            Kind::bitwise_logic, span(token),
            fmt::format("'{}' works on bits, and one of its sides may be other than 0 and 1", text(sign)));
      }
      if (effects_ != effects) {
        report_.warn(Kind::no_short_circuit, span(token),
                     fmt::format("the right side of '{}' is evaluated in any case", text(sign)));
      }
    }
    warn_binary(*op, token, loosest, left);
    boolean = level == 1 || (level == 0 && boolean && right_boolean);
  }
}

void Parser::warn_binary(const Binary& op, std::size_t token, int& loosest, TypeId left) {
  if (!report_.warnings()) return;
  if (op.precedence > loosest) {
    report_.warn(Kind::flat_precedence, span(token),
                 fmt::format("'{}' does not bind tighter than the operators to its left", text(op.sign)));
  }
  loosest = std::min(loosest, op.precedence);
  if ((op.op == Op::divide || op.op == Op::modulo) && dialect_.division_is_unsigned) {
    report_.warn(Kind::unsigned_division, span(token), fmt::format("'{}' is unsigned", text(op.sign)));
  }
  if (op.op == Op::shift_right && dialect_.shift_is_logical) {
    report_.warn(Kind::logical_shift, span(token), "'>>' is logical");
  }
  const bool ordered = op.precedence == 7 || (op.op == Op::shift_right && !dialect_.shift_is_logical) ||
                       ((op.op == Op::divide || op.op == Op::modulo) && !dialect_.division_is_unsigned);
  if (ordered && (left == kUnsignedType || current_ == kUnsignedType)) {
    report_.warn(Kind::unsigned_ignored, span(token), fmt::format("'{}' is signed", text(op.sign)));
  }
}

bool Parser::postfix() {
  const Nested nested(*this);
  type_state_ = TypeState::stale;
  bool boolean = primary();
  for (;;) {
    const std::uint32_t sign = name();
    if (sign != kOpenBracket && sign != kArrow) return boolean;
    boolean = false;
    ++effects_;
    if (current_ != kNoType && type_state_ == TypeState::stale) {
      report_.warn(Kind::stale_type, here(),
                   fmt::format("the type here is left over from earlier: {}", types_.name(current_)));
    } else if (current_ != kNoType && type_state_ == TypeState::merged) {
      report_.warn(Kind::merged_type, here(),
                   fmt::format("the type here is chosen by name: {}", types_.name(current_)));
    } else if (type_state_ == TypeState::indexed && sign == kOpenBracket) {
      report_.warn(Kind::double_index, here(), "the second index uses the same type as the first");
    }
    if (sign == kOpenBracket) {
      index();
    } else {
      arrow();
    }
  }
}

void Parser::load_unless_stored(std::size_t token) {
  if (name() != kAssign) emit(Op::load_word, token);
}

void Parser::index() {
  const std::size_t open = at_;
  const TypeId array = current_;
  right_side([this] { return expression(); });
  current_ = array;
  type_state_ = TypeState::indexed;
  if (array == kNoType) no_type("index without a current type");
  if (array != kCharPointer) {
    const std::int64_t size = types_[types_[array].indirect].size;
    const std::int64_t scale = ceil_log2(size, dialect_.scale_base);
    if (!is_power_of_two(size)) {
      report_.warn(Kind::index_scale, span(open),
                   fmt::format("elements of {} bytes are taken for 2^{} bytes", size, scale));
    }
    emit_number(Op::scale, open, scale);
  }
  emit(Op::add, open);
  require(kCloseBracket, "ERROR in postfix_expr\nMissing ]\n");
  if (name() != kAssign) emit(array == kCharPointer ? Op::load_byte : Op::load_word, open);
}

void Parser::arrow() {
  const std::size_t start = at_;
  emit(Op::member_note, start);
  advance();
  const std::uint32_t wanted = name();
  if (current_ == kNoType) no_type("'->' without a current type");
  const Member* member = types_.member(current_, wanted);
  if (member == nullptr) {
    std::string message = fmt::format("ERROR in lookup_member {}", types_.name(current_));
    if (dialect_.names_the_member) message += fmt::format("->{}", text(wanted));
    report_.fail(Kind::no_member, here(),
                 fmt::format("'{}' has no member '{}'", types_.name(current_), text(wanted)),
                 message + " does not exist\n\n");
  }
  set_type(member->type);
  advance();
  if (member->offset != 0) emit_number(Op::member_offset, start, member->offset);
  const bool stored = name() == kAssign;
  if (member->size >= 4) {
    if (member->array && !stored) {
      report_.warn(Kind::array_member, span(start + 1),
                   fmt::format("'{}' gives the first word of the array", text(wanted)));
    }
    load_unless_stored(start);
  } else if (!member->array) {
    report_.warn(Kind::small_member, span(start + 1),
                 stored
                     ? fmt::format("'{}' has {} byte but a whole word is stored", text(wanted), member->size)
                     : fmt::format("'{}' is not loaded: this is its address", text(wanted)));
  }
}

bool Parser::primary() {
  const std::size_t start = at_;
  const std::uint32_t word = name();
  const Byte first = first_character();
  if (word == kSizeof) {
    size_of();
    return false;
  }
  const auto operand = [this] { return postfix(); };
  if (first == '-' || first == '!') {
    if (text(word).size() > 1) {
      report_.warn(Kind::glued_prefix, span(start),
                   fmt::format("'{}' counts as '{}'", text(word), static_cast<char>(first)));
    }
    emit(first == '-' ? Op::zero : Op::prepare_not, start);
    right_side(operand);
    emit(first == '-' ? Op::subtract : Op::logical_not, start);
    return first == '!';
  }
  if (first == '~') {
    right_side(operand);
    emit(Op::complement, start);
    return false;
  }
  if (first == '(') {
    advance();
    const bool boolean = expression();
    require(kCloseParen, "Error in Primary expression\nDidn't get )\n");
    return boolean;
  }
  if (first == '\'') {
    emit_number(Op::small_number, start, character_value(text(word), span(start), dialect_, report_));
    advance();
  } else if (first == '"') {
    string();
  } else if (first == 0 || first == '_' || (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) {
    variable();
  } else if (first >= '0' && first <= '9') {
    emit_text(Op::number, start, word);
    advance();
    return text(word) == "0" || text(word) == "1";
  } else {
    report_.fail(Kind::unexpected_token, here(), fmt::format("'{}' begins no expression", text(word)),
                 fmt::format("Received {} in primary_expr\n", text(word)));
  }
  return false;
}

void Parser::size_of() {
  const std::size_t start = at_;
  advance();
  require(kOpenParen, "ERROR in unary_expr\nMissing (\n");
  const TypeId type = type_name();
  if (type == kNoType) no_type("sizeof of a struct's definition");
  const std::int64_t size = types_[type].size;
  require(kCloseParen, "ERROR in unary_expr\nMissing )\n");
  emit_number(Op::small_number, start, size);
}

void Parser::string() {
  const std::size_t start = at_;
  const std::uint32_t counter = counter_++;
  emit_id(Op::string_address, Head::none, start, counter);
  program_.strings.push_back({static_cast<std::uint32_t>(start), function_, counter,
                              string_text(text(name()), span(start), dialect_, report_)});
  advance();
}

void Parser::variable() {
  const std::size_t start = at_;
  const std::uint32_t word = name();
  advance();
  if (const auto constant = constants_.find(word); constant != constants_.end()) {
    emit_text(Op::number, start, constant->second);
    return;
  }
  if (const Variable* local = find_local(word); local != nullptr) return load_variable(*local, start);
  if (const auto argument = argument_of_.find(word); argument != argument_of_.end()) {
    return load_variable(arguments_[argument->second], start);
  }
  if (functions_.contains(word)) {
    if (name() == kOpenParen) return call(start, nullptr);
    emit_text(Op::function_address, start, word);
    return;
  }
  if (const auto global = globals_.find(word); global != globals_.end()) {
    set_type(global->second);
    emit_text(Op::global_address, start, word);
    load_unless_stored(start);
    return;
  }
  report_.fail(Kind::undefined_symbol, span(start),
               fmt::format("'{}' is not defined{}", text(word), near_name(word)),
               fmt::format("{} is not a defined symbol\n", text(word)));
}

std::string Parser::near_name(std::uint32_t word) const {
  std::vector<std::string_view> names;
  const auto add = [&](const auto& table) {
    for (const auto& [name, value] : table) names.push_back(text(name));
  };
  add(constants_), add(functions_), add(globals_), add(argument_of_), add(locals_of_);
  std::ranges::sort(names);
  return near_miss(text(word), names);
}

void Parser::load_variable(const Variable& variable, std::size_t token) {
  if (name() == kOpenParen) {
    if (variable.type == kNoType) no_type("call of a variable without a type");
    if (variable.type == kFunctionType) {
      const Variable through = variable;
      return call(token, &through);
    }
  }
  set_type(variable.type);
  emit_number(Op::frame_address, token, variable.displacement);
  load_unless_stored(token);
}

void Parser::call(std::size_t token, const Variable* through) {
  require(kOpenParen, "ERROR in process_expression_list\nNo ( was found\n");
  emit(Op::call_begin, token);
  std::size_t passed = 0;
  if (first_character() != ')') {
    for (;;) {
      expression();
      emit(passed++ == 0 ? Op::first_argument : Op::next_argument, token);
      if (first_character() != ',') break;
      advance();
    }
  }
  require(kCloseParen, "ERROR in process_expression_list\nNo ) was found\n");
  if (through != nullptr) {
    emit_number(Op::call_variable, token, through->displacement);
  } else {
    emit_text(Op::call_function, token, tokens_[token].name);
  }
  emit_pops(Op::pop_arguments, token, passed);
  emit(Op::call_end, token);
  ++effects_;
  type_state_ = TypeState::stale;
}

}  // namespace assay::cc
