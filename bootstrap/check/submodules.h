// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Submodules that are not checked out: one finding for them, what follows from them folded under it.
#pragma once

#include <optional>

#include "bootstrap/check/preflight.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// Whether a finding is about a file below one of the directories.
bool follows_from(const Finding& finding, const std::vector<std::string>& empty);

/// Takes out the errors and warnings that follow from the empty directories and puts one finding in front,
/// "tree-submodules-missing", which counts them. Nothing happens if there is no empty directory. `path`: of
/// the tree on the host. `severity`: of the finding, where nothing follows from it.
void fold_under_submodules(const std::vector<std::string>& empty, const std::string& path, Severity severity,
                           std::vector<Finding>& findings);

/// What is to be said of an architecture whose chain needs a submodule that is not there; nothing if its
/// chain needs none. Nothing runs.
std::optional<ChainResult> lacking_submodules(const Tree& tree, const Architecture& arch);

/// `preflight` of the chains that lack nothing; the others are told of as above, before them.
std::vector<ChainResult> check_chains(const Tree& tree, PreflightOptions options);

}  // namespace assay::bootstrap
