// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The view of an image as a file tree: the names are known, the bytes are read when somebody asks.
#pragma once

#include <functional>
#include <map>

#include "core/file_tree.h"

namespace assay::image {

class LazyTree final : public FileTree {
 public:
  using Loader = std::function<Result<Bytes>()>;

  LazyTree();
  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override;
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override;

  /// Each replaces what was there and makes the directories above (mode 0755). False: the path is not normal,
  /// or lies below something that is no directory.
  bool put_file(std::string_view path, std::uint32_t mode, std::uint64_t size, Loader loader);
  bool put_directory(std::string_view path, std::uint32_t mode);
  bool put_link(std::string_view path, std::string target);
  /// A second name of a file.
  bool put_same(std::string_view path, std::string_view existing);

  struct Node {
    NodeInfo info;
    std::string target;
    Loader loader;
  };
  /// All paths in bytewise order; the root is "".
  [[nodiscard]] const std::map<std::string, Node, std::less<>>& nodes() const { return nodes_; }

 private:
  bool put(std::string_view path, Node node);
  std::map<std::string, Node, std::less<>> nodes_;
};

/// Whether `path` is what a FileTree wants: relative, no empty, "." or ".." part, no NUL.
bool is_normal_path(std::string_view path);

}  // namespace assay::image
