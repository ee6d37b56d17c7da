// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a hunk fits, by GNU patch's rules: first where its header says, moved by what earlier hunks were
// moved, then ever further away in both directions, then again with one and two lines less of context. A hunk
// with less context before than behind belongs to the beginning of the file, one with less behind to its end.
#include <algorithm>

#include "bootstrap/live_bootstrap/patch_file.h"

namespace assay::image {
namespace {

constexpr std::int64_t kMostFuzz = 2;

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1));
    text.remove_prefix(lines.back().size());
  }
  return lines;
}

/// One side of a hunk.
struct Side {
  Lines lines;
  std::int64_t prefix = 0;  ///< lines of context before the first change
  std::int64_t suffix = 0;  ///< behind the last
};

Side side_of(const PatchHunk& hunk, char leave_out) {
  Side side;
  for (const PatchLine& line : hunk.lines) {
    if (line.kind != leave_out) side.lines.push_back(line.text);
  }
  const auto context = [](const PatchLine& line) { return line.kind == ' '; };
  side.prefix = std::find_if_not(hunk.lines.begin(), hunk.lines.end(), context) - hunk.lines.begin();
  side.suffix = std::find_if_not(hunk.lines.rbegin(), hunk.lines.rend(), context) - hunk.lines.rbegin();
  if (side.prefix == static_cast<std::int64_t>(hunk.lines.size())) side.suffix = 0;
  return side;
}

class Fitting {
 public:
  explicit Fitting(const Lines& file) : file_(file) {}

  /// The first line, from 1, where the side lies with so much fuzz; 0: nowhere.
  [[nodiscard]] std::int64_t locate(const Side& side, std::int64_t first, std::int64_t fuzz) const {
    const std::int64_t guess = first + moved;
    const auto count = static_cast<std::int64_t>(side.lines.size());
    if (count == 0) return guess;
    const auto size = static_cast<std::int64_t>(file_.size());
    const std::int64_t context = std::max(side.prefix, side.suffix);
    std::int64_t prefix_fuzz = fuzz + side.prefix - context;
    const std::int64_t suffix_fuzz = fuzz + side.suffix - context;
    const std::int64_t last_place = size - (count - suffix_fuzz) + 1;
    const std::int64_t first_place = frozen + 1;
    if (prefix_fuzz < 0 && first <= 1) {
      if (suffix_fuzz < 0 && count != size) return 0;
      return frozen == 0 && fits(side, 1, 0, std::max<std::int64_t>(suffix_fuzz, 0)) ? 1 : 0;
    }
    prefix_fuzz = std::max<std::int64_t>(prefix_fuzz, 0);
    if (suffix_fuzz < 0) {
      const std::int64_t at = size - count + 1;
      return at >= first_place && at > 0 && fits(side, at, prefix_fuzz, 0) ? at : 0;
    }
    const std::int64_t furthest = std::max(last_place - guess, guess - first_place);
    for (std::int64_t offset = 0; offset <= furthest; ++offset) {
      if (guess + offset <= last_place && guess + offset >= 1 &&
          fits(side, guess + offset, prefix_fuzz, suffix_fuzz))
        return guess + offset;
      if (offset != 0 && guess - offset >= std::max<std::int64_t>(first_place, 1) &&
          fits(side, guess - offset, prefix_fuzz, suffix_fuzz))
        return guess - offset;
    }
    return 0;
  }

  std::int64_t moved = 0;   ///< by how much the hunk before was
  std::int64_t frozen = 0;  ///< lines of the file that are behind us

 private:
  [[nodiscard]] bool fits(const Side& side, std::int64_t at, std::int64_t prefix_fuzz,
                          std::int64_t suffix_fuzz) const {
    const auto count = static_cast<std::int64_t>(side.lines.size());
    for (std::int64_t line = prefix_fuzz; line < count - suffix_fuzz; ++line) {
      const std::int64_t here = at - 1 + line;
      if (here < 0 || here >= static_cast<std::int64_t>(file_.size()) ||
          file_[static_cast<std::size_t>(here)] != side.lines[static_cast<std::size_t>(line)])
        return false;
    }
    return true;
  }

  const Lines& file_;
};

}  // namespace

PatchedText apply_hunks(std::string_view text, const PatchedFile& file) {
  PatchedText result;
  const Lines lines = lines_of(text);
  Fitting fitting(lines);
  std::size_t copied = 0;  // lines of the file in the result
  const auto copy_to = [&](std::size_t end) {
    for (; copied < end && copied < lines.size(); ++copied) result.text += lines[copied];
  };
  for (const PatchHunk& hunk : file.hunks) {
    const Side old_side = side_of(hunk, '+');
    // "-4,0" stands behind line 4.
    const auto first = static_cast<std::int64_t>(hunk.old_begin) + (hunk.old_count == 0 ? 1 : 0);
    const std::int64_t most = std::min(kMostFuzz, std::max(old_side.prefix, old_side.suffix));
    HunkResult went{hunk.line};
    std::int64_t at = 0;
    // A new file: what is there already is in its way.
    const bool in_the_way = hunk.old_begin == 0 && hunk.old_count == 0 && !lines.empty();
    for (std::int64_t fuzz = 0; at == 0 && fuzz <= most && !in_the_way; ++fuzz) {
      at = fitting.locate(old_side, first, fuzz);
      went.fuzz = static_cast<unsigned>(fuzz);
      if (at != 0 || fuzz != 0 || &hunk != &file.hunks.front()) continue;
      const Side new_side = side_of(hunk, '-');
      const auto new_first = static_cast<std::int64_t>(hunk.new_begin) + (hunk.new_count == 0 ? 1 : 0);
      if (fitting.locate(new_side, new_first, 0) != 0) {
        result.already = true;
        return result;
      }
    }
    if (at != 0) {
      went.applied = true;
      went.offset = at - first;
      fitting.moved = went.offset;
      // Lines left out of the comparison stay as the file has them.
      copy_to(static_cast<std::size_t>(at - 1));
      for (const PatchLine& line : hunk.lines) {
        if (line.kind == '+') {
          result.text += line.text;
        } else if (copied < lines.size()) {
          if (line.kind == ' ') result.text += lines[copied];
          ++copied;
        }
      }
      fitting.frozen = static_cast<std::int64_t>(copied);
    } else {
      went.fuzz = 0;
    }
    result.hunks.push_back(went);
  }
  copy_to(lines.size());
  return result;
}

}  // namespace assay::image
