// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "machine/ir/ir.h"

namespace assay::machine {

/// Rewrites a block to do the same with less: results, exits, counts and the order of what can fault stay.
void optimise(Block& block, unsigned address_bits);

}  // namespace assay::machine
