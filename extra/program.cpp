// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/program.h"

#include <fmt/format.h>
#include <cstdio>
#include <string_view>

#include "command/render.h"
#include "command/seed_command.h"

namespace assay::extra {

int finish_program(const char* name, const Output& output, std::span<const Diagnostic> diagnostics) {
  std::fwrite(output.standard_output.data(), 1, output.standard_output.size(), stdout);
  std::fflush(stdout);
  std::fwrite(output.standard_error.data(), 1, output.standard_error.size(), stderr);
  const Source program{name, {}};
  for (const Diagnostic& diagnostic : diagnostics)
    fmt::print(stderr, "{}", render(diagnostic, {&program, 1}));
  return exit_status_of(output);
}

}  // namespace assay::extra
