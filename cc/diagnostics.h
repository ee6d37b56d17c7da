// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything the cc_<arch> reference has to say; docs/languages/cc.md explains each id.
#pragma once

#include <array>

#include "command/seed_command.h"
#include "core/diagnostic.h"

namespace assay::cc {

enum class Kind : std::size_t {
  // Strict warnings: accepted, but not what a reader of C expects.
  silent_end,
  early_end,
  nul_byte,
  flat_precedence,
  bitwise_logic,
  no_short_circuit,
  continue_no_jump,
  glued_prefix,
  unsigned_division,
  logical_shift,
  small_member,
  array_member,
  index_scale,
  stale_type,
  merged_type,
  double_index,
  unsigned_ignored,
  many_characters,
  string_cut,
  blank_colon,
  missing_comma,
  struct_as_local,
  deep_output,
  lost_output,
  // Errors: the real tool exits 1 with a message.
  missing_token,
  unknown_type,
  undefined_symbol,
  no_member,
  unknown_escape,
  bad_hex_digit,
  unexpected_token,
  stray_break,
  // Errors: it hangs, crashes, or leans on what lies in memory.
  unexpected_end,
  open_string,
  open_comment,
  no_type,
  member_hang,
  long_token,
  long_string,
  // Errors: limits and files.
  nesting_too_deep,
  output_too_large,
  missing_input,
  unreadable_input,
  input_too_large,
  count,
};

inline constexpr std::array<DiagnosticKind, static_cast<std::size_t>(Kind::count)> kKinds{{
    {"cc-silent-end", Severity::warning,
     "only 'TYPE NAME;' and 'TYPE NAME(' are declarations: the compiler drops the rest of the file and exits "
     "0"},
    {"cc-early-end", Severity::warning, "remove the byte FC: the compiler takes it for the end of the file"},
    {"cc-nul-byte", Severity::warning, "remove the zero byte: it counts as a letter and hides what follows"},
    {"cc-flat-precedence", Severity::warning,
     "add parentheses: operators of one level go from left to right"},
    {"cc-bitwise-logic", Severity::warning, "compare with 0 first: && and || are & and |"},
    {"cc-no-short-circuit", Severity::warning, "nest two ifs: both sides of && and || are always evaluated"},
    {"cc-continue-no-jump", Severity::warning, "use goto or an if: continue emits a comment and no jump"},
    {"cc-glued-prefix", Severity::warning, "put a blank between the signs: only the first one counts"},
    {"cc-unsigned-division", Severity::warning,
     "divide non-negative numbers only: this machine's / and % are unsigned"},
    {"cc-logical-shift", Severity::warning,
     "shift non-negative numbers only: this machine's >> brings in zeros"},
    {"cc-small-member", Severity::warning, "make the member one word, or reach it through a char*"},
    {"cc-array-member", Severity::warning,
     "keep a pointer to the array instead: the first word is loaded, not the address"},
    {"cc-index-scale", Severity::warning, "pad the struct to a power of two"},
    {"cc-stale-type", Severity::warning, "assign to a variable of the right type first: a call sets no type"},
    {"cc-merged-type", Severity::warning, "assign to a variable of the right type first"},
    {"cc-double-index", Severity::warning, "assign x[i] to a variable first: both indexes use the type of x"},
    {"cc-unsigned-ignored", Severity::warning, "comparisons and >> treat every value as signed"},
    {"cc-many-characters", Severity::warning, "write one character: the rest is dropped, none is 0"},
    {"cc-string-cut", Severity::warning, "a zero byte ends the text of a string, with its closing quote"},
    {"cc-blank-colon", Severity::warning, ""},
    {"cc-missing-comma", Severity::warning, "separate arguments with commas"},
    {"cc-struct-as-local", Severity::warning,
     "define structs outside of functions: the next token becomes a variable"},
    {"cc-deep-output", Severity::warning, "raise the limit with ulimit -s before running the real compiler"},
    {"cc-lost-output", Severity::warning, ""},
    {"cc-missing-token", Severity::error, ""},
    {"cc-unknown-type", Severity::error, "types are void int char FILE FUNCTION unsigned long and structs"},
    {"cc-undefined-symbol", Severity::error, "declare it before its first use"},
    {"cc-no-member", Severity::error, ""},
    {"cc-unknown-escape", Severity::error, "the escapes are \\n \\t \\r \\\\ \\' \\\" and \\xHH"},
    {"cc-bad-hex-digit", Severity::error, "RISC-V compilers take decimal digits only after \\x"},
    {"cc-unexpected-token", Severity::error, ""},
    {"cc-stray-break", Severity::error, "break belongs into do, while or for"},
    {"cc-unexpected-end", Severity::error, "finish the declaration"},
    {"cc-open-string", Severity::error, "close the quote"},
    {"cc-open-comment", Severity::error, "end the comment; // and # lines need their LF"},
    {"cc-no-type", Severity::error, "use a variable of a pointer type"},
    {"cc-member-hang", Severity::error,
     "start with a word, and use no arrays: see the RISC-V section of the manual"},
    {"cc-long-token", Severity::error, "split it: tokens over 255 bytes run into the next object in memory"},
    {"cc-long-string", Severity::error, "split it: the text runs into the next object in memory"},
    {"cc-nesting-too-deep", Severity::error, ""},
    {"cc-output-too-large", Severity::error, ""},
    {"cc-missing-input", Severity::error, ""},
    {"cc-unreadable-input", Severity::error, ""},
    {"cc-input-too-large", Severity::error, ""},
}};

constexpr const DiagnosticKind& kind(Kind which) { return kKinds[static_cast<std::size_t>(which)]; }

inline constexpr FileKinds kFileKinds{
    .missing_input = &kind(Kind::missing_input),
    .unreadable_input = &kind(Kind::unreadable_input),
    .input_too_large = &kind(Kind::input_too_large),
    .lost_output = &kind(Kind::lost_output),
};

}  // namespace assay::cc
