// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// cpio (initramfs) and tar, compressed or not, through libarchive.
#pragma once

#include "bootstrap/image/finding_kinds.h"
#include "bootstrap/image/lazy_tree.h"
#include "bootstrap/image/medium.h"

namespace assay::image {

// What an archive may hold; beyond is the finding "image-limit" and the rest is not read.
inline constexpr std::uint64_t kMaxArchiveBytes = std::uint64_t{1} << 32U;
inline constexpr std::uint64_t kMaxArchiveFileBytes = std::uint64_t{1} << 30U;
inline constexpr std::size_t kMaxArchiveEntries = 1U << 20U;
/// Unpacked bytes for each byte read; small archives may exceed it up to kFreeArchiveBytes.
inline constexpr std::uint64_t kMaxArchiveRatio = 200;
inline constexpr std::uint64_t kFreeArchiveBytes = 64U << 20U;

/// The files in an archive. Entries whose names or links would leave the tree are findings and left out.
/// Errors: "image-not-recognised", and those of ByteStream and CpioGuard before the first entry.
Result<std::shared_ptr<const FileTree>> open_archive(std::shared_ptr<const Medium> medium,
                                                     Findings& findings);

}  // namespace assay::image
