// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/chain_end.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/live_bootstrap/walk_world.h"
#include "core/paths.h"

namespace assay::image {
namespace {

constexpr std::string_view kManifest{"steps/manifest"};
constexpr std::string_view kConfig{"steps/bootstrap.cfg"};

std::string text_of(const FileTree& tree, std::string_view path) {
  const auto bytes = tree.read(path);
  return bytes ? std::string(as_text(**bytes)) : std::string();
}

/// The file that the lists of a step name so.
Result<std::string> listed_file(const FileTree& tree, const std::string& step, const std::string& name,
                                std::string_view arch) {
  std::vector<std::string> names;
  for (const std::string& list : checksum_lists(tree, "steps/" + step, arch)) {
    for (const std::string& path : names_in_checksums(tree, list)) {
      if (last_part(path) == name) return WalkWorld::path(parent_path(list), path);
      names.emplace_back(last_part(path));
    }
  }
  return fail("until-no-file",
              fmt::format("the lists of digests of '{}' for {} do not name '{}'{}{}", step, arch, name,
                          names.empty() ? "" : ", but: ", fmt::join(names, ", ")));
}

}  // namespace

Manifest manifest_of(const FileTree& tree) {
  Findings nobody;
  return parse_manifest(text_of(tree, kManifest), std::string(kManifest), nobody);
}

Config config_of(const FileTree& tree) {
  Findings nobody;
  return parse_config(text_of(tree, kConfig), std::string(kConfig), nobody);
}

std::vector<PlannedDirective> plan_of(const FileTree& tree, const Manifest& manifest) {
  return plan(manifest, config_of(tree));
}

std::vector<std::string> checksum_lists(const FileTree& tree, const std::string& directory,
                                        std::string_view arch) {
  std::vector<std::string> lists;
  const auto names = tree.list(directory);
  const std::string ending = fmt::format(".{}.checksums", arch);
  const std::string for_all = fmt::format("{}.checksums", last_part(directory));
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    if (name.ends_with(ending) || name == for_all) lists.push_back(join_path(directory, name));
  }
  return lists;
}

Result<LastStep> find_last_step(const FileTree& tree, const std::string& word) {
  const std::size_t slash = word.find('/');
  const std::string step = word.substr(0, slash);
  const Manifest manifest = manifest_of(tree);
  std::vector<std::string> names;
  for (const PlannedDirective& planned : plan_of(tree, manifest)) {
    if (planned.directive->kind != DirectiveKind::build) continue;
    const std::string& name = planned.directive->argument;
    if (name == step) {
      if (planned.bash_era)
        return fail("until-run-by-bash",
                    fmt::format("the script of '{}' is run by bash: only kaem's are followed", step));
      LastStep last{{word, "steps/" + step, ""}, planned.directive->line};
      if (slash == std::string::npos) return last;
      const Config config = config_of(tree);
      const Variable* const arch = config.find("ARCH");
      Result<std::string> file =
          listed_file(tree, step, word.substr(slash + 1), arch == nullptr ? "x86" : arch->value);
      if (!file) return tl::unexpected(file.error());
      last.end.file = *std::move(file);
      return last;
    }
    if (!planned.bash_era) names.push_back(name);
  }
  return fail("until-no-step", fmt::format("the manifest builds no '{}' in this configuration, but: {}", step,
                                           fmt::join(names, ", ")));
}

}  // namespace assay::image
