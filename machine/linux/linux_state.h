// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kernel keeps of files and time for one run. The clock is its own: it starts at the same second
// each time, goes on a little when it is looked at, and by a second when another file is changed than the one
// before; the times of files are of that clock. So who compares them finds the order in which things were
// done.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "core/memory_tree.h"

namespace assay::machine {

inline constexpr std::int64_t kSecond = 1'000'000'000;  ///< nanoseconds

/// What a node has that a tree does not keep. Times are nanoseconds since 1970.
struct FileStatus {
  std::weak_ptr<const Node> node;  ///< keeps the address from being used again
  std::uint64_t inode = 0;
  std::int64_t accessed = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0;  ///< of the node itself: mode, owner, names
  std::uint32_t links = 1;   ///< of a file
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

class LinuxState {
 public:
  /// The time, for who asks.
  std::int64_t now() {
    last_ = nullptr;
    return now_ += kQuestion;
  }
  void sleep(std::int64_t nanoseconds) { now_ += nanoseconds; }
  [[nodiscard]] std::int64_t since_start() const { return now_ - kStart; }

  FileStatus& status(const std::shared_ptr<Node>& node);
  /// The contents have changed, or the node is new.
  void written(const std::shared_ptr<Node>& node);
  /// Mode, owner or names have.
  void changed(const std::shared_ptr<Node>& node);

 private:
  static constexpr std::int64_t kStart = 1'000'000'000 * kSecond;  // September 2001
  static constexpr std::int64_t kQuestion = 1000;
  std::int64_t now_ = kStart + kSecond;
  std::uint64_t next_inode_ = 2;
  const Node* last_ = nullptr;  ///< what was written last, if nothing has happened since
  std::unordered_map<const Node*, FileStatus> files_;
};

}  // namespace assay::machine
