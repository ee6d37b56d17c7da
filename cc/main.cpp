// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// cc_x86, cc_amd64, cc_aarch64, cc_riscv32 and cc_riscv64: one source, told apart by ASSAY_CC_DIALECT.
#include "cc/cc.h"
#include "cc/diagnostics.h"

namespace {

assay::Output compile(const assay::SeedRequest& request, assay::DiagnosticSink& diagnostics) {
  return assay::cc::compile(request.source,
                            {.dialect = &assay::cc::dialects()[request.dialect],
                             .want_map = request.want_map,
                             .want_warnings = request.want_warnings},
                            diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<assay::SeedDialect> dialects = assay::seed_dialects(assay::cc::dialects());
  const std::span<const assay::DiagnosticKind> kinds[] = {assay::cc::kKinds};
  return assay::run_seed_command(
      {.name = assay::cc::find_dialect(ASSAY_CC_DIALECT)->program,
       .summary =
           "Compiles the subset of C that M2-Planet is written in, as the cc_<arch> of stage0-posix do.",
       .dialects = dialects,
       .kinds = kinds,
       .files = assay::cc::kFileKinds,
       .assemble = compile,
       .default_dialect = ASSAY_CC_DIALECT,
       .makes_bytes = false},
      argc, argv);
}
