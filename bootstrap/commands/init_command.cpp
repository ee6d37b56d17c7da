// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/commands.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/tree/embedded_tree.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

/// Writes the small tree inside assay, for those who port or begin anew.
int write_embedded(const std::string& directory) {
  if (auto written = image::extract_all(*embedded_tree().files, directory); !written)
    return cannot_run(written.error());
  assay::print(
      "wrote the small tree to '{0}': {0}/README.md says what is where; check it with: assay preflight {0}\n",
      printable(directory));
  return kStatusPass;
}

}  // namespace

void add_init_command(CLI::App& app, int& status) {
  auto directory = std::make_shared<std::string>();
  CLI::App& command = *app.add_subcommand("init", "Writes a tree to begin with");
  command
      .add_option("--from-embedded", *directory,
                  "Write the small tree inside assay, seeds to M0 on six architectures, to a new directory")
      ->type_name("DIR")
      ->required();
  command.footer("Exit status: 0 written, 2 cannot run.");
  command.callback([directory, &status] { status = write_embedded(*directory); });
}

}  // namespace assay::bootstrap
