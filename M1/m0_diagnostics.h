// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything M0 can say. Errors: the real M0 hangs, crashes or stops with status 1 here. Warnings:
// the output is what the real M0 writes, and probably not what the author meant.
#pragma once

#include <array>
#include <span>

#include "core/diagnostic.h"

namespace assay::m0 {

inline constexpr std::array<DiagnosticKind, 33> kKinds{{
    {"m0-unterminated-comment", Severity::error, "end the last line with a newline: the real M0 never stops"},
    {"m0-unterminated-atom", Severity::error, "end the last line with a newline: the real M0 crashes"},
    {"m0-unterminated-string", Severity::error, "close the quote: the real M0 crashes"},
    {"m0-no-tokens", Severity::error, "a file needs at least one token: the real M0 crashes"},
    {"m0-trailing-define", Severity::error, "put any token after the last DEFINE: the real M0 crashes"},
    {"m0-incomplete-define", Severity::error, "DEFINE takes a name and a value: the real M0 crashes"},
    {"m0-unknown-sigil", Severity::error,
     "only ! @ ~ and % introduce numbers here; put raw hex in single quotes: '00'"},
    {"m0-token-too-long", Severity::error, "shorten it: the real M0 overruns its buffer"},
    {"m0-nul-residue", Severity::error, "remove the NUL: what follows it can leak into later tokens"},
    {"m0-nul-in-token", Severity::error, "remove the NUL: what the real M0 does depends on its memory"},
    {"m0-missing-input", Severity::error, ""},
    {"m0-unreadable-input", Severity::error, ""},
    {"m0-input-too-large", Severity::error, ""},
    {"m0-lost-output", Severity::warning, ""},
    {"m0-unquoted-hex", Severity::warning, "put raw hex in single quotes: 'C3'"},
    {"m0-label-as-number", Severity::warning, "give the label a name that is not a number"},
    {"m0-odd-sigil", Severity::warning, "write !, @ or % for 1, 2 or 4 bytes"},
    {"m0-malformed-number", Severity::warning, "only 0-9 and, after 0x, A-F are digits: this assembles as 0"},
    {"m0-number-as-name", Severity::warning, "this is no number for M0: it is printed as it stands"},
    {"m0-odd-digit", Severity::warning, "use 0-9 and A-F: the characters :;<=>?@ count as 3 to 9"},
    {"m0-out-of-range", Severity::warning, "the value is cut to the field; use a wider one"},
    {"m0-number-wraps", Severity::warning, "numbers wrap at the machine word"},
    {"m0-nul-comment", Severity::warning, "remove the NUL: it starts a comment"},
    {"m0-nul-in-atom", Severity::warning, "remove the NUL: it ends the token like a blank"},
    {"m0-nul-in-string", Severity::warning, "remove the NUL: the rest of the string is dropped"},
    {"m0-fc-ends-file", Severity::warning, "remove the byte 0xFC: everything after it is ignored"},
    {"m0-comment-in-atom", Severity::warning, "put a blank before the comment: it is part of the token"},
    {"m0-carriage-return", Severity::warning, "use LF line ends: the CR is part of the token"},
    {"m0-undefined-word", Severity::warning,
     "define it: the word goes out as it stands, and the linker takes letters of it for digits"},
    {"m0-define-after-use", Severity::warning, "move the DEFINE up: it affects later tokens only"},
    {"m0-redefinition", Severity::warning, "use another name: tokens above keep the earlier value"},
    {"m0-quoted-name", Severity::warning, "remove the quotes: strings are never replaced"},
    {"m0-define-verbatim", Severity::warning, "the value is printed as it stands, never evaluated again"},
}};

/// The kind of this id. Fails to compile for an id that is not in the table.
consteval const DiagnosticKind& kind(std::string_view id) {
  for (const DiagnosticKind& row : kKinds) {
    if (row.id == id) return row;
  }
  throw "no such diagnostic";
}

}  // namespace assay::m0
