// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M1, the macro assembler of mescc-tools: reads M1 text, writes hex2 text. The language and the
// program are described in docs/tools/M1.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "command/mescc_dialects.h"
#include "core/diagnostic.h"
#include "core/name_table.h"
#include "core/output.h"
#include "core/text_arena.h"

namespace assay::m1 {

using Architecture = MesccArchitecture;
/// Digits of the output.
using Base = DigitBase;

struct Options {
  const MesccDialect* dialect = &kMesccDialects[0];
  Architecture architecture = Architecture::knight;
  Base base = Base::hexadecimal;
  bool big_endian = true;
  /// Fill Output::map: the text of each token belongs to it, with the blank or newline after it.
  bool want_map = false;
  /// Also report what is legal but probably not meant.
  bool want_warnings = false;
  /// Gets the output, if there is one. Not together with want_map.
  OutputSink sink = {};
};

/// An assembly in progress. The real M1 reads and checks each file as it meets its -f word, and does the
/// rest after the last word: so adding and finishing are two steps.
class Assembly {
 public:
  /// Reads one file. False: the real tool stops here, with failure(). The bytes must stay until the end.
  bool add(const Source& source, DiagnosticSink& diagnostics);
  /// Status 1 and the message of the file that could not be read.
  [[nodiscard]] const Output& failure() const { return failure_; }
  /// Everything after the last file.
  [[nodiscard]] Output finish(const Options& options, DiagnosticSink& diagnostics);

  /// A spelling, with what it expands to. All evaluation is per spelling, not per occurrence.
  struct Cell {
    enum class State : std::uint8_t {
      undefined,
      text,   ///< `expansion`
      zeros,  ///< `zeros` digits '0'
    };
    std::string_view text = {};  ///< a string's with its opening quote
    std::string_view expansion = {};
    std::uint64_t zeros = 0;
    std::uint32_t file = 0;  ///< where it first appeared
    std::uint64_t offset = 0;
    State state = State::undefined;
    bool quoted = false;
  };

 private:
  friend class Evaluator;
  friend class Writer;

  /// Numbers of the two spellings that are always there.
  static constexpr std::uint32_t kNewline = 0;
  static constexpr std::uint32_t kDefine = 1;

  struct File {
    Source source;
    std::uint64_t first_token = 0;
  };

  struct Batch;

  void prepare();
  void number(Batch& batch);
  void add_cell(std::string_view spelling, bool quoted, std::uint64_t offset);
  /// Returns up to where it read.
  std::size_t add_plain(Batch& batch);
  void add(Batch& batch, std::string_view spelling, bool after_newline);
  void append_newline();
  std::uint32_t cell_of(std::string_view spelling, bool quoted, std::uint64_t offset);
  std::uint32_t cell_with_nul(std::string_view raw, bool quoted, std::uint64_t offset);
  bool fail(std::string message, const DiagnosticKind& kind, Span span, DiagnosticSink& diagnostics);

  std::vector<File> files_;
  LargeVector<std::uint32_t> tokens_;  ///< numbers of cells
  std::vector<std::size_t> defines_;   ///< where in tokens_ kDefine is
  LargeVector<Cell> cells_;            ///< in order of first appearance
  NameTable names_;
  std::vector<std::uint32_t> cell_of_name_;
  TextArena arena_;
  std::string residue_;  ///< bytes behind a NUL that the tool's token buffer still holds
  Output failure_;
};

/// All files at once.
[[nodiscard]] Output assemble(std::span<const Source> sources, const Options& options,
                              DiagnosticSink& diagnostics);

}  // namespace assay::m1
