// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference for cc_x86, cc_amd64, cc_aarch64, cc_riscv32 and cc_riscv64: a small subset of C in,
// M1 assembly out, to the byte. docs/languages/cc.md describes the language.
//
// The stages are in headers of their own, for back ends other than text:
//   cc/lexer.h    bytes -> tokens
//   cc/parser.h   tokens -> operations of an accumulator machine (cc/code.h), all types decided
//   cc/emitter.h  operations -> text, by the templates of a dialect (cc/dialects.h)
#pragma once

#include "cc/dialects.h"
#include "core/diagnostic.h"
#include "core/output.h"
#include "core/source.h"

namespace assay::cc {

struct Options {
  const Dialect* dialect = nullptr;
  bool want_map = false;
  /// Look for strict warnings; errors are always reported.
  bool want_warnings = false;
};

/// What the real compiler writes, and how it ends. It writes at the very end, so a program it rejects,
/// hangs on or crashes on leaves an empty output (but for one message that AMD64 sends there).
/// Names in spans refer to source 0. Reported as Ending::undefined: what depends on memory the real
/// compiler overruns, and our own limits (nesting, size of input and output).
Output compile(const Source& source, const Options& options, DiagnosticSink& diagnostics);

}  // namespace assay::cc
