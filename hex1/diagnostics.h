// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything hex1 has to say; docs/languages/hex1.md explains each id.
#pragma once

#include <array>

#include "command/seed_command.h"
#include "hex0/critic.h"

namespace assay::hex1 {

enum class Kind : std::size_t {
  odd_nibble,
  split_byte,
  ignored_character,
  nul,
  carriage_return,
  comment_carriage_return,
  end_marker,
  backtick,
  undefined_label,
  duplicate_label,
  blank_label,
  label_inside_byte,
  label_at_end,
  out_of_range,
  misaligned,
  nibble_carry,
  leaked_bits,
  leftover_bits,
  lost_output,
  ignored_input,
  no_rewind,
  endless_comment,
  unsafe_label,
  reference_at_end,
  cut_label,
  missing_input,
  unreadable_input,
  input_too_large,
  count,
};

inline constexpr std::array<DiagnosticKind, static_cast<std::size_t>(Kind::count)> kKinds{{
    {"hex1-odd-nibble", Severity::warning,
     "add the missing digit: the tools drop half a byte without a word"},
    {"hex1-split-byte", Severity::warning, "write the two digits of a byte next to each other"},
    {"hex1-ignored-character", Severity::warning, "start a comment with '#' or ';'"},
    {"hex1-nul", Severity::warning, "remove the zero byte"},
    {"hex1-carriage-return", Severity::warning, "end lines with LF only"},
    {"hex1-comment-carriage-return", Severity::warning,
     "end comments with LF: the AArch64 and knight tools do not end them at CR"},
    {"hex1-end-marker", Severity::warning,
     "remove the byte 0xFC: some tools take it for the end of the text"},
    {"hex1-backtick", Severity::warning, "write 9"},
    {"hex1-undefined-label", Severity::warning, "define the label: its address is taken as 0"},
    {"hex1-duplicate-label", Severity::warning,
     "the last definition wins for every reference, earlier ones too"},
    {"hex1-blank-label", Severity::warning, "the character right after the sigil is the label, blanks too"},
    {"hex1-label-inside-byte", Severity::warning,
     "tools disagree on the address of a label between two digits"},
    {"hex1-label-at-end", Severity::warning, "remove the ':'"},
    {"hex1-out-of-range", Severity::warning, "the tools drop the bits that do not fit"},
    {"hex1-misaligned", Severity::warning, "the tools drop the low bits: align the target"},
    {"hex1-nibble-carry", Severity::warning, "leave the bits of the field zero in the written word"},
    {"hex1-leaked-bits", Severity::warning, "the riscv64 tool inverts the four bytes after the word"},
    {"hex1-leftover-bits", Severity::warning, "write the instruction word after the reference"},
    {"hex1-lost-output", Severity::warning, ""},
    {"hex1-ignored-input", Severity::warning, ""},
    {"hex1-no-rewind", Severity::warning, "give it a file: the second pass finds a pipe empty"},
    {"hex1-endless-comment", Severity::error, "end the last line with LF"},
    {"hex1-unsafe-label", Severity::error, "use a label from 0x01 to 0x7F"},
    {"hex1-reference-at-end", Severity::error, "write the label after the sigil"},
    {"hex1-cut-label", Severity::error, "write the label after the ':'"},
    {"hex1-missing-input", Severity::error, ""},
    {"hex1-unreadable-input", Severity::error, ""},
    {"hex1-input-too-large", Severity::error, ""},
}};

constexpr const DiagnosticKind& kind(Kind which) { return kKinds[static_cast<std::size_t>(which)]; }

inline constexpr hex0::TextKinds kTextKinds{
    .split_byte = &kind(Kind::split_byte),
    .ignored_character = &kind(Kind::ignored_character),
    .nul = &kind(Kind::nul),
    .carriage_return = &kind(Kind::carriage_return),
    .comment_carriage_return = &kind(Kind::comment_carriage_return),
};

inline constexpr FileKinds kFileKinds{
    .missing_input = &kind(Kind::missing_input),
    .unreadable_input = &kind(Kind::unreadable_input),
    .ignored_input = &kind(Kind::ignored_input),
    .input_too_large = &kind(Kind::input_too_large),
    .lost_output = &kind(Kind::lost_output),
};

}  // namespace assay::hex1
