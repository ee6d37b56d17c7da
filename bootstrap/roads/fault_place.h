// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "bootstrap/roads/reference_road.h"
#include "core/bytes.h"

namespace assay::bootstrap {

/// The source line that the instruction at an address of a program was made from; nothing if that cannot be
/// told.
std::optional<SourcePlace> place_of_instruction(const ReferenceRoad& road, const std::string& path,
                                                ByteView program, std::uint64_t address);

}  // namespace assay::bootstrap
