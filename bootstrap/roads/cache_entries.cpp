// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/cache_entries.h"

#include <algorithm>
#include <string_view>

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDirectoryDigits = 2;
constexpr std::size_t kNameDigits = 62;

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_entry_directory(const fs::directory_entry& entry) {
  std::error_code error;
  const std::string name = entry.path().filename().string();
  return name.size() == kDirectoryDigits && is_hexadecimal(name) &&
         entry.symlink_status(error).type() == fs::file_type::directory;
}

bool is_entry_name(std::string_view name) {
  return name.size() > kNameDigits + 1 && name[kNameDigits] == '.' &&
         is_hexadecimal(name.substr(0, kNameDigits));
}

}  // namespace

std::vector<CacheEntry> cache_entries(const std::string& directory) {
  std::vector<CacheEntry> entries;
  std::error_code error;
  for (fs::directory_iterator folder(directory, error), end; !error && folder != end;
       folder.increment(error)) {
    if (!is_entry_directory(*folder)) continue;
    std::error_code unreadable;
    for (fs::directory_iterator file(folder->path(), unreadable); !unreadable && file != end;
         file.increment(unreadable)) {
      std::error_code ignored;
      if (!is_entry_name(file->path().filename().string()) ||
          file->symlink_status(ignored).type() != fs::file_type::regular)
        continue;
      const std::uint64_t size = file->file_size(ignored);
      if (!ignored) entries.push_back({file->last_write_time(ignored), size, file->path()});
    }
  }
  return entries;
}

std::size_t clear_cache(const std::string& directory) {
  std::error_code error;
  std::size_t left = 0;
  for (const CacheEntry& entry : cache_entries(directory)) {
    if (!fs::remove(entry.path, error)) ++left;
    fs::remove(entry.path.parent_path(), error);  // fails while something is in it
  }
  return left;
}

}  // namespace assay::bootstrap
