// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two texts of one program: the one that authors work on, with mnemonics, and the one that is used.
#pragma once

#include <optional>

#include "core/diagnostic.h"

namespace assay::bootstrap::lint {

struct TwinResult {
  std::optional<Diagnostic> alarm;  ///< at the first place of `twin` whose bytes are others
};

/// `twin` is an M1 or hex2 text, `used` a hex text with its file header, which the twin may lack.
/// `definitions` may be empty. Nothing where one of them does not assemble.
std::optional<TwinResult> compare_twins(const Source& twin, const Source& used, const Source& definitions,
                                        std::string_view architecture);

}  // namespace assay::bootstrap::lint
