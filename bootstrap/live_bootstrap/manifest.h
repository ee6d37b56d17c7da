// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// steps/manifest and steps/bootstrap.cfg as live-bootstrap's script-generator reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/image/finding_kinds.h"

namespace assay::image {

/// The generator's cells: MAX_TOKEN and MAX_STRING with the closing NUL.
inline constexpr std::size_t kMaxTokenBytes = 63;
inline constexpr std::size_t kMaxConfigLineBytes = 2047;

enum class DirectiveKind { build, improve, define, jump, uninstall };

struct Comparison {
  std::string name;   ///< a bare word if there is no operator
  bool bare = false;  ///< true only if the word is "True"
  bool equal = true;  ///< == or !=
  std::string value;
  bool joined_by_or = false;  ///< to the next one
};

struct Directive {
  DirectiveKind kind = DirectiveKind::build;
  std::uint64_t line = 0;
  /// build, improve, jump, define: one word; uninstall: all words, joined by blanks.
  std::string argument;
  /// define: the constant, or nothing if it is a predicate.
  std::optional<std::string> constant;
  std::vector<Comparison> definition;  ///< define: the predicate
  std::vector<Comparison> predicate;   ///< empty: always
};

struct Manifest {
  std::vector<Directive> directives;
};

/// Never fails: lines that the generator would reject are findings and left out.
Manifest parse_manifest(std::string_view text, const std::string& file, Findings& findings);

struct Variable {
  std::string name;
  std::string value;
  std::uint64_t line = 0;
};
struct Config {
  bool exists = false;
  std::string file;
  std::vector<Variable> variables;

  /// The first one with this name.
  [[nodiscard]] const Variable* find(std::string_view name) const&;
  const Variable* find(std::string_view name) && = delete;  // it would be gone
};
Config parse_config(std::string_view text, const std::string& file, Findings& findings);

/// A directive that survives the predicates of one configuration.
struct PlannedDirective {
  const Directive* directive = nullptr;
  unsigned pass = 1;      ///< 1 + earlier surviving directives of any kind with the same argument
  bool bash_era = false;  ///< after the first build of bash: scripts are run by bash, and tarballs are kept
};
std::vector<PlannedDirective> plan(const Manifest& manifest, Config config);
/// As if every predicate held: what any configuration may run.
std::vector<PlannedDirective> plan_all(const Manifest& manifest);

}  // namespace assay::image
