// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/manifest.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>

namespace assay::image {
namespace {

struct DirectiveName {
  std::string_view word;
  DirectiveKind kind;
};
constexpr std::array<DirectiveName, 5> kDirectives{{{"build:", DirectiveKind::build},
                                                    {"improve:", DirectiveKind::improve},
                                                    {"define:", DirectiveKind::define},
                                                    {"jump:", DirectiveKind::jump},
                                                    {"uninstall:", DirectiveKind::uninstall}}};

/// The generator's tokens: single blanks separate, '#' at the start of a word or in it ends the line.
std::vector<std::string> tokens_of(std::string_view line) {
  std::vector<std::string> tokens;
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t end = std::min(line.find_first_of(" #", at), line.size());
    tokens.emplace_back(line.substr(at, end - at));
    at = end;
    if (at < line.size() && line[at] == ' ') ++at;
    if (at < line.size() && line[at] == '#') break;
  }
  return tokens;
}

class LineParser {
 public:
  LineParser(std::vector<std::string> tokens, const std::string& file, std::uint64_t line, Findings& findings)
      : tokens_(std::move(tokens)), file_(file), line_(line), findings_(findings) {}

  std::optional<Directive> parse() {
    check_tokens();
    Directive directive;
    directive.line = line_;
    const auto* known = std::find_if(kDirectives.begin(), kDirectives.end(),
                                     [&](const DirectiveName& name) { return name.word == tokens_[0]; });
    if (known == kDirectives.end()) {
      report("lb-manifest-directive", fmt::format("'{}' is no directive", tokens_[0]));
      return std::nullopt;
    }
    directive.kind = known->kind;
    if (tokens_.size() < 2 || tokens_[1].empty() || tokens_[1] == "(") {
      report("lb-manifest-token", fmt::format("'{}' without an argument", tokens_[0]));
      return std::nullopt;
    }
    directive.argument = tokens_[1];
    next_ = 2;
    if (directive.kind == DirectiveKind::define && !define(directive)) return std::nullopt;
    if (directive.kind == DirectiveKind::uninstall) {
      for (; next_ < tokens_.size() && tokens_[next_] != "("; ++next_)
        directive.argument += " " + tokens_[next_];
    }
    if (next_ < tokens_.size() && !predicate(directive.predicate)) return std::nullopt;
    if (next_ < tokens_.size()) {
      report("lb-manifest-predicate", fmt::format("'{}' after the predicate is not read", tokens_[next_]));
    }
    return directive;
  }

 private:
  void report(std::string_view id, std::string message) {
    findings_.add(id, file_, line_, std::move(message));
  }

  void check_tokens() {
    for (const std::string& token : tokens_) {
      if (token.empty())
        report("lb-manifest-token", "an empty word: two blanks, or a blank at the start of the line");
      if (token.size() > kMaxTokenBytes)
        report("lb-manifest-token-long", fmt::format("a word of {} bytes", token.size()));
      if (token.find('\t') != std::string::npos) report("lb-manifest-tab", "a tab in a word");
    }
  }

  bool define(Directive& directive) {
    if (next_ + 1 >= tokens_.size() || tokens_[next_] != "=") {
      report("lb-manifest-define", fmt::format("define: of '{}' without a value", directive.argument));
      return false;
    }
    ++next_;
    if (tokens_[next_] == "(") return predicate(directive.definition);
    directive.constant = tokens_[next_++];
    return true;
  }

  bool bad_predicate(std::string message) {
    report("lb-manifest-predicate", std::move(message));
    return false;
  }

  bool predicate(std::vector<Comparison>& comparisons) {
    if (tokens_[next_] != "(")
      return bad_predicate(fmt::format("'{}' where a predicate should begin", tokens_[next_]));
    ++next_;
    bool ands = false;
    bool ors = false;
    while (true) {
      if (next_ + 1 >= tokens_.size()) return bad_predicate("the predicate has no end");
      Comparison comparison;
      comparison.name = tokens_[next_++];
      if (tokens_[next_] == ")") {
        comparison.bare = true;
        report("lb-manifest-bare-word", fmt::format("'{}' stands alone in a predicate", comparison.name));
      } else {
        const std::string& comparing = tokens_[next_++];
        if (comparing != "==" && comparing != "!=")
          return bad_predicate(fmt::format("'{}' where == or != should be", comparing));
        comparison.equal = comparing == "==";
        if (next_ + 1 >= tokens_.size()) return bad_predicate("the predicate has no end");
        comparison.value = tokens_[next_++];
      }
      const std::string& joint = tokens_[next_++];
      if (joint == ")") {
        comparisons.push_back(std::move(comparison));
        break;
      }
      if (joint != "&&" && joint != "||")
        return bad_predicate(fmt::format("'{}' where && or || or ) should be", joint));
      comparison.joined_by_or = joint == "||";
      (comparison.joined_by_or ? ors : ands) = true;
      comparisons.push_back(std::move(comparison));
    }
    if (ands && ors) report("lb-manifest-mixed", "&& and || in one predicate");
    return true;
  }

  std::vector<std::string> tokens_;
  const std::string& file_;
  std::uint64_t line_;
  Findings& findings_;
  std::size_t next_ = 0;
};

bool holds(const std::vector<Comparison>& comparisons, const Config& config) {
  bool result = true;
  // Right-associative: a op (b op (c ...)).
  for (auto at = comparisons.rbegin(); at != comparisons.rend(); ++at) {
    const Variable* variable = config.find(at->name);
    const std::string value = variable != nullptr ? variable->value : "";
    const bool one = at->bare ? at->name == "True" : (value == at->value) == at->equal;
    result = at == comparisons.rbegin() ? one : at->joined_by_or ? one || result : one && result;
  }
  return result;
}

/// Counts passes and knows the era.
struct Planner {
  void add(const Directive& directive) {
    planned.push_back({&directive, ++seen[directive.argument], bash_era});
    if (directive.kind == DirectiveKind::build && directive.argument.starts_with("bash-")) bash_era = true;
  }
  std::vector<PlannedDirective> planned;
  std::map<std::string, unsigned, std::less<>> seen;
  bool bash_era = false;
};

}  // namespace

Manifest parse_manifest(std::string_view text, const std::string& file, Findings& findings) {
  Manifest manifest;
  std::uint64_t line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
    if (row.empty() || row.starts_with('#')) continue;
    std::vector<std::string> tokens = tokens_of(row);
    if (tokens.empty()) tokens.emplace_back();
    if (std::optional<Directive> directive = LineParser(std::move(tokens), file, line, findings).parse())
      manifest.directives.push_back(std::move(*directive));
  }
  return manifest;
}

const Variable* Config::find(std::string_view name) const& {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const Variable& variable) { return variable.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

Config parse_config(std::string_view text, const std::string& file, Findings& findings) {
  Config config;
  config.exists = true;
  config.file = file;
  if (text.empty()) findings.add("lb-config-empty", file, 0, "the file is empty");
  std::uint64_t line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
    const std::size_t equals = row.find('=');
    if (row.size() > kMaxConfigLineBytes)
      findings.add("lb-config-line-long", file, line, fmt::format("{} bytes", row.size()));
    if (equals == std::string_view::npos || equals == 0) {
      findings.add("lb-config-line", file, line, "no NAME=value");
      continue;
    }
    const std::string name(row.substr(0, equals));
    if (config.find(name) != nullptr)
      findings.add("lb-config-twice", file, line, fmt::format("'{}' is set twice", name));
    config.variables.push_back({name, std::string(row.substr(equals + 1)), line});
  }
  return config;
}

std::vector<PlannedDirective> plan(const Manifest& manifest, Config config) {
  Planner planner;
  for (const Directive& directive : manifest.directives) {
    if (!directive.predicate.empty() && !holds(directive.predicate, config)) continue;
    if (directive.kind == DirectiveKind::define) {
      const std::string value = directive.constant                    ? *directive.constant
                                : directive.definition[0].bare        ? directive.definition[0].name
                                : holds(directive.definition, config) ? "True"
                                                                      : "False";
      // The generator never changes the first variable of the list: the new value comes last and is not
      // found.
      const auto old = std::find_if(config.variables.begin(), config.variables.end(),
                                    [&](const Variable& v) { return v.name == directive.argument; });
      if (old == config.variables.end()) {
        config.variables.push_back({directive.argument, value, directive.line});
      } else if (old != config.variables.begin()) {
        old->value = value;
      }
      continue;
    }
    planner.add(directive);
  }
  return std::move(planner.planned);
}

std::vector<PlannedDirective> plan_all(const Manifest& manifest) {
  Planner planner;
  for (const Directive& directive : manifest.directives) {
    if (directive.kind != DirectiveKind::define) planner.add(directive);
  }
  return std::move(planner.planned);
}

}  // namespace assay::image
