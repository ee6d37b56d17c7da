// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnostic.h"

#include <algorithm>

namespace assay {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

bool DiagnosticList::has(std::string_view id) const {
  return std::any_of(all.begin(), all.end(), [id](const Diagnostic& one) { return one.kind->id == id; });
}

}  // namespace assay
