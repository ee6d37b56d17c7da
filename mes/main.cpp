// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// mes as a program: its arguments and environment variables are mes's own, and one of ours, ASSAY_MES, which
// names the architecture that it is to be built for.
#include <unistd.h>
#include <cstdlib>

#include "command/diagnostic_printer.h"
#include "command/print.h"
#include "command/program.h"
#include "command/seed_command.h"
#include "mes/host_world.h"
#include "mes/mes.h"

extern char** environ;

int main(int argc, char** argv) {
  return assay::run_program("mes", EXIT_FAILURE, [&] {
    assay::mes::Request request;
    request.arguments.assign(argv, argv + argc);
    for (char** at = environ; *at != nullptr; ++at) {
      const std::string_view setting(*at);
      const std::size_t sign = setting.find('=');
      if (sign == std::string_view::npos) continue;
      request.environment.emplace_back(setting.substr(0, sign), setting.substr(sign + 1));
    }
    for (const auto& [name, value] : request.environment) {
      if (name != "ASSAY_MES") continue;
      request.dialect = assay::mes::find_dialect(value);
      if (request.dialect == nullptr) {
        assay::print_error(
            "mes: ASSAY_MES names no architecture that mes is known for: x86, amd64, riscv64\n");
        return assay::kStatusUsage;
      }
    }
    assay::mes::HostWorld world;
    assay::DiagnosticList diagnostics;
    const assay::mes::Outcome outcome = assay::mes::run(request, world, diagnostics);
    const bool whole = world.flush();
    const assay::Source program{"mes", {}};
    for (const assay::Diagnostic& diagnostic : diagnostics.all) {
      assay::print_error("{}",
                         shown(diagnostic, {&program, 1}, assay::default_diagnostic_form(), STDERR_FILENO));
    }
    if (!whole) assay::print_error("mes: not everything could be written\n");
    return whole ? outcome.status : EXIT_FAILURE;
  });
}
