// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// lint of many files: each text by itself, and texts that are the same program by their names.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bootstrap/lint/lint.h"
#include "core/file_tree.h"

namespace assay::bootstrap::lint {

/// The name of an architecture as the tables have it, in any letter case; empty if nobody knows it.
std::string_view known_architecture(std::string_view name);

struct FileAlarms {
  std::string name;
  std::shared_ptr<const Bytes> bytes;
  std::vector<Diagnostic> alarms;
  std::vector<std::string> also;  ///< files with the same content
};

class Linter {
 public:
  /// `architecture`: that of all texts; empty: their names tell.
  explicit Linter(std::string_view architecture) : architecture_(architecture) {}

  void add_file(std::string name, std::shared_ptr<const Bytes> bytes);
  /// All texts in a tree, under the name of its root.
  void add_tree(const FileTree& tree, const std::string& root);
  /// After the last file: looks at them. Of files with the same content the first counts.
  void finish();

  /// Files with alarms, in the order of their names.
  [[nodiscard]] const std::vector<FileAlarms>& found() const { return found_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  [[nodiscard]] std::string_view architecture_of(std::string_view name) const;
  [[nodiscard]] std::string key_of(const std::string& name, ByteView bytes) const;
  void add_directory(const FileTree& tree, const std::string& path, const std::string& root);
  void check_twins(const std::string& name, std::vector<Diagnostic>& alarms);

  std::string_view architecture_;
  std::map<std::string, std::shared_ptr<const Bytes>> files_;
  std::vector<FileAlarms> found_;
  Counts counts_;
};

}  // namespace assay::bootstrap::lint
