// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/kept_modes.h"

#include <fmt/format.h>
#include <map>
#include <string>

namespace assay::bootstrap {

std::vector<Finding> check_kept_modes(const FileTree& tree, const ChainResult& result) {
  constexpr std::uint32_t kUnusual = 07022;
  std::map<std::string, std::pair<std::uint32_t, std::size_t>>
      products;  // by path: mode and command in the end
  for (const StepResult& step : result.steps) {
    for (const FileDigest& file : step.outputs) products[file.path] = {file.mode, step.command};
  }
  std::vector<Finding> findings;
  for (const auto& [path, last] : products) {
    const auto [mode, index] = last;
    const Result<NodeInfo> before = tree.info(path);
    if (!before || before->kind != NodeKind::file || (before->mode & mode & kUnusual) == 0) continue;
    const Command& command = result.chain.commands[index];
    findings.push_back(
        {"product-keeps-rights", Severity::warning, command.script, command.line, 0,
         fmt::format("'{}' lay in the tree already, with mode {:04o}: the product keeps {:04o} of it", path,
                     before->mode & 07777, before->mode & mode & kUnusual),
         "remove the old file before the bootstrap: a fresh tree gives the product other rights"});
  }
  return findings;
}

}  // namespace assay::bootstrap
