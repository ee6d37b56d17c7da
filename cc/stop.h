// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a compilation ends early, and where its diagnostics go. Only cc.cpp catches a Stop: nothing
// is thrown out of the room.
#pragma once

#include <string>
#include <utility>

#include "cc/diagnostics.h"
#include "core/output.h"

namespace assay::cc {

/// The real compiler stops here. It writes its output at the end only, so nothing is left of it.
struct Stop {
  Ending ending = Ending::exits;
  int status = 0;
  std::string standard_error;
  /// Written to the output file all the same.
  std::string bytes;
};

/// Passes diagnostics on; warnings only if they are wanted.
class Report {
 public:
  Report(DiagnosticSink& sink, bool warnings) : sink_(sink), warnings_(warnings) {}

  /// Whether to look for warnings at all.
  [[nodiscard]] bool warnings() const { return warnings_; }

  void warn(Kind which, Span span, std::string message) {
    if (warnings_) sink_.report(kind(which), span, std::move(message));
  }
  void error(Kind which, Span span, std::string message) {
    sink_.report(kind(which), span, std::move(message));
  }

  /// Exit status 1 with a message on standard error.
  [[noreturn]] void fail(Kind which, Span span, std::string message, std::string standard_error) {
    error(which, span, std::move(message));
    throw Stop{Ending::exits, 1, std::move(standard_error), {}};
  }
  [[noreturn]] void end(Kind which, Span span, std::string message, Ending ending) {
    error(which, span, std::move(message));
    throw Stop{ending, 0, {}, {}};
  }

 private:
  DiagnosticSink& sink_;
  bool warnings_;
};

}  // namespace assay::cc
