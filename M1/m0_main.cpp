// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m0.h"
#include "M1/m0_diagnostics.h"
#include "command/seed_command.h"

namespace {

constexpr assay::FileKinds kFileKinds{.missing_input = &assay::m0::kind("m0-missing-input"),
                                      .unreadable_input = &assay::m0::kind("m0-unreadable-input"),
                                      .input_too_large = &assay::m0::kind("m0-input-too-large"),
                                      .lost_output = &assay::m0::kind("m0-lost-output")};

assay::Output assemble(const assay::SeedRequest& request, assay::DiagnosticSink& diagnostics) {
  return assay::m0::assemble({&request.source, 1},
                             {.dialect = &assay::m0::kDialects[request.dialect],
                              .want_map = request.want_map,
                              .want_warnings = request.want_warnings},
                             diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const assay::m0::Dialect> rows = assay::m0::kDialects;
  const std::vector<assay::SeedDialect> dialects = assay::seed_dialects(rows);
  const std::span<const assay::DiagnosticKind> kinds[] = {assay::m0::kKinds};
  return assay::run_seed_command({.name = "M0",
                                  .summary = "Assembles M1 text to hex2 text, as the M0 of the seeds does.",
                                  .dialects = dialects,
                                  .kinds = kinds,
                                  .files = kFileKinds,
                                  .assemble = assemble,
                                  .makes_bytes = false},
                                 argc, argv);
}
