// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/byte_masks.h"

namespace assay::m1 {

inline constexpr std::size_t kBufferSize = 4096;  ///< of the real tool's token buffer

struct Item {
  enum class Kind : std::uint8_t { newline, atom, string, end, long_atom, long_string, unterminated };
  Kind kind = Kind::end;
  /// A string with its opening quote; of a long string what fits the buffer.
  std::string_view text;
  std::uint64_t offset = 0;
  /// As the real tool counts at the first byte of the item (at its end for the errors).
  std::uint64_t line = 1;
};

enum class Class : std::uint8_t { other, blank, newline, comment, quote };

inline constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> classes{};
  classes[' '] = classes['\t'] = Class::blank;
  classes['\n'] = Class::newline;
  classes['#'] = classes[';'] = Class::comment;
  classes['\''] = classes['"'] = Class::quote;
  return classes;
}();

/// Cuts one file into items. A newline item is every event that makes the real tool think of a line
/// end: a newline, the end of a comment, the end of the file.
class Scanner {
 public:
  /// Begins at `from`, where an item ends; counts lines from there.
  explicit Scanner(std::string_view text, std::size_t from = 0) : text_(text), at_(from) {}

  Item next() {
    if (pending_newline_) {
      pending_newline_ = false;
      return {Item::Kind::newline, {}, at_ - 1, line_++};
    }
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      switch (class_of(text_[start])) {
        case Class::blank: ++at_; continue;
        case Class::newline: ++at_; return {Item::Kind::newline, {}, start, line_++};
        case Class::comment: skip_comment(); return {Item::Kind::newline, {}, start, line_++};
        case Class::quote: return read_string();
        case Class::other: return read_atom();
      }
    }
    if (ended_) return {Item::Kind::end, {}, at_, line_};
    ended_ = true;
    return {Item::Kind::newline, {}, at_, line_++};
  }

 private:
  static Class class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

  void skip_comment() {
    const char* const data = text_.data();
    at_ = static_cast<std::size_t>(find_any<'\n', '\r'>(data + at_, data + text_.size()) - data);
    if (at_ < text_.size()) ++at_;
  }

  Item read_atom() {
    const std::size_t start = at_;
    const char* const data = text_.data();
    const auto end =
        static_cast<std::size_t>(find_any<' ', '\t', '\n'>(data + start + 1, data + text_.size()) - data);
    if (end - start >= kBufferSize)
      return {Item::Kind::long_atom, text_.substr(start, kBufferSize), start, line_};
    const std::uint64_t line = line_;
    at_ = end;
    if (end < text_.size()) {
      pending_newline_ = text_[end] == '\n';
      ++at_;
    }
    return {Item::Kind::atom, text_.substr(start, end - start), start, line};
  }

  Item read_string() {
    const std::size_t start = at_;
    const std::size_t end = text_.find(text_[start], start + 1);
    // The buffer holds the quote too, and is found full only after another byte was read.
    const bool reads_past = text_.size() - start > kBufferSize;
    const std::size_t length = (end == std::string_view::npos ? text_.size() : end) - start;
    const std::uint64_t line = line_;
    const std::string_view whole = text_.substr(start, length < kBufferSize ? length : kBufferSize);
    for (const char c : whole) line_ += c == '\n' ? 1 : 0;
    if (length >= kBufferSize && reads_past) return {Item::Kind::long_string, whole, start, line_};
    if (end == std::string_view::npos) return {Item::Kind::unterminated, whole, start, line};
    at_ = end + 1;
    return {Item::Kind::string, whole, start, line};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  bool pending_newline_ = false;
  bool ended_ = false;
};

}  // namespace assay::m1
