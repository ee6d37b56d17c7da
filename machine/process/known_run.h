// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Putting in place what is known of a program that need not run (Request::known).
#pragma once

#include "machine/machine.h"

namespace assay::machine {

/// Takes over what the record of an image and the sums of a run have of it; not its console texts.
void take_over(ImageRecord& image, Outcome& outcome, KnownRun& known);

/// Changes the tree as it did. An error says which path cannot be so.
Result<void> make_changes(MemoryTree& tree, const KnownRun& known);

}  // namespace assay::machine
