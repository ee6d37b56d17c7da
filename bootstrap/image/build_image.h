// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing images. The same tree gives the same bytes on every host: names are sorted, owners, times, ids and
// the file system's UUID are fixed, of modes only the executable bit is kept.
#pragma once

#include <string>
#include <vector>

#include "command/output_file.h"
#include "core/file_tree.h"

namespace assay::image {

enum class BuildKind { builder_hex0, cpio, disk };

/// Something to pack, parents before children, sorted bytewise by parts.
struct PackedEntry {
  std::string path;
  NodeKind kind = NodeKind::file;
  bool executable = false;
  std::string source;  ///< where the tree has its bytes: links of files are followed for builder-hex0
};

/// Everything in the tree. For a stream links to files are followed, and names that hold ".git" are left out,
/// as live-bootstrap's generator does. Errors: those of the tree; "image-limit" (depth); "image-name".
Result<std::vector<PackedEntry>> entries_of(const FileTree& tree, bool for_stream);

/// stage1 and stage2 are made from the texts in `builder-hex0/` of the tree, which is itself not packed. A
/// checkout of live-bootstrap is laid out as its rootfs.py does: stage0-posix without bootstrap-seeds and
/// seed/* at the root, steps/, distfiles/ as external/distfiles/. If the tree holds the x86 hex0 and kaem
/// sources, the commands that start kaem follow. Errors: "image-no-stage-sources", "image-sector-constant",
/// "image-stage2-too-large", "image-name" (a name no stream can hold), "image-limit"; of the file:
/// "file-unwritable", "write-failed".
Result<void> build_builder_hex0(const FileTree& tree, OutputFile& file);

/// cpio, format newc. Errors: "write-failed".
Result<void> build_cpio(const FileTree& tree, OutputFile& file);

/// One partition with ext2 from 1 GiB on, as live-bootstrap's disk.img has it. Errors: "write-failed",
/// "image-limit".
Result<void> build_disk(const FileTree& tree, OutputFile& file);

/// Builds and commits.
Result<void> build_image(const FileTree& tree, BuildKind kind, const std::string& path);

}  // namespace assay::image
