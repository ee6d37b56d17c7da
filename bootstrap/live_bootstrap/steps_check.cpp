// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Step directories against the manifest: passes and scripts.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>

#include "bootstrap/live_bootstrap/kaem_step.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"

namespace assay::image {
namespace {

const std::string kManifest = "steps/manifest";

using Names = std::set<std::string, std::less<>>;

Names names_in(const FileTree& tree, const std::string& directory) {
  const auto names = tree.list(directory);
  return names ? Names(names->begin(), names->end()) : Names();
}

bool is_directory(const FileTree& tree, const std::string& path) {
  const auto info = tree.info(path);
  return info && info->kind == NodeKind::directory;
}

/// "pass12.sh" -> 12; 0 for other names.
unsigned pass_number(std::string_view name) {
  if (!name.starts_with("pass")) return 0;
  name.remove_prefix(4);
  unsigned number = 0;
  std::size_t digits = 0;
  while (digits < name.size() && digits < 6 && name[digits] >= '0' && name[digits] <= '9')
    number = number * 10 + static_cast<unsigned>(name[digits++] - '0');
  const std::string_view rest = name.substr(digits);
  return digits != 0 && (rest == ".sh" || rest == ".kaem") ? number : 0;
}

/// improve: and jump: against the scripts.
void check_scripts(const FileTree& tree, const Manifest& manifest, DirectiveKind kind,
                   const std::string& folder, Findings& findings) {
  const Names present = names_in(tree, "steps/" + folder);
  Names wanted;
  for (const Directive& directive : manifest.directives) {
    if (directive.kind != kind) continue;
    wanted.insert(directive.argument + ".sh");
    if (!present.contains(directive.argument + ".sh"))
      findings.add("lb-script-missing", kManifest, directive.line,
                   fmt::format("there is no steps/{}/{}.sh", folder, directive.argument));
  }
  for (const std::string& name : present) {
    if (!wanted.contains(name))
      findings.add("lb-script-unused", fmt::format("steps/{}/{}", folder, name), 0, "no directive runs it");
  }
}

void check_unused(const FileTree& tree, const Manifest& manifest, Findings& findings) {
  std::map<std::string, unsigned, std::less<>> passes;
  for (const PlannedDirective& planned : plan_all(manifest)) {
    if (planned.directive->kind == DirectiveKind::build) passes[planned.directive->argument] = planned.pass;
  }
  for (const std::string& step : names_in(tree, "steps")) {
    const std::string folder = "steps/" + step;
    if (!is_directory(tree, folder)) continue;
    const Names files = names_in(tree, folder);
    const bool is_step = files.contains("sources") ||
                         std::any_of(files.begin(), files.end(),
                                     [](const std::string& name) { return pass_number(name) != 0; });
    if (!is_step) continue;
    if (!passes.contains(step)) {
      findings.add("lb-step-unused", folder, 0, "no directive builds it");
      continue;
    }
    for (const std::string& name : files) {
      if (pass_number(name) > passes[step])
        findings.add("lb-pass-unused", folder + "/" + name, 0,
                     fmt::format("the manifest builds it {} times", passes[step]));
    }
  }
}

}  // namespace

void check_steps(const FileTree& tree, const Manifest& manifest, const std::vector<PlannedDirective>& plan,
                 Findings& findings) {
  for (const PlannedDirective& planned : plan) {
    if (planned.directive->kind != DirectiveKind::build) continue;
    const std::string folder = "steps/" + planned.directive->argument;
    if (!is_directory(tree, folder)) {
      findings.add("lb-step-missing", kManifest, planned.directive->line,
                   fmt::format("there is no {}", folder));
      continue;
    }
    // Without a passN.sh the bash helpers take their defaults; kaem has none.
    if (planned.bash_era) continue;
    const std::string script = step_script(planned);
    if (!tree.info(script))
      findings.add("lb-pass-missing", kManifest, planned.directive->line,
                   fmt::format("there is no {}", script));
  }
  check_scripts(tree, manifest, DirectiveKind::improve, "improve", findings);
  check_scripts(tree, manifest, DirectiveKind::jump, "jump", findings);
  check_unused(tree, manifest, findings);
}

}  // namespace assay::image
