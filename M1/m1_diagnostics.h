// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything the M1 library can say. Errors stand beside the real tool's own message, which is
// Output::standard_error.
#pragma once

#include <array>

#include "core/diagnostic.h"

namespace assay::m1 {

inline constexpr std::array<DiagnosticKind, 19> kKinds{{
    {"m1-long-atom", Severity::error, "a token has at most 4095 bytes"},
    {"m1-long-string", Severity::error, "a string has at most 4094 bytes"},
    {"m1-unterminated-string", Severity::error, "close the quote"},
    {"m1-no-tokens", Severity::error, "give an input with at least one token"},
    {"m1-incomplete-define", Severity::error, "DEFINE takes a name and a value"},
    {"m1-out-of-range", Severity::error, "use a wider field"},
    {"m1-negative-padding", Severity::error, "'<' takes a number of bytes"},
    {"m1-too-much-padding", Severity::error, "the real tool cannot allocate it"},
    {"m1-undefined", Severity::error, "define it, quote it, or make it a label or reference"},
    {"m1-output-too-large", Severity::error, "outputs are limited to 4 GiB, a padding to 1 GiB"},
    {"m1-malformed-number", Severity::warning, "this assembles as 0: it has a character that is no digit"},
    {"m1-number-as-name", Severity::warning, "this is no number for M1: it is taken for a reference"},
    {"m1-slack-range", Severity::warning, "one more than the field holds is accepted and cut off"},
    {"m1-field-cut", Severity::warning, "the value is cut to the field; load the rest with lui"},
    {"m1-high-byte-in-string", Severity::warning, "write such strings as '...' in hex"},
    {"m1-nul", Severity::warning, "remove the NUL: it cuts the token short"},
    {"m1-carriage-return", Severity::warning, "use LF line ends: the CR is part of the token"},
    {"m1-redefinition", Severity::warning, "use another name: the last definition is used everywhere"},
    {"m1-define-newline", Severity::warning, "write DEFINE, its name and its value on one line"},
}};

/// The kind of this id. Fails to compile for an id that is not in the table.
consteval const DiagnosticKind& kind(std::string_view id) {
  for (const DiagnosticKind& row : kKinds) {
    if (row.id == id) return row;
  }
  throw "no such diagnostic";
}

}  // namespace assay::m1
