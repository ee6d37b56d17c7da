// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "bootstrap/commands/build_info.h"
#include "bootstrap/commands/command_line.h"
#include "bootstrap/commands/commands.h"
#include "command/print.h"
#include "command/program.h"

namespace {

using namespace assay::bootstrap;

int run(int argc, char** argv) {
  CLI::App app{
      "Derives every byte of a bootstrap twice, by two roads that share no code, and says where they part."};
  app.name("assay");
  app.set_version_flag("-V,--version", "assay " ASSAY_VERSION);
  app.require_subcommand(1);
  int status = kStatusPass;
  add_preflight_command(app, status);
  add_explain_command(app, status);
  add_diff_command(app, status);
  add_matrix_command(app, status);
  add_chain_command(app, status);
  add_plan_command(app, status);
  add_record_command(app, status);
  add_run_command(app, status);
  add_init_command(app, status);
  add_image_command(app, status);
  add_sources_command(app, status);
  add_audit_command(app, status);
  add_lint_command(app, status);
  add_conform_command(app, status);
  add_new_port_command(app, status);
  add_cache_command(app, status);
  add_spoken_commands(app);
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (const std::optional<int> answered = answer_words(app, words)) return *answered;
  if (words == std::vector<std::string>{"--version", "--verbose"}) {
    assay::print("assay " ASSAY_VERSION "\n{}", build_info());
    return status;
  }
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    status = tell_parse_error(app, error);
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
