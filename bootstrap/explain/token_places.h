// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tokens of a compiler that knows file and line: where in the line they stand.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "bootstrap/explain/made_from.h"

namespace assay::bootstrap {

class TokenPlaces {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Token {
    std::string file;  ///< as the compiler names it
    std::uint64_t line = 0;
    std::string text;
    bool first = false;  ///< the one before it has another line
  };
  /// Its number.
  std::uint32_t add(const Token& token);
  [[nodiscard]] const std::vector<Token>& all() const { return all_; }

 private:
  std::vector<Token> all_;
  std::map<std::tuple<std::string, std::uint64_t, std::string, bool>, std::uint32_t> numbers_;
};

struct SourceOfToken {
  FileId file = kNoFile;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// By number. M2-Planet counts a line when it reads its end, before it makes a token of what stood there: so
/// the last token of a line is the first that has the next line's number, if nothing is behind it
/// (`preprocessed`: blanks and comments were dropped). A token that does not stand in its line as it is (a
/// macro's) is its line's first word.
std::vector<SourceOfToken> find_tokens(Products& products, const Making& making, const TokenPlaces& tokens,
                                       bool preprocessed);

/// The file that a name means to a command: an input, or a file of the tree; kNoFile: none.
FileId find_source(Products& products, const Making& making, std::string_view name);
/// Offsets of the lines of a text.
std::vector<std::uint64_t> line_starts(ByteView text);
/// Which word of a struct of words a member is, by the C text between its braces; nothing: it has none of
/// that name.
std::optional<unsigned> word_of_member(std::string_view body, std::string_view name);

}  // namespace assay::bootstrap
