// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/name_table.h"

namespace assay::linker {

/// The handler of the scanner that looks for what is legal but probably not meant.
class Critic {
 public:
  explicit Critic(DiagnosticSink& diagnostics) : diagnostics_(diagnostics) {}

  /// A new file begins.
  void start(std::uint32_t file, std::string_view text) {
    file_ = file;
    text_ = text;
  }

  void byte(unsigned /*value*/, const char* /*first*/, const char* /*end*/) {}
  void word(std::uint32_t /*value*/) {}
  bool label(std::string_view name, const char* first);
  bool pointer(char sigil, std::string_view name, bool based, std::string_view base, const char* first,
               const char* end);
  void pad(const char* /*first*/) {}
  void caret() {}
  void newline() {}
  void ignored(const char* at);
  void partial(const char* first);

 private:
  [[nodiscard]] Span span(const char* first, std::size_t length) const {
    return {file_, static_cast<std::uint64_t>(first - text_.data()), length};
  }

  DiagnosticSink& diagnostics_;
  std::uint32_t file_ = 0;
  std::string_view text_;
  NameTable names_;
  std::vector<Span> definitions_;
};

}  // namespace assay::linker
