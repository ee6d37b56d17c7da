// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From operations to the text of one architecture.
#pragma once

#include <vector>

#include "cc/code.h"
#include "cc/dialects.h"
#include "cc/stop.h"
#include "core/output.h"

namespace assay::cc {

/// Outputs over this many bytes are refused ("cc-output-too-large"): pops can make one quadratic in its
/// input.
inline constexpr std::uint64_t kMaxOutputBytes = std::uint64_t{1} << 28;

/// The stack that Linux gives a process by default; the real compilers write their output by
/// recursion over its pieces ("cc-deep-output").
inline constexpr std::uint64_t kUsualStack = std::uint64_t{8} << 20;

/// With a map, every byte is attributed: text of an operation to the operation's token, everything
/// else to an empty span at the start of the source.
Output emit(const Program& program, const std::vector<Token>& tokens, const Names& names,
            const Dialect& dialect, bool want_map, Report& report);

}  // namespace assay::cc
