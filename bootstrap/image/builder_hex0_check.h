// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Level A of a builder-hex0 image: everything that can be said without running it.
#pragma once

#include "bootstrap/image/accounting.h"
#include "bootstrap/image/builder_hex0_image.h"
#include "bootstrap/image/finding_kinds.h"
#include "bootstrap/image/lazy_tree.h"

namespace assay::image {

// Limits of the kernel (stage2's memory map).
inline constexpr std::size_t kMaxKernelEntries = 14332;
inline constexpr std::size_t kMaxKernelNameBytes = 1023;
inline constexpr std::size_t kMaxKernelArgumentBytes = 255;
inline constexpr std::uint64_t kKernelReadBytes = 64 * kSectorBytes;
inline constexpr std::uint64_t kKernelFileBytes = 1744830464;
/// The file system that make_fiwix_initrd writes as one file.
inline constexpr std::uint64_t kFiwixFileSystemBytes = 1414529024;
inline constexpr std::uint64_t kFirstPartitionByte = std::uint64_t{1} << 30U;

/// Sources to make the boot sector and stage2 again; empty: not given.
struct StageSources {
  Bytes stage1;
  Bytes stage2;
};

/// Reports what is wrong with the boot sector, stage2, the stream and the medium.
void check_builder_hex0(const BuilderHex0Image& image, const StageSources& sources, Findings& findings);

/// What every byte of the medium is; opaque files that nothing lists are findings. `findings` are those of
/// check_builder_hex0: the boot sector is a seed if that found it known.
Accounting account_builder_hex0(const BuilderHex0Image& image, Findings& findings);

/// The files that the stream makes, as the kernel will name them.
std::shared_ptr<const LazyTree> tree_of(const BuilderHex0Image& image);

}  // namespace assay::image
