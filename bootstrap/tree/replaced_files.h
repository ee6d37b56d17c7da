// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tree in which some files have another content.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/file_tree.h"

namespace assay::bootstrap {

/// The contents, by normal path. What was no file there becomes one of mode 0644.
using Replacements = std::map<std::string, std::shared_ptr<const Bytes>, std::less<>>;

class ReplacedFiles final : public FileTree {
 public:
  ReplacedFiles(std::shared_ptr<const FileTree> files, Replacements replaced)
      : files_(std::move(files)), replaced_(std::move(replaced)) {}

  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override {
    const auto found = replaced_.find(path);
    if (found == replaced_.end()) return files_->info(path);
    const auto old = files_->info(path);
    const bool is_file = old && old->kind == NodeKind::file;
    return NodeInfo{NodeKind::file, is_file ? old->mode : 0644, found->second->size()};
  }
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override {
    const auto found = replaced_.find(path);
    return found == replaced_.end() ? files_->read(path) : found->second;
  }
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override {
    return files_->list(path);
  }
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override {
    return files_->link_target(path);
  }
  [[nodiscard]] std::vector<Error> troubles() const override { return files_->troubles(); }

 private:
  std::shared_ptr<const FileTree> files_;
  Replacements replaced_;
};

}  // namespace assay::bootstrap
