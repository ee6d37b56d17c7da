// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must hold for the Output of any tool, whatever it is given.
#pragma once

#include <cstdlib>

#include "core/diagnostic.h"
#include "core/output.h"

namespace assay::fuzz {

inline void demand(bool holds) {
  if (!holds) std::abort();
}

/// Runs `tool(source, full, sink)` without and with map and warnings, and checks that they agree.
template <class Tool>
int check_outputs(ByteView text, Tool tool) {
  const Source source{"in", text};
  NoDiagnostics quiet;
  DiagnosticList said;
  const Output bare = tool(source, false, quiet);
  const Output careful = tool(source, true, said);
  demand(bare.bytes == careful.bytes && bare.ending == careful.ending && bare.status == careful.status &&
         bare.standard_error == careful.standard_error);
  demand(careful.map.size() == careful.bytes.size());
  for (const MapEntry& entry : careful.map.entries()) {
    demand(entry.span.source == 0 && entry.span.offset + entry.span.length <= text.size());
  }
  bool explained = careful.succeeded();
  for (const Diagnostic& one : said.all) {
    demand(one.span.offset + one.span.length <= text.size());
    explained = explained || one.severity == Severity::error;
  }
  demand(explained);
  return 0;
}

}  // namespace assay::fuzz
