// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/expand.h"

#include <fmt/format.h>
#include <algorithm>

#include "kaem/diagnostics.h"

namespace assay::kaem {
namespace {

std::string_view name_part(std::string_view entry) { return entry.substr(0, entry.find('=')); }

/// An alias value cut at single blanks and tabs, escapes applied; doubled blanks give empty words.
std::vector<std::string> alias_words(std::string_view value) {
  std::vector<std::string> words(1);
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char byte = value[at];
    if (byte == ' ' || byte == '\t') {
      words.emplace_back();
    } else if (byte == '\\' && at + 1 < value.size()) {
      const char escaped = value[++at];
      words.back() += escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
    } else {
      words.back() += byte;
    }
  }
  return words;
}

/// Expands the variables of one word. The text of `${NAME:-TEXT}` ends at the next `}`, and the
/// test for `:-` looks at the whole rest of the word.
class WordExpander {
 public:
  WordExpander(const Word& word, const Scope& scope) : text_(word.text), scope_(scope) {}

  /// False: `error` holds the interpreter's last words.
  bool run() {
    while (at_ < text_.size() && result_.size() < kMaxString) {
      if (text_[at_] != '$') {
        result_ += text_[at_++];
      } else if (!variable()) {
        return false;
      }
    }
    return true;
  }

  std::string result_;
  std::string error_;
  std::vector<std::string> unset_;

 private:
  bool variable() {
    ++at_;
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (next == '@') {
      ++at_;
      result_ = scope_.rest_of_command_line;
      return true;
    }
    if (next != '{') {
      error_ =
          "IMPROPERLY USED VARIABLE!\nOnly ${foo} and $@ format are accepted at this time.\nABORTING HARD\n";
      return false;
    }
    ++at_;
    return text_.find(":-", at_) != std::string::npos ? with_default() : plain();
  }

  std::optional<std::string_view> look_up(const std::string& name) {
    const auto value = scope_.environment->get(name);
    if (!value) unset_.push_back(name);
    return value;
  }

  bool with_default() {
    const std::size_t colon = text_.find(':', at_);
    const std::string name = text_.substr(at_, colon - at_);
    const std::size_t from = colon + 2;
    const std::size_t close = text_.find('}', from);
    if (close == std::string::npos) {
      error_ = "IMPROPERLY TERMINATED VARIABLE\nABORTING HARD\n";
      return false;
    }
    const auto value = look_up(name);
    result_ += value ? *value : std::string_view(text_).substr(from, close - from);
    at_ = close + 1;
    return true;
  }

  bool plain() {
    std::string name;
    while (at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] != '\\') name += text_[at_];
      ++at_;
    }
    if (at_ >= text_.size()) {
      error_ = "IMPROPERLY TERMINATED VARIABLE!\nABORTING HARD\n";
      return false;
    }
    ++at_;
    if (const auto value = look_up(name)) result_ += *value;
    return true;
  }

  const std::string& text_;
  const Scope& scope_;
  std::size_t at_ = 0;
};

}  // namespace

Environment::Environment(std::vector<std::string> entries) {
  for (std::string& entry : entries) append(std::move(entry));
}

void Environment::append(std::string entry) {
  places_[std::string(name_part(entry))].push_back(slots_.size());
  slots_.emplace_back(std::move(entry));
  ++size_;
}

std::vector<std::string> Environment::entries() const {
  std::vector<std::string> all;
  for (const std::optional<std::string>& slot : slots_) {
    if (slot) all.push_back(*slot);
  }
  return all;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  const auto found = places_.find(std::string(name));
  if (found == places_.end()) return std::nullopt;
  for (const std::size_t place : found->second) {
    const std::string& entry = *slots_[place];
    if (entry.size() > name.size()) return std::string_view(entry).substr(name.size() + 1);
  }
  return std::nullopt;
}

void Environment::set(std::string_view name, std::string_view value) {
  std::string entry = fmt::format("{}={}", name, value);
  const auto found = places_.find(std::string(name));
  if (found == places_.end()) return append(std::move(entry));
  slots_[found->second.front()] = std::move(entry);
}

void Environment::put_first(std::string_view name, std::string_view value) {
  std::vector<std::string> all = entries();
  all.insert(all.begin(), fmt::format("{}={}", name, value));
  *this = Environment(std::move(all));
}

void Environment::unset(std::string_view name) {
  const auto found = places_.find(std::string(name));
  if (found == places_.end()) return;
  std::vector<std::size_t>& places = found->second;
  const bool spares_first = places.front() == 0;
  if (spares_first && places.size() == 1) return;
  const auto removed = places.begin() + (spares_first ? 1 : 0);
  slots_[*removed].reset();
  places.erase(removed);
  if (places.empty()) places_.erase(found);
  --size_;
  if (slots_.size() > 2 * size_ + 16) *this = Environment(entries());
}

Expansion expand(const std::vector<Word>& words, const Scope& scope, DiagnosticSink& sink) {
  Expansion expansion;
  std::vector<Word> unaliased;
  for (const Word& word : words) {
    if (unaliased.size() > kMostExpandedWords) {
      sink.report(kTooManyWords, word.span, fmt::format("more than {} words", kMostExpandedWords));
      expansion.too_long = true;
      return expansion;
    }
    const auto alias = std::find_if(scope.aliases->begin(), scope.aliases->end(),
                                    [&word](const Alias& one) { return one.name == word.text; });
    if (alias == scope.aliases->end()) {
      unaliased.push_back(word);
    } else {
      for (std::string& text : alias_words(alias->value)) unaliased.push_back({std::move(text), word.span});
    }
  }
  for (const Word& word : unaliased) {
    WordExpander expander(word, scope);
    const bool expanded = expander.run();
    for (std::string& name : expander.unset_) expansion.unset.push_back(std::move(name));
    if (expander.result_.size() >= kMaxString) {
      sink.report(kWordTooLong, word.span,
                  fmt::format("word of {} bytes or more after expansion", kMaxString));
      expansion.too_long = true;
      return expansion;
    }
    if (!expanded) {
      sink.report(kVariableSyntax, word.span, fmt::format("cannot expand '{}'", word.text));
      expansion.error = std::move(expander.error_);
      return expansion;
    }
    if (expander.result_ != " ") expansion.words.push_back({std::move(expander.result_), word.span});
  }
  expansion.vanished = expansion.words.empty() && !words.empty();
  return expansion;
}

}  // namespace assay::kaem
