// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program run on many inputs, one after the other, within one run of the machine. It is loaded once, and
// stays at its first system call: there it is forked for each input, and the copy goes on to its end. What it
// writes to memory is undone behind it, and its code stays translated; a run costs as much as what it does.
#pragma once

#include "bootstrap/conform/target.h"
#include "core/memory_tree.h"
#include "machine/machine.h"

namespace assay::conform {

struct Batch {
  const std::vector<Bytes>& inputs;
  std::string input;   ///< path of what is read
  std::string output;  ///< removed before each run
};

/// What each input comes to, in order, as if each had a run of its own: for programs that start no others.
/// One that makes system calls without end is stopped sooner than one that only counts. `tree` holds the
/// program of the request. Errors: those of machine::run, "bad-program".
Result<std::vector<Observed>> run_batch(MemoryTree& tree, machine::Request request, const Batch& batch);

}  // namespace assay::conform
