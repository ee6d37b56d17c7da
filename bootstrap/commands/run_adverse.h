// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay run --adverse`: one program in all the surroundings that a kernel may give it.
#pragma once

#include <string>
#include <vector>

#include "core/memory_tree.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// Runs the program of `request` on copies of `tree`, in the friendly surrounding and in each adverse one. A
/// line for each in which it does something else. Errors: those of machine::run.
Result<std::vector<std::string>> run_adverse(const MemoryTree& tree, machine::Request request);

}  // namespace assay::bootstrap
