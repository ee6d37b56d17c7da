// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cases in a directory of the user's.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/conform/tools.h"

namespace assay::conform {

/// All of DIRECTORY/*.case that are the tool's by their prefix, sorted by name. Errors: "file-not-found" and
/// others of read_host_file; "bad-case" with the file's name.
Result<std::vector<Case>> read_cases(const ToolRow& tool, const std::string& directory);

}  // namespace assay::conform
