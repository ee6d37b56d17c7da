// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/bytes.h"

namespace assay {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(ByteView bytes);

}  // namespace assay
