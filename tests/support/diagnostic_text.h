// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <span>
#include <string>

#include "core/diagnostic.h"

namespace assay::test {

/// One line a diagnostic: "LINE:COLUMN+LENGTH ID: MESSAGE", then " (LINE:COLUMN NOTE)" for each note.
std::string diagnostic_text(const DiagnosticList& list, std::string_view source);

/// An example of one diagnostic: the text that brings it about and what is said, as diagnostic_text.
struct Example {
  std::string_view dialect;
  std::string_view text;
  std::string_view said;
};

/// The ids of `kinds` that no example shows.
std::set<std::string_view> ids_without_example(std::span<const DiagnosticKind> kinds,
                                               std::span<const Example> examples);

}  // namespace assay::test
