// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/c_words.h"

#include <algorithm>
#include <array>

#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The end of what begins with a quote.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t end = at + 1; end < text.size(); ++end) {
    if (text[end] == '\\') {
      ++end;
    } else if (text[end] == quote || text[end] == '\n') {
      return end + 1;
    }
  }
  return text.size();
}

std::size_t sign_length(std::string_view text) {
  constexpr std::array<std::string_view, 20> kLong{
      "&&", "||", "->", "++", "--", "+=", "-=", "*=", "/=", "%=",
      "&=", "|=", "^=", "==", "!=", "<=", ">=", "<<", ">>", "::"};
  return std::ranges::any_of(kLong, [text](std::string_view one) { return text.starts_with(one); }) ? 2 : 1;
}

constexpr std::array<std::string_view, 16> kNoTypes{
    "return", "if",  "else",     "while",  "for",    "do",   "goto",    "case",
    "break",  "asm", "continue", "switch", "sizeof", "enum", "typedef", "default"};

bool may_be_type(const CWord& word) {
  return word.is_name && std::ranges::find(kNoTypes, word.text) == kNoTypes.end() &&
         !(word.text[0] >= '0' && word.text[0] <= '9');
}

/// #if and its kin, as far as they ask whether M2-Planet reads; of all others both parts are read.
class Conditions {
 public:
  void read(std::string_view line) {
    const auto words = split(line, " \t()");
    if (words.empty()) return;
    if (words[0].starts_with("if")) {
      const bool asks = line.find("__M2__") != std::string_view::npos;
      const bool denies = words[0] == "ifndef" || line.find('!') != std::string_view::npos;
      parts_.push_back(!asks ? Part::unknown : denies ? Part::skipped : Part::read);
    } else if (!parts_.empty() && (words[0] == "else" || words[0] == "elif")) {
      if (parts_.back() != Part::unknown)
        parts_.back() = parts_.back() == Part::read ? Part::skipped : Part::read;
    } else if (!parts_.empty() && words[0] == "endif") {
      parts_.pop_back();
    }
  }
  [[nodiscard]] bool reads() const { return std::ranges::find(parts_, Part::skipped) == parts_.end(); }

 private:
  enum class Part : std::uint8_t { unknown, read, skipped };
  std::vector<Part> parts_;
};

}  // namespace

std::vector<CWord> read_c_words(ByteView source) {
  const std::string_view text = as_text(source);
  std::vector<CWord> words;
  Conditions conditions;
  bool line_start = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    if (c == '\n') {
      line_start = true;
    } else if (text.substr(at).starts_with("/*")) {
      end = std::min(text.find("*/", at + 2), text.size() - 2) + 2;
    } else if (text.substr(at).starts_with("//") || (c == '#' && line_start)) {
      end = std::min(text.find('\n', at), text.size());
      if (c == '#') conditions.read(text.substr(at + 1, end - at - 1));
    } else if (c != ' ' && c != '\t' && c != '\r') {
      line_start = false;
      const bool is_name = is_name_character(c);
      if (is_name) {
        while (end < text.size() && is_name_character(text[end])) ++end;
      } else if (c == '"' || c == '\'') {
        end = quoted_end(text, at);
      } else {
        end = at + std::min(sign_length(text.substr(at)), text.size() - at);
      }
      if (conditions.reads()) words.push_back({text.substr(at, end - at), is_name});
    }
    at = end;
  }
  return words;
}

void CVariables::pass(std::size_t at) {
  const std::string_view text = words_[at].text;
  if (text == "(") ++brackets_;
  if (text == ")" && brackets_ > 0) --brackets_;
  if (text == "{") ++braces_;
  if (text == "}" && braces_ > 0 && --braces_ == 0) locals_.clear();
  if (words_[at].is_name) declare(at);
}

/// "struct name* x" or "int x" behind the start of a statement or argument, and in front of its end.
void CVariables::declare(std::size_t at) {
  if (at + 1 >= words_.size() || at == 0) return;
  const std::string_view next = words_[at + 1].text;
  if (next != ";" && next != "," && next != ")" && next != "=" && next != "[") return;
  std::size_t front = at;
  unsigned stars = 0;
  while (front > 0 && words_[front - 1].text == "*") --front, ++stars;
  if (front == 0 || !may_be_type(words_[front - 1])) return;
  std::string_view type = words_[front - 1].text;
  --front;
  for (; front > 0 && may_be_type(words_[front - 1]); --front) {  // struct, unsigned, const, ...
    if (type == "const") type = words_[front - 1].text;
  }
  const std::string_view before = front == 0 ? ";" : words_[front - 1].text;
  if (before != ";" && before != "{" && before != "}" && before != "(" && before != ",") return;
  const bool global = braces_ == 0 && brackets_ == 0;
  if (before == "(" && !global && braces_ != 0) return;  // a cast, or "(a * b)"
  (global ? globals_ : locals_)[words_[at].text] = {type, stars};
}

const CVariable* CVariables::find(std::string_view name) const {
  for (const auto* variables : {&locals_, &globals_}) {
    if (const auto found = variables->find(name); found != variables->end()) return &found->second;
  }
  return nullptr;
}

}  // namespace assay::bootstrap::lint
