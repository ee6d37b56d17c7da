// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Known states made of what was checked here.
#pragma once

#include <span>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/releases/known_state.h"

namespace assay::bootstrap {

/// SHA-256 of the files of a tree, each computed once.
class TreeDigests {
 public:
  explicit TreeDigests(const FileTree& files) : files_(files) {}
  /// Empty if there is no such file.
  const std::string& of(const std::string& path);
  [[nodiscard]] const FileTree& files() const { return files_; }

 private:
  const FileTree& files_;
  std::map<std::string, std::string> digests_;
};

/// The files that a chain reads and does not make, scripts and seeds included.
Digests sources_of(const ChainResult& result, TreeDigests& files);
/// A state of the user's own: what these chains read and made. Chains that failed are left out.
KnownState state_of(std::string name, std::span<const ChainResult> results, const FileTree& files);
/// The same from a report of `preflight --json`. Errors: "known-state-malformed".
Result<KnownState> state_of_report(std::string name, std::string_view json);

}  // namespace assay::bootstrap
