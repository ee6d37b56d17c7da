// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/warnings.h"

#include <fmt/format.h>
#include <algorithm>

namespace assay {
namespace {

constexpr Severity kWarning = Severity::warning;
constexpr Severity kError = Severity::error;
constexpr Severity kNote = Severity::note;

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<void> WarningPolicy::apply(std::string_view option,
                                  std::span<const std::span<const DiagnosticKind>> known) {
  if (option == "all" || option == "none") {
    all_ = option == "all";
    switches_.clear();
    return {};
  }
  if (option == "error" || option == "no-error") {
    all_errors_ = option == "error";
    return {};
  }
  std::string_view id = option;
  const bool raise = take_prefix(id, "error=");
  const bool lower = !raise && take_prefix(id, "no-error=");
  const bool off = !raise && !lower && take_prefix(id, "no-");
  const bool found = std::any_of(known.begin(), known.end(), [id](auto table) {
    return std::any_of(table.begin(), table.end(), [id](const DiagnosticKind& kind) {
      return kind.id == id && kind.severity == Severity::warning;
    });
  });
  if (!found) return fail("unknown-warning", fmt::format("unknown warning '-W{}'", option));
  const auto [entry, added] = switches_.try_emplace(std::string(id), Switch{all_, all_errors_});
  if (raise) {
    entry->second = {true, true};
  } else if (lower) {
    entry->second.as_error = false;
  } else {
    entry->second.on = !off;
  }
  return {};
}

const Severity* WarningPolicy::severity_of(const DiagnosticKind& kind) const {
  if (kind.severity == Severity::error) return &kError;
  if (kind.severity == Severity::note) return &kNote;
  const auto entry = switches_.find(kind.id);
  const Switch chosen = entry == switches_.end() ? Switch{all_, false} : entry->second;
  if (!chosen.on) return nullptr;
  return chosen.as_error || all_errors_ ? &kError : &kWarning;
}

void FilteredDiagnostics::report(Diagnostic diagnostic) {
  const Severity* severity = policy_.severity_of(*diagnostic.kind);
  if (severity == nullptr) return;
  raised_error_ |= *severity == Severity::error && diagnostic.severity == Severity::warning;
  diagnostic.severity = *severity;
  next_.report(std::move(diagnostic));
}

void FilteredDiagnostics::report_always(const DiagnosticKind& kind, Span span, std::string message) {
  const bool off = policy_.severity_of(kind) == nullptr;
  (off ? next_ : *this).report(Diagnostic{&kind, kind.severity, span, std::move(message), {}});
}

}  // namespace assay
