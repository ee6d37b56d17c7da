// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of a walk: those that are known, placeholders for those whose contents are not, and directories
// that may hold anything.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/memory_tree.h"

namespace assay::image {

class WalkWorld {
 public:
  explicit WalkWorld(std::shared_ptr<const FileTree> tree) : files(std::move(tree)) {}

  /// A world of its own that is as this one is now.
  [[nodiscard]] WalkWorld copy() const;

  /// `word`, seen from `cwd`, without links; normal.
  static std::string path(std::string_view cwd, std::string_view word);

  [[nodiscard]] bool exists(const std::string& path) const { return files.info(path).has_value(); }
  [[nodiscard]] bool is_directory(const std::string& path) const;
  /// Whether something may be there that we do not know of.
  [[nodiscard]] bool may_hold(const std::string& path) const;
  /// The bytes of a file that is known; null for others.
  [[nodiscard]] std::shared_ptr<const Bytes> known(const std::string& path) const;

  /// Some file is there now, whatever it holds; the directories above it too.
  void put_unknown(const std::string& path);
  /// Anything may be in this directory now.
  void open(const std::string& directory);

  MemoryTree files;
  /// builder-hex0 makes a directory that is there again; other kernels refuse.
  bool remakes_directories = false;
  /// Scripts that were put together: from which files, and how many lines of each.
  std::map<std::string, std::vector<std::pair<std::string, std::uint64_t>>> made_of;

 private:
  std::set<std::string, std::less<>> open_;
};

}  // namespace assay::image
