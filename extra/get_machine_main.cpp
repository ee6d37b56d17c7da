// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/utsname.h>

#include "extra/get_machine.h"
#include "extra/program.h"

int main(int argc, char** argv) {
  const assay::extra::Arguments arguments(argv, argv + argc);
  utsname names{};
  ::uname(&names);
  return assay::extra::finish_program(
      "get_machine", assay::extra::get_machine(arguments, {names.sysname, names.machine}), {});
}
