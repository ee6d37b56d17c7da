// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a library says about a place in a source text. Libraries report to a sink and never print;
// command/render.h turns diagnostics into text.
//
// note:    explains another diagnostic.
// warning: the output is what the real tool would write, but the source leans on a quirk or is
//          probably not what its author meant. Every strict warning can be switched by its id.
// error:   the real tool fails here (exit status), hangs or crashes; the Output says which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/source.h"

namespace assay {

enum class Severity { note, warning, error };

std::string_view name_of(Severity severity);

/// A kind of diagnostic: one row in its room's table. Lives for ever (constexpr).
struct DiagnosticKind {
  /// Stable name with the language in front: "hex2-undefined-label".
  std::string_view id;
  Severity severity = Severity::error;
  /// What the user should do, one line; shown as "help:".
  std::string_view help;
};

struct Note {
  Span span;
  std::string message;
};

struct Diagnostic {
  const DiagnosticKind* kind = nullptr;
  /// The kind's severity unless a warning policy raised it.
  Severity severity = Severity::error;
  Span span;
  /// One line, lower case, no final period.
  std::string message;
  std::vector<Note> notes;
};

/// The only way out for text: whoever calls a library hands it a sink.
class DiagnosticSink {
 public:
  virtual ~DiagnosticSink() = default;
  virtual void report(Diagnostic diagnostic) = 0;

  void report(const DiagnosticKind& kind, Span span, std::string message, std::vector<Note> notes = {}) {
    report(Diagnostic{&kind, kind.severity, span, std::move(message), std::move(notes)});
  }
};

/// Keeps everything, in order.
class DiagnosticList final : public DiagnosticSink {
 public:
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override { all.push_back(std::move(diagnostic)); }
  /// Whether a diagnostic of this id was reported.
  [[nodiscard]] bool has(std::string_view id) const;

  std::vector<Diagnostic> all;
};

/// Drops everything: for callers that want the bytes only.
class NoDiagnostics final : public DiagnosticSink {
 public:
  using DiagnosticSink::report;
  void report(Diagnostic /*diagnostic*/) override {}
};

}  // namespace assay
