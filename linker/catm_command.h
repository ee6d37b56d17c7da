// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line of catm:
//
//   catm [--dialect NAME] [-W...] OUTPUT [INPUT...]
//
// Options are words before OUTPUT; the first other word ends them, and so does "--dialect mescc-tools",
// because the C program takes every word for a file name.
#pragma once

#include <span>

namespace assay::catm {

/// Runs catm on the process's files and streams. `words` are the arguments without the program's name.
int run_command(std::span<char*> words);

}  // namespace assay::catm
