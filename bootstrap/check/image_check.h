// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The static checks of anything that open_image opens, and of the trees that lie in it.
#pragma once

#include "bootstrap/check/packed_trees.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/open_image.h"

namespace assay::image {

struct ImageReport {
  std::string path;
  ImageKind kind = ImageKind::archive;
  /// Of the medium; nothing for directories.
  std::optional<std::uint64_t> size;
  /// Empty for directories and archives.
  Accounting accounting;
  std::vector<Finding> findings;
  /// What lies in it.
  std::vector<bootstrap::PackedTree> trees;
  /// What was no tree and no image that boots, in words; empty if everything was something to check.
  std::vector<std::string> unchecked;
  /// Whether there was something to check.
  bool checked = false;

  [[nodiscard]] std::size_t count(Severity severity) const;
  /// No finding is an error.
  [[nodiscard]] bool passed() const;
  /// What opening the image and the checks so far have found; its trees are not looked at.
  static ImageReport of(Image image);
};

/// All static checks that fit what was opened. The findings about chains are those of the scripts alone:
/// nothing runs.
ImageReport examine(Image image, const StageSources& sources);

}  // namespace assay::image
