// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/file_tree.h"

namespace assay {

/// A directory of the host, read-only. Links are nodes of the tree and never followed on the host,
/// so nothing outside the directory can be reached. Devices, pipes and sockets do not exist in it.
class HostTree final : public FileTree {
 public:
  explicit HostTree(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override;
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override;

 private:
  std::filesystem::path root_;
};

}  // namespace assay
