// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tree whose chain somebody has described.
#pragma once

#include <memory>
#include <string>

#include "bootstrap/tree/tree.h"
#include "core/diagnostic.h"

namespace assay::bootstrap {

/// Reads the description and lays the tree out as it says, in memory: files placed, directories made, seeds
/// that are not shipped assembled. Errors, each said to `sink` too: "chain-file-wrong".
Result<Tree> described_tree(const std::string& path, std::shared_ptr<const FileTree> files,
                            const Source& description, DiagnosticSink& sink);

}  // namespace assay::bootstrap
