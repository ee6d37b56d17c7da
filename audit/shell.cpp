// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/shell.h"

#include <algorithm>
#include <optional>

namespace assay::audit {
namespace {

constexpr int kMostBraceDepth = 4;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// A token: a word, or an operator (";", "&&", "|", "(", ")", "\n", ">").
struct Token {
  std::string text;
  bool is_operator = false;
  std::uint32_t line = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> all() {
    while (at_ < text_.size()) one();
    finish_word();
    add_operator("\n");
    return std::move(tokens_);
  }

 private:
  void one() {
    const char c = text_[at_];
    if (c == '\\' && at_ + 1 < text_.size()) {
      if (text_[at_ + 1] == '\n') {
        ++line_;
      } else {
        word() += text_[at_ + 1];
      }
      at_ += 2;
    } else if (c == '#' && !word_) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\'') {
      const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
      append(text_.substr(at_ + 1, end - at_ - 1));
      at_ = std::min(end + 1, text_.size());
    } else if (c == '"') {
      quoted();
    } else if (c == '$' && at_ + 1 < text_.size() && text_[at_ + 1] == '(') {
      substitution();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      finish_word();
      ++at_;
    } else if (c == '\n') {
      finish_word();
      add_operator("\n");
      ++line_;
      ++at_;
    } else if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')' || c == '>' || c == '<') {
      operator_at(c);
    } else {
      word() += c;
      ++at_;
    }
  }

  void operator_at(char c) {
    // "2>file": the digit belongs to the operator.
    if ((c == '>' || c == '<') && word_ && word_->size() == 1 && word_->front() >= '0' &&
        word_->front() <= '9')
      word_.reset();
    finish_word();
    std::string text(1, c);
    ++at_;
    while (at_ < text_.size() && c != '(' && c != ')' &&
           (text_[at_] == c || (c == '>' && text_[at_] == '&')) && text.size() < 3)
      text += text_[at_++];
    add_operator(text);
  }

  void quoted() {
    append("");
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      if (text_[at_] == '\n') ++line_;
      word() += text_[at_];
    }
    if (at_ < text_.size()) ++at_;
  }

  /// What a command would print is not known: it becomes a variable that nobody sets.
  void substitution() {
    int depth = 0;
    word() += "${?}";
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] == '(') ++depth;
      if (text_[at_] == ')' && --depth == 0) {
        ++at_;
        return;
      }
    }
  }

  std::string& word() {
    if (!word_) word_.emplace();
    return *word_;
  }
  void append(std::string_view text) {
    line_ += static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
    word() += text;
  }
  void finish_word() {
    if (word_) tokens_.push_back({std::move(*word_), false, line_});
    word_.reset();
  }
  void add_operator(std::string text) { tokens_.push_back({std::move(text), true, line_}); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::optional<std::string> word_;
  std::vector<Token> tokens_;
};

using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  ShellScript run() {
    while (at_ < tokens_.size()) statement();
    return std::move(script_);
  }

 private:
  void statement() {
    std::vector<std::string> words;
    std::string output;
    const std::uint32_t line = tokens_[at_].line;
    for (; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (!token.is_operator) {
        words.push_back(token.text);
        continue;
      }
      const bool redirects = token.text.front() == '>' || token.text.front() == '<';
      if (redirects) {
        if (at_ + 1 < tokens_.size() && !tokens_[at_ + 1].is_operator) {
          ++at_;
          if (token.text.front() == '>') output = tokens_[at_].text;
        }
        continue;
      }
      if (token.text == "(" && words.size() == 1 && at_ + 1 < tokens_.size() &&
          tokens_[at_ + 1].text == ")") {
        begin_function(words.front());
        at_ += 2;
        return;
      }
      const std::string end = token.text;
      ++at_;
      finish(words, output, line);
      if (end == "(" || end == ")") emit({end}, {}, line);
      return;
    }
    finish(words, output, line);
  }

  void begin_function(const std::string& name) {
    function_ = name;
    depth_ = 0;
    script_.functions[name];
  }

  void finish(std::vector<std::string> words, const std::string& output, std::uint32_t line) {
    while (!words.empty()) {
      const std::string first = words.front();
      if (first == "{") {
        ++depth_;
      } else if (first == "}") {
        if (--depth_ <= 0) function_.clear();
      } else if (first == "if" || first == "while" || first == "until" || first == "case") {
        ++maybe_;
        loops_.push_back("");
        if (first == "case") return;
      } else if (first == "fi" || first == "esac") {
        leave();
      } else if (first == "done") {
        if (!loops_.empty() && !loops_.back().empty()) {
          values_.erase(loops_.back());
          loops_.pop_back();
        } else {
          leave();
        }
        return;
      } else if (first == "for") {
        begin_loop(words);
        return;
      } else if (first != "do" && first != "then" && first != "else" && first != "elif" && first != "!") {
        break;
      }
      words.erase(words.begin());
    }
    if (words.size() == 1 && take_assignment(words.front())) return;
    while (words.size() > 1 && is_assignment(words.front())) words.erase(words.begin());
    if (!words.empty() || !output.empty()) emit(words, output, line);
  }

  void leave() {
    if (maybe_ > 0) --maybe_;
    if (!loops_.empty()) loops_.pop_back();
  }

  void begin_loop(const std::vector<std::string>& words) {
    if (words.size() < 3 || words[2] != "in") {
      ++maybe_;
      loops_.push_back("");
      return;
    }
    std::vector<std::string>& values = values_[words[1]];
    values.clear();
    for (auto word = words.begin() + 3; word != words.end(); ++word) {
      for (std::string& one : expanded(*word)) values.push_back(std::move(one));
    }
    loops_.push_back(words[1]);
  }

  static bool is_assignment(const std::string& word) {
    const std::size_t equals = word.find('=');
    return equals != std::string::npos && equals > 0 &&
           std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), is_name);
  }

  bool take_assignment(const std::string& word) {
    if (!is_assignment(word)) return false;
    const std::size_t equals = word.find('=');
    values_[word.substr(0, equals)] = expanded(word.substr(equals + 1));
    return true;
  }

  /// Variables that are known, then braces.
  std::vector<std::string> expanded(const std::string& word) {
    std::vector<std::string> results{word};
    for (const auto& [name, values] : values_) {
      for (const std::string& form : {"${" + name + "}", "$" + name}) {
        for (std::size_t at = 0; at < results.size() && results.size() < kMostShellWords; ++at) {
          const std::size_t found = results[at].find(form);
          if (found == std::string::npos) continue;
          if (form[1] != '{' && found + form.size() < results[at].size() &&
              is_name(results[at][found + form.size()]))
            continue;
          const std::string before = results[at].substr(0, found);
          const std::string after = results[at].substr(found + form.size());
          results.erase(results.begin() + static_cast<std::ptrdiff_t>(at));
          for (const std::string& value : values) {
            if (value.size() < kMostShellWords) results.push_back(before + value + after);
          }
        }
      }
    }
    std::vector<std::string> all;
    for (const std::string& result : results) {
      for (std::string& one : expand_braces(result)) {
        if (all.size() < kMostShellWords) all.push_back(std::move(one));
      }
    }
    return all;
  }

  void emit(const std::vector<std::string>& words, const std::string& output, std::uint32_t line) {
    if (++emitted_ > kMostShellCommands) return;
    ShellCommand command;
    for (const std::string& word : words) {
      for (std::string& one : expanded(word)) command.words.push_back(std::move(one));
    }
    if (!output.empty()) {
      const std::vector<std::string> targets = expanded(output);
      if (!targets.empty()) command.output = targets.front();
    }
    command.line = line;
    command.maybe = maybe_ > 0;
    (function_.empty() ? script_.top : script_.functions[function_]).push_back(std::move(command));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t emitted_ = 0;
  int depth_ = 0;  ///< of braces
  int maybe_ = 0;
  std::string function_;
  std::vector<std::string> loops_;  ///< the variable of a loop over words; empty: of another block
  Values values_;
  ShellScript script_;
};

void expand(const std::string& word, int depth, std::vector<std::string>& to) {
  std::size_t open = word.find('{');
  while (open != std::string::npos && open > 0 && word[open - 1] == '$') open = word.find('{', open + 1);
  const std::size_t close = open == std::string::npos ? open : word.find('}', open);
  const bool list =
      close != std::string::npos && word.substr(open, close - open).find(',') != std::string::npos;
  if (!list || depth == 0 || to.size() > kMostShellWords) {
    to.push_back(word);
    return;
  }
  const std::string inside = word.substr(open + 1, close - open - 1);
  for (std::size_t at = 0; at <= inside.size();) {
    const std::size_t comma = std::min(inside.find(',', at), inside.size());
    expand(word.substr(0, open) + inside.substr(at, comma - at) + word.substr(close + 1), depth - 1, to);
    at = comma + 1;
  }
}

}  // namespace

std::vector<std::string> expand_braces(const std::string& word) {
  std::vector<std::string> results;
  expand(word, kMostBraceDepth, results);
  return results;
}

ShellScript read_shell(std::string_view text) {
  return Parser(Lexer(text.substr(0, kMostShellBytes)).all()).run();
}

}  // namespace assay::audit
