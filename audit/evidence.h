// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a file is taken for something else than source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/kind.h"

namespace assay::audit {

/// Evidence of different classes is independent of each other.
enum class EvidenceClass { content, name, structure, make_rule, sibling, vcs };
std::string_view name_of(EvidenceClass from);

struct Evidence {
  std::string_view rule;  ///< its id; lives for ever
  const Kind* kind = nullptr;
  EvidenceClass from = EvidenceClass::content;
  double confidence = 0;
  std::uint32_t line = 0;   ///< from 1; 0: the whole file
  std::string where = {};   ///< the file that says so, with its line; empty: the file itself
  std::string source = {};  ///< what the evidence names as its source; may be empty
};

}  // namespace assay::audit
