// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the programs that read hex0 do differently. Adding one is adding a row.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/file_rules.h"

namespace assay::hex0 {

enum class CommentEnd : std::uint8_t {
  line_feed,
  line_feed_or_carriage_return,
};

enum class OpenComment : std::uint8_t {  ///< the text ends inside a comment
  exits,
  hangs,
  crashes,  ///< after everything is written
};

enum class Nul : std::uint8_t {  ///< a zero byte outside comments
  ignored,
  ends_text,
};

enum class Strictness : std::uint8_t {
  any_text,     ///< every unknown byte is ignored
  exact_words,  ///< blank-separated words of two digits, or exit 1
};

struct Dialect {
  std::string_view name;
  CommentEnd comment_end = CommentEnd::line_feed;
  OpenComment open_comment = OpenComment::exits;
  /// 'G' and 'g' are digits of value 16.
  bool g_is_digit = false;
  Nul nul = Nul::ignored;
  Strictness strictness = Strictness::any_text;
  /// '@' begins a comment that says how many bytes there are by then, "@0x100 words": another number of them
  /// is an error.
  bool address_assertions = false;
  /// Only whole blocks of this many bytes reach the output: on any end, or on a failure.
  std::uint32_t block_at_end = 1;
  std::uint32_t block_at_failure = 1;
  FileRules files = {};
};

inline constexpr std::array<Dialect, 16> kDialects{{
    {.name = "AMD64", .g_is_digit = true, .files = {.uncreatable_output = NoOutput::errno_descriptor}},
    {.name = "x86", .g_is_digit = true},
    {.name = "AArch64"},
    {.name = "riscv32", .comment_end = CommentEnd::line_feed_or_carriage_return},
    {.name = "riscv64", .comment_end = CommentEnd::line_feed_or_carriage_return},
    {.name = "armv7l"},
    {.name = "armv7l-GAS"},
    {.name = "knight", .open_comment = OpenComment::hangs},
    {.name = "UEFI-amd64", .open_comment = OpenComment::crashes, .files = {.truncates = false}},
    {.name = "bh0-stage1-seed", .open_comment = OpenComment::hangs, .nul = Nul::ends_text},
    {.name = "bh0-stage1-master", .open_comment = OpenComment::hangs, .nul = Nul::ends_text},
    {.name = "bh0-mini", .open_comment = OpenComment::hangs, .nul = Nul::ends_text, .block_at_end = 512},
    {.name = "bh0-kernel", .open_comment = OpenComment::hangs},
    {.name = "hex0.c", .files = {.forces_mode = true}},
    // Reads standard input and writes standard output; its 1024 characters of buffer are 256 bytes.
    {.name = "hex0.sh",
     .strictness = Strictness::exact_words,
     .block_at_failure = 256,
     .files = {.missing_input = NoInput::fails,
               .unreadable_input = NoInput::fails,
               .unnamed_output = NoOutput::standard_output}},
    // The language of Onramp; its tools but for the first ones check assertions.
    {.name = "onramp", .comment_end = CommentEnd::line_feed_or_carriage_return, .address_assertions = true},
}};

/// The row with this name; nothing if there is none.
constexpr const Dialect* find_dialect(std::string_view name) {
  for (const Dialect& dialect : kDialects) {
    if (dialect.name == name) return &dialect;
  }
  return nullptr;
}

}  // namespace assay::hex0
