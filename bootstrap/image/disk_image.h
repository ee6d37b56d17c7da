// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Disks with a partition table or one bare file system: disk.img and external.img of live-bootstrap. The file
// systems (ext2, ext3) are read through libext2fs; nothing is mounted and nothing is written.
#pragma once

#include "bootstrap/image/accounting.h"
#include "bootstrap/image/finding_kinds.h"
#include "bootstrap/image/lazy_tree.h"

namespace assay::image {

// What a file system may hold; beyond is the finding "image-limit" and the rest is not listed.
inline constexpr std::size_t kMaxDiskEntries = 1U << 21U;
inline constexpr std::size_t kMaxDirectoryDepth = 256;
inline constexpr std::uint64_t kMaxDiskFileBytes = std::uint64_t{1} << 30U;

/// A partition of the table in sector 0, in sectors.
struct Partition {
  unsigned number = 0;  ///< from 1
  Byte type = 0;
  bool active = false;
  Extent bytes;
};
std::vector<Partition> partitions_of(const Medium& medium);

/// Whether there is an ext file system, or a partition table that is not a boot sector for hex0 text.
bool looks_like_disk(const Medium& medium);

/// The files of all file systems: of one at the root of the tree, of several below the partition's number.
std::shared_ptr<const FileTree> open_disk(std::shared_ptr<const Medium> medium, Accounting& accounting,
                                          Findings& findings);

}  // namespace assay::image
