// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>

namespace assay::image {
namespace {

constexpr std::string_view kManifest = "steps/manifest";
constexpr std::string_view kConfig = "steps/bootstrap.cfg";

/// Variables that no earlier line and no configuration sets.
void check_variables(const Manifest& manifest, const Config& config, Findings& findings) {
  if (!config.exists) return;
  std::set<std::string, std::less<>> known;
  for (const Variable& variable : config.variables) known.insert(variable.name);
  for (const Directive& directive : manifest.directives) {
    for (const auto* comparisons : {&directive.definition, &directive.predicate}) {
      for (const Comparison& comparison : *comparisons) {
        if (!comparison.bare && !known.contains(comparison.name))
          findings.add("lb-manifest-variable", std::string(kManifest), directive.line,
                       fmt::format("nothing sets '{}'", comparison.name));
      }
    }
    if (directive.kind == DirectiveKind::define) known.insert(directive.argument);
  }
}

void check_files(const FileTree& tree, ImageKind kind, Findings& findings) {
  const std::string seed = kind == ImageKind::live_bootstrap_checkout ? "seed/" : "";
  // With early preseeding the tree starts at bash; then preseeded.kaem has replaced the boot script.
  const auto script = tree.read(seed + "seed.kaem");
  for (const std::string_view name : {"after.kaem", "seed.kaem", "script-generator.c", "configurator.c"}) {
    // Trees before 2024 have no configurator.
    if (name == "configurator.c" && script && as_text(**script).find(name) == std::string_view::npos)
      continue;
    if (!tree.info(seed + std::string(name)))
      findings.add("lb-file-missing", seed + std::string(name), 0, "the file does not exist");
  }
  for (const std::string_view name : {"steps/env", "steps/helpers.sh"}) {
    if (!tree.info(name)) findings.add("lb-file-missing", std::string(name), 0, "the file does not exist");
  }
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  for (std::size_t at = text.find_first_not_of(" \""); at != std::string_view::npos;
       at = text.find_first_not_of(" \"", at)) {
    ++words;
    at = std::min(text.find_first_of(" \"", at), text.size());
  }
  return words;
}

}  // namespace

void check_config(const Config& config, ImageKind kind, Findings& findings) {
  if (!config.exists) {
    // rootfs.py writes the file into the checkout's steps/ when it makes a tree or image.
    if (kind != ImageKind::live_bootstrap_checkout)
      findings.add("lb-config-missing", config.file, 0, "the file does not exist");
    return;
  }
  const auto value = [&](std::string_view name) {
    const Variable* variable = config.find(name);
    return variable == nullptr ? std::string() : variable->value;
  };
  if (value("UPDATE_CHECKSUMS") == "True")
    findings.add("lb-config-update-checksums", config.file, config.find("UPDATE_CHECKSUMS")->line,
                 "UPDATE_CHECKSUMS is True");
  if (const Variable* length = config.find("MIRRORS_LEN")) {
    const std::size_t words = count_words(value("MIRRORS"));
    if (length->value != std::to_string(words))
      findings.add("lb-config-mirrors", config.file, length->line,
                   fmt::format("MIRRORS_LEN is {}, but MIRRORS has {} words", length->value, words));
  }
  const std::string disk = value("DISK");
  const bool kernel = value("KERNEL_BOOTSTRAP") == "True";
  if (kind == ImageKind::builder_hex0 && (!kernel || disk.empty()))
    findings.add("lb-config-disk", config.file, 0,
                 "a builder-hex0 image wants KERNEL_BOOTSTRAP=True and a DISK");
  if (kind == ImageKind::disk && kernel)
    findings.add("lb-config-disk", config.file, 0,
                 "KERNEL_BOOTSTRAP is True, but a disk image is started by a kernel of the user's");
}

void check_live_bootstrap(const FileTree& tree, ImageKind kind, Findings& findings) {
  const auto manifest_bytes = tree.read(kManifest);
  if (!manifest_bytes) return;
  const Manifest manifest = parse_manifest(as_text(**manifest_bytes), std::string(kManifest), findings);
  Config config;
  config.file = kConfig;
  if (const auto bytes = tree.read(kConfig))
    config = parse_config(as_text(**bytes), std::string(kConfig), findings);
  // An empty file is a directory in the stream of builder-hex0.
  const auto info = tree.info(kConfig);
  if (info && info->kind == NodeKind::directory) config = parse_config("", std::string(kConfig), findings);
  check_files(tree, kind, findings);
  check_config(config, kind, findings);
  check_variables(manifest, config, findings);
  const std::vector<PlannedDirective> planned = config.exists ? plan(manifest, config) : plan_all(manifest);
  check_steps(tree, manifest, planned, findings);
  const WantedFiles wanted = check_sources(tree, manifest, kind, findings);
  check_kaem_steps(tree, kind, config, planned, wanted, findings);
  check_bash_steps(tree, planned, findings);
  check_packages(tree, manifest, planned, findings);
}

}  // namespace assay::image
