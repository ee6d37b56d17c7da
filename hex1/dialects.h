// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the hex1 programs do differently. Adding one is adding a row.
#pragma once

#include <string_view>

#include "core/file_rules.h"
#include "hex0/dialects.h"
#include "hex1/reference.h"

namespace assay::hex1 {

/// The width of the register of pending instruction bits.
enum class PendingBits : std::uint8_t {
  word,
  /// Patterns of '~' that needed the carry are sign-extended: bit 31 reaches the four bytes after the word.
  sign_extended,
};

struct Dialect {
  std::string_view name;
  std::uint64_t base_address = 0;
  References references = {};
  Origin origin = Origin::field_end;
  ByteOrder byte_order = ByteOrder::little;
  CountedAt counted_at = CountedAt::first_digit;
  hex0::CommentEnd comment_end = hex0::CommentEnd::line_feed_or_carriage_return;
  /// The byte 0xFC outside comments ends the text.
  bool fc_ends_text = false;
  /// '`' counts as the digit 9.
  bool backtick_is_nine = false;
  PendingBits pending_bits = PendingBits::word;
  /// Labels from here up fall outside the table of labels.
  unsigned first_unsafe_label = 256;
  /// The slot of label 0x00 is also the read buffer.
  bool zero_label_unsafe = true;
  /// A ':' at the end of the text writes outside the table.
  bool label_at_end_unsafe = false;
  /// A ':' at the end of the text overwrites the code of this reference.
  char broken_by_label_at_end = '\0';
  /// ... the address of what every byte is written from.
  bool output_broken_by_label_at_end = false;
  FileRules files = {};
};

inline constexpr References kPercentOnly{{{'%', 4, Form::relative}}};
inline constexpr References kFieldReferences{
    {{'!', 0, Form::i_field}, {'@', 0, Form::b_field}, {'$', 0, Form::j_field}, {'~', 0, Form::u_field}}};
inline constexpr FileRules kArgumentCounting{.missing_input = NoInput::fails,
                                             .unnamed_output = NoOutput::standard_output};

inline constexpr std::array<Dialect, 8> kDialects{{
    {.name = "AMD64", .references = kPercentOnly, .fc_ends_text = true},
    {.name = "x86", .references = kPercentOnly, .broken_by_label_at_end = '%'},
    {.name = "AArch64",
     .base_address = 0x600000,
     .references = {{{'$', 2, Form::absolute}, {'~', 3, Form::relative, true}, {'&', 4, Form::absolute}}},
     .origin = Origin::field_start,
     .comment_end = hex0::CommentEnd::line_feed,
     .broken_by_label_at_end = '&'},
    {.name = "riscv32",
     .references = kFieldReferences,
     .counted_at = CountedAt::second_digit,
     .fc_ends_text = true,
     .first_unsafe_label = 0x80,
     .label_at_end_unsafe = true,
     .files = kArgumentCounting},
    {.name = "riscv64",
     .references = kFieldReferences,
     .counted_at = CountedAt::second_digit,
     .fc_ends_text = true,
     .pending_bits = PendingBits::sign_extended,
     .first_unsafe_label = 0x80,
     .label_at_end_unsafe = true,
     .files = kArgumentCounting},
    {.name = "armv7l", .references = kPercentOnly, .output_broken_by_label_at_end = true},
    {.name = "armv7l-GAS", .references = kPercentOnly},
    {.name = "knight",
     .references = {{{'@', 2, Form::relative}}},
     .byte_order = ByteOrder::big,
     .counted_at = CountedAt::second_digit,
     .comment_end = hex0::CommentEnd::line_feed,
     .backtick_is_nine = true,
     .zero_label_unsafe = false},
}};

/// The row with this name; nothing if there is none.
constexpr const Dialect* find_dialect(std::string_view name) {
  for (const Dialect& dialect : kDialects) {
    if (dialect.name == name) return &dialect;
  }
  return nullptr;
}

}  // namespace assay::hex1
