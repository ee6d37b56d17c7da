// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The programs that the chains of released trees make.
#pragma once

#include "core/bytes.h"

namespace assay::bootstrap {

/// Whether a chain of a release that is built in makes these very bytes (by half of their SHA-256).
bool is_made_by_a_release(ByteView program);

}  // namespace assay::bootstrap
