// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/chain/chain.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// What runs a command of a bare architecture: PROGRAM TAPE-1 TAPE-2 [MEMORY]. Error: "bare-command" for
/// words that say no such thing.
Result<machine::KnightMachine> knight_of(const Command& command, const Architecture& arch);

}  // namespace assay::bootstrap
