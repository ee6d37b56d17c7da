// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Taking files out of an image, and comparing two.
#pragma once

#include <string>
#include <vector>

#include "core/file_tree.h"

namespace assay::image {

inline constexpr std::uint64_t kMaxExtractedBytes = std::uint64_t{1} << 34U;
inline constexpr std::size_t kMaxListedEntries = 1U << 21U;

struct ListedEntry {
  std::string path;
  NodeInfo info;
  std::string target;  ///< of a link
};
/// Everything in the tree, parents first, sorted. Errors: those of the tree, "image-limit".
Result<std::vector<ListedEntry>> list_all(const FileTree& tree);

/// Writes all files below `directory`, which must not exist or be empty; it appears whole or not at all: a
/// temporary directory beside it, then a rename. Every directory is opened by its name under the one above
/// and links are never followed, so nothing is written outside; links are made last.
/// Errors: "extract-target" (it holds something), "file-unwritable", "image-limit", those of the tree.
Result<void> extract_all(const FileTree& tree, const std::string& directory);

/// One line a difference: "only in first: P", "only in second: P", "differs: P". Owners and times do not
/// count.
Result<std::vector<std::string>> compare(const FileTree& first, const FileTree& second);

}  // namespace assay::image
