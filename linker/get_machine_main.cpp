// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/utsname.h>

#include "command/mescc_command.h"
#include "linker/machine_names.h"

int main(int argc, char** argv) {
  assay::MesccCommand command(
      {.name = "get_machine",
       .summary = "Names this machine for scripts, as mescc-tools' get_machine does.\n",
       .kinds = {}},
      argc, argv);
  if (command.early_status()) return *command.early_status();
  utsname host{};
  ::uname(&host);
  const assay::Output output = assay::get_machine::answer(
      command.words(), {.system = host.sysname, .machine = host.machine}, command.dialect().is_1_4);
  return command.finish(output, {});
}
