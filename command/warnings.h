// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The -W options of every tool: -Wall, -Wid, -Wno-id, -Werror, -Werror=id. Later options win.
// Errors are never switched off. Strict warnings are off until asked for: a drop-in tool is quiet.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/result.h"

namespace assay {

class WarningPolicy {
 public:
  /// Takes the text after "-W": "all", "none", "ID", "no-ID", "error", "error=ID", "no-error=ID".
  /// `known` are the tables of ids of this tool; an id in none of them is an error with the id
  /// "unknown-warning".
  Result<void> apply(std::string_view option, std::span<const std::span<const DiagnosticKind>> known);

  /// The severity to show a diagnostic of this kind with; nothing if it is switched off.
  [[nodiscard]] const Severity* severity_of(const DiagnosticKind& kind) const;

 private:
  struct Switch {
    bool on = false;
    bool as_error = false;
  };
  bool all_ = false;
  bool all_errors_ = false;
  std::map<std::string, Switch, std::less<>> switches_;
};

/// Passes on what the policy lets through, with its severity, and remembers whether a warning
/// became an error.
class FilteredDiagnostics final : public DiagnosticSink {
 public:
  FilteredDiagnostics(const WarningPolicy& policy, DiagnosticSink& next) : policy_(policy), next_(next) {}
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override;
  /// For what nobody may miss: shown, as a warning, even if it is switched off.
  void report_always(const DiagnosticKind& kind, Span span, std::string message);
  [[nodiscard]] bool raised_error() const { return raised_error_; }

 private:
  const WarningPolicy& policy_;
  DiagnosticSink& next_;
  bool raised_error_ = false;
};

}  // namespace assay
