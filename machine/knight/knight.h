// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The knight machine of Jeremiah Orians' stage0, as a machine of its own: a program is loaded at address 0
// and runs until it halts; it reaches two tapes and a console, and nothing else. docs/machine/knight.md.
#pragma once

#include <optional>
#include <string_view>

#include "machine/machine.h"

namespace assay::machine {

/// A number of bytes, with K, M or G (of 1024) behind it or without: "48K". Nothing: it is none, or not below
/// 2^40.
std::optional<std::uint64_t> memory_size_in(std::string_view text);

/// As machine::run; `request.knight` is there, with a word size that is. Errors: "file-not-found",
/// "not-a-file".
Result<Outcome> run_knight(MemoryTree& tree, const Request& request);

}  // namespace assay::machine
