// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Characters, strings and decimal numbers as the compilers write them.
#pragma once

#include <string>
#include <string_view>

#include "cc/dialects.h"
#include "cc/stop.h"

namespace assay::cc {

/// The value of a character token ("'x", the closing quote is gone already). Only the first
/// character counts. Throws Stop for an unknown escape or a bad hexadecimal digit.
std::int64_t character_value(std::string_view token, Span span, const Dialect& dialect, Report& report);

/// What stands behind a string's label. Regular: "text", escapes done, LF; if a byte of it does not fit
/// between quotes, or a ':' follows a blank, "weird": 'XX XX .. 00' and LF, of hexadecimal digits. A zero
/// byte is regular and cuts the rest off. Throws Stop as above, and where the text does not fit the real
/// compiler's buffer.
std::string string_text(std::string_view token, Span span, const Dialect& dialect, Report& report);

/// The digits of a number as the compilers print it: from 10^10 on, the first digit is whatever
/// comes behind '9', or an early end.
std::string decimal(std::int64_t value, int word_bytes);

}  // namespace assay::cc
