// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `preflight`, `plan`, `record`, `matrix` and `explain` have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/scale/plan.h"

namespace assay::bootstrap {

inline constexpr unsigned kMostJobs = 256;
/// Of this machine, at most kMostJobs.
unsigned processors();

/// The trees that a list names, or the one that a directory is.
Result<std::vector<ListedTree>> listed_trees(const std::string& path);

Error unknown_architecture(const std::string& name);

/// Those of the names, or else all that the tree holds. Errors: "unknown-architecture",
/// "architecture-not-in-tree".
Result<std::vector<const Architecture*>> chosen_architectures(const Tree& tree,
                                                              const std::vector<std::string>& names);

/// What the host refused to a run, which says nothing about the tree.
std::optional<Error> trouble_of_host(const std::vector<ChainResult>& results);

/// Seconds of a clock that never goes back.
double steady_seconds();

}  // namespace assay::bootstrap
