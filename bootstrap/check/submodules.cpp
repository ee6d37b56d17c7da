// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/submodules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "core/paths.h"

namespace assay::bootstrap {
namespace {

/// Whether `text` names something below a directory of this name, whatever stands in front of it.
bool names_below(std::string_view text, std::string_view directory) {
  const std::string wanted = fmt::format("{}/", directory);
  for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
    if (at == 0 || std::string_view("/'\" ").find(text[at - 1]) != std::string_view::npos) return true;
  }
  return false;
}

bool is_grave(const Finding& finding) { return finding.severity != Severity::note; }

}  // namespace

bool follows_from(const Finding& finding, const std::vector<std::string>& empty) {
  return std::any_of(empty.begin(), empty.end(), [&](const std::string& directory) {
    // Scripts write "../M2libc/a.c": the last part has to do.
    const std::string_view name = last_part(directory);
    return names_below(finding.file, name) || names_below(finding.message, name);
  });
}

void fold_under_submodules(const std::vector<std::string>& empty, const std::string& path, Severity severity,
                           std::vector<Finding>& findings) {
  if (empty.empty()) return;
  const std::size_t before = findings.size();
  std::erase_if(findings,
                [&](const Finding& finding) { return is_grave(finding) && follows_from(finding, empty); });
  const bool needed = findings.size() != before;
  const std::size_t folded = before - findings.size();
  const std::string consequences =
      folded == 0 ? "" : fmt::format(" ({} findings follow from that and are left out)", folded);
  findings.insert(findings.begin(),
                  {"tree-submodules-missing", needed ? Severity::error : severity, "", 0, 0,
                   fmt::format("submodules are not checked out: {}{}", fmt::join(empty, ", "), consequences),
                   submodule_command(path)});
}

std::optional<ChainResult> lacking_submodules(const Tree& tree, const Architecture& arch) {
  if (tree.found.empty.empty()) return std::nullopt;
  ChainResult result;
  result.chain = compute_chain(tree, arch);
  std::vector<Finding> findings = std::move(result.chain.findings);
  result.chain.findings.clear();
  const std::vector<std::string>& empty = tree.found.empty;
  // A script that is missing is told of by its name alone; that it was looked for there is known.
  const bool enters = std::any_of(
      result.chain.commands.begin(), result.chain.commands.end(),
      [&](const Command& one) { return std::find(empty.begin(), empty.end(), one.cwd) != empty.end(); });
  const bool needs = enters || std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
                       return finding.severity == Severity::error && follows_from(finding, empty);
                     });
  if (!needs) return std::nullopt;
  fold_under_submodules(empty, tree.path, Severity::error, findings);
  // What else is wrong may follow too: a step without its program, an input that no step could make.
  std::erase_if(findings,
                [](const Finding& finding) { return is_grave(finding) && finding.id.starts_with("chain-"); });
  result.findings = std::move(findings);
  result.verdict = ChainVerdict::fail;
  return result;
}

/// that.
std::vector<ChainResult> check_chains(const Tree& tree, PreflightOptions options) {
  std::vector<ChainResult> results;
  std::vector<const Architecture*> runnable;
  for (const Architecture* arch :
       options.architectures.empty() ? tree.architectures : options.architectures) {
    if (std::optional<ChainResult> lacking = lacking_submodules(tree, *arch)) {
      results.push_back(std::move(*lacking));
    } else {
      runnable.push_back(arch);
    }
  }
  options.architectures = runnable;
  if (runnable.empty()) return results;
  for (ChainResult& result : preflight(tree, options)) results.push_back(std::move(result));
  return results;
}

}  // namespace assay::bootstrap
