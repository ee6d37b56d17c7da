// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tree that a command line names, and the description of its chain.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

void add_chain_option(CLI::App& command, std::string& chain);

/// Opens a tree in a directory by the description in the file `chain`; if that is empty, by its layout, or,
/// where it has none that is known, by the description that lies in it. What is wrong in a description is
/// printed. Errors: those of open_tree and described_tree.
Result<Tree> chosen_tree(const std::string& path, const std::string& chain);

}  // namespace assay::bootstrap
