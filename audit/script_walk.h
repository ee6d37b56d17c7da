// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A walk through a build script over the list of an archive's files: which are removed, moved, written or
// emptied, and which tools run where.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/shell.h"

namespace assay::audit {

/// What the script did to a file, last.
struct Touch {
  bool removed = false;
  bool emptied = false;
  bool replaced = false;
  bool maybe = false;  ///< under a condition
  std::uint32_t line = 0;
};

/// A tool that the script ran.
struct ToolRun {
  std::string tool;       ///< without version: "autoreconf"
  std::string directory;  ///< of the archive
  std::vector<std::string> words;
  std::uint32_t line = 0;
  std::size_t order = 0;  ///< among all commands
  bool maybe = false;
};

/// A removal by a pattern.
struct Pattern {
  std::string glob;  ///< as a path of the archive
  std::uint32_t line = 0;
};

struct Walk {
  std::map<std::string, Touch, std::less<>> touched;
  std::map<std::string, std::size_t, std::less<>> removed_at;  ///< order
  std::vector<ToolRun> tools;
  std::vector<Pattern> patterns;
};

/// `paths`: of the archive, sorted.
Walk walk_script(const ShellScript& script, const std::set<std::string, std::less<>>& paths);

}  // namespace assay::audit
