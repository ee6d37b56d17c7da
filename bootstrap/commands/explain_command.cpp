// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay explain: where a byte of a tree's file comes from; what a finding means.
#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "bootstrap/commands/chosen_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/finding_pages.h"
#include "bootstrap/commands/open_cache.h"
#include "bootstrap/commands/page_texts.h"
#include "bootstrap/commands/tree_lists.h"
#include "bootstrap/explain/trail_text.h"
#include "bootstrap/report/audit_report.h"
#include "bootstrap/tree/program_check.h"
#include "command/nearest_word.h"
#include "command/print.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string subject;  ///< a tree, or the id of a finding
  std::string file;
  std::string place;
  std::string architecture;
  std::string chain;
  std::string cache;
  bool no_cache = false;
  bool json = false;
};

/// The only one, or the one that is named, or the one whose directory the file lies in.
Result<const Architecture*> architecture_of(const Tree& tree, const Settings& settings) {
  if (!settings.architecture.empty()) {
    const auto chosen = chosen_architectures(tree, {settings.architecture});
    if (!chosen) return tl::unexpected<Error>(chosen.error());
    return chosen->front();
  }
  if (tree.architectures.size() == 1) return tree.architectures.front();
  for (const Architecture* arch : tree.architectures) {
    for (const std::string_view word : path_parts(settings.file)) {
      if (word == arch->name) return arch;
    }
  }
  return fail("explain-which-architecture", "say of which architecture: --arch NAME");
}

/// FILE, or FILE:LINE as findings name places.
Result<FileId> file_of(Products& products, std::string name, std::string& place) {
  FileId file = products.find(name);
  if (file == kNoFile) {
    const std::size_t colon = name.find(':');
    if (colon != std::string::npos && place.empty()) {
      place = name.substr(colon, name.find(':', colon + 1) - colon);
      name.resize(colon);
      file = products.find(name);
    }
  }
  if (file != kNoFile) return file;
  std::vector<std::string> paths;
  for (const FileId made : products.made()) paths.push_back(products[made].path);
  std::string near = nearest_word(name, paths);
  for (const std::string& path : paths) {
    if (near.empty() && path.ends_with("/" + name)) near = path;
  }
  return fail("explain-no-file", fmt::format("neither the tree nor its chain has a file '{}'{}", name,
                                             near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
}

int explain_finding(const std::string& id) {
  const std::optional<std::string> page = finding_page(page_texts(), id);
  if (page) {
    assay::print("{}", *page);
    return kStatusPass;
  }
  if (const audit::Kind* kind = audit::find_kind(id)) {
    assay::print("{}", audit::kind_text(*kind));
    return kStatusPass;
  }
  const std::string near = nearest_word(id, finding_ids(page_texts()));
  return cannot_run(
      {"explain-no-subject", fmt::format("'{}' is neither a tree nor the id of a finding{}", id,
                                         near.empty() ? "" : fmt::format(": did you mean '{}'?", near))});
}

int explain_file(Trail& trail, const Settings& settings) {
  std::string words = settings.place;
  std::vector<FileId> files;
  if (settings.file.empty() || settings.file == "all") {
    for (const FileId made : trail.products().made()) {
      if (is_elf(*trail.products()[made].bytes)) files.push_back(made);
    }
  } else {
    const Result<FileId> file = file_of(trail.products(), settings.file, words);
    if (!file) return cannot_run(file.error());
    files.push_back(*file);
  }
  if (words.empty() || words == "all" || settings.file.empty()) {
    std::vector<Explained> rows;
    for (const FileId file : files) rows.push_back(explained(trail, file));
    if (settings.json) {
      assay::print("{}\n", explained_json(trail, rows).dump(2));
    } else {
      assay::print("{}", explained_text(trail, rows));
    }
    return kStatusPass;
  }
  const Result<PlaceInFile> place = place_of(trail, files.front(), words);
  if (!place) return cannot_run(place.error());
  const ByteTrail story = trail.follow(files.front(), place->offset);
  if (settings.json) {
    assay::print("{}\n", trail_json(trail, story, *place).dump(2));
  } else {
    if (place->taken_for != "offset")
      assay::print("{} was taken for: {}\n", printable(words), printable(place->taken_for));
    assay::print("{}", trail_text(trail, story, place->offset));
  }
  return kStatusPass;
}

int run(const Settings& settings) {
  const Result<Tree> tree = chosen_tree(settings.subject, settings.chain);
  if (!tree) {
    if (settings.file.empty() && tree.error().id == "tree-not-found")
      return explain_finding(settings.subject);
    return cannot_run(tree.error());
  }
  const Result<const Architecture*> arch = architecture_of(*tree, settings);
  if (!arch) return cannot_run(arch.error());
  std::optional<StepCache> cache = open_cache(settings.cache, settings.no_cache);
  Trail trail(Products::of(*tree, **arch, cache ? &*cache : nullptr));
  return explain_file(trail, settings);
}

}  // namespace

void add_explain_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command =
      *app.add_subcommand("explain", "Tells where a byte comes from, line by line, or what a finding means");
  command.add_option("TREE|ID", settings->subject, "A stage0-posix tree, or the id of a finding")->required();
  command.add_option("FILE", settings->file,
                     "A file that the chain makes, or FILE:LINE (default: all programs that it makes)");
  command.add_option("PLACE", settings->place,
                     "An offset, an address, a label, :LINE, or 'all' (default): how much is explained");
  add_chain_option(command, settings->chain);
  command.add_option("--arch", settings->architecture, "The architecture (default: as FILE's path says)")
      ->type_name("NAME");
  command.add_flag("--json", settings->json, "Write JSON");
  add_cache_options(command, settings->cache, settings->no_cache, "Derive every step again");
  command.footer("Exit status: 0 explained as far as it goes, 2 cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
