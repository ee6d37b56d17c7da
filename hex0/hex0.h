// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// hex0: pairs of hexadecimal digits become bytes, '#' and ';' start comments. The language of every
// first seed; the page is docs/languages/hex0.md.
#pragma once

#include "core/diagnostic.h"
#include "core/output.h"
#include "core/source.h"
#include "hex0/dialects.h"
#include "hex0/kernels.h"

namespace assay::hex0 {

struct Options {
  const Dialect* dialect = kDialects.data();
  bool want_map = false;
  /// Strict warnings; errors are always reported.
  bool want_warnings = false;
  /// The first digit counts as the second of a byte: what the AMD64 seed writes when it has no output file.
  bool half_a_byte_late = false;
  /// Without map and warnings; one that the host lacks becomes the portable one.
  Kernel kernel = Kernel::automatic;
};

/// What the dialect's program writes for `source`. Never fails to return: a hang or crash of the real program
/// is an Output with that ending, the bytes written by then, and an error diagnostic. One pass.
Output assemble(const Source& source, const Options& options, DiagnosticSink& diagnostics);

}  // namespace assay::hex0
