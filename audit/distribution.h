// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tree of recipes of a distribution says about itself: a row of data a distribution. Only what can
// be counted or pointed at is told; what cannot is told as unknown, with what would answer it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "audit/scan.h"

namespace assay::audit {

/// Files, or lines of files, to be counted.
struct CountRow {
  enum class Of { files, files_with, lines_with };
  std::string_view what;
  std::string_view glob;  ///< of paths; '*' crosses '/'
  Of of = Of::files;
  std::string_view text = {};     ///< that a line has...
  bool at_start = false;          ///< ...at its start
  std::string_view without = {};  ///< and this not
};

struct Distribution {
  std::string_view id;
  std::string_view name;
  /// It is this one where there are files that fit all of them.
  std::vector<std::string_view> recognised_by;
  std::vector<CountRow> counts;
  std::string_view recipes;    ///< glob of the files that name binaries
  std::string_view autotools;  ///< what the recipes do about generated configure scripts, if they say nothing
};
std::span<const Distribution> distributions();

struct Counted {
  std::string_view what;
  std::size_t number = 0;
};
/// A line that names a binary that a compiler is built with, or a recipe whose name says that it brings one.
struct BootstrapBinary {
  std::string where;  ///< "main/rust-bootstrap/template.py:12"
  std::string text;
};
struct StoredSeed {
  std::string path;
  std::string_view seed;  ///< which of stage0-posix, by digest
};

struct Profile {
  const Distribution* distribution = nullptr;
  std::vector<Counted> counts;
  std::vector<BootstrapBinary> binaries;  ///< kMostBinaries at most
  std::size_t all_binaries = 0;
  std::vector<StoredSeed> seeds;
  std::size_t opaque = 0;  ///< programs and opaque files in the tree, those seeds not counted
};

inline constexpr std::size_t kMostBinaries = 200;

/// `scan`: of the same tree. distribution is null where no row fits.
Profile profile(const FileTree& tree, const Scan& scan);

}  // namespace assay::audit
