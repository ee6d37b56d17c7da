// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex0/critic.h"

#include <fmt/format.h>

#include <cctype>

namespace assay::hex0 {

void Critic::warn(const DiagnosticKind& kind, Span span, std::string message, std::vector<Note> notes) {
  if (!active_) return;
  flush();
  sink_.report(kind, span, std::move(message), std::move(notes));
}

void Critic::note_skipped(std::size_t at) {
  const Byte byte = text_[at];
  if (byte == ' ' || byte == '\t' || byte == '\n') return;
  if (byte == '\r') {
    warn(*kinds_.carriage_return, {0, at, 1}, "carriage return outside a comment is ignored");
  } else if (byte == 0) {
    warn(*kinds_.nul, {0, at, 1}, "zero byte is ignored");
  } else {
    if (at != junk_end_) flush();
    if (junk_start_ == junk_end_) junk_start_ = at;
    junk_end_ = at + 1;
  }
}

void Critic::flush() {
  const std::size_t count = junk_end_ - junk_start_;
  if (count == 0) return;
  const Span span{0, junk_start_, count};
  junk_start_ = junk_end_ = 0;
  const auto is_digit = [this](std::size_t at) { return at < text_.size() && std::isxdigit(text_[at]) != 0; };
  const Byte byte = text_[span.offset];
  if (count == 1 && (byte == 'O' || byte == 'o') && (is_digit(span.offset - 1) || is_digit(span.offset + 1)))
    return sink_.report(*kinds_.ignored_character, span,
                        "the letter O is ignored: is it meant to be a zero?");
  sink_.report(*kinds_.ignored_character, span,
               count == 1 ? "character is ignored" : fmt::format("{} characters are ignored", count));
}

void Critic::check_comment(std::size_t start, std::size_t end) {
  const bool ended_at_return = end < text_.size() && text_[end] == '\r';
  if (ended_at_return && end + 1 < text_.size() && text_[end + 1] != '\n') {
    warn(*kinds_.comment_carriage_return, {0, end, 1}, "comment ends at a lone carriage return");
  }
  const std::size_t lone = as_text(text_.subspan(start, end - start)).find('\r');
  if (!return_ends_ && lone != std::string_view::npos && start + lone + 1 < end) {
    warn(*kinds_.comment_carriage_return, {0, start + lone, 1},
         "comment goes on after a carriage return; other tools end it here");
  }
}

void Critic::check_split(std::size_t first, std::size_t second) {
  warn(*kinds_.split_byte, {0, first, second + 1 - first}, "the two digits of a byte are apart");
}

}  // namespace assay::hex0
