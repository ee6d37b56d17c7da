// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The static checks of anything that open_image opens.
#pragma once

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

  [[nodiscard]] std::size_t count(Severity severity) const;
  /// No finding is an error.
  [[nodiscard]] bool passed() const;
  /// What opening the image and the checks so far have found.
  static ImageReport of(Image image);
};

/// All static checks that fit what was opened.
ImageReport examine(Image image, const StageSources& sources);

}  // namespace assay::image
