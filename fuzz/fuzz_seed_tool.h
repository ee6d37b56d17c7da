// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must hold for any text given to hex0, hex1 or hex2-0. The first byte of the input chooses the dialect.
#pragma once

#include <cstdlib>

#include "command/listing.h"
#include "tests/support/seed_models.h"
#include "tests/support/seed_tools.h"

namespace assay::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view status_of(const Output& output) {
  switch (output.ending) {
    case Ending::exits: return output.status == 0 ? "exit:0" : "exit:1";
    case Ending::hangs: return "hangs";
    case Ending::crashes: return "crashes";
    case Ending::undefined: return "undefined";
  }
  return "?";
}

inline int check_tool(std::string_view tool, ByteView input) {
  if (input.empty()) return 0;
  const std::vector<std::string_view> dialects = test::dialects_of(tool);
  const std::string_view dialect = dialects[input[0] % dialects.size()];
  const ByteView text = input.subspan(1);
  NoDiagnostics quiet;
  DiagnosticList said;
  const Output careful = test::assemble(tool, dialect, text, {true, true}, said);
  Output bare;
  for (const test::ToolOptions& way : test::ways_of(tool)) {
    bare = test::assemble(tool, dialect, text, way, quiet);
    require(bare.bytes == careful.bytes && bare.ending == careful.ending && bare.status == careful.status);
  }
  require(careful.map.size() == careful.bytes.size());
  for (const MapEntry& entry : careful.map.entries())
    require(entry.span.offset + entry.span.length <= text.size());
  bool explained = careful.succeeded();
  for (const Diagnostic& one : said.all) {
    require(one.span.offset + one.span.length <= text.size());
    explained = explained || one.severity == Severity::error;
  }
  require(explained);
  const Source source{"in", text};
  require(listing(careful, {&source, 1}).empty() == careful.bytes.empty());
  if (said.has("hex2-long-token") || said.has("hex2-label-heap")) return 0;  // not modelled
  const test::Modelled modelled = test::model(tool, dialect, text);
  require(modelled.status == status_of(bare));
  require(modelled.status == "undefined" || modelled.bytes == bare.bytes);
  return 0;
}

}  // namespace assay::fuzz
