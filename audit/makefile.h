// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rules of a makefile, as far as they can be told without running make: variables of the same file
// expanded, conditions ignored (both branches count).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::audit {

inline constexpr std::size_t kMostMakefileBytes = 1U << 20U;

struct MakeRule {
  std::vector<std::string> targets = {};  ///< expanded; srcdir and builddir are "."; top_srcdir is kTop
  std::vector<std::string> prerequisites = {};
  std::string recipe = {};  ///< expanded lines
  std::string where;        ///< "Makefile.am:12"
};

struct Makefile {
  std::vector<MakeRule> rules;
  std::vector<std::string> maintainer_clean;  ///< what only `make maintainer-clean` removes
};

/// The texts of makefiles that people wrote, by path.
using Makefiles = std::map<std::string, std::string>;

/// Stands for the root of the tree at the start of a path.
inline constexpr char kTop = '\1';

inline constexpr int kMostIncludes = 8;  ///< deep

/// The makefile at `path`, with what it includes as automake does it (names from the root, %D% the directory
/// of the included file), of which the names go into `included`.
Makefile read_makefile(const std::string& path, const Makefiles& makefiles, std::set<std::string>& included);

}  // namespace assay::audit
