// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "linker/linker.h"

namespace assay::linker {

/// Fills the fields of a draft, in order, up to the first that fails.
class Resolver {
 public:
  Resolver(Link& link, DiagnosticSink& diagnostics);
  Output run();

 private:
  using Field = Link::Field;

  bool resolve(const Field& field);
  bool resolve_riscv(const Field& field, std::int64_t target);
  bool fill(const Field& field, std::int64_t value, unsigned bytes, bool absolute);
  void combine(const Field& field, std::uint32_t word);
  bool find(std::uint32_t name, std::int64_t& address);
  bool displacement(const Field& field, std::int64_t target, std::int64_t base, std::int64_t& value);
  [[nodiscard]] std::int64_t wrap(std::int64_t value) const {
    return wrap_to_word(static_cast<std::uint64_t>(value), link_.options_.dialect[0]);
  }
  bool fail(std::string message, const DiagnosticKind& kind, bool with_line = false);
  /// What an undefined label may have been meant to be.
  [[nodiscard]] std::string near_label(std::uint32_t name) const;
  void locate_failure();
  void map();

  Link& link_;
  const Options& options_;
  DiagnosticSink& diagnostics_;
  char* bytes_;
  std::size_t size_;
  std::size_t field_ = 0;  ///< number of the one at work
  std::size_t gap_ = 0;    ///< first gap that can still be met
  Output output_;
  const DiagnosticKind* failure_ = nullptr;
  std::string hint_;  ///< what may have been meant
  bool with_line_ = false;
};

}  // namespace assay::linker
