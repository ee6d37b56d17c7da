// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/lexer.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace assay::cc {
namespace {

constexpr std::array<std::string_view, kKnownNames> kTexts{
    "",     "struct", "enum",  "main",     "if",     "else", "do",   "while",    "for",      "asm",
    "goto", "return", "break", "continue", "sizeof", "+",    "-",    "*",        "/",        "%",
    "<<",   ">>",     "<",     "<=",       ">=",     ">",    "==",   "!=",       "&",        "&&",
    "|",    "||",     "^",     "->",       "{",      "}",    "(",    ")",        "[",        "]",
    ",",    ";",      "=",     "void",     "int",    "char", "FILE", "FUNCTION", "unsigned", "long"};

enum Class : std::uint8_t { kOther, kBlank, kWord, kSign, kQuote, kSlash, kHash, kEnd };

/// What a byte starts. A zero byte is found at the end of every set, so it is a letter first.
constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> classes{};
  for (const char c : {' ', '\t', '\n'}) classes[static_cast<Byte>(c)] = kBlank;
  for (int c = '0'; c <= '9'; ++c) classes[c] = kWord;
  for (int c = 'A'; c <= 'Z'; ++c) classes[c] = kWord;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = kWord;
  classes['_'] = classes[0] = kWord;
  for (const char c : {'<', '=', '>', '|', '&', '!', '-'}) classes[static_cast<Byte>(c)] = kSign;
  classes['"'] = classes['\''] = kQuote;
  classes['/'] = kSlash;
  classes['#'] = kHash;
  classes[0xFC] = kEnd;
  return classes;
}
constexpr std::array<Class, 256> kClasses = make_classes();

class Lexer {
 public:
  Lexer(ByteView source, Names& names, Report& report)
      : text_(as_text(source)), names_(names), report_(report) {}

  std::vector<Token> run() {
    while (next()) {
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] Class class_at(std::size_t at) const {
    return at < text_.size() ? kClasses[static_cast<Byte>(text_[at])] : kEnd;
  }

  /// Skips blanks and comments, adds one token; false at the end.
  bool next() {
    for (;;) {
      switch (class_at(at_)) {
        case kBlank: ++at_; continue;
        case kHash: skip_line(at_ + 1); continue;
        case kWord: word(); return true;
        case kSign: signs(); return true;
        case kQuote: quoted(); return true;
        case kOther: add(at_, at_ + 1, text_.substr(at_, 1)); return true;
        case kSlash:
          if (at_ + 1 < text_.size() && text_[at_ + 1] == '*') {
            skip_block();
          } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '/') {
            skip_line(at_ + 2);
          } else {
            add(at_, at_ + 1, text_.substr(at_, 1));
            return true;
          }
          continue;
        case kEnd:
          if (at_ < text_.size()) {
            report_.warn(Kind::early_end, {0, at_, 1},
                         fmt::format("byte FC counts as the end of the file; {} bytes are ignored",
                                     text_.size() - at_));
          }
          return false;
      }
    }
  }

  void skip_line(std::size_t from) {
    const std::size_t end = text_.find('\n', from);
    if (end == std::string_view::npos) endless(at_, "line");
    at_ = end;
  }

  /// A slash is only looked for where a character of the comment's own closing star may precede it:
  /// right after the opening, and after each star. So "/*/" is a whole comment.
  void skip_block() {
    std::size_t at = at_ + 2;
    while (at >= text_.size() || text_[at] != '/') {
      at = at < text_.size() ? text_.find('*', at) : std::string_view::npos;
      if (at == std::string_view::npos) endless(at_, "comment");
      ++at;
    }
    at_ = at + 1;
  }

  [[noreturn]] void endless(std::size_t from, std::string_view what) {
    report_.end(Kind::open_comment, {0, from, text_.size() - from},
                fmt::format("the text ends inside a {}; the real compiler reads for ever", what),
                Ending::hangs);
  }

  void word() {
    std::size_t end = at_;
    while (class_at(end) == kWord) ++end;
    std::string_view text = text_.substr(at_, end - at_);
    if (end == text_.size() || text_[end] != ':') {
      add(at_, end, text);
      return;
    }
    // The colon moves everything before the first zero byte up by one, over that zero byte.
    std::string label = ":" + std::string(text);
    const std::size_t zero = text.find('\0');
    if (zero != std::string_view::npos) label.erase(zero + 1, 1);
    add(at_, end + 1, label);
  }

  void signs() {
    std::size_t end = at_;
    while (class_at(end) == kSign || (end < text_.size() && text_[end] == '\0')) ++end;
    add(at_, end, text_.substr(at_, end - at_));
  }

  void quoted() {
    const char quote = text_[at_];
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      report_.end(Kind::open_string, {0, at_, text_.size() - at_},
                  "the text ends inside a string; the real compiler fills its memory and crashes",
                  Ending::crashes);
    }
    add(at_, end + 1, text_.substr(at_, end - at_));
  }

  void add(std::size_t start, std::size_t end, std::string_view text) {
    const Span span{0, start, end - start};
    if (text.size() >= kTokenBuffer) {
      report_.end(Kind::long_token, span,
                  fmt::format("token of {} bytes; the real compilers have room for {}", text.size(),
                              kTokenBuffer - 1),
                  Ending::undefined);
    }
    const std::size_t zero = text.find('\0');
    if (zero != std::string_view::npos) {
      report_.warn(Kind::nul_byte, {0, start, end - start}, "zero byte inside a token hides the rest of it");
      text = text.substr(0, zero);
    }
    tokens_.push_back(
        {names_.id_of(text), static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start)});
    at_ = end;
  }

  std::string_view text_;
  Names& names_;
  Report& report_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

Names::Names() {
  for (const std::string_view text : kTexts) id_of(text);
}

std::uint32_t Names::id_of(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return id;
}

std::vector<Token> read_tokens(ByteView source, Names& names, Report& report) {
  return Lexer(source, names, report).run();
}

}  // namespace assay::cc
