// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A passN.kaem of a step, interpreted without running anything: the commands with their words and the
// directory they run in. Every command succeeds but `match` of two different words.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/image/manifest.h"
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

/// What the scripts of a step see: the configuration, what steps/env and seed.kaem set, pkg.
std::vector<std::string> step_environment(const FileTree& tree, const Config& config,
                                          std::string_view package);

/// The commands of a script that starts in `steps/PACKAGE`.
std::vector<StepCommand> record_step(ByteView text, const std::vector<std::string>& environment,
                                     std::string_view package);

}  // namespace assay::image
