// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What preflight has to say about a tree, besides its verdicts.
#pragma once

#include <string>
#include <vector>

#include "core/diagnostic.h"

namespace assay::bootstrap {

struct Finding {
  std::string id;
  Severity severity = Severity::error;
  std::string file;        ///< path in the tree; empty if it is about no file
  std::uint64_t line = 0;  ///< from 1; 0 if it is about no line
  std::uint64_t column = 0;
  std::string message;  ///< one line
  std::string help;     ///< what to do; may be empty
};

/// Names in trees and images are hostile: no control bytes on a terminal.
std::string printable(std::string_view text);
/// The byte at an offset as two digits, or "nothing" where the bytes end before it.
std::string byte_text(ByteView bytes, std::uint64_t offset);

/// Turns diagnostics of the rooms into findings, in place.
class FindingSink final : public DiagnosticSink {
 public:
  /// `source` is the text that the diagnostics speak about.
  FindingSink(Source source, std::vector<Finding>& findings)
      : source_(std::move(source)), findings_(findings) {}
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override;

 private:
  Source source_;
  std::vector<Finding>& findings_;
};

}  // namespace assay::bootstrap
