// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything the hex2 linker's library can say. Errors stand beside the real tool's own message, which
// is Output::standard_error.
#pragma once

#include <array>

#include "core/diagnostic.h"

namespace assay::linker {

inline constexpr std::array<DiagnosticKind, 10> kKinds{{
    {"linker-undefined-label", Severity::error, "define the label, or end its name with a blank"},
    {"linker-long-name", Severity::error, "a name has at most 4095 bytes"},
    {"linker-out-of-range", Severity::error, "use a wider field or move the target"},
    {"linker-unaligned-target", Severity::error, "branch targets are multiples of 4"},
    {"linker-endless-word", Severity::error, "complete the four bytes after '.': the real hex2 never stops"},
    {"linker-input-too-large", Severity::error, "inputs are limited to 2 GiB in all"},
    {"linker-duplicate-label", Severity::warning, "use another name: the last definition is used everywhere"},
    {"linker-partial-byte", Severity::warning,
     "complete the byte: the digits at the end of a file are dropped"},
    {"linker-ignored-character", Severity::warning, "start a comment with '#' or ';'"},
    {"linker-nul-in-name", Severity::warning, "remove the NUL: it cuts the name short"},
}};

/// The kind of this id. Fails to compile for an id that is not in the table.
consteval const DiagnosticKind& kind(std::string_view id) {
  for (const DiagnosticKind& row : kKinds) {
    if (row.id == id) return row;
  }
  throw "no such diagnostic";
}

}  // namespace assay::linker
