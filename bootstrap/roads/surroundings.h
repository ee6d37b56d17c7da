// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace assay::bootstrap {

/// A number for the surroundings of a run, not 0. Nobody can know it before, so no program can be made to
/// look for what is drawn from it.
std::uint64_t drawn_number();

}  // namespace assay::bootstrap
