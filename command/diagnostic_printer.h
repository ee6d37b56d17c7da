// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Diagnostics on a standard stream, as text or as JSON, an object a line. Every program of a drop-in takes
// --assay-diagnostics=FORM; without it the environment variable ASSAY_DIAGNOSTICS counts, for makefiles and
// scripts that call the programs: "json" is JSON, all else is text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/diagnostic.h"

namespace assay {

enum class DiagnosticForm : std::uint8_t { text, json };

/// The form of this name ("text", "json"); nothing if there is none.
std::optional<DiagnosticForm> find_diagnostic_form(std::string_view name);
/// What ASSAY_DIAGNOSTICS says.
DiagnosticForm default_diagnostic_form();

/// One diagnostic, for that stream.
std::string shown(const Diagnostic& diagnostic, std::span<const Source> sources, DiagnosticForm form,
                  int descriptor);

/// Prints diagnostics as they come, at most a hundred of one kind.
class DiagnosticPrinter final : public DiagnosticSink {
 public:
  DiagnosticPrinter(std::span<const Source> sources, DiagnosticForm form, std::FILE* to = stderr)
      : sources_(sources), form_(form), to_(to) {}
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override;
  /// Says, in a text, how many were not shown.
  void finish() const;

 private:
  std::span<const Source> sources_;
  DiagnosticForm form_;
  std::FILE* to_;
  std::map<std::string_view, std::size_t> counts_;
};

}  // namespace assay
