// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/program.h"

#include <fmt/format.h>
#include <cstdio>
#include <string_view>

#include "command/print.h"
#include "command/render.h"
#include "command/seed_command.h"
#include "extra/diagnostics.h"

namespace assay::extra {

int finish_program(const char* name, const Output& output, std::span<const Diagnostic> diagnostics) {
  print_text(stdout, output.standard_output);
  const bool lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  print_text(stderr, output.standard_error);
  const Source program{name, {}};
  if (lost) {
    const Diagnostic told{&kLostOutput, kLostOutput.severity, {}, "cannot write to standard output", {}};
    print_text(stderr, render(told, {&program, 1}));
  }
  for (const Diagnostic& diagnostic : diagnostics)
    assay::print_error("{}", render(diagnostic, {&program, 1}));
  return exit_status_of(output);
}

}  // namespace assay::extra
