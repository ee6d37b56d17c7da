// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// hex2-0: hexadecimal bytes, named labels and references to them; the small linker of the seed chain.
// (The later linker of mescc-tools is in linker/.) The page is docs/languages/hex2-0.md.
#pragma once

#include "core/diagnostic.h"
#include "core/output.h"
#include "core/source.h"
#include "hex2/dialects.h"

namespace assay::hex2 {

struct Options {
  const Dialect* dialect = kDialects.data();
  bool want_map = false;
  /// Strict warnings; errors are always reported.
  bool want_warnings = false;
  /// False for a pipe: the second pass then reads nothing and the output is empty.
  bool rewinds = true;
};

/// What the dialect's program writes for `source`. Never fails to return: a failure, hang or crash of the
/// real program is an Output with that ending, the bytes written by then, and an error diagnostic. After the
/// first undefined label the rest of the text is still searched for more of them. Time and memory grow with
/// the size of the text.
Output assemble(const Source& source, const Options& options, DiagnosticSink& diagnostics);

}  // namespace assay::hex2
