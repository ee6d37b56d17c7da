// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is worth saying of one step of a trail.
#pragma once

#include "bootstrap/explain/trail.h"

namespace assay::bootstrap {

/// Adds what made the byte at `offset` of `made`, a part of `piece`, what it is: label, relocation, DEFINE,
/// function.
void add_notes(Trail& trail, FileId made, const Piece& piece, std::uint64_t offset, TrailHop& hop);

}  // namespace assay::bootstrap
