// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"

namespace assay::bootstrap {

/// True of the programs of known releases that count on registers being cleared at their start, as every
/// Linux does: nobody need be alarmed by them.
bool is_known_reliance(const Bytes& program);

}  // namespace assay::bootstrap
