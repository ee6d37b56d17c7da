// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finding loops that fill or copy memory (exec/trace/loop.h) in a program.
#pragma once

#include <optional>

#include "exec/trace/loop.h"

namespace assay::exec {

class Program;

/// The loop that begins at an address; nothing if it is not of this kind.
std::optional<Loop> find_loop(Program& program, std::uint64_t address, unsigned word_bytes);

}  // namespace assay::exec
