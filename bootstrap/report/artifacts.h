// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that a report cites, for a directory that the user names: what each road left in a bad step, what
// that step read and printed, products whose answer is wrong, and the files of findings and causes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/report/report_files.h"

namespace assay::bootstrap {

struct Artifact {
  std::string name;       ///< below the directory: "AMD64/step-0017/seed-road/AMD64/bin/M1"
  std::string_view what;  ///< "seed-road", "reference-road", "input", "standard-output", ..., "cited"
  std::string arch;
  std::optional<std::size_t> step;  ///< index in the chain
  std::string path;                 ///< in the tree
  std::shared_ptr<const Bytes> bytes;
};

/// `report`: of these chains. Names are such that any file system takes them, whatever the tree is called.
std::vector<Artifact> artifacts_of(const nlohmann::json& report, std::span<const ReportedChain> chains,
                                   const FilesByDigest& files);

nlohmann::json artifacts_json(const std::vector<Artifact>& artifacts);

}  // namespace assay::bootstrap
