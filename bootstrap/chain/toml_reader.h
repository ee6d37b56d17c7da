// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TOML file and what is wrong in it: values of the kind that a key takes, each with its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bootstrap {
/// toml++ 3.3 asserts, or lets the compiler assume, what a text like "[" does not keep: here that is thrown.
struct TomlAssertion {};
[[noreturn]] inline void throw_toml_assertion() { throw TomlAssertion(); }
}  // namespace assay::bootstrap

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? (void)0 : ::assay::bootstrap::throw_toml_assertion())
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include "core/diagnostic.h"

namespace assay::bootstrap {

/// A text of the file and where it stands.
struct PlacedText {
  std::string text;
  Span span;
};

class TomlReader {
 public:
  TomlReader(const Source& text, DiagnosticSink& sink) : text_(text), sink_(sink) {}

  /// The whole file; nothing, and said, if it is no TOML.
  std::optional<toml::table> parse();

  // What is not of its kind is said, and nothing is returned. So is a key that is not there.
  std::optional<PlacedText> text(const toml::table& table, std::string_view key);
  /// A text, or any number of them in an array.
  std::vector<PlacedText> texts(const toml::table& table, std::string_view key);
  std::optional<bool> flag(const toml::table& table, std::string_view key);
  std::optional<std::uint64_t> number(const toml::table& table, std::string_view key);
  const toml::table* sub_table(const toml::table& table, std::string_view key);
  std::vector<const toml::table*> tables(const toml::table& table, std::string_view key);
  /// A text that must be there. `what`: the table, for the message.
  std::optional<PlacedText> required(const toml::table& table, std::string_view key, std::string_view what);
  /// Says which keys of a table nobody knows.
  void check_keys(const toml::table& table, std::span<const std::string> known, std::string_view what);

  [[nodiscard]] Span span_of(const toml::source_region& region) const;
  void say(const DiagnosticKind& kind, Span span, std::string message) {
    failed_ = true;
    sink_.report(kind, span, std::move(message));
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::optional<toml::table> parse_text();
  [[nodiscard]] std::uint64_t offset_of(const toml::source_position& position) const;
  void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted);

  const Source& text_;
  DiagnosticSink& sink_;
  bool failed_ = false;
};

}  // namespace assay::bootstrap
