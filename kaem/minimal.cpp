// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/minimal.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>

#include "kaem/diagnostics.h"

namespace assay::kaem {
namespace {

constexpr Byte kEndOfFileByte = 0xFC;
/// What may follow a closing quote without a surprise (a CR has its own warning).
constexpr std::string_view kAfterQuote = " \t\n\r#\\";

// arch, default script, strings, environment, "ABORTING HARD", failed child, no script, unfinished, words,
// NUL, crashing word, status of an unfinished line, backslash (measured for the first command; later ones may
// have less room)
constexpr std::array<MinimalDialect, 7> kDialects{{
    {"x86", "kaem.x86", true, true, true, 1, 1, 1, 255, false, 7168},
    {"AMD64", "kaem.amd64", true, true, false, 1, 1, 1, 255, false, 6144},
    {"AArch64", "kaem.aarch64", true, true, true, 0, 254, 252, 255, true, 6144},
    {"riscv32", "kaem.riscv32", false, false, true, 1, 1, 1, 511, true, 6144},
    {"riscv64", "kaem.riscv64", false, false, true, 1, 1, 1, 255, true, 6144},
    {"armv7l", "kaem.run", true, true, true, 1, 1, 1, 255, false, 7168},
    // UEFI's kaem-optional; read from its description and its scripts, not run.
    {"UEFI-amd64", "kaem.amd64", false, false, false, 1, 1, 1, 255, false, 6144, 0, true},
}};

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

constexpr MinimalDialect own_dialect(std::string_view arch, std::string_view default_script,
                                     std::size_t max_words) {
  return {arch, default_script, true, true, false, 1, 1, 1, max_words, true, kAny, 1};
}

constexpr std::array<MinimalDialect, 6> kOwn{
    own_dialect("x86", "kaem.x86", 1023),        own_dialect("AMD64", "kaem.amd64", 511),
    own_dialect("AArch64", "kaem.aarch64", 511), own_dialect("riscv32", "kaem.riscv32", 1023),
    own_dialect("riscv64", "kaem.riscv64", 511), own_dialect("armv7l", "kaem.armv7l", 1023)};

const MinimalDialect* row_of(std::span<const MinimalDialect> rows, std::string_view arch) {
  const auto row = std::ranges::find(rows, arch, &MinimalDialect::arch);
  return row == rows.end() ? nullptr : &*row;
}

class Parser {
 public:
  Parser(ByteView text, std::uint32_t source, const MinimalDialect& dialect, DiagnosticSink& sink)
      : text_(text), source_(source), dialect_(dialect), sink_(sink) {}

  MinimalScript run() {
    while (at_ < text_.size() && text_[at_] != kEndOfFileByte) {
      if (!step(text_[at_++])) return std::move(script_);
    }
    if (!word_.empty() || !command_.words.empty()) {
      end_word(at_);
      warn(kLastLineDropped, command_.span, "the last line has no newline and never runs");
      script_.status = dialect_.status_unfinished_line;
    }
    return std::move(script_);
  }

 private:
  /// False at the end of the text inside a comment or string.
  bool step(Byte byte) {
    switch (byte) {
      case ' ':
      case '\t': end_word(at_ - 1); return true;
      case '\n':
        end_word(at_ - 1);
        end_command();
        return true;
      case '#': return comment();
      case '\\':
        if (dialect_.keeps_backslash) break;
        escape();
        return true;
      case '"':
        if (dialect_.has_strings) return string();
        warn(kQuoteIsLiteral, span(at_ - 1, 1), "a quote is an ordinary character here");
        break;
      case '\r': warn(kCarriageReturn, span(at_ - 1, 1), "carriage return in a script"); break;
      default: break;
    }
    add(byte);
    return true;
  }

  bool comment() {
    const std::uint64_t start = at_ - 1;
    if (!word_.empty()) warn(kCommentInWord, span(start, 1), "a comment starts inside a word");
    end_word(start);
    if (!skip_to('\n')) return unfinished(kUnfinishedComment, start, "comment reaches the end of the file");
    end_command();
    return true;
  }

  bool string() {
    const std::uint64_t start = at_ - 1;
    const std::uint64_t from = at_;
    if (word_.empty()) word_start_ = start;
    if (!skip_to('"')) return unfinished(kUnfinishedString, start, "string reaches the end of the file");
    word_ += as_text(text_.subspan(from, at_ - 1 - from));
    if (word_.empty()) {
      warn(kEmptyString, span(start, at_ - start), "an empty string is no argument");
    } else if (at_ < text_.size() &&
               kAfterQuote.find(static_cast<char>(text_[at_])) == std::string_view::npos) {
      warn(kQuoteEndsWord, span(at_ - 1, 1), "this quote ends the word");
    }
    end_word(at_);
    return true;
  }

  /// Moves behind the next `byte`; false if the text (or a 0xFC) comes first.
  bool skip_to(Byte byte) {
    while (at_ < text_.size() && text_[at_] != kEndOfFileByte) {
      if (text_[at_++] == byte) return true;
    }
    return false;
  }

  void escape() {
    const bool at_line_end = at_ < text_.size() && text_[at_] == '\n';
    if (!word_.empty() && at_line_end) {
      warn(kContinuationGlued, span(at_ - 1, 1), "a backslash glued to a word");
    } else if (!at_line_end) {
      warn(kEscapeEndsWord, span(at_ - 1, at_ < text_.size() ? 2 : 1),
           "a backslash ends the word and drops the next character");
    }
    end_word(at_ - 1);
    if (at_ < text_.size()) ++at_;
  }

  bool unfinished(const DiagnosticKind& kind, std::uint64_t start, std::string message) {
    sink_.report(kind, span(start, 1), std::move(message));
    script_.status = dialect_.status_unfinished_text;
    return false;
  }

  void add(Byte byte) {
    if (word_.empty()) word_start_ = at_ - 1;
    word_ += static_cast<char>(byte);
  }

  void end_word(std::uint64_t end) {
    if (word_.empty()) return;
    if (command_.words.empty()) command_.span = span(word_start_, 0);
    command_.span.length = end - command_.span.offset;
    if (word_.size() > kMinimalMaxWord) {
      sink_.report(kWordTooLong, span(word_start_, end - word_start_),
                   fmt::format("word of {} bytes; kaem-minimal holds {}", word_.size(), kMinimalMaxWord));
    }
    command_.words.push_back(std::move(word_));
    command_.places.push_back(span(word_start_, end - word_start_));
    word_.clear();
  }

  void end_command() {
    if (command_.words.empty()) return;
    if (command_.words.size() > dialect_.max_words) {
      sink_.report(kTooManyWords, command_.span,
                   fmt::format("command of {} words; kaem-minimal holds {}", command_.words.size(),
                               dialect_.max_words));
    }
    script_.commands.push_back(std::move(command_));
    command_ = {};
  }

  void warn(const DiagnosticKind& kind, Span where, std::string message) {
    sink_.report(kind, where, std::move(message));
  }

  [[nodiscard]] Span span(std::uint64_t offset, std::uint64_t length) const {
    return {source_, offset, length};
  }

  ByteView text_;
  std::uint32_t source_;
  const MinimalDialect& dialect_;
  DiagnosticSink& sink_;
  std::uint64_t at_ = 0;
  std::string word_;
  std::uint64_t word_start_ = 0;
  MinimalCommand command_;
  MinimalScript script_;
};

}  // namespace

const MinimalDialect* minimal_dialect(std::string_view arch) { return row_of(kDialects, arch); }

const MinimalDialect* own_minimal_dialect(std::string_view arch) { return row_of(kOwn, arch); }

std::span<const MinimalDialect> minimal_dialects() { return kDialects; }

MinimalScript parse_minimal(ByteView text, std::uint32_t source, const MinimalDialect& dialect,
                            DiagnosticSink& sink) {
  return Parser(text, source, dialect, sink).run();
}

}  // namespace assay::kaem
