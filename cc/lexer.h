// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tokens of a source text, exactly as the compilers cut them:
//   blanks are space, tab and LF; '#' at a token's start drops the line; /*...*/ and //... vanish;
//   letters, digits and '_' make words, and a ':' right behind a word goes to its front (a label);
//   a run of < = > | & ! - is one token; strings and characters keep their opening quote only and
//   their escapes raw; every other byte is a token of its own.
// A zero byte belongs to both words and signs, and ends a token's text; a byte FC is the end of the
// file except inside strings and comments.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cc/stop.h"
#include "core/source.h"

namespace assay::cc {

/// The buffer of a token in the real compilers holds this many bytes and is not checked.
inline constexpr std::size_t kTokenBuffer = 256;

/// Every distinct token text has a small number: its name id. The first ids are the texts the
/// grammar knows.
enum Known : std::uint32_t {
  kEmpty,
  kStruct,
  kEnum,
  kMain,
  kIf,
  kElse,
  kDo,
  kWhile,
  kFor,
  kAsm,
  kGoto,
  kReturn,
  kBreak,
  kContinue,
  kSizeof,
  kPlus,
  kMinus,
  kTimes,
  kOver,
  kPercent,
  kShiftLeft,
  kShiftRight,
  kLess,
  kLessEqual,
  kGreaterEqual,
  kGreater,
  kEqualTo,
  kNotEqual,
  kAnd,
  kAndAnd,
  kOr,
  kOrOr,
  kXor,
  kArrow,
  kOpenBrace,
  kCloseBrace,
  kOpenParen,
  kCloseParen,
  kOpenBracket,
  kCloseBracket,
  kComma,
  kSemicolon,
  kAssign,
  kVoid,
  kInt,
  kChar,
  kFile,
  kFunction,
  kUnsigned,
  kLong,
  kKnownNames,
};

class Names {
 public:
  Names();
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  std::uint32_t id_of(std::string_view text);
  [[nodiscard]] std::string_view text(std::uint32_t id) const { return texts_[id]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

struct Token {
  std::uint32_t name = 0;
  /// Extent in the source, quotes and all.
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// Throws Stop where the real compilers do not come back: a comment or line without end, a string
/// without end, a token too long.
std::vector<Token> read_tokens(ByteView source, Names& names, Report& report);

}  // namespace assay::cc
