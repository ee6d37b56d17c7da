// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/diagnostic_printer.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "command/print.h"
#include "command/render.h"
#include "command/terminal.h"

namespace assay {
namespace {

constexpr std::size_t kShownOfAKind = 100;

}  // namespace

std::optional<DiagnosticForm> find_diagnostic_form(std::string_view name) {
  if (name == "text") return DiagnosticForm::text;
  if (name == "json") return DiagnosticForm::json;
  return std::nullopt;
}

DiagnosticForm default_diagnostic_form() {
  const char* const name = std::getenv("ASSAY_DIAGNOSTICS");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return find_diagnostic_form(name == nullptr ? "" : name).value_or(DiagnosticForm::text);
}

std::string shown(const Diagnostic& diagnostic, std::span<const Source> sources, DiagnosticForm form,
                  int descriptor) {
  if (form == DiagnosticForm::text) return render(diagnostic, sources, {.colour = shows_colour(descriptor)});
  return to_json(diagnostic, sources).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

void DiagnosticPrinter::report(Diagnostic diagnostic) {
  if (++counts_[diagnostic.kind->id] > kShownOfAKind) return;
  print_text(to_, shown(diagnostic, sources_, form_, ::fileno(to_)));
}

void DiagnosticPrinter::finish() const {
  if (form_ == DiagnosticForm::json) return;
  for (const auto& [id, count] : counts_) {
    if (count > kShownOfAKind) print_to(to_, "{} more [{}]\n", count - kShownOfAKind, id);
  }
}

}  // namespace assay
