// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one interface to files. Three implementations: in memory, a host directory (read-only), and
// an overlay of memory over any other tree (core/memory_tree.h, core/host_tree.h).
//
// Paths inside a tree are relative to its root, '/'-separated, normal: no empty, "." or ".." part,
// no leading or trailing '/'. The root itself is "". Trees know nothing of working directories or
// symbolic links; core/paths.h resolves those.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace assay {

enum class NodeKind { file, directory, link };

struct NodeInfo {
  NodeKind kind = NodeKind::file;
  /// Permission bits only: 0 to 07777.
  std::uint32_t mode = 0;
  /// Bytes of a file, 0 for others.
  std::uint64_t size = 0;
  /// Names that a file has; more than one: who writes it changes it under the others too.
  std::uint64_t names = 1;
};

class FileTree {
 public:
  virtual ~FileTree() = default;

  /// What is at `path`, links not followed; "file-not-found" if nothing.
  [[nodiscard]] virtual Result<NodeInfo> info(std::string_view path) const = 0;
  /// The bytes of a file: shared, never changed afterwards.
  [[nodiscard]] virtual Result<std::shared_ptr<const Bytes>> read(std::string_view path) const = 0;
  /// The names in a directory, sorted bytewise.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(std::string_view path) const = 0;
  /// The target text of a link.
  [[nodiscard]] virtual Result<std::string> link_target(std::string_view path) const = 0;
  /// What made this tree look other than it is, so far: a file that is there and could not be read, or was
  /// too large ("file-unreadable", "file-too-large"), or anything that changed since it was looked at
  /// ("file-changed"). Results that rest on such a tree are worth nothing.
  [[nodiscard]] virtual std::vector<Error> troubles() const { return {}; }
};

}  // namespace assay
