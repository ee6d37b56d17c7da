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

namespace {

constexpr std::string_view kHelp =
    "mes: the Scheme of GNU Mes, as it runs mescc\n"
    "usage: mes [OPTION of mes]... [FILE] [ARGUMENT]...\n"
    "\n"
    "Loads the Scheme of a tree of mes: MES_PREFIX names it, or it is the current directory. GUILE_LOAD_PATH "
    "names\n"
    "folders of modules (nyacc's), as for the real one; MES_ARENA and MES_MAX_ARENA are not needed.\n"
    "ASSAY_MES=x86|amd64|riscv64 chooses the machine that it is built for, and with it the width of "
    "numbers.\n"
    "What it does not do as the real one: docs/languages/mes.md.\n";

}  // namespace

int main(int argc, char** argv) {
  return assay::run_program("mes", EXIT_FAILURE, [&] {
    if (argc == 2 && argv[1] == std::string_view("--help")) {
      assay::print("{}", kHelp);
      return EXIT_SUCCESS;
    }
    if (argc == 2 && argv[1] == std::string_view("--version")) {
      assay::print("mes (assay) {}\n", ASSAY_VERSION);
      return EXIT_SUCCESS;
    }
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
