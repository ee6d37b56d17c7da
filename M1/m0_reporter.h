// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "M1/m0_diagnostics.h"
#include "core/joined_sources.h"

namespace assay::m0 {

/// `length` bytes of the joined text at `offset`.
struct Place {
  std::size_t offset = 0;
  std::size_t length = 0;
};

/// Hands diagnostics on with their spans; warnings only where they are wanted.
class Reporter {
 public:
  Reporter(const JoinedSources& sources, DiagnosticSink& sink, bool strict)
      : sources_(sources), sink_(sink), strict_(strict) {}

  /// Whether warnings are wanted.
  [[nodiscard]] bool strict() const { return strict_; }

  void report(const DiagnosticKind& kind, Place place, std::string message) {
    report(kind, place, std::move(message), {}, {});
  }
  /// With a note about another place.
  void report(const DiagnosticKind& kind, Place place, std::string message, Place other, std::string note) {
    if (kind.severity == Severity::warning && !strict_) return;
    std::vector<Note> notes;
    if (!note.empty()) notes.push_back({span(other), std::move(note)});
    sink_.report(kind, span(place), std::move(message), std::move(notes));
  }

  [[nodiscard]] Span span(Place place) const { return sources_.span(place.offset, place.length); }

 private:
  const JoinedSources& sources_;
  DiagnosticSink& sink_;
  bool strict_;
};

}  // namespace assay::m0
