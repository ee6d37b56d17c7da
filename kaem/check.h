// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// kaem --check: everything in a script that does not do what it looks like, without running it.
// What needs the rest of the tree (missing files, order of commands) is found by preflight.
#pragma once

#include "core/diagnostic.h"
#include "kaem/expand.h"
#include "kaem/minimal.h"

namespace assay::kaem {

/// Reads the script as the full kaem would, or as `minimal` would if it is given. Both branches of
/// every `if` are read. `source` is the index used in spans. Where `inherited` is given it is all that the
/// script starts with, and arguments that expand to nothing are reported too. `by_kernel`: a kernel started
/// the first program, no user: variables that kernels never give are unset everywhere, which is a note only.
void check_script(ByteView text, std::uint32_t source, const MinimalDialect* minimal, DiagnosticSink& sink,
                  const Environment* inherited = nullptr, bool by_kernel = false);

/// Whether kernels, and live-bootstrap's rootfs.py, give the first program a variable of this name.
bool is_given_by_kernels(std::string_view variable);

}  // namespace assay::kaem
