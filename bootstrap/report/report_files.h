// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of the files that a report speaks of.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// A chain as it stands in the report, in its order, and the tree that it began with.
struct ReportedChain {
  const ChainResult* result = nullptr;
  Tree tree;
};

/// By SHA-256.
using FilesByDigest = std::map<std::string, std::shared_ptr<const Bytes>, std::less<>>;

/// What the steps read and left, where it was kept (PreflightOptions::keep_files).
FilesByDigest files_of(std::span<const ReportedChain> chains);

}  // namespace assay::bootstrap
