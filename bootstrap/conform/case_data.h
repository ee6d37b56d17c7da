// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes in a case: lines that begin with '|' (text), ':' (hexadecimal) or '*' (repeated text).
#pragma once

#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace assay::conform {

/// Most bytes of a datum: what a case repeats is not to fill the memory.
inline constexpr std::size_t kMostData = std::size_t{64} << 20U;

/// Text with \\ \n \r \t \xHH for what it says. Error "bad-case".
Result<Bytes> unescape(std::string_view text);

/// Appends what a line of data says. Error "bad-case".
Result<void> add_data_line(std::string_view line, Bytes& bytes);

}  // namespace assay::conform
