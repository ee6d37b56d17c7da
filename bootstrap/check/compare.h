// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/roads/reference_road.h"

namespace assay::bootstrap {

FileDigest digest_of(const RoadFile& file);

/// The first difference between what the two roads left for one command, in the order of the
/// reference road's files, then those that only the seed road made; nothing if they are equal. Its source
/// place is filled in by `explain`.
std::optional<Divergence> first_difference(std::span<const RoadFile> seed,
                                           std::span<const RoadFile> reference);

/// Adds where the byte comes from, as the reference road has it.
void explain(Divergence& divergence, const ReferenceRoad& road);

}  // namespace assay::bootstrap
