// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/makefile.h"

#include <algorithm>

#include "audit/head.h"
#include "core/paths.h"

namespace assay::audit {
namespace {

constexpr int kMostDepth = 8;
constexpr std::size_t kMostExpanded = 1U << 16U;

using Variables = std::map<std::string, std::string, std::less<>>;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

class Expansion {
 public:
  explicit Expansion(const Variables& variables) : variables_(variables) {}

  std::string of(std::string_view text) {
    std::string result;
    expand(text, 0, result);
    return result;
  }

 private:
  void expand(std::string_view text, int depth, std::string& to) {
    while (!text.empty() && to.size() < kMostExpanded) {
      const std::size_t dollar = std::min(text.find('$'), text.size());
      to += text.substr(0, dollar);
      text.remove_prefix(dollar);
      if (text.size() < 2) {
        to += text;
        return;
      }
      const char open = text[1];
      if (open != '(' && open != '{') {
        to += text.substr(0, 2);
        text.remove_prefix(2);
        continue;
      }
      const std::size_t close = text.find(open == '(' ? ')' : '}');
      if (close == std::string_view::npos) return;
      variable(text.substr(2, close - 2), depth, to);
      text.remove_prefix(close + 1);
    }
  }

  void variable(std::string_view name, int depth, std::string& to) {
    for (const std::string_view here : {"srcdir", "builddir", "abs_srcdir", "abs_builddir", "VPATH"}) {
      if (name == here) {
        to += '.';
        return;
      }
    }
    for (const std::string_view top :
         {"top_srcdir", "top_builddir", "abs_top_srcdir", "abs_top_builddir", "topdir", "BUILD_DIR"}) {
      if (name == top) {
        to += kTop;
        return;
      }
    }
    const auto found = variables_.find(name.substr(0, name.find(':')));
    if (found != variables_.end() && depth < kMostDepth) expand(found->second, depth + 1, to);
  }

  const Variables& variables_;
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (;;) {
    text = trimmed(text);
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

struct Line {
  std::string where;
  std::string text;  ///< continuations joined
};

/// "include $(top_srcdir)/src/local.mk": "src/local.mk"; empty: includes nothing that is here.
std::string included_path(std::string_view line, const Makefiles& makefiles) {
  if (!line.starts_with("include ")) return {};
  std::string_view name = trimmed(line.substr(8));
  for (const std::string_view root : {"$(top_srcdir)/", "$(srcdir)/"}) {
    if (name.starts_with(root)) name.remove_prefix(root.size());
  }
  return makefiles.contains(std::string(name)) ? std::string(name) : std::string();
}

class LineReader {
 public:
  LineReader(const Makefiles& makefiles, std::set<std::string>& included)
      : makefiles_(makefiles), included_(included) {}

  void read(const std::string& path, int depth) {
    const std::string directory(parent_path(path));
    std::string_view text = std::string_view(makefiles_.at(path)).substr(0, kMostMakefileBytes);
    bool joined = false;
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      for (std::size_t at = 0; (at = line.find("%D%", at)) != std::string::npos;)
        line.replace(at, 3, directory.empty() ? "." : kTop + directory);
      const bool goes_on = line.ends_with('\\');
      if (goes_on) line.pop_back();
      if (joined) {
        if (lines.back().text.size() < kMostExpanded) lines.back().text += ' ' + std::string(trimmed(line));
      } else {
        std::string other = included_path(line, makefiles_);
        if (other.empty()) other = included_path(without_top(line), makefiles_);
        if (!other.empty() && depth < kMostIncludes && included_.insert(other).second) read(other, depth + 1);
        lines.push_back({path + ':' + std::to_string(number), std::move(line)});
      }
      joined = goes_on;
    }
  }

  std::vector<Line> lines;

 private:
  static std::string without_top(std::string line) {
    std::erase(line, kTop);
    return line;
  }

  const Makefiles& makefiles_;
  std::set<std::string>& included_;
};

/// "NAME = value", also += := ?=.
bool take_variable(std::string_view line, Variables& variables) {
  std::size_t end = 0;
  while (end < line.size() && is_name(line[end])) ++end;
  if (end == 0) return false;
  std::string_view rest = trimmed(line.substr(end));
  const bool more = rest.starts_with("+=");
  if (more || rest.starts_with(":=") || rest.starts_with("?=")) rest.remove_prefix(1);
  if (!rest.starts_with('=')) return false;
  rest = trimmed(rest.substr(1));
  std::string& value = variables[std::string(line.substr(0, end))];
  // Branches of a condition: the values of all of them.
  if (!value.empty()) value += ' ';
  if (value.size() < kMostExpanded) value += rest;
  return true;
}

}  // namespace

Makefile read_makefile(const std::string& path, const Makefiles& makefiles, std::set<std::string>& included) {
  LineReader reader(makefiles, included);
  reader.read(path, 0);
  Variables variables;
  for (const Line& line : reader.lines) {
    if (!line.text.starts_with('\t') && !line.text.starts_with('#')) take_variable(line.text, variables);
  }
  Expansion expansion(variables);
  Makefile result;
  if (const auto found = variables.find("MAINTAINERCLEANFILES"); found != variables.end())
    result.maintainer_clean = words_of(expansion.of(found->second));
  bool in_rule = false;
  for (const Line& line : reader.lines) {
    if (line.text.starts_with('\t')) {
      if (in_rule) result.rules.back().recipe += expansion.of(trimmed(line.text)) + '\n';
      continue;
    }
    const std::string_view content = trimmed(line.text);
    if (content.empty() || content.starts_with('#')) continue;
    in_rule = false;
    Variables ignored;
    if (take_variable(line.text, ignored)) continue;
    const std::string expanded = expansion.of(line.text);
    const std::size_t colon = expanded.find(':');
    if (colon == std::string::npos || colon == 0) continue;
    std::string_view after = std::string_view(expanded).substr(colon + 1);
    if (after.starts_with(':')) after.remove_prefix(1);
    const std::size_t semicolon = after.find(';');
    MakeRule rule{.targets = words_of(std::string_view(expanded).substr(0, colon)),
                  .prerequisites = words_of(after.substr(0, semicolon)),
                  .where = line.where};
    if (semicolon != std::string_view::npos)
      rule.recipe = std::string(trimmed(after.substr(semicolon + 1))) + '\n';
    result.rules.push_back(std::move(rule));
    in_rule = true;
  }
  return result;
}

}  // namespace assay::audit
