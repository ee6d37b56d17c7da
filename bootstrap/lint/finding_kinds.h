// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that lint has to say: where a reader reads something else than the machine gets.
#pragma once

#include <array>

#include "core/diagnostic.h"

namespace assay::bootstrap::lint {

inline constexpr std::array<DiagnosticKind, 12> kKinds{{
    {"lint-address", Severity::warning, "write the address that the label has"},
    {"lint-instruction", Severity::warning, "the bytes are what runs: mend whichever of the two is wrong"},
    {"lint-number", Severity::warning, "the bytes are what runs: mend whichever of the two is wrong"},
    {"lint-width", Severity::warning, "name the size that the instruction takes"},
    {"lint-target", Severity::warning, "name the label that the reference leads to"},
    {"lint-c-address", Severity::warning, "add the distance in bytes to the pointer instead"},
    {"lint-c-bits", Severity::warning, "compare with 0 on that side"},
    {"lint-c-both-sides", Severity::warning, "put the right side into an if inside the if"},
    {"lint-c-bytes", Severity::warning, "write the size of an element too, or an index"},
    {"lint-c-call", Severity::warning, "put the argument into a variable first"},
    {"lint-distance", Severity::warning, "write how far it is"},
    {"lint-twin", Severity::warning,
     "make the two texts the same program again, or take the unused one away"},
}};

/// The kind of this id. Fails to compile for an id that is not in the table.
consteval const DiagnosticKind& kind(std::string_view id) {
  for (const DiagnosticKind& row : kKinds) {
    if (row.id == id) return row;
  }
  throw "no such diagnostic";
}

}  // namespace assay::bootstrap::lint
