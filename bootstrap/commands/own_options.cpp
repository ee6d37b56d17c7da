// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/own_options.h"

#include "bootstrap/check/submodules.h"

namespace assay::bootstrap {

void add_own_options(CLI::App& command, OwnSettings& settings) {
  command
      .add_option("--with-seeds", settings.seeds,
                  "Begin with other seeds: own, those that come with assay; all products are compared with "
                  "those of the tree's own seeds")
      ->check(CLI::IsMember({"own"}));
  command
      .add_option("--with-tools", settings.tools,
                  "The same with hand-written programs in the chain: own, or some of "
                  "own:hex0,kaem-minimal,hex1,hex2-0,catm,M0")
      ->type_name("own[:NAME,...]");
}

Result<std::optional<OwnRun>> prepare_own(const OwnSettings& settings, const Tree& tree,
                                          const PreflightOptions& options) {
  if (!settings.any()) return std::nullopt;
  OwnRun run;
  run.parts.seeds = !settings.seeds.empty();
  if (!settings.tools.empty()) {
    Result<std::vector<const OwnProgram*>> programs = own_programs_of(settings.tools);
    if (!programs) return tl::unexpected(programs.error());
    run.parts.programs = std::move(*programs);
  }
  Result<OwnTree> own = with_own(tree, run.parts, options.architectures);
  if (!own) return tl::unexpected(own.error());
  run.own = std::move(*own);
  run.plain = check_chains(tree, options);
  return run;
}

}  // namespace assay::bootstrap
