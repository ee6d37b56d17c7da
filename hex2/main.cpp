// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex2/diagnostics.h"
#include "hex2/hex2.h"

namespace {

assay::Output assemble(const assay::SeedRequest& request, assay::DiagnosticSink& diagnostics) {
  assay::hex2::Dialect dialect = assay::hex2::kDialects[request.dialect];
  dialect.base_address = request.base.value_or(dialect.base_address);
  return assay::hex2::assemble(request.source,
                               {.dialect = &dialect,
                                .want_map = request.want_map,
                                .want_warnings = request.want_warnings,
                                .rewinds = request.rewinds},
                               diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const assay::hex2::Dialect> rows = assay::hex2::kDialects;
  const std::vector<assay::SeedDialect> dialects = assay::seed_dialects(rows);
  const std::span<const assay::DiagnosticKind> kinds[] = {assay::hex2::kKinds};
  return assay::run_seed_command(
      {.name = "hex2-0",
       .summary = "Assembles hexadecimal bytes with named labels, as the hex2-0 seeds do.",
       .dialects = dialects,
       .kinds = kinds,
       .files = assay::hex2::kFileKinds,
       .assemble = assemble,
       .has_base = true},
      argc, argv);
}
