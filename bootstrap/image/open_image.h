// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognising what a path or standard input holds, without root and without mounting.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bootstrap/image/accounting.h"
#include "bootstrap/image/builder_hex0_image.h"
#include "bootstrap/image/finding_kinds.h"
#include "core/file_tree.h"

namespace assay::image {

enum class ImageKind {
  builder_hex0,             ///< boot sector, stage2, stream
  disk,                     ///< partition table with ext2/3 file systems, or one file system
  archive,                  ///< cpio or tar, compressed or not
  live_bootstrap_checkout,  ///< a directory with steps/ and seed/
  live_bootstrap_tree,      ///< a prepared directory: steps/ and the seeds at its root
};
std::string_view name_of(ImageKind kind);

struct Image {
  std::string path;  ///< as the user wrote it
  ImageKind kind = ImageKind::archive;
  /// Nothing for directories.
  std::shared_ptr<const Medium> medium;
  /// The files in it; of a disk with several file systems below "1", "2", ... by partition.
  std::shared_ptr<const FileTree> files;
  std::optional<BuilderHex0Image> builder_hex0;
  /// disk: what every byte is; archives and directories have none.
  Accounting accounting;
  /// What went wrong while opening.
  Findings findings;
};

/// Whether a directory of the host is live-bootstrap's.
bool is_live_bootstrap(const std::string& directory);

/// Opens a file, a directory, or "-" for standard input.
/// Errors: those of open_medium, "image-not-recognised".
Result<Image> open_image(const std::string& path);
/// The same for a medium that is open already.
Result<Image> open_image(const std::string& path, std::shared_ptr<const Medium> medium);

}  // namespace assay::image
