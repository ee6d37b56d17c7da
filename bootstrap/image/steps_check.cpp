// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Step directories against the manifest: passes, scripts, what unpacks without verifying.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "bootstrap/image/live_bootstrap_check.h"

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

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(" \t"); at < line.size();
       at = line.find_first_not_of(" \t", at)) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
    if (at == line.size()) break;
  }
  return words;
}

bool unpacks(const std::vector<std::string_view>& words) {
  constexpr std::array<std::string_view, 8> kUnpackers{"ungz",   "unbz2",   "unxz", "untar",
                                                       "gunzip", "bunzip2", "gzip", "tar"};
  return !words.empty() && std::find(kUnpackers.begin(), kUnpackers.end(), words[0]) != kUnpackers.end();
}

bool verifies(const std::vector<std::string_view>& words) {
  return words.size() > 1 && words[0] == "sha256sum" &&
         std::find(words.begin(), words.end(), "-c") != words.end();
}

/// A kaem script that unpacks a distfile before any sha256sum -c.
void check_verification(const FileTree& tree, const std::string& path, Findings& findings) {
  const auto bytes = tree.read(path);
  if (!bytes) return;
  std::string_view text = as_text(**bytes);
  for (std::uint64_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::vector<std::string_view> words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (verifies(words)) return;
    if (unpacks(words)) {
      findings.add("lb-unverified-unpack", path, line, fmt::format("'{}' before any sha256sum -c", words[0]));
      return;
    }
  }
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
    const std::string script = fmt::format("{}/pass{}.kaem", folder, planned.pass);
    if (!tree.info(script)) {
      findings.add("lb-pass-missing", kManifest, planned.directive->line,
                   fmt::format("there is no {}", script));
    } else if (tree.info(folder + "/sources")) {
      check_verification(tree, script, findings);
    }
  }
  check_scripts(tree, manifest, DirectiveKind::improve, "improve", findings);
  check_scripts(tree, manifest, DirectiveKind::jump, "jump", findings);
  check_unused(tree, manifest, findings);
}

}  // namespace assay::image
