// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything hex0 has to say; docs/languages/hex0.md explains each id.
#pragma once

#include <array>

#include "command/seed_command.h"
#include "core/diagnostic.h"
#include "hex0/critic.h"

namespace assay::hex0 {

enum class Kind : std::size_t {
  odd_nibble,
  split_byte,
  g_digit,
  ignored_character,
  nul,
  carriage_return,
  comment_carriage_return,
  comment_at_end,
  partial_sector,
  lost_output,
  ignored_input,
  endless_comment,
  comment_crash,
  not_two_digits,
  wrong_address,
  missing_input,
  unreadable_input,
  input_too_large,
  count,
};

inline constexpr std::array<DiagnosticKind, static_cast<std::size_t>(Kind::count)> kKinds{{
    {"hex0-odd-nibble", Severity::warning,
     "add the missing digit: the tools drop half a byte without a word"},
    {"hex0-split-byte", Severity::warning, "write the two digits of a byte next to each other"},
    {"hex0-g-digit", Severity::warning, "only the AMD64 and x86 seeds take G for 16; others ignore it"},
    {"hex0-ignored-character", Severity::warning, "start a comment with '#' or ';'"},
    {"hex0-nul", Severity::warning, "remove the zero byte: boot-sector assemblers end the text there"},
    {"hex0-carriage-return", Severity::warning, "end lines with LF only"},
    {"hex0-comment-carriage-return", Severity::warning,
     "end comments with LF: only the riscv seeds end them at a lone CR"},
    {"hex0-comment-at-end", Severity::warning,
     "end the last line with LF: other assemblers of the family hang in an open comment"},
    {"hex0-partial-sector", Severity::warning, "pad the output to a multiple of 512 bytes"},
    {"hex0-lost-output", Severity::warning, ""},
    {"hex0-ignored-input", Severity::warning, ""},
    {"hex0-endless-comment", Severity::error, "end the last line with LF"},
    {"hex0-comment-crash", Severity::error, "end the last line with LF"},
    {"hex0-not-two-digits", Severity::error, "write every byte as a word of two digits"},
    {"hex0-wrong-address", Severity::error, "bytes before it are missing, or too many"},
    {"hex0-missing-input", Severity::error, ""},
    {"hex0-unreadable-input", Severity::error, ""},
    {"hex0-input-too-large", Severity::error, ""},
}};

constexpr const DiagnosticKind& kind(Kind which) { return kKinds[static_cast<std::size_t>(which)]; }

inline constexpr TextKinds kTextKinds{
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

}  // namespace assay::hex0
