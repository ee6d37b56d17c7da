// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random texts of a tool's language that every program of the dialect accepts. The same numbers give the same
// texts on every host.
#pragma once

#include <cstdint>

#include "bootstrap/conform/tools.h"

namespace assay::conform {

/// The text with this number of a series. `pieces`: about how long it is.
std::vector<std::string> random_pieces(const ToolRow& tool, std::string_view dialect, std::uint64_t seed,
                                       std::uint64_t number, unsigned pieces);
/// The pieces joined.
Bytes random_program(const ToolRow& tool, std::string_view dialect, std::uint64_t seed, std::uint64_t number,
                     unsigned pieces);

}  // namespace assay::conform
