// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether people who read the sources of a chain are shown what its tools read (core/hidden_text.h).
#pragma once

#include "bootstrap/chain/verdict.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// Adds a finding "hidden-text" for the first place in each file of the tree that a step reads. Programs are
/// left out, and scripts, which have their own check.
void check_hidden_text(const Tree& tree, ChainResult& result);

}  // namespace assay::bootstrap
