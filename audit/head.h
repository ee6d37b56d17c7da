// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first lines of a text, and what of them is comment. Rules look here: a marker in a string or in a text
// that a script writes elsewhere says nothing about the file itself.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace assay::audit {

inline constexpr std::size_t kHeadBytes = 8192;
inline constexpr std::uint32_t kHeadLines = 60;

struct HeadLine {
  std::uint32_t number = 0;  ///< from 1
  std::string_view raw;      ///< without its end
  bool is_comment = false;
  std::string_view comment;  ///< its text, without what introduces it
};

/// The lines of the first kHeadBytes, kHeadLines at most. `script`: here-documents are skipped. Of markup (a
/// text that begins with '<') only its own comments count.
std::vector<HeadLine> head_lines(std::string_view text, bool script);

/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace assay::audit
