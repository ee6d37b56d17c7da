// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/bytes.h"

namespace assay {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(ByteView bytes);
inline constexpr std::size_t kSha256Digits = 64;
/// Whether a text could be what sha256() gives.
bool is_sha256(std::string_view text);

}  // namespace assay
