// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay lint FILE...|TREE: is what a reader reads what the machine gets?
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/lint/lint_tree.h"
#include "bootstrap/tree/architecture.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/render.h"
#include "command/terminal.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::vector<std::string> paths;
  std::string architecture;
  std::string json;
};

/// A directory's files, or one file, by the names that the user knows.
Result<void> lint_path(const std::string& path, lint::Linter& linter) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    linter.add_tree(HostTree(path), path);
    return {};
  }
  const Result<Bytes> bytes = read_host_file(path);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  linter.add_file(path, std::make_shared<const Bytes>(*bytes));
  return {};
}

nlohmann::json as_json(const lint::Linter& linter) {
  nlohmann::json alarms = nlohmann::json::array();
  for (const lint::FileAlarms& file : linter.found()) {
    const Source source{file.name, *file.bytes};
    for (const Diagnostic& alarm : file.alarms) {
      nlohmann::json row = to_json(alarm, {&source, 1});
      row["also"] = file.also;
      alarms.push_back(std::move(row));
    }
  }
  const lint::Counts& counts = linter.counts();
  return {
      {"files", counts.files},       {"addresses", counts.addresses}, {"instructions", counts.instructions},
      {"targets", counts.targets},   {"distances", counts.distances}, {"twins", counts.twins},
      {"c_places", counts.c_places}, {"alarms", std::move(alarms)}};
}

void show(const lint::Linter& linter) {
  const RenderOptions options{.colour = shows_colour(1)};
  for (const lint::FileAlarms& file : linter.found()) {
    const Source source{file.name, *file.bytes};
    for (const Diagnostic& alarm : file.alarms) assay::print("{}", render(alarm, {&source, 1}, options));
    for (const std::string& name : file.also) assay::print("{}: the same text as {}\n", name, file.name);
  }
  const lint::Counts& counts = linter.counts();
  assay::print(
      "{} files: {} instructions, {} targets, {} distances, {} addresses, {} twins and {} places of C "
      "checked; {} say "
      "something else "
      "than the bytes\n",
      counts.files, counts.instructions, counts.targets, counts.distances, counts.addresses, counts.twins,
      counts.c_places, counts.alarms);
}

int run(const Settings& settings) {
  std::string_view architecture;
  if (!settings.architecture.empty()) {
    architecture = lint::known_architecture(settings.architecture);
    if (architecture.empty()) return cannot_run(unknown_architecture(settings.architecture));
  }
  lint::Linter linter(architecture);
  for (const std::string& path : settings.paths) {
    if (const Result<void> read = lint_path(path, linter); !read) return cannot_run(read.error());
  }
  linter.finish();
  if (settings.json != "-") show(linter);
  if (!settings.json.empty()) {
    if (const Result<void> written = write_report_text(settings.json, as_json(linter).dump(1) + "\n");
        !written)
      return cannot_run(written.error());
  }
  return linter.counts().alarms == 0 ? kStatusPass : kStatusFail;
}

}  // namespace

void add_lint_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand(
      "lint", "Says where comments and names tell a reader something else than the bytes");
  auto settings = std::make_shared<Settings>();
  command.add_option("PATH", settings->paths, "Texts (.hex0 .hex1 .hex2 .M1 .c), or directories of them")
      ->required();
  command
      .add_option("--arch", settings->architecture,
                  "Their architecture; without it their names and directories tell")
      ->type_name("NAME");
  command
      .add_option("--json", settings->json,
                  "Writes all of it to FILE as JSON ('-': to standard output, instead of the text)")
      ->type_name("FILE");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
