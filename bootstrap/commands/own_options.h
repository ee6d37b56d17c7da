// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// preflight's --with-seeds and --with-tools: a tree, run with programs of ours in it, after its own run.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "bootstrap/check/preflight.h"
#include "bootstrap/tree/own_tree.h"

namespace assay::bootstrap {

struct OwnSettings {
  std::string seeds;  ///< "own", or empty
  std::string tools;  ///< as own_programs_of reads it, or empty
  [[nodiscard]] bool any() const { return !seeds.empty() || !tools.empty(); }
};

void add_own_options(CLI::App& command, OwnSettings& settings);

struct OwnRun {
  OwnParts parts;
  OwnTree own;
  std::vector<ChainResult> plain;  ///< of the tree as it was given
};

/// Runs the tree as it is, and puts ours in its place. Nothing if nothing is to be ours. Errors: those of
/// own_programs_of and with_own.
Result<std::optional<OwnRun>> prepare_own(const OwnSettings& settings, const Tree& tree,
                                          const PreflightOptions& options);

}  // namespace assay::bootstrap
