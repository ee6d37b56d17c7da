// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/file_tree.h"
#include "core/paths.h"

namespace assay::bootstrap {

/// A directory of a tree as a tree of its own.
class SubTree final : public FileTree {
 public:
  SubTree(std::shared_ptr<const FileTree> files, std::string root)
      : files_(std::move(files)), root_(std::move(root)) {}

  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override {
    return files_->info(join(path));
  }
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override {
    return files_->read(join(path));
  }
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override {
    return files_->list(join(path));
  }
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override {
    return files_->link_target(join(path));
  }

 private:
  [[nodiscard]] std::string join(std::string_view path) const {
    return path.empty() ? root_ : join_path(root_, path);
  }

  std::shared_ptr<const FileTree> files_;
  std::string root_;
};

/// `files` itself if `root` is its root.
inline std::shared_ptr<const FileTree> sub_tree(std::shared_ptr<const FileTree> files, std::string root) {
  if (root.empty()) return files;
  return std::make_shared<const SubTree>(std::move(files), std::move(root));
}

}  // namespace assay::bootstrap
