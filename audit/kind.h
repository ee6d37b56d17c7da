// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a file can be that is not source: a row a kind. docs/audit.md has the same rows for readers.
#pragma once

#include <span>
#include <string_view>

namespace assay::audit {

/// 1: executed, compiled, interpreted or opaque. 2: generated, and installed or shown. 3: follows from other
/// files trivially. 0: cannot be decided by looking; for people to review.
using Tier = int;

struct Kind {
  std::string_view id;
  Tier tier = 1;
  std::string_view what;
  std::string_view why;         ///< it matters
  std::string_view regenerate;  ///< how
  /// Where the source is looked for: names beside the file, '%' is its name without extension.
  std::string_view sources;
};

std::span<const Kind> kinds();
/// Null: there is no such kind.
const Kind* find_kind(std::string_view id);

}  // namespace assay::audit
