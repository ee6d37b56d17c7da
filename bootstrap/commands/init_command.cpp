// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <filesystem>

#include "bootstrap/chain/description_reader.h"
#include "bootstrap/chain/first_description.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/tree/embedded_tree.h"
#include "command/host_files.h"
#include "command/print.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string tree;
  std::string architecture;
  std::string chain;
  std::string embedded;
};

/// Writes the small tree inside assay, for those who port or begin anew.
int write_embedded(const std::string& directory) {
  if (auto written = image::extract_all(*embedded_tree().files, directory); !written)
    return cannot_run(written.error());
  assay::print(
      "wrote the small tree to '{0}': {0}/README.md says what is where; check it with: assay preflight {0}\n",
      printable(directory));
  return kStatusPass;
}

Result<std::string> description_of(const Settings& settings) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(settings.tree, ignored))
    return fail("tree-not-found", fmt::format("no such directory: '{}'", settings.tree));
  const Result<Tree> tree = open_tree(settings.tree);
  if (!tree) {
    if (!settings.architecture.empty())
      return fail("architecture-not-in-tree",
                  fmt::format("--arch is for trees of a known layout: {}", tree.error().message));
    return first_description(HostTree(settings.tree));
  }
  std::vector<std::string> names;
  if (!settings.architecture.empty()) names = {settings.architecture};
  const Result<std::vector<const Architecture*>> chosen = chosen_architectures(*tree, names);
  if (!chosen) return tl::unexpected(chosen.error());
  if (chosen->size() > 1)
    return fail("init-needs-architecture",
                fmt::format("'{}' has chains of {} architectures: name one with --arch", settings.tree,
                            chosen->size()));
  return first_description(*tree, *chosen->front());
}

/// Writes a first description of the tree's chain.
int write_description(const Settings& settings) {
  const Result<std::string> text = description_of(settings);
  if (!text) return cannot_run(text.error());
  const std::string path =
      settings.chain.empty() ? fmt::format("{}/{}", settings.tree, kDescriptionFile) : settings.chain;
  std::error_code ignored;
  if (path != "-" && std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return cannot_run({"init-file-exists", fmt::format("'{}' is there already: remove it first", path)});
  if (auto written = write_report_text(path, *text); !written) return cannot_run(written.error());
  if (path != "-")
    assay::print("wrote '{0}': look it through, then: assay preflight --chain {0} {1}\n", printable(path),
                 printable(settings.tree));
  return kStatusPass;
}

int run(const Settings& settings) {
  if (settings.tree.empty() == settings.embedded.empty())
    return cannot_run({"init-needs-one", "name a TREE to describe, or a directory with --from-embedded"});
  return settings.embedded.empty() ? write_description(settings) : write_embedded(settings.embedded);
}

}  // namespace

void add_init_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command =
      *app.add_subcommand("init", "Writes what to begin with: a description of a chain, or a small tree");
  command.add_option("TREE", settings->tree,
                     "Write a first description of this tree's chain, of what lies in it (assay-chain(5))");
  command
      .add_option("--arch", settings->architecture,
                  "The architecture, where a tree of a known layout has several")
      ->type_name("NAME");
  command
      .add_option("--chain", settings->chain,
                  "Where to write the description ('-': standard output; default: assay.toml in the tree)")
      ->type_name("FILE");
  command
      .add_option("--from-embedded", settings->embedded,
                  "Write the small tree inside assay, seeds to M0 on six architectures, to a new directory")
      ->type_name("DIR");
  command.footer("Exit status: 0 written, 2 cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
