// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/program.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>
#include <string_view>

#include "command/diagnostic_printer.h"
#include "command/print.h"
#include "command/seed_command.h"
#include "extra/diagnostics.h"

namespace assay::extra {

int finish_program(const char* name, const Output& output, std::span<const Diagnostic> diagnostics) {
  print_text(stdout, output.standard_output);
  const bool lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  print_text(stderr, output.standard_error);
  const Source program{name, {}};
  const DiagnosticForm form = default_diagnostic_form();
  if (lost) {
    const Diagnostic told{&kLostOutput, kLostOutput.severity, {}, "cannot write to standard output", {}};
    print_text(stderr, shown(told, {&program, 1}, form, STDERR_FILENO));
  }
  for (const Diagnostic& diagnostic : diagnostics)
    assay::print_error("{}", shown(diagnostic, {&program, 1}, form, STDERR_FILENO));
  return exit_status_of(output);
}

}  // namespace assay::extra
