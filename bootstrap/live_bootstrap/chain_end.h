// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far the user wants to go in the steps of live-bootstrap.
#pragma once

#include "bootstrap/chain/chain.h"
#include "bootstrap/live_bootstrap/manifest.h"
#include "core/file_tree.h"

namespace assay::image {

/// The word for the end of the stage0 part.
inline constexpr std::string_view kAnswersWord{"answers"};

struct LastStep {
  bootstrap::ChainEnd end;
  std::uint64_t line = 0;  ///< of the manifest
};

/// Where "STEP" or "STEP/FILE" is: a package that the manifest builds in this configuration, and a file that
/// its lists of digests name, by its last part. `tree`: laid out as it boots. Errors: "until-no-step",
/// "until-run-by-bash", "until-no-file", each with what there is.
Result<LastStep> find_last_step(const FileTree& tree, const std::string& word);

/// The lists of digests of a step, or of the root ("" for the programs that seed.kaem builds), for one
/// architecture: normal paths, sorted.
std::vector<std::string> checksum_lists(const FileTree& tree, const std::string& directory,
                                        std::string_view arch);

/// The configuration of a tree that is laid out as it boots, and what its manifest builds then.
Config config_of(const FileTree& tree);
std::vector<PlannedDirective> plan_of(const FileTree& tree, const Manifest& manifest);
/// Its manifest; empty if there is none. What is wrong with it is found elsewhere.
Manifest manifest_of(const FileTree& tree);

}  // namespace assay::image
