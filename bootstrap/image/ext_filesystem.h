// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An ext2/3 file system inside a medium, read through libext2fs by an I/O manager of our own that only reads.
// Not for several threads at once.
#pragma once

#include <ext2fs/ext2fs.h>
#include <memory>

#include "bootstrap/image/finding_kinds.h"
#include "bootstrap/image/lazy_tree.h"
#include "bootstrap/image/medium.h"

namespace assay::image {

inline constexpr std::uint64_t kMaxFileSystemBlocks = std::uint64_t{1} << 26U;
inline constexpr std::uint64_t kMaxFileSystemGroups = std::uint64_t{1} << 17U;

/// What an error of libext2fs means, in words.
std::string ext2_error_text(errcode_t code);

class ExtFileSystem {
 public:
  /// `where`: the partition. Errors: "image-filesystem", "image-partition-bounds", "image-limit".
  static Result<std::shared_ptr<ExtFileSystem>> open(std::shared_ptr<const Medium> medium, Extent where);
  ~ExtFileSystem();
  ExtFileSystem(const ExtFileSystem&) = delete;
  ExtFileSystem& operator=(const ExtFileSystem&) = delete;

  [[nodiscard]] Extent where() const { return where_; }
  [[nodiscard]] std::uint64_t block_bytes() const { return fs_->blocksize; }
  [[nodiscard]] std::uint64_t block_count() const;
  /// Whether a block is free by the block bitmap; all are in use if it cannot be read.
  [[nodiscard]] bool is_free(std::uint64_t block) const;
  /// The whole of a file. Errors: "image-filesystem", "image-limit".
  [[nodiscard]] Result<Bytes> read_file(ext2_ino_t inode) const;
  /// The blocks of a file, in order, those that only hold block numbers left out.
  [[nodiscard]] std::vector<std::uint64_t> blocks_of(ext2_ino_t inode) const;

  /// A regular file that was listed: its path and inode.
  struct File {
    std::string path;
    ext2_ino_t inode = 0;
  };
  /// Puts everything into `tree` below `prefix` (empty or ending in '/'); `self` keeps the file system open.
  static std::vector<File> list(const std::shared_ptr<ExtFileSystem>& self, const std::string& prefix,
                                LazyTree& tree, Findings& findings);

  /// The medium seen by libext2fs.
  struct Window {
    std::shared_ptr<const Medium> medium;
    Extent where;
  };

 private:
  ExtFileSystem() = default;
  std::unique_ptr<Window> window_;
  Extent where_;
  ext2_filsys fs_ = nullptr;
  bool bitmap_ = false;
};

}  // namespace assay::image
