// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a seed-level tool treats files, as data: a column of its table of dialects. What the rules
// mean is carried out by command/seed_command.h.
#pragma once

#include <cstdint>

namespace assay {

/// What a tool does with an input that it cannot read.
enum class NoInput : std::uint8_t {
  hangs,         ///< creates the output, then reads for ever
  fails,         ///< exits 1 before it creates the output
  ends,          ///< creates the output and exits 0: the input counts as empty
  counts_empty,  ///< creates the output and goes on with an empty input
  crashes,       ///< creates the output, then is killed by a signal
};

/// Where bytes go when there is no output file.
enum class NoOutput : std::uint8_t {
  discarded,
  standard_output,
  errno_descriptor,  ///< to the descriptor with the number of the error, half a byte late (AMD64 hex0)
};

/// How one dialect treats files. The defaults are those of most seeds of the hex family.
struct FileRules {
  /// Mode of a file it creates, before the umask. A file that exists is truncated and keeps its mode.
  std::uint32_t creation_mode = 0700;
  NoInput missing_input = NoInput::hangs;     ///< cannot be opened
  NoInput unreadable_input = NoInput::hangs;  ///< opens, but cannot be read: a directory
  NoOutput unnamed_output = NoOutput::discarded;
  NoOutput uncreatable_output = NoOutput::discarded;
  /// A file that exists keeps the bytes beyond the new ones (UEFI).
  bool truncates = true;
  /// The mode is set on a file that exists, too, whatever the umask (hex0.c).
  bool forces_mode = false;
};

}  // namespace assay
