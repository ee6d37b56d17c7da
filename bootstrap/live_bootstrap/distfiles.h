// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The archives that the steps of live-bootstrap want, and what somebody has of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/image/open_image.h"
#include "bootstrap/tree/replaced_files.h"
#include "core/file_tree.h"

namespace assay::image {

/// A line of a sources file, or several for one file.
struct Distfile {
  std::string name;
  std::string digest;  ///< SHA-256, as upstream lists it
  std::vector<std::string> urls;
  std::string step;            ///< the first that wants it
  std::string sources;         ///< its sources file
  std::uint64_t line = 0;      ///< in that
  std::uint64_t manifest = 0;  ///< line of the manifest
};

/// In order of the manifest; every step that any configuration builds.
std::vector<Distfile> wanted_distfiles(const FileTree& tree);

/// A digest of what an archive holds: names, kinds, executable or not, bytes. How it was packed and when, and
/// who packed it, is left out. Nothing: no archive that can be read.
std::optional<std::string> content_digest(Bytes archive);

/// The same of upstream's archive with this digest, where it is known.
std::optional<std::string_view> known_content(std::string_view digest);

/// A distfile that is there with another digest than its sources file lists.
struct OtherDistfile {
  Distfile wanted;
  std::string path;           ///< where it lies, a normal path
  std::string digest;         ///< the file's own
  bool same_content = false;  ///< as upstream's, where that is known
};

/// Those of a tree that is laid out as it boots, which are archives all the same. `last_line`: of the
/// manifest; steps behind it do not count.
std::vector<OtherDistfile> other_distfiles(const FileTree& tree, std::uint64_t last_line);

/// The sources files as if they listed these files: their steps then go on.
bootstrap::Replacements sources_for(const FileTree& tree, const std::vector<OtherDistfile>& others);

}  // namespace assay::image
