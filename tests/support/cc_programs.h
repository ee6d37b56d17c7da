// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random programs in the language of the cc_<arch> compilers, by its grammar: every declaration,
// statement and operator, nested, with strings, escapes, odd spellings and comments. The same seed
// gives the same program everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::test {

/// What not to write because one compiler rejects it or hangs on it.
struct CcLimits {
  bool arrays_in_structs = true;
  /// A char as the first member is followed by others.
  bool short_first_member = true;
  /// \xAB with letters.
  bool letters_in_hex = true;
};

/// The tokens of a program. All its global names begin with `prefix`. Nearly all programs are accepted;
/// some lean on types in a way that makes the compilers crash.
std::vector<std::string> cc_program(std::uint32_t seed, std::string_view prefix, CcLimits limits);

/// Writes tokens with random blanks and comments between them, where the lexer needs them or not.
std::string spell(const std::vector<std::string>& tokens, std::uint32_t seed);

/// Removes, doubles, swaps or replaces a few tokens, or cuts the program.
std::vector<std::string> spoil(std::vector<std::string> tokens, std::uint32_t seed);

}  // namespace assay::test
