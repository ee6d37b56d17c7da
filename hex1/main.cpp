// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex1/diagnostics.h"
#include "hex1/hex1.h"

namespace {

assay::Output assemble(const assay::SeedRequest& request, assay::DiagnosticSink& diagnostics) {
  return assay::hex1::assemble(request.source,
                               {.dialect = &assay::hex1::kDialects[request.dialect],
                                .want_map = request.want_map,
                                .want_warnings = request.want_warnings,
                                .rewinds = request.rewinds},
                               diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const assay::hex1::Dialect> rows = assay::hex1::kDialects;
  const std::vector<assay::SeedDialect> dialects = assay::seed_dialects(rows);
  const std::span<const assay::DiagnosticKind> kinds[] = {assay::hex1::kKinds};
  return assay::run_seed_command(
      {.name = "hex1",
       .summary = "Assembles hexadecimal bytes with one-character labels, as the hex1 seeds do.",
       .dialects = dialects,
       .kinds = kinds,
       .files = assay::hex1::kFileKinds,
       .assemble = assemble},
      argc, argv);
}
