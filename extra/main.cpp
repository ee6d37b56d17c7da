// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The program of one tool; ASSAY_TOOL is its name.
#include <cstdlib>

#include "command/program.h"
#include "extra/host_world.h"
#include "extra/program.h"
#include "extra/tools.h"

#define ASSAY_TEXT_OF(word) #word
#define ASSAY_TEXT(word) ASSAY_TEXT_OF(word)

int main(int argc, char** argv) {
  return assay::run_program(ASSAY_TEXT(ASSAY_TOOL), EXIT_FAILURE, [&] {
    const assay::extra::Arguments arguments(argv, argv + argc);
    assay::extra::HostWorld world;
    assay::DiagnosticList diagnostics;
    const assay::Output output = assay::extra::ASSAY_TOOL(arguments, world, diagnostics);
    return assay::extra::finish_program(ASSAY_TEXT(ASSAY_TOOL), output, diagnostics.all);
  });
}
