// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// In which lines a text is not what it was. Of a known text its line codes are enough: they say where it was
// changed, not what stood there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bootstrap {

/// A place where lines were changed, put in or taken out.
struct LineChange {
  std::uint64_t known = 0;  ///< where the lines stood that are gone, from 1
  std::uint64_t gone = 0;   ///< how many
  std::uint64_t line = 0;   ///< where the new ones stand, or would, from 1
  std::uint64_t come = 0;   ///< how many
};

/// Two digits of base64 a line, the first 12 bits of its SHA-256: of 4096 changed lines one is taken for the
/// same. A line is without its '\n'; what follows the last '\n' is one if it is not empty.
std::string line_codes(std::string_view text);

/// The lines of a text, as line_codes counts them.
std::vector<std::string_view> lines_of(std::string_view text);

/// How many lines of one text, by its line codes, another one has as well, wherever they stand.
std::size_t common_lines(std::string_view codes, std::string_view other);

/// Where a text is not the one that has these codes: few lines in all, in order. Where one line more or less
/// could be any of several that are alike, it is the first of them.
std::vector<LineChange> changed_from_codes(std::string_view codes, std::string_view text);

/// The same, where both texts are at hand.
std::vector<LineChange> changed_from_text(std::string_view known, std::string_view text);

/// What a line of a source says without its comment, and without the blanks around it. By the file's name: C,
/// or a language whose comments begin with '#' or ';'. A line inside a comment of C is known by its '*'.
std::string_view code_of_line(std::string_view path, std::string_view line);

}  // namespace assay::bootstrap
