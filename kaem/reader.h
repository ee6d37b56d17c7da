// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the full kaem cuts a script into commands and words. The rules come from one token buffer
// that is reused in a surprising way; `reader.cpp` tells the story.
#pragma once

#include <string>
#include <vector>

#include "core/diagnostic.h"

namespace assay::kaem {

/// A word or line may hold this many bytes less one: "LINE IS TOO LONG" otherwise.
inline constexpr std::size_t kMaxString = 4096;

struct Word {
  std::string text;
  Span span;
};

struct Command {
  enum class End {
    executed,  ///< complete
    dropped,   ///< read and echoed, but skipped by the interpreter
    script,    ///< the script ended before the command did: it is discarded
    broken,    ///< `error` tells; the interpreter aborts
  };
  std::vector<Word> words;
  Span span;
  End end = End::executed;
  /// What the interpreter prints on stderr when broken: "LINE IS TOO LONG", ...
  std::string_view error;
};

class Reader {
 public:
  /// `source` is the index used in spans.
  Reader(ByteView text, std::uint32_t source, DiagnosticSink& sink)
      : text_(text), source_(source), sink_(sink) {}

  Command next();

 private:
  enum class Event { word, line, end, broken };
  Event read_word(std::string& buffer, Command& command, int& result);
  bool read_quoted(std::string& buffer, std::size_t& at_buffer, Command& command);

  ByteView text_;
  std::uint32_t source_;
  DiagnosticSink& sink_;
  std::uint64_t at_ = 0;
};

}  // namespace assay::kaem
