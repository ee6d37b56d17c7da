// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A walk through everything that live-bootstrap's kaem does after the chain: after.kaem, what it starts, and
// the kaem steps, on a tree in memory. What the small tools do is done for real (directories, copies,
// archives, patches); what other programs make is not known, and where they ran anything may be.
#pragma once

#include <memory>

#include "bootstrap/live_bootstrap/manifest.h"
#include "core/file_tree.h"

namespace assay::image {

/// `tree`: laid out as it boots (prepared_tree). Nothing is found in a tree without a list of answers: its
/// programs are not known. Paths in findings are those of the prepared tree.
void walk_boot_scripts(std::shared_ptr<const FileTree> tree, const Config& config,
                       const std::vector<PlannedDirective>& plan, Findings& findings);

}  // namespace assay::image
