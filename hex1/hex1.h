// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// hex1: hex0 with labels of one byte and references to them. The page is docs/languages/hex1.md.
#pragma once

#include "core/diagnostic.h"
#include "core/output.h"
#include "core/source.h"
#include "hex1/dialects.h"

namespace assay::hex1 {

struct Options {
  const Dialect* dialect = kDialects.data();
  bool want_map = false;
  /// Strict warnings; errors are always reported.
  bool want_warnings = false;
  /// False for a pipe: the second pass then reads nothing and the output is empty.
  bool rewinds = true;
};

/// What the dialect's program writes for `source`. Never fails to return: a hang or crash of the real program
/// is an Output with that ending, the bytes written by then, and an error diagnostic.
Output assemble(const Source& source, const Options& options, DiagnosticSink& diagnostics);

}  // namespace assay::hex1
