// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of a step cache (step_cache.h): two digits of a key as the directory, the others and the number
// of a variant as the name. Whatever else lies in the directory is somebody else's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay::bootstrap {

/// The most that the user's cache holds between two runs.
inline constexpr std::uint64_t kMostCacheBytes = std::uint64_t{1} << 30;

struct CacheEntry {
  std::filesystem::file_time_type used;
  std::uint64_t size = 0;
  std::filesystem::path path;
};

/// All entries in `directory`, also what an interrupted run left of one; none if it cannot be read.
std::vector<CacheEntry> cache_entries(const std::string& directory);

/// Removes all entries, and the directories that are empty then. Returns how many entries are left.
std::size_t clear_cache(const std::string& directory);

}  // namespace assay::bootstrap
