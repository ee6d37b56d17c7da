// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// blood-elf: reads M1 texts, writes the M1 text of a section table, string table and symbol table for
// their labels. Described in docs/tools/blood-elf.md.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "command/mescc_dialects.h"
#include "core/diagnostic.h"
#include "core/output.h"

namespace assay::blood_elf {

inline constexpr std::array<DiagnosticKind, 2> kKinds{{
    {"blood-elf-label-at-end", Severity::error, "a ':' needs a name"},
    {"blood-elf-long-label", Severity::error, "a label has at most 4095 bytes"},
}};

struct Options {
  bool wide = false;  ///< --64
  bool big_endian = true;
  DigitBase base = DigitBase::hexadecimal;
  /// Names given with --entry, in order.
  std::vector<std::string> entries = {};
  bool want_map = false;
};

/// A run in progress: the real tool reads its inputs one after the other and stops at the first bad one.
class Footer {
 public:
  explicit Footer(Options options);

  /// Collects the labels of one file. False: the real tool stops here, with failure().
  bool add(const Source& source, DiagnosticSink& diagnostics);
  [[nodiscard]] const Output& failure() const { return failure_; }
  [[nodiscard]] Output finish() const;

 private:
  struct Symbol {
    std::string name;
    Span span;
  };

  Options options_;
  std::vector<Symbol> symbols_;
  std::uint32_t files_ = 0;
  Output failure_;
};

/// All files at once.
[[nodiscard]] Output footer(std::span<const Source> sources, const Options& options,
                            DiagnosticSink& diagnostics);

}  // namespace assay::blood_elf
