// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/commands.h"
#include "command/program.h"

namespace {

using namespace assay::bootstrap;

int run(int argc, char** argv) {
  CLI::App app{
      "Derives every byte of a bootstrap twice, by two roads that share no code, and says where they part."};
  app.name("assay");
  app.set_version_flag("--version", "assay " ASSAY_VERSION);
  app.require_subcommand(1);
  int status = kStatusPass;
  add_preflight_command(app, status);
  add_run_command(app, status);
  add_image_command(app, status);
  add_cache_command(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error) == 0 ? kStatusPass : kStatusCannotRun;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  assay::ignore_output_signals();
  const int status = assay::run_program("assay", kStatusCannotRun, [&] { return run(argc, argv); });
  // An answer of which a part was lost is none.
  return assay::standard_streams_whole("assay") ? status : kStatusCannotRun;
}
