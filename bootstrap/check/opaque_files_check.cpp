// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/opaque_files_check.h"

#include <fmt/format.h>
#include <set>
#include <string>

#include "audit/scan.h"
#include "audit/seeds.h"

namespace assay::bootstrap {
namespace {

/// Told one by one; of more only the number.
constexpr std::size_t kMostTold = 8;

/// Paths that a step reads or runs.
std::set<std::string> paths_of_steps(const std::vector<ChainResult>& chains) {
  std::set<std::string> paths;
  for (const ChainResult& result : chains) {
    for (const Command& command : result.chain.commands) {
      paths.insert(command.inputs.begin(), command.inputs.end());
      paths.insert(command.program);
    }
  }
  return paths;
}

}  // namespace

std::vector<Finding> check_opaque_files(const Tree& tree, const std::vector<ChainResult>& chains) {
  const Result<audit::Scan> scan = audit::scan(*tree.files, {.only_opaque = true});
  if (!scan) return {};  // this machine has no database of kinds
  const std::set<std::string> used = paths_of_steps(chains);
  std::vector<Finding> findings;
  std::size_t more = 0;
  for (const audit::FileVerdict& file : scan->files) {
    if (file.kind == nullptr || !audit::seed_name(file.digest).empty()) continue;
    const bool is_used = used.contains(file.path);
    if (!is_used && findings.size() >= kMostTold) {
      ++more;
      continue;
    }
    findings.push_back({"tree-opaque-file", Severity::note, file.path, 0, 0,
                        fmt::format("{}: {}; {}", file.kind->what, file.detail,
                                    is_used ? "a step reads it" : "no step reads it"),
                        "nobody can review it: say what it is made of, or leave it out"});
  }
  if (more != 0)
    findings.push_back({"tree-opaque-file", Severity::note, "", 0, 0,
                        fmt::format("{} more files that are no text, and that no step reads", more),
                        "all of them: assay audit TREE"});
  return findings;
}

}  // namespace assay::bootstrap
