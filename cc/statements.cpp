// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "cc/literals.h"
#include "cc/parser.h"

namespace assay::cc {
namespace {

constexpr std::string_view kMissingSemicolon = "ERROR in statement\nMissing ;\n";

}  // namespace

void Parser::statement(const Stray& stray) {
  const Nested nested(*this);
  const std::uint32_t word = name();
  if (first_character() == ':') {
    emit_text(Op::user_label, at_, word);
    advance();
    return;
  }
  if (word == kStruct || types_.find(word, true) != kNoType) return collect_local();
  switch (word) {
    case kOpenBrace: return block();
    case kIf: return if_statement();
    case kDo: return do_statement();
    case kWhile: return while_statement();
    case kFor: return for_statement();
    case kAsm: return asm_statement();
    case kGoto: return goto_statement();
    case kReturn: return return_statement();
    case kBreak: return break_statement(stray);
    case kContinue: return continue_statement();
    default: break;
  }
  expression();
  require(kSemicolon, kMissingSemicolon);
}

void Parser::block() {
  advance();
  const std::size_t frame = locals_.size();
  const Stray stray{{}, frame >= 2};
  while (name() != kCloseBrace) statement(stray);
  const std::size_t end = at_;
  advance();
  // Behind a return nothing is popped, even if something can still jump to this end.
  if (!after_leave_) emit_pops(Op::pop_block_locals, end, locals_.size() - frame);
  forget_locals(frame);
}

void Parser::if_statement() {
  const std::size_t start = at_;
  const std::uint32_t counter = counter_++;
  emit_id(Op::note, Head::if_begin, start, counter);
  advance();
  require(kOpenParen, "ERROR in process_if\nMISSING (\n");
  expression();
  emit_id(Op::jump_if_zero, Head::else_, start, counter);
  require(kCloseParen, "ERROR in process_if\nMISSING )\n");
  const Stray stray{decimal(counter, dialect_.word_bytes), false};
  statement(stray);
  emit_id(Op::jump, Head::end_if, start, counter);
  emit_id(Op::label, Head::else_, start, counter);
  if (name() == kElse) {
    advance();
    statement(stray);
  }
  emit_id(Op::label, Head::end_if, start, counter);
}

Parser::BreakTarget Parser::enter_loop(Head end, std::uint32_t counter) {
  return std::exchange(break_, {end, function_, counter, locals_.size()});
}

void Parser::do_statement() {
  const std::size_t start = at_;
  const std::uint32_t counter = counter_++;
  const BreakTarget outer = enter_loop(Head::end_do, counter);
  emit_id(Op::label, Head::do_, start, counter);
  advance();
  statement({});
  require(kWhile, "ERROR in process_do\nMISSING while\n");
  require(kOpenParen, "ERROR in process_do\nMISSING (\n");
  expression();
  require(kCloseParen, "ERROR in process_do\nMISSING )\n");
  require(kSemicolon, "ERROR in process_do\nMISSING ;\n");
  emit_id(Op::repeat_do, Head::do_, start, counter);
  emit_id(Op::label, Head::end_do, start, counter);
  break_ = outer;
}

void Parser::while_statement() {
  const std::size_t start = at_;
  const std::uint32_t counter = counter_++;
  const BreakTarget outer = enter_loop(Head::end_while, counter);
  emit_id(Op::label, Head::while_, start, counter);
  advance();
  require(kOpenParen, "ERROR in process_while\nMISSING (\n");
  expression();
  emit_id(Op::jump_if_zero, Head::end_while, start, counter);
  emit_id(Op::note, Head::then_while, start, counter);
  require(kCloseParen, "ERROR in process_while\nMISSING )\n");
  statement({});
  emit_id(Op::jump, Head::while_, start, counter);
  emit_id(Op::label, Head::end_while, start, counter);
  break_ = outer;
}

void Parser::for_statement() {
  const std::size_t start = at_;
  const std::uint32_t counter = counter_++;
  const BreakTarget outer = enter_loop(Head::end_for, counter);
  emit_id(Op::note, Head::for_begin, start, counter);
  advance();
  require(kOpenParen, "ERROR in process_for\nMISSING (\n");
  if (name() != kSemicolon) expression();
  emit_id(Op::label, Head::for_, start, counter);
  require(kSemicolon, "ERROR in process_for\nMISSING ;1\n");
  expression();
  emit_id(Op::jump_if_zero, Head::end_for, start, counter);
  emit_id(Op::jump, Head::for_then, start, counter);
  emit_id(Op::label, Head::for_iter, start, counter);
  require(kSemicolon, "ERROR in process_for\nMISSING ;2\n");
  expression();
  emit_id(Op::jump, Head::for_, start, counter);
  emit_id(Op::label, Head::for_then, start, counter);
  require(kCloseParen, "ERROR in process_for\nMISSING )\n");
  statement({});
  emit_id(Op::jump, Head::for_iter, start, counter);
  emit_id(Op::label, Head::end_for, start, counter);
  break_ = outer;
}

void Parser::asm_statement() {
  advance();
  require(kOpenParen, "ERROR in process_asm\nMISSING (\n");
  while (first_character() == '"') {
    emit_text(Op::assembly, at_, name());
    advance();
  }
  require(kCloseParen, "ERROR in process_asm\nMISSING )\n");
  require(kSemicolon, "ERROR in process_asm\nMISSING ;\n");
}

void Parser::goto_statement() {
  advance();
  emit_text(Op::jump_to_user_label, at_, name());
  advance();
  require(kSemicolon, kMissingSemicolon);
}

void Parser::return_statement() {
  const std::size_t start = at_;
  advance();
  if (first_character() != ';') expression();
  require(kSemicolon, "ERROR in return_result\nMISSING ;\n");
  emit_pops(Op::pop_return_locals, start, locals_.size());
  emit(Op::leave, start);
}

void Parser::break_statement(const Stray& stray) {
  if (break_.head == Head::none) {
    if (dialect_.stray_break == Failure::crash) {
      report_.end(Kind::stray_break, here(),
                  fmt::format("break outside of a loop crashes {}", dialect_.program), Ending::crashes);
    }
    report_.fail(Kind::stray_break, here(),
                 stray.pointer
                     ? "break outside of a loop; the real message begins with the bytes of an address"
                     : "break outside of a loop",
                 stray.text + "Not inside of a loop or case statement");
  }
  const std::size_t start = at_;
  emit_pops(Op::pop_break_locals, start, locals_.size() - break_.locals);
  advance();
  Operation& jump = emit(Op::break_jump, start);
  jump.head = break_.head;
  jump.function = break_.function;
  jump.counter = break_.counter;
  require(kSemicolon, "ERROR in break statement\nMissing ;\n");
}

void Parser::continue_statement() {
  report_.warn(Kind::continue_no_jump, here(), "continue is only a comment in the output");
  emit(Op::continue_note, at_);
  advance();
  require(kSemicolon, kMissingSemicolon);
}

}  // namespace assay::cc
