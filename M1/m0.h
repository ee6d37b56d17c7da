// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M0, the first macro assembler of the chain: reads M1 text, writes hex2 text, one token a line.
// The language and its quirks are described in docs/languages/M0.md.
#pragma once

#include <span>

#include "M1/m0_dialects.h"
#include "core/diagnostic.h"
#include "core/output.h"

namespace assay::m0 {

struct Options {
  const Dialect* dialect = &kDialects[0];
  /// Fill Output::map: each output line belongs to the token that made it (of a macro: its use).
  bool want_map = false;
  /// Also report what is legal but probably not meant. Costs time on large inputs.
  bool want_warnings = false;
};

/// The effect of the real M0 on the concatenation of `sources`. Output is written only after all
/// tokens are evaluated, so a failing run has no bytes. Endings:
///   exits 0
///   exits 1     a number with an unknown sigil (riscv)
///   hangs       the input ends inside a comment
///   crashes     the input ends inside a token, has no tokens, or ends with a DEFINE
///   undefined   a token overruns the real tool's buffer; the bytes are those without the overrun
/// The sources' bytes must live until the call returns.
[[nodiscard]] Output assemble(std::span<const Source> sources, const Options& options,
                              DiagnosticSink& diagnostics);

}  // namespace assay::m0
