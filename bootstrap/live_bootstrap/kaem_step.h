// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A passN.kaem of a step, interpreted without running anything: the commands with their words and the
// directory they run in. Every command succeeds but `match` of two different words.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/live_bootstrap/manifest.h"
#include "core/file_tree.h"

namespace assay::image {

struct StepCommand {
  std::uint64_t line = 0;
  std::vector<std::string> words;  ///< expanded; the first is the program as written
  std::string cwd;                 ///< normal, without the leading '/'

  /// Its name without directories.
  [[nodiscard]] std::string_view program() const;
  /// A word as a normal path without the leading '/'.
  [[nodiscard]] std::string path(std::string_view word) const;
  /// Files that it reads, writes and makes as directories, as far as its program is known; normal paths.
  [[nodiscard]] std::vector<std::string> inputs() const;
  [[nodiscard]] std::vector<std::string> outputs() const;
};

/// The level of patch's -pN, -Np1, -p N; 0 without one.
unsigned strip_level(const std::vector<std::string>& words);

/// "steps/PACKAGE/passN.kaem"
std::string step_script(const PlannedDirective& planned);

/// The commands of that script, run in its directory with the configuration and what steps/env and seed.kaem
/// set. Nothing: there is no such file.
std::optional<std::vector<StepCommand>> step_commands(const FileTree& tree, const Config& config,
                                                      const PlannedDirective& planned);

}  // namespace assay::image
