// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay preflight` of what is no plain stage0-posix tree.
#pragma once

#include <string>

namespace assay::bootstrap {

struct ImageSettings {
  std::string path;
  std::string sources;  ///< a checkout whose builder-hex0/ the boot sector must come from; may be empty
  std::string json;
  bool quiet = false;
};

/// Whether `assay preflight PATH` is about an image or a live-bootstrap tree.
bool is_image(const std::string& path);

/// Checks and reports; returns the exit status.
int preflight_image(const ImageSettings& settings);

}  // namespace assay::bootstrap
