// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "M1/m0_dialects.h"
#include "M1/m0_reporter.h"
#include "core/output.h"

namespace assay::m0 {

struct Token {
  /// A string starts with its opening quote and lacks the closing one. Never changes; lives as long
  /// as the scanner and the sources.
  std::string_view text;
  Place place;
  bool quoted = false;
};

/// Cuts a text into tokens, front to back.
class Scanner {
 public:
  Scanner(std::string_view text, const Dialect& dialect, Reporter& reporter)
      : text_(text), dialect_(dialect), reporter_(reporter) {}

  /// Reads the next token; false at the end, which `ending` then explains.
  bool next(Token& token);

  /// hangs or crashes when the text ended inside something; undefined when a token did not fit its
  /// buffer (and the text did not hang).
  [[nodiscard]] Ending ending() const {
    return stop_ == Ending::exits && overrun_ ? Ending::undefined : stop_;
  }
  /// Whether a buffer was overrun so far.
  [[nodiscard]] bool overrun() const { return overrun_; }

 private:
  bool skip_comment();
  bool read_string(Token& token);
  bool read_atom(Token& token);
  void apply_residue(Token& token, std::string_view whole);
  void stop(Ending ending, const DiagnosticKind& kind, Place place, std::string message);
  void check_length(const Token& token, std::size_t length, std::size_t longest);

  std::string_view text_;
  const Dialect& dialect_;
  Reporter& reporter_;
  std::size_t at_ = 0;
  Ending stop_ = Ending::exits;
  bool overrun_ = false;
  bool seen_carriage_return_ = false;
  std::string residue_;            ///< what the token buffer holds, when it is not all NULs
  std::deque<std::string> texts_;  ///< texts that are no part of the source
};

}  // namespace assay::m0
