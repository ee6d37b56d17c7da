// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <cstdlib>
#include <optional>

#include "command/print.h"
#include "hex0/diagnostics.h"
#include "hex0/hex0.h"

namespace {

/// The kernel that the environment variable ASSAY_KERNEL names, or `automatic`; nothing if this host has none
/// of that name.
std::optional<assay::hex0::Kernel> kernel_choice() {
  const char* const name = std::getenv("ASSAY_KERNEL");  // NOLINT(concurrency-mt-unsafe): one thread
  if (name == nullptr || *name == '\0') return assay::hex0::Kernel::automatic;
  for (const assay::hex0::Kernel kernel : assay::hex0::available_kernels()) {
    if (assay::hex0::name_of(kernel) == name) return kernel;
  }
  return std::nullopt;
}

assay::Output assemble(const assay::SeedRequest& request, assay::DiagnosticSink& diagnostics) {
  return assay::hex0::assemble(request.source,
                               {.dialect = &assay::hex0::kDialects[request.dialect],
                                .want_map = request.want_map,
                                .want_warnings = request.want_warnings,
                                .half_a_byte_late = request.half_a_byte_late,
                                .kernel = *kernel_choice()},
                               diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  if (!kernel_choice()) {
    assay::print_error("hex0: ASSAY_KERNEL names no kernel of this host\n");
    return assay::kStatusUsage;
  }
  const std::span<const assay::hex0::Dialect> rows = assay::hex0::kDialects;
  const std::vector<assay::SeedDialect> dialects = assay::seed_dialects(rows);
  const std::span<const assay::DiagnosticKind> kinds[] = {assay::hex0::kKinds};
  return assay::run_seed_command(
      {.name = "hex0",
       .summary = "Turns pairs of hexadecimal digits into bytes, as the hex0 seeds do.",
       .dialects = dialects,
       .kinds = kinds,
       .files = assay::hex0::kFileKinds,
       .assemble = assemble},
      argc, argv);
}
