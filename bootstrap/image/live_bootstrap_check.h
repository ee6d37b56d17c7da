// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be said about a live-bootstrap tree without running it: manifest, configuration, passes, sources,
// distfiles, lists of digests. Facts: live-bootstrap 984b8322, its script-generator and rootfs.py.
#pragma once

#include "bootstrap/image/kinds.h"
#include "bootstrap/image/manifest.h"
#include "bootstrap/image/open_image.h"
#include "core/file_tree.h"

namespace assay::image {

/// All checks; nothing if the tree has no steps/manifest.
void check_live_bootstrap(const FileTree& tree, ImageKind kind, Findings& findings);

// The parts, each a file of its own.
void check_config(const Config& config, ImageKind kind, Findings& findings);
void check_steps(const FileTree& tree, const Manifest& manifest, const std::vector<PlannedDirective>& plan,
                 Findings& findings);
void check_sources(const FileTree& tree, const Manifest& manifest, ImageKind kind, Findings& findings);
void check_packages(const FileTree& tree, const Manifest& manifest, const std::vector<PlannedDirective>& plan,
                    Findings& findings);

/// A line of a sources file.
struct SourceEntry {
  std::string url;
  std::string digest;
  std::string name;
  std::uint64_t line = 0;
};
/// Lines that are wrong are findings and left out.
std::vector<SourceEntry> parse_sources(std::string_view text, const std::string& file, Findings& findings);

}  // namespace assay::image
