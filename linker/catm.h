// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// catm: joins files. Described in docs/tools/catm.md.
#pragma once

#include <array>
#include <span>

#include "core/diagnostic.h"
#include "core/output.h"
#include "linker/catm_dialects.h"

namespace assay::catm {

inline constexpr std::array<DiagnosticKind, 6> kKinds{{
    {"catm-bad-input", Severity::error, "the real catm stops here"},
    {"catm-dumped-buffer", Severity::warning, "the real catm writes 1 MiB of stale memory for this input"},
    {"catm-skipped-input", Severity::warning, "the real catm skips inputs it cannot read, without a word"},
    {"catm-endless-input", Severity::error, "an output among the inputs is read as fast as it grows"},
    {"catm-short-read", Severity::warning, "a pipe ends at its first short read: more bytes may follow"},
    {"catm-lost-output", Severity::warning, "the real catm does not notice"},
}};

/// The kind of this id. Fails to compile for an id that is not in the table.
consteval const DiagnosticKind& kind(std::string_view id) {
  for (const DiagnosticKind& row : kKinds) {
    if (row.id == id) return row;
  }
  throw "no such diagnostic";
}

enum class InputState : std::uint8_t { readable, missing, directory };

struct Input {
  Source source;
  InputState state = InputState::readable;
};

/// The buffer between inputs and output. Its old contents reach the output in one dialect.
class Copier {
 public:
  explicit Copier(const Dialect& dialect) : dialect_(dialect) {}

  /// A read of at most Dialect::chunk bytes; they are what is written.
  ByteView chunk(ByteView read);
  /// What is written for an input that cannot be read.
  ByteView unreadable();

 private:
  const Dialect& dialect_;
  Bytes buffer_;  ///< only kept where it can be seen again
};

struct Options {
  const Dialect* dialect = &kDialects[0];
  bool want_map = false;
};

/// The output for these inputs, in order. Exits 0, or 1 at a bad input where the dialect says so:
/// the bytes are then those before it, and standard error has the message.
[[nodiscard]] Output concatenate(std::span<const Input> inputs, const Options& options,
                                 DiagnosticSink& diagnostics);

/// The C program's message about a file it cannot open.
std::string bad_file_message(std::string_view name, bool output);

}  // namespace assay::catm
