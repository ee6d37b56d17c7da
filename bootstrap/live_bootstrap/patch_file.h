// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Unified diffs as GNU patch reads them: where a name ends, what is a new file, which of two names is meant,
// and where a hunk fits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::image {

struct PatchLine {
  char kind = ' ';        ///< ' ', '-' or '+'
  std::string_view text;  ///< with its line feed, if it has one
};

struct PatchHunk {
  std::uint64_t line = 0;  ///< of its header, from 1
  std::uint64_t old_begin = 0, old_count = 0;
  std::uint64_t new_begin = 0, new_count = 0;
  std::vector<PatchLine> lines;
};

/// Hunks for one file, with the headers above them.
struct PatchedFile {
  std::uint64_t line = 0;     ///< of the "+++" header
  std::string_view old_name;  ///< empty: /dev/null, or no such header
  std::string_view new_name;  ///< likewise
  std::vector<PatchHunk> hunks;

  /// The file need not be there before.
  [[nodiscard]] bool creates() const { return !hunks.empty() && hunks.front().old_begin == 0; }
};

struct PatchFault {
  std::uint64_t line = 0;
  std::string message;
};

/// All views are into the text that was parsed.
struct Patch {
  std::vector<PatchedFile> files;  ///< each has a hunk
  std::vector<PatchFault> faults;  ///< hunks that patch refuses
};
Patch parse_patch(std::string_view text);

/// The name behind "--- " or "+++ ": up to a tab, or, where the line has none, up to the first blank.
std::string_view header_name(std::string_view line);

/// The name without its first `strip` parts; empty: it has not so many.
std::string_view strip_name(std::string_view name, unsigned strip);

/// How one hunk went.
struct HunkResult {
  std::uint64_t line = 0;
  bool applied = false;
  std::int64_t offset = 0;  ///< lines from where its header says
  unsigned fuzz = 0;        ///< lines of context left out at either end
};

struct PatchedText {
  std::string text;
  std::vector<HunkResult> hunks;
  bool already = false;  ///< the change is there already: with -N patch skips the file and fails
};
PatchedText apply_hunks(std::string_view text, const PatchedFile& file);

}  // namespace assay::image
