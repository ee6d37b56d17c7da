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
  /// What a token prints, laid out for the inner loop: short texts are copied whole.
  struct Printed {
    static constexpr std::size_t kShort = 20;
    const char* text = nullptr;  ///< null: undefined, or zeros
    std::uint32_t size = 0;
    char short_text[kShort]{};
  };
  struct Walk {
    std::uint64_t size = 0;
    std::size_t tokens = 0;  ///< printed or skipped before the end or the failure
    bool undefined = false;
    bool too_large = false;
  };

  void prepare();
  Walk measure() const;
  void write(const Walk& walk);
  char* put(char* out, std::uint32_t cell) const;
  void map(const Walk& walk);
  void examine_sources();
  void fail_at(std::size_t token, bool too_large);

  const Assembly& assembly_;
  const Options& options_;
  DiagnosticSink& diagnostics_;
  std::vector<Printed> printed_;  ///< by cell
  Output output_;
};

}  // namespace assay::m1
