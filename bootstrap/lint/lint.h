// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// lint: is what a reader reads what the machine gets? Comments and names of hex0, hex1, hex2 and M1 texts
// against their bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/diagnostic.h"

namespace assay::bootstrap::lint {

/// What was looked at: a share of alarms says nothing without it.
struct Counts {
  std::uint64_t files = 0;
  std::uint64_t addresses = 0;     ///< in comments
  std::uint64_t instructions = 0;  ///< comments and names of DEFINEs that name an instruction
  std::uint64_t targets = 0;       ///< labels that comments name
  std::uint64_t distances = 0;
  std::uint64_t twins = 0;
  std::uint64_t c_places = 0;  ///< operators of C texts that may be read otherwise
  std::uint64_t alarms = 0;
};

/// Lints a text by its name's ending (.hex0, .hex1, .hex2, .M1, .c); others say nothing. `architecture` as in
/// dialect tables
/// ("AMD64").
void lint_text(const Source& source, std::string_view architecture, Counts& counts, DiagnosticSink& sink);

/// What the path of a file in a tree says about its architecture; empty if nothing.
std::string_view architecture_of_path(std::string_view path);

}  // namespace assay::bootstrap::lint
