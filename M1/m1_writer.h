// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "M1/m1.h"

namespace assay::m1 {

/// Prints the tokens of an evaluated assembly.
class Writer {
 public:
  Writer(const Assembly& assembly, const Options& options, DiagnosticSink& diagnostics)
      : assembly_(assembly), options_(options), diagnostics_(diagnostics) {}
  Output run();

 private:
  /// What a token prints with the blank behind it, laid out for the inner loop: short texts are copied whole.
  /// A newline prints over the blank before it.
  struct Printed {
    static constexpr std::size_t kShort = 28;
    std::uint32_t size = 0;
    char short_text[kShort]{};
  };
  struct Walk {
    std::size_t tokens = 0;  ///< printed or skipped before the end or the failure
    std::uint64_t size = 0;  ///< of their text, and a separator more
    bool undefined = false;
    bool too_large = false;

    [[nodiscard]] bool fails() const { return undefined || too_large; }
  };

  void prepare();
  /// Calls `range(first, end)` for what is between the DEFINEs and their words, before the first `tokens`.
  template <class Range>
  void between_defines(std::size_t tokens, Range range) const;
  Walk measure() const;
  Walk find_failure() const;
  void write(const Walk& walk);
  void map(const Walk& walk);
  void examine_sources();
  /// A macro that an undefined word may have been meant to be.
  [[nodiscard]] std::string near_word(std::string_view text) const;
  void fail_at(std::size_t token, bool too_large);

  const Assembly& assembly_;
  const Options& options_;
  DiagnosticSink& diagnostics_;
  std::vector<Printed> printed_;  ///< by cell
  Output output_;
};

}  // namespace assay::m1
