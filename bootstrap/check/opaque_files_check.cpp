// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/opaque_files_check.h"

#include <fmt/format.h>
#include <set>
#include <string>

#include "audit/scan.h"
#include "audit/seeds.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

/// Told one by one; of more only the number.
constexpr std::size_t kMostTold = 8;
/// Bytes of a file: sources are smaller.
constexpr std::uint64_t kLargest = std::uint64_t{1} << 26U;

/// What a program may find on the host, and not here.
void tell_special(const FileTree& files, std::vector<Finding>& findings) {
  const auto* const host = dynamic_cast<const HostTree*>(&files);
  if (host == nullptr) return;
  for (const std::string& path : host->special_files())
    findings.push_back({"tree-special-file", Severity::warning, path, 0, 0,
                        "a pipe, socket or device: programs of the tree would find it, here they do not",
                        "remove it from the tree"});
}

/// Paths that a step reads or runs.
std::set<std::string> paths_of_steps(const std::vector<ChainResult>& chains) {
  std::set<std::string> paths;
  for (const ChainResult& result : chains) {
    for (const Command& command : result.chain.commands) {
      paths.insert(command.inputs.begin(), command.inputs.end());
      paths.insert(command.program);
    }
    for (const StepResult& step : result.steps)
      for (const FileDigest& file : step.inputs) paths.insert(file.path);
  }
  return paths;
}

}  // namespace

std::vector<Finding> check_opaque_files(const Tree& tree, const std::vector<ChainResult>& chains) {
  std::vector<Finding> findings;
  tell_special(*tree.files, findings);
  const Result<audit::Scan> scan = audit::scan(*tree.files, {.only_opaque = true, .largest = kLargest});
  if (!scan) return findings;  // this machine has no database of kinds
  const std::set<std::string> used = paths_of_steps(chains);
  std::size_t told = 0;
  std::size_t more = 0;
  for (const audit::FileVerdict& file : scan->files) {
    if (file.size > kLargest) {
      findings.push_back({"tree-opaque-file", Severity::note, file.path, 0, 0,
                          fmt::format("{} bytes: it was not looked at", file.size),
                          "no source is so large: say what it is, or leave it out"});
      continue;
    }
    if (file.kind == nullptr || !audit::seed_name(file.digest).empty()) continue;
    const bool is_used = used.contains(file.path);
    if (!is_used && told >= kMostTold) {
      ++more;
      continue;
    }
    ++told;
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
