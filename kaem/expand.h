// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Variables, aliases and the environment of the full kaem.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/diagnostic.h"
#include "kaem/reader.h"

namespace assay::kaem {

/// "NAME=VALUE" entries in the order in which children receive them.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::vector<std::string> entries);

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// Keeps the place of an existing variable, appends a new one.
  void set(std::string_view name, std::string_view value);
  void put_first(std::string_view name, std::string_view value);
  /// Removes a variable, but never the first entry, as the real kaem.
  void unset(std::string_view name);
  [[nodiscard]] std::vector<std::string> entries() const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void append(std::string entry);

  /// In order; the places of removed ones are empty.
  std::vector<std::optional<std::string>> slots_;
  /// By name, in order: which slots. Programs may be given a name more than once; the first counts.
  std::unordered_map<std::string, std::vector<std::size_t>> places_;
  std::size_t size_ = 0;
};

struct Alias {
  std::string name;
  std::string value;
};

/// What an expansion needs to know.
struct Scope {
  const Environment* environment = nullptr;
  const std::vector<Alias>* aliases = nullptr;
  /// The command line from "--" on, joined by blanks; what "$@" yields.
  std::string rest_of_command_line;
};

struct Expansion {
  std::vector<Word> words;
  /// Non-empty: the interpreter aborts with these lines on stderr.
  std::string error;
  /// There are more than kMostExpandedWords words, or a word grew beyond the interpreter's buffer of
  /// kMaxString bytes, which nothing checks: its memory is corrupt from here on, and it crashes sooner or
  /// later (measured: 4096 bytes run into the next word).
  bool too_long = false;
  /// All words vanished: the real kaem crashes.
  bool vanished = false;
  /// Variables that were looked up and have no value.
  std::vector<std::string> unset;
};

/// Words of one command after its aliases; the real kaem has no such limit, but memory ends somewhere.
inline constexpr std::size_t kMostExpandedWords = 65536;

/// Aliases, then variables, word by word; a word that ends up as exactly one blank vanishes.
Expansion expand(const std::vector<Word>& words, const Scope& scope, DiagnosticSink& sink);

}  // namespace assay::kaem
