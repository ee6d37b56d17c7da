// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What M2-Mesoplanet 1.13 starts, told from its command line, its environment and the files it includes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/file_tree.h"

namespace assay::bootstrap {

/// A program that M2-Mesoplanet starts. argv[0] is the bare name, which it looks up in PATH.
struct MesoplanetCommand {
  std::string program;  ///< as found, or the bare name if nothing was found
  std::vector<std::string> argv;
};

struct MesoplanetRun {
  std::string
      preprocessed;  ///< the temporary file with the text after preprocessing, as a path from its directory
  std::vector<std::string> temporaries;  ///< all of them, that one included; removed in the end
  std::vector<MesoplanetCommand> commands;
};

/// Nothing for uses that are not foreseen here: objects, -c, preprocessing only, UEFI, options unknown.
/// `tree` must hold the sources as they are when the command runs; `cwd` is a normal path.
std::optional<MesoplanetRun> mesoplanet_run(const FileTree& tree, const std::string& cwd,
                                            const std::vector<std::string>& argv,
                                            const std::vector<std::string>& env);

}  // namespace assay::bootstrap
