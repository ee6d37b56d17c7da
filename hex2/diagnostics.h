// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything hex2-0 has to say; docs/languages/hex2-0.md explains each id.
#pragma once

#include <array>

#include "command/seed_command.h"
#include "hex0/critic.h"

namespace assay::hex2 {

enum class Kind : std::size_t {
  odd_nibble,
  split_byte,
  ignored_character,
  nul,
  carriage_return,
  comment_carriage_return,
  comment_at_end,
  end_marker,
  backtick,
  duplicate_label,
  label_inside_byte,
  undefined_constant,
  empty_name,
  nul_in_name,
  carriage_return_in_name,
  comment_in_name,
  sigil_in_name,
  greater_after_label,
  token_at_end,
  absolute_base,
  ignored_base,
  lost_caret,
  out_of_range,
  misaligned,
  mask_at_end,
  nibble_carry,
  leftover_bits,
  lost_output,
  ignored_input,
  no_rewind,
  undefined_label,
  no_labels,
  endless_comment,
  endless_token,
  open_token,
  long_token,
  label_heap,
  missing_input,
  unreadable_input,
  input_too_large,
  count,
};

inline constexpr std::array<DiagnosticKind, static_cast<std::size_t>(Kind::count)> kKinds{{
    {"hex2-odd-nibble", Severity::warning,
     "add the missing digit: the tools drop half a byte without a word"},
    {"hex2-split-byte", Severity::warning, "write the two digits of a byte next to each other"},
    {"hex2-ignored-character", Severity::warning, "start a comment with '#' or ';'"},
    {"hex2-nul", Severity::warning, "remove the zero byte"},
    {"hex2-carriage-return", Severity::warning, "end lines with LF only"},
    {"hex2-comment-carriage-return", Severity::warning,
     "end comments with LF: the knight tool does not end them at CR"},
    {"hex2-comment-at-end", Severity::warning, "end the last line with LF: all but the knight tool hang"},
    {"hex2-end-marker", Severity::warning,
     "remove the byte 0xFC: the AArch64 tool takes it for the end of the text"},
    {"hex2-backtick", Severity::warning, "write 9"},
    {"hex2-duplicate-label", Severity::warning,
     "the last definition wins for every reference, earlier ones too"},
    {"hex2-label-inside-byte", Severity::warning,
     "tools disagree on the address of a label between two digits"},
    {"hex2-undefined-constant", Severity::warning, "define the label"},
    {"hex2-empty-name", Severity::warning, "write the name right after the sigil"},
    {"hex2-nul-in-name", Severity::warning, "names end at a zero byte when they are compared"},
    {"hex2-carriage-return-in-name", Severity::warning, "end lines with LF only"},
    {"hex2-comment-in-name", Severity::warning, "put a blank between the name and the comment"},
    {"hex2-sigil-in-name", Severity::warning, "put a blank between references"},
    {"hex2-greater-after-label", Severity::warning, "end the name of a definition with a blank"},
    {"hex2-token-at-end", Severity::warning, "end the last line with LF: all but the AArch64 tool crash"},
    {"hex2-absolute-base", Severity::warning,
     "the riscv tools write the difference, the others the address: write a relative reference"},
    {"hex2-ignored-base", Severity::warning, "instruction fields have no base: '>' ends the name"},
    {"hex2-lost-caret", Severity::warning, "put '^' right before one of ! @ ~ %"},
    {"hex2-out-of-range", Severity::warning, "the tools drop the bits that do not fit"},
    {"hex2-misaligned", Severity::warning, "the tools drop the low bits: align the target"},
    {"hex2-mask-at-end", Severity::warning, "write eight digits after '.'"},
    {"hex2-nibble-carry", Severity::warning, "leave the bits of the field zero in the written word"},
    {"hex2-leftover-bits", Severity::warning, "write the instruction word after the reference"},
    {"hex2-lost-output", Severity::warning, ""},
    {"hex2-ignored-input", Severity::warning, ""},
    {"hex2-no-rewind", Severity::warning, "give it a file: the second pass finds a pipe empty"},
    {"hex2-undefined-label", Severity::error, "define the label"},
    {"hex2-no-labels", Severity::error, "define the label"},
    {"hex2-endless-comment", Severity::error, "end the last line with LF"},
    {"hex2-endless-token", Severity::error, "end the last line with LF"},
    {"hex2-open-token", Severity::error, "end the last line with LF"},
    {"hex2-long-token", Severity::error, "use a shorter name"},
    {"hex2-label-heap", Severity::error, "define fewer labels or shorter ones"},
    {"hex2-missing-input", Severity::error, ""},
    {"hex2-unreadable-input", Severity::error, ""},
    {"hex2-input-too-large", Severity::error, ""},
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

}  // namespace assay::hex2
