// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The full kaem reads words into one zeroed buffer, counting the bytes of each reading in an index.
// A reading that yields no text (its buffer starts with NUL) leaves the buffer as it is for the
// next one, and the *count* of the last reading decides at the end of the command whether the
// command runs. From this follow, without further rules:
//   * `cmd arg  LF` (two blanks): the last reading counted 0, so the command is skipped;
//   * `cmd "a" LF` likewise, because the closing quote already ended the word;
//   * `foo\LF bar` loses what was glued: an escaped LF stores nothing but advances the index, so a
//     NUL stays in the buffer and hides what follows until a later word reveals it;
//   * a last line without LF ends in a reading that counts -1: discarded, status 0.
#include "kaem/reader.h"

#include <fmt/format.h>

#include "kaem/diagnostics.h"

namespace assay::kaem {
namespace {

constexpr int kEndOfFile = -1;

/// Stores `byte` at `index` of a buffer that is zero wherever nothing was stored.
void store(std::string& buffer, std::size_t index, char byte) {
  if (buffer.size() <= index) buffer.resize(index + 1, '\0');
  buffer[index] = byte;
}

/// What may follow a closing quote, or a continued line, without a surprise.
bool ends_word(Byte byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == ';' || byte == '#' || byte == '\0';
}

char unescaped(Byte byte) {
  if (byte == 'n') return '\n';
  if (byte == 'r') return '\r';
  return static_cast<char>(byte);
}

}  // namespace

/// After the opening quote; true when the closing one was found.
bool Reader::read_quoted(std::string& buffer, std::size_t& at_buffer, Command& command) {
  const std::uint64_t start = at_ - 1;
  while (true) {
    if (at_buffer >= kMaxString) {
      command.error = "LINE IS TOO LONG";
      sink_.report(kWordTooLong, {source_, start, at_ - start}, "word of 4096 bytes or more");
      return false;
    }
    if (at_ >= text_.size()) {
      command.error = "IMPROPERLY TERMINATED STRING!";
      sink_.report(kUnfinishedString, {source_, start, 1}, "string reaches the end of the file");
      return false;
    }
    const Byte byte = text_[at_++];
    if (byte == '"') {
      if (at_buffer == 0) {
        sink_.report(kEmptyString, {source_, start, at_ - start}, "an empty string is no argument");
      } else if (at_ < text_.size() && !ends_word(text_[at_]) && text_[at_] != '\r') {
        sink_.report(kQuoteEndsWord, {source_, at_ - 1, 1}, "this quote ends the word");
      }
      return true;
    }
    if (byte == '\\' && at_ < text_.size()) {
      const Byte escaped = text_[at_++];
      store(buffer, at_buffer++, escaped == '\n' ? static_cast<char>(0xFF) : unescaped(escaped));
    } else {
      store(buffer, at_buffer++, static_cast<char>(byte));
    }
  }
}

/// One reading. `result` is its count; unchanged when the line ends at once.
Reader::Event Reader::read_word(std::string& buffer, Command& command, int& result) {
  std::size_t count = 0;
  const auto finish_line = [&] {
    if (count != 0) result = static_cast<int>(count);
    return Event::line;
  };
  while (true) {
    if (count >= kMaxString) {
      command.error = "LINE IS TOO LONG";
      sink_.report(kWordTooLong, {source_, at_ - count, count}, "word of 4096 bytes or more");
      return Event::broken;
    }
    if (at_ >= text_.size()) {
      result = kEndOfFile;
      return Event::end;
    }
    const Byte byte = text_[at_++];
    switch (byte) {
      case ' ':
      case '\t':
      case '\0': result = static_cast<int>(count); return Event::word;
      case '\n':
      case ';': return finish_line();
      case '#': {
        const std::uint64_t start = at_ - 1;
        if (count != 0) sink_.report(kCommentInWord, {source_, start, 1}, "a comment starts inside a word");
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        if (at_ >= text_.size()) {
          command.error = "IMPROPERLY TERMINATED LINE COMMENT!";
          sink_.report(kUnfinishedComment, {source_, start, 1}, "comment reaches the end of the file");
          return Event::broken;
        }
        ++at_;
        return finish_line();
      }
      case '"':
        if (!read_quoted(buffer, count, command)) return Event::broken;
        result = static_cast<int>(count);
        return Event::word;
      case '\\':
        if (at_ >= text_.size()) break;
        if (text_[at_] == '\n') {
          if (count != 0) {
            sink_.report(kStaleWord, {source_, at_ - 1, 1}, "backslash-newline inside a word");
          } else if (at_ + 1 < text_.size() && !ends_word(text_[at_ + 1]) && text_[at_ + 1] != '\\') {
            sink_.report(kStaleWord, {source_, at_ - 1, 1},
                         "the line after a backslash-newline starts with no blank");
          }
          ++count;
          ++at_;
        } else {
          store(buffer, count++, unescaped(text_[at_++]));
        }
        break;
      default:
        if (byte == '\r') {
          sink_.report(kCarriageReturn, {source_, at_ - 1, 1}, "carriage return in a script");
        }
        store(buffer, count++, static_cast<char>(byte));
        break;
    }
  }
}

Command Reader::next() {
  Command command;
  std::string buffer;
  int result = 0;
  while (true) {
    const std::uint64_t start = at_;
    const Event event = read_word(buffer, command, result);
    const std::string text = buffer.substr(0, buffer.find('\0'));
    if (!text.empty() && event != Event::broken) {
      const std::uint64_t end = event == Event::end ? at_ : at_ - 1;
      const Span span{source_, start, end > start ? end - start : 0};
      if (command.words.empty()) command.span = span;
      command.span.length = span.offset + span.length - command.span.offset;
      command.words.push_back({text, span});
      buffer.clear();
    }
    if (event == Event::word) continue;
    if (event == Event::broken) {
      command.end = Command::End::broken;
    } else if (event == Event::end) {
      command.end = Command::End::script;
      if (!command.words.empty()) {
        sink_.report(kLastLineDropped, command.span, "the last line has no newline and never runs");
      }
    } else if (result == 0) {
      command.end = Command::End::dropped;
      if (!command.words.empty()) {
        sink_.report(kCommandDropped, command.span, "this command is read but never runs");
      }
    }
    return command;
  }
}

}  // namespace assay::kaem
