// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What M0 is on each architecture. Adding an architecture is adding a row.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/file_rules.h"

namespace assay::m0 {

/// How a number token is printed.
enum class NumberStyle {
  bytes,         ///< % 4 bytes, @ 2 bytes, any other first character 1 byte; little-endian
  arm_bytes,     ///< the same, and ~ 3 bytes
  riscv_fields,  ///< % 4 bytes; @ ! ~ are the S, I and U immediate fields after a '.'; others end the run
  whole_token,   ///< no sigils: the whole token is the number; 2 bytes big-endian
};

/// A missing input counts as empty; without an output file the text goes to standard output.
inline constexpr FileRules kCommonFiles{.creation_mode = 0600,
                                        .missing_input = NoInput::counts_empty,
                                        .unreadable_input = NoInput::counts_empty,
                                        .unnamed_output = NoOutput::standard_output,
                                        .uncreatable_output = NoOutput::standard_output};
inline constexpr FileRules kRiscvFiles{.creation_mode = 0600,
                                       .missing_input = NoInput::fails,
                                       .unreadable_input = NoInput::hangs,
                                       .unnamed_output = NoOutput::standard_output,
                                       .uncreatable_output = NoOutput::discarded};

struct Dialect {
  std::string_view name;
  NumberStyle numbers = NumberStyle::bytes;
  /// Numbers wrap at this many bits.
  unsigned word_bits = 64;
  /// NUL starts a comment between tokens and ends an atom; without this it cuts the text short.
  bool nul_is_special = true;
  /// Byte 0xFC between tokens is the end of the file.
  bool fc_ends_file = true;
  /// The value of a DEFINE loses the quote it starts with.
  bool define_drops_quote = false;
  /// A "string" is padded with zero bytes to a multiple of this, with at least one.
  unsigned string_padding = 1;
  /// The most bytes of an atom, and of a string with its opening quote. 0: no fixed limit.
  std::size_t longest_atom = 0;
  std::size_t longest_string = 0;
  /// Bytes after a NUL in a string stay in the token buffer and can reach later tokens.
  bool nul_leaves_residue = false;
  FileRules files = kCommonFiles;
};

inline constexpr std::array<Dialect, 8> kDialects{{
    {.name = "AMD64", .longest_atom = 255, .longest_string = 255},
    {.name = "x86", .word_bits = 32, .longest_atom = 255, .longest_string = 255},
    {.name = "AArch64", .longest_atom = 255, .longest_string = 511},
    {.name = "riscv32",
     .numbers = NumberStyle::riscv_fields,
     .word_bits = 32,
     .longest_atom = 511,
     .longest_string = 511,
     .nul_leaves_residue = true,
     .files = kRiscvFiles},
    {.name = "riscv64",
     .numbers = NumberStyle::riscv_fields,
     .longest_atom = 511,
     .longest_string = 511,
     .nul_leaves_residue = true,
     .files = kRiscvFiles},
    {.name = "armv7l",
     .numbers = NumberStyle::arm_bytes,
     .word_bits = 32,
     .longest_atom = 255,
     .longest_string = 255},
    {.name = "armv7l-GAS", .word_bits = 32, .longest_atom = 255, .longest_string = 255},
    {.name = "knight",
     .numbers = NumberStyle::whole_token,
     .word_bits = 32,
     .nul_is_special = false,
     .fc_ends_file = false,
     .define_drops_quote = true,
     .string_padding = 4},
}};

/// The row of this name; nothing if there is none.
constexpr const Dialect* find_dialect(std::string_view name) {
  for (const Dialect& row : kDialects) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace assay::m0
