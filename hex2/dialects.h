// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the hex2-0 programs (the small linkers written in hex1) do differently. Adding one is
// adding a row.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/file_rules.h"
#include "hex0/dialects.h"
#include "hex1/reference.h"

namespace assay::hex2 {

/// Which references take a base of their own, as in %target>base.
enum class BaseRule : std::uint8_t {
  none,           ///< '>' is part of the name
  relative_only,  ///< absolute references read the base and ignore it
  all_pointers,   ///< absolute references become differences; instruction fields have no base
};

/// The text ends inside a name.
enum class OpenToken : std::uint8_t {
  ends_token,
  crashes,
  aborts,  ///< the virtual machine stops with status 1
  hangs,
};

enum class UndefinedLabel : std::uint8_t {
  fails,     ///< exit 1; a crash if there is no label at all
  constant,  ///< kUndefinedAddress is used; the machine aborts if there is no label at all
};

/// What '^' does to a relative reference without a base of its own.
enum class Caret : std::uint8_t {
  ignored,
  divides_next,  ///< the one right after it is divided by four
  counts_words,  ///< the next one, wherever it is, is a distance in words from two words ahead
};

/// What knight takes for the address of an undefined label: four bytes of its own code.
inline constexpr std::int64_t kUndefinedAddress = 0x2F04000D;

/// References longer than this many bytes overrun a buffer somewhere.
inline constexpr std::size_t kPortableToken = 2047;

/// Memory for labels: each takes `overhead` bytes and its name, rounded up.
struct LabelHeap {
  std::uint64_t bytes = 0;
  std::uint64_t overhead = 0;
  std::uint64_t rounding = 1;
};

struct Dialect {
  std::string_view name;
  std::uint64_t base_address = 0x600000;
  hex1::References references = {};
  hex1::Origin origin = hex1::Origin::field_end;
  hex1::ByteOrder byte_order = hex1::ByteOrder::little;
  hex1::CountedAt counted_at = hex1::CountedAt::first_digit;
  hex0::CommentEnd comment_end = hex0::CommentEnd::line_feed_or_carriage_return;
  hex0::OpenComment open_comment = hex0::OpenComment::hangs;
  BaseRule base_rule = BaseRule::relative_only;
  OpenToken open_definition = OpenToken::crashes;
  OpenToken open_reference = OpenToken::crashes;
  UndefinedLabel undefined_label = UndefinedLabel::fails;
  /// The byte 0xFC ends the text outside comments, and a name inside one.
  bool fc_is_end = false;
  /// '`' counts as the digit 9.
  bool backtick_is_nine = false;
  Caret caret = Caret::ignored;
  /// Relative references count from where Arm's program counter is: 8 beyond the word that the field ends in.
  bool counts_from_counter = false;
  /// '.' XORs a word into the pending instruction bits.
  bool instruction_words = false;
  /// '<' pads with zeros to a multiple of four.
  bool pads = false;
  /// The longest reference the tool was seen to survive.
  std::size_t longest_reference = kPortableToken;
  LabelHeap heap = {};
  FileRules files = {};
};

namespace rules {

using hex1::Form;

inline constexpr FileRules kToStandardOutput{.unnamed_output = NoOutput::standard_output,
                                             .uncreatable_output = NoOutput::standard_output};
inline constexpr FileRules kArgumentCounting{.missing_input = NoInput::fails,
                                             .unnamed_output = NoOutput::standard_output};
inline constexpr FileRules kEndOfErrors{.missing_input = NoInput::ends,
                                        .unreadable_input = NoInput::ends,
                                        .unnamed_output = NoOutput::standard_output,
                                        .uncreatable_output = NoOutput::standard_output};
inline constexpr hex1::References kPointers{{{'!', 1, Form::relative},
                                             {'@', 2, Form::relative},
                                             {'%', 4, Form::relative},
                                             {'$', 2, Form::absolute},
                                             {'&', 4, Form::absolute}}};
inline constexpr hex1::References kPointersOfThree{{{'!', 1, Form::relative},
                                                    {'@', 2, Form::relative},
                                                    {'~', 3, Form::relative},
                                                    {'%', 4, Form::relative},
                                                    {'$', 2, Form::absolute},
                                                    {'&', 4, Form::absolute}}};
inline constexpr hex1::References kFields{{{'!', 0, Form::i_field},
                                           {'@', 0, Form::b_field},
                                           {'$', 0, Form::j_field},
                                           {'~', 0, Form::u_field},
                                           {'%', 4, Form::relative},
                                           {'&', 4, Form::absolute}}};
inline constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

constexpr Dialect riscv(std::string_view name, std::uint64_t label_overhead) {
  return {.name = name,
          .references = kFields,
          .counted_at = hex1::CountedAt::second_digit,
          .base_rule = BaseRule::all_pointers,
          .instruction_words = true,
          .pads = true,
          .longest_reference = 2060,
          .heap = {kMiB, label_overhead},
          .files = kArgumentCounting};
}

}  // namespace rules

inline constexpr std::array<Dialect, 8> kDialects{{
    {.name = "AMD64",
     .references = rules::kPointers,
     .heap = {8 * rules::kMiB - 2048, 32},
     .files = rules::kToStandardOutput},
    {.name = "x86",
     .base_address = 0x8048000,
     .references = rules::kPointers,
     .longest_reference = 6500,
     .heap = {12 * rules::kMiB, 28},
     .files = rules::kToStandardOutput},
    {.name = "AArch64",
     .references = rules::kPointersOfThree,
     .origin = hex1::Origin::field_start,
     .open_definition = OpenToken::ends_token,
     .open_reference = OpenToken::ends_token,
     .fc_is_end = true,
     .caret = Caret::divides_next,
     .longest_reference = 2405,
     .heap = {12 * rules::kMiB, 25, 8},
     .files = rules::kEndOfErrors},
    rules::riscv("riscv32", 16),
    rules::riscv("riscv64", 32),
    {.name = "armv7l",
     .base_address = 0x10000,
     .references = rules::kPointersOfThree,
     .caret = Caret::counts_words,
     .counts_from_counter = true,
     .pads = true,
     .longest_reference = 1976,  // its buffer ends with the page that the program ends in
     .heap = {8'192'000, 28},
     .files = rules::kToStandardOutput},
    {.name = "armv7l-GAS",
     .base_address = 0x8048000,
     .references = rules::kPointers,
     .longest_reference = 6500,
     .heap = {8'192'000, 28},
     .files = rules::kToStandardOutput},
    {.name = "knight",
     .base_address = 0,
     .references =
         {{{'@', 2, hex1::Form::relative}, {'$', 2, hex1::Form::absolute}, {'&', 4, hex1::Form::absolute}}},
     .byte_order = hex1::ByteOrder::big,
     .comment_end = hex0::CommentEnd::line_feed,
     .open_comment = hex0::OpenComment::exits,
     .base_rule = BaseRule::none,
     .open_definition = OpenToken::aborts,
     .open_reference = OpenToken::hangs,
     .undefined_label = UndefinedLabel::constant,
     .backtick_is_nine = true,
     .longest_reference = SIZE_MAX,
     .files = rules::kToStandardOutput},
}};

/// The row with this name; nothing if there is none.
constexpr const Dialect* find_dialect(std::string_view name) {
  for (const Dialect& dialect : kDialects) {
    if (dialect.name == name) return &dialect;
  }
  return nullptr;
}

}  // namespace assay::hex2
