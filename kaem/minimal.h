// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// kaem-minimal: the script interpreter that boots a tree (kaem-optional-seed, built again as
// kaem-0). No variables, no builtins, no PATH: a command is a path and its words.
//
//   space, tab      end a word
//   LF              ends word and command
//   #               anywhere: ends word and command, skips through LF
//   backslash       ends the word; the next byte is dropped, whatever it is
//   "               (not on RISC-V) collects bytes up to the next ", which ends the word
//   0xFC            is taken for the end of the file
//
// Empty words and commands vanish. A last line without LF is dropped silently, status 0. End of
// file inside a comment or string is a failure. Measured on the five upstream seeds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"

namespace assay::kaem {

/// One architecture's kaem-minimal.
struct MinimalDialect {
  std::string_view arch;            ///< as in "AMD64", "riscv64"
  std::string_view default_script;  ///< opened when no argument is given
  bool has_strings;
  bool passes_environment;         ///< else children get an empty one
  bool says_aborting;              ///< prints "ABORTING HARD" after "Subprocess error"
  int status_child_failed;         ///< AArch64 exits with 0 here
  int status_no_script;            ///< when the script cannot be opened
  int status_unfinished_text;      ///< end of file inside a comment or string
  std::size_t max_words;           ///< of a command; more corrupt its memory, and it fails
  bool ends_words;                 ///< writes a NUL behind each word
  std::size_t crashing_word;       ///< bytes of a word that reach beyond its memory
  int status_unfinished_line = 0;  ///< end of file inside a line
  bool keeps_backslash = false;    ///< it is a character like others: UEFI's paths have it
};

/// The dialect of an architecture; nothing if there is no such kaem.
const MinimalDialect* minimal_dialect(std::string_view arch);
std::span<const MinimalDialect> minimal_dialects();
/// That of our own seed (docs/seeds.md), which is the same on every architecture but for its default script.
/// It knows no words, lines or bytes that a script of a tree would not have.
const MinimalDialect* own_minimal_dialect(std::string_view arch);

struct MinimalCommand {
  std::vector<std::string> words;
  std::vector<Span> places;  ///< of each word
  Span span;                 ///< from the first to the last word
};

struct MinimalScript {
  std::vector<MinimalCommand> commands;
  /// Exit status if every command succeeds.
  int status = 0;
};

/// Bytes of one word; a longer one runs into the memory of the next.
inline constexpr std::size_t kMinimalMaxWord = 4095;

/// Parses a whole script. `source` is the index used in spans. Never fails: what the real
/// interpreter would do at the end of the text is in `status`.
MinimalScript parse_minimal(ByteView text, std::uint32_t source, const MinimalDialect& dialect,
                            DiagnosticSink& sink);

}  // namespace assay::kaem
