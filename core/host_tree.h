// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "core/file_tree.h"

struct stat;

namespace assay {

/// A file of a tree that steps work on is held in memory, more than once: see HostTree.
inline constexpr std::uint64_t kMostTreeFileBytes = std::uint64_t{1} << 28;

/// A directory of the host, read-only. Links are nodes of the tree and never followed on the host,
/// so nothing outside the directory can be reached. Devices, pipes and sockets do not exist in it.
/// It remembers what everything looked like that was asked for: if the directory is changed meanwhile, who
/// asks again gets an error, and troubles() says so. Safe from several threads.
class HostTree final : public FileTree {
 public:
  /// Files of more than `most_bytes` cannot be read.
  explicit HostTree(const std::filesystem::path& root, std::uint64_t most_bytes = kMostTreeFileBytes);

  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override;
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override;
  [[nodiscard]] std::vector<Error> troubles() const override;
  /// Paths of what is neither file, directory nor link: pipes, sockets, devices. Those of git are left out.
  [[nodiscard]] std::vector<std::string> special_files() const;
  /// A directory in which this program writes itself, while it reads: that names come and go there is no
  /// trouble.
  void expect_writes(std::string directory) { written_ = std::move(directory); }

 private:
  /// What a path was when it was first looked at.
  struct Seen {
    NodeKind kind = NodeKind::file;
    std::uint32_t mode = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;    ///< of a file
    std::uint64_t names = 1;   ///< of a file
    std::int64_t changed = 0;  ///< nanoseconds: of a file, and of a directory that was listed
    friend bool operator==(const Seen&, const Seen&) = default;
  };
  struct Known {
    std::optional<Seen> seen;  ///< nothing: nothing is there
    bool listed = false;
    std::weak_ptr<const Bytes> bytes;
  };

  [[nodiscard]] std::string host_path(std::string_view path) const;
  /// What is there now; an error only where that cannot be told.
  [[nodiscard]] Result<std::optional<Seen>> look(std::string_view path, bool listed) const;
  /// The same, remembered or compared with what is.
  [[nodiscard]] Result<std::optional<Seen>> look_again(std::string_view path, bool listed) const;
  tl::unexpected<Error> trouble(Error error) const;

  std::string root_;
  std::uint64_t most_bytes_;
  std::optional<std::string> written_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Known, std::less<>> known_;  ///< by path
  mutable std::vector<Error> troubles_;
};

}  // namespace assay
