// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a script as kaem-minimal does, against a Host.
#pragma once

#include "kaem/interpreter.h"
#include "kaem/minimal.h"

namespace assay::kaem {

/// The words of a command as the real interpreter finds them in its memory, where each has 4096 bytes: a
/// longer one goes on with the next, and leaves its end behind that. Beyond `max_words` the first word is
/// overwritten and becomes empty. Nothing if a word reaches beyond the memory.
std::optional<std::vector<std::string>> words_in_memory(const MinimalCommand& command,
                                                        const MinimalDialect& dialect);

/// Runs all commands, stopping at the first that fails. Children get `environment` where the dialect
/// passes it on. Ending::crashes is reported to `sink`.
Finish run_minimal(ByteView script, const MinimalDialect& dialect,
                   const std::vector<std::string>& environment, Host& host, DiagnosticSink& sink);

}  // namespace assay::kaem
