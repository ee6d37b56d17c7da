// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/diagnostic_text.h"

#include <fmt/format.h>

namespace assay::test {

std::string diagnostic_text(const DiagnosticList& list, std::string_view source) {
  std::string text;
  for (const Diagnostic& one : list.all) {
    const Position at = position_of(as_bytes(source), one.span.offset);
    text += fmt::format("{}:{}+{} {}: {}", at.line, at.column, one.span.length, one.kind->id, one.message);
    for (const Note& note : one.notes) {
      const Position there = position_of(as_bytes(source), note.span.offset);
      text += fmt::format(" ({}:{} {})", there.line, there.column, note.message);
    }
    text += "\n";
  }
  return text;
}

std::set<std::string_view> ids_without_example(std::span<const DiagnosticKind> kinds,
                                               std::span<const Example> examples) {
  std::set<std::string_view> missing;
  for (const DiagnosticKind& kind : kinds) {
    const std::string mark = fmt::format(" {}: ", kind.id);
    bool shown = false;
    for (const Example& example : examples)
      shown = shown || example.said.find(mark) != std::string_view::npos;
    if (!shown) missing.insert(kind.id);
  }
  return missing;
}

}  // namespace assay::test
