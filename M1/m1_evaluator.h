// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "M1/m1.h"

namespace assay::m1 {

/// Gives every spelling its expansion, in the order in which the real tool does: definitions, strings,
/// numbers, the rest; the newest spelling first in each.
class Evaluator {
 public:
  Evaluator(Assembly& assembly, const Options& options, DiagnosticSink& diagnostics)
      : assembly_(assembly), options_(options), diagnostics_(diagnostics) {}

  /// False: the assembly's failure() says why.
  bool run();

 private:
  using Cell = Assembly::Cell;

  bool define();
  void examine_define(const Cell& name, const Cell& value, std::string_view expansion);
  void expand_strings();
  void expand_string(Cell& cell);
  bool expand_numbers();
  bool expand_number(Cell& cell);
  bool expand_field(Cell& cell, std::int64_t value, char sigil);
  void examine_riscv_field(const Assembly::Cell& cell, std::int64_t value, char sigil);
  bool expand_riscv_field(Cell& cell, std::int64_t value, char sigil);
  bool expand_others();
  bool expand_padding(Cell& cell);
  void set(Cell& cell, std::string_view expansion);
  void examine_text(const Cell& cell);
  [[nodiscard]] Span span(const Cell& cell) const;
  void warn(const DiagnosticKind& kind, const Cell& cell, std::string message);
  bool fail(std::string message, const DiagnosticKind& kind, const Cell& cell);

  Assembly& assembly_;
  const Options& options_;
  DiagnosticSink& diagnostics_;
};

}  // namespace assay::m1
