// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Strict warnings that hex0, hex1 and hex2 share: about bytes that make no output, and about
// how the digits of a byte are written. Each room brings its own ids.
#pragma once

#include <string>

#include "core/diagnostic.h"
#include "core/source.h"

namespace assay::hex0 {

struct TextKinds {
  const DiagnosticKind* split_byte = nullptr;
  const DiagnosticKind* ignored_character = nullptr;
  const DiagnosticKind* nul = nullptr;
  const DiagnosticKind* carriage_return = nullptr;
  const DiagnosticKind* comment_carriage_return = nullptr;
};

class Critic {
 public:
  /// A Critic that is not `active` says nothing.
  Critic(ByteView text, const TextKinds& kinds, bool carriage_return_ends_comment, bool active,
         DiagnosticSink& sink)
      : text_(text),
        kinds_(kinds),
        return_ends_(carriage_return_ends_comment),
        active_(active),
        sink_(sink) {}

  [[nodiscard]] bool active() const { return active_; }

  /// The byte at `at` was ignored. Neighbours are reported together.
  void skipped(std::size_t at) {
    if (active_) note_skipped(at);
  }
  /// A comment in [start, end); the byte at `end`, if any, ended it.
  void comment(std::size_t start, std::size_t end) {
    if (active_) check_comment(start, end);
  }
  /// A byte's digits are at `first` and `second`.
  void byte(std::size_t first, std::size_t second) {
    if (active_ && second != first + 1) check_split(first, second);
  }
  /// Any other strict warning.
  void warn(const DiagnosticKind& kind, Span span, std::string message, std::vector<Note> notes = {});
  /// Reports what is still held back; call at the end of the text.
  void finish() { flush(); }

 private:
  void note_skipped(std::size_t at);
  void check_comment(std::size_t start, std::size_t end);
  void check_split(std::size_t first, std::size_t second);
  void flush();

  ByteView text_;
  const TextKinds& kinds_;
  bool return_ends_;
  bool active_;
  DiagnosticSink& sink_;
  std::size_t junk_start_ = 0;
  std::size_t junk_end_ = 0;
};

}  // namespace assay::hex0
