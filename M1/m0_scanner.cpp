// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m0_scanner.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/byte_masks.h"

namespace assay::m0 {
namespace {

constexpr char kEndOfFileByte = static_cast<char>(0xFC);

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

}  // namespace

bool Scanner::next(Token& token) {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (c == '#' || c == ';' || (c == '\0' && dialect_.nul_is_special)) {
      if (!skip_comment()) return false;
    } else if (c == kEndOfFileByte && dialect_.fc_ends_file) {
      reporter_.report(
          kind("m0-fc-ends-file"), {at_, 1},
          fmt::format("byte 0xFC ends the file; {} bytes after it are ignored", text_.size() - at_ - 1));
      at_ = text_.size();
    } else {
      return c == '"' || c == '\'' ? read_string(token) : read_atom(token);
    }
  }
  return false;
}

bool Scanner::skip_comment() {
  if (text_[at_] == '\0') reporter_.report(kind("m0-nul-comment"), {at_, 1}, "NUL starts a comment");
  const std::size_t end = text_.find('\n', at_);
  if (end != std::string_view::npos) {
    at_ = end + 1;
    return true;
  }
  stop(Ending::hangs, kind("m0-unterminated-comment"), {at_, text_.size() - at_},
       "the file ends inside a comment");
  return false;
}

bool Scanner::read_string(Token& token) {
  const std::size_t start = at_;
  const std::size_t end = text_.find(text_[start], start + 1);
  if (end == std::string_view::npos) {
    stop(Ending::crashes, kind("m0-unterminated-string"), {start, 1}, "the file ends inside a string");
    return false;
  }
  at_ = end + 1;
  const std::string_view whole = text_.substr(start, end - start);
  token = {whole.substr(0, whole.find('\0')), {start, at_ - start}, true};
  check_length(token, whole.size(), dialect_.longest_string);
  if (token.text.size() != whole.size()) {
    const Place nul{start + token.text.size(), 1};
    if (dialect_.nul_leaves_residue) {
      overrun_ = true;
      reporter_.report(kind("m0-nul-residue"), nul, "NUL in a string");
    } else if (!dialect_.nul_is_special) {
      overrun_ = true;
      reporter_.report(kind("m0-nul-in-token"), nul, "NUL in a string");
    } else {
      reporter_.report(kind("m0-nul-in-string"), nul, "NUL cuts the string short");
    }
  }
  if (dialect_.nul_leaves_residue) apply_residue(token, whole);
  return true;
}

bool Scanner::read_atom(Token& token) {
  const std::size_t start = at_;
  const char* const first = text_.data() + start;
  const char* const last = text_.data() + text_.size();
  const char* const found = dialect_.nul_is_special ? find_any<' ', '\t', '\n', '\0'>(first, last)
                                                    : find_any<' ', '\t', '\n'>(first, last);
  const std::size_t end = start + static_cast<std::size_t>(found - first);
  if (end == text_.size()) {
    stop(Ending::crashes, kind("m0-unterminated-atom"), {start, end - start}, "the file ends inside a token");
    return false;
  }
  at_ = end + 1;
  const std::string_view whole = text_.substr(start, end - start);
  token = {whole, {start, end - start}, false};
  check_length(token, whole.size(), dialect_.longest_atom);
  if (!dialect_.nul_is_special && whole.find('\0') != std::string_view::npos) {
    token.text = whole.substr(0, whole.find('\0'));
    overrun_ = true;
    reporter_.report(kind("m0-nul-in-token"), {start + token.text.size(), 1}, "NUL in a token");
  }
  if (dialect_.nul_leaves_residue) apply_residue(token, whole);
  if (!reporter_.strict()) return true;
  if (text_[end] == '\0') reporter_.report(kind("m0-nul-in-atom"), {end, 1}, "NUL ends the token");
  if (const std::size_t mark = whole.find_first_of("#;"); mark != std::string_view::npos) {
    reporter_.report(kind("m0-comment-in-atom"), {start + mark, 1},
                     fmt::format("'{}' inside a token does not start a comment", whole[mark]));
  }
  if (!seen_carriage_return_ && whole.find('\r') != std::string_view::npos) {
    seen_carriage_return_ = true;
    reporter_.report(kind("m0-carriage-return"), {start + whole.find('\r'), 1}, "CR is part of the token");
  }
  return true;
}

// The token buffer is cleared only as far as the token's text goes, so bytes behind a NUL stay and
// are found again by the next token that is long enough to touch them.
void Scanner::apply_residue(Token& token, std::string_view whole) {
  if (residue_.empty() && token.text.size() == whole.size()) return;
  std::string buffer = std::move(residue_);
  buffer.resize(std::max(buffer.size(), whole.size()));
  std::copy(whole.begin(), whole.end(), buffer.begin());
  const std::size_t length = std::min(buffer.find('\0'), buffer.size());
  token.text = texts_.emplace_back(buffer.substr(0, length));
  std::fill_n(buffer.begin(), length, '\0');
  buffer.resize(std::min(buffer.find_last_not_of('\0') + 1, dialect_.longest_string));
  residue_ = std::move(buffer);
}

void Scanner::stop(Ending ending, const DiagnosticKind& kind, Place place, std::string message) {
  stop_ = ending;
  at_ = text_.size();
  reporter_.report(kind, place, std::move(message));
}

void Scanner::check_length(const Token& token, std::size_t length, std::size_t longest) {
  if (longest == 0 || length <= longest) return;
  overrun_ = true;
  reporter_.report(
      kind("m0-token-too-long"), token.place,
      fmt::format("{} of {} bytes; the limit on {} is {}",
                  token.quoted ? "string with its opening quote" : "token", length, dialect_.name, longest));
}

}  // namespace assay::m0
