// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line that hex0, hex1, hex2-0 and M0 share: TOOL [options] input [output].
//
// The real seeds know no options, notice no write error and differ, from machine to machine, in
// what they do when a file cannot be opened. Those differences are data: the FileRules column of
// a dialect. A program of this kind is a table of dialects, the tables of its diagnostics and a
// function from bytes to bytes; see hex0/main.cpp for a whole one.
//
// Exit status: the real tool's where it exits; else one of the constants below, with a named
// diagnostic on standard error. Whatever happens, the output file is left as the real tool leaves
// it. Standard output carries program bytes only (and --help, --version).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/file_rules.h"
#include "core/output.h"

namespace assay {

/// No input named, a warning raised by -Werror, an error of our own (a listing that cannot be
/// written); also what the real tools exit with when they fail.
inline constexpr int kStatusFailed = 1;
/// The command line itself is wrong (unknown option, dialect or warning).
inline constexpr int kStatusUsage = 64;
/// The real tool never ends on this input.
inline constexpr int kStatusWouldHang = 70;
/// The real tool is killed by a signal on this input.
inline constexpr int kStatusWouldCrash = 71;
/// What the real tool does depends on what happens to lie in memory.
inline constexpr int kStatusUndefined = 72;

/// Inputs over this many bytes are refused ("TOOL-input-too-large"), so that an endless one ends.
inline constexpr std::uint64_t kMaxInputBytes = std::uint64_t{1} << 31;

struct SeedDialect {
  std::string_view name;
  FileRules files;
};

/// Diagnostics about files, from the tool's own table.
struct FileKinds {
  const DiagnosticKind* missing_input = nullptr;     ///< error
  const DiagnosticKind* unreadable_input = nullptr;  ///< error
  const DiagnosticKind* ignored_input = nullptr;  ///< warning: either, where the tool exits 0 (NoInput::ends)
  const DiagnosticKind* input_too_large = nullptr;  ///< error
  const DiagnosticKind* lost_output = nullptr;      ///< warning: could not be created or written
};

/// What the tool's library is asked to do.
struct SeedRequest {
  const Source& source;
  /// Index into SeedTool::dialects.
  std::size_t dialect = 0;
  bool want_map = false;
  /// Whether strict warnings are wanted; errors always are.
  bool want_warnings = false;
  /// The input is a file, not a pipe: a second pass over it finds its bytes again.
  bool rewinds = true;
  /// NoOutput::errno_descriptor applies.
  bool half_a_byte_late = false;
  /// Address of the first output byte, where SeedTool::has_base and the user named one.
  std::optional<std::uint64_t> base = std::nullopt;
};

struct SeedTool {
  std::string_view name;
  std::string_view summary;
  /// Must contain the default.
  std::span<const SeedDialect> dialects;
  std::span<const std::span<const DiagnosticKind>> kinds;
  FileKinds files;
  Output (*assemble)(const SeedRequest& request, DiagnosticSink& diagnostics) = nullptr;
  std::string_view default_dialect = "AMD64";
  bool has_base = false;    ///< output has addresses, and they need not begin where the dialect says
  bool makes_bytes = true;  ///< not text: labels of its source have addresses
};

/// Runs the tool on the process's arguments, files and standard streams; returns its exit status.
int run_seed_command(const SeedTool& tool, int argc, const char* const* argv);

/// The name and file rules of every row of a room's table of dialects.
template <class Row>
std::vector<SeedDialect> seed_dialects(std::span<const Row> rows) {
  std::vector<SeedDialect> dialects;
  for (const Row& row : rows) dialects.push_back({row.name, row.files});
  return dialects;
}

/// The exit status for an output of a library.
int exit_status_of(const Output& output);

}  // namespace assay
