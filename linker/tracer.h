// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handlers of the scanner that find places in the source again.
#pragma once

#include <algorithm>

#include "core/source_map.h"
#include "linker/builder.h"

namespace assay::linker {

/// Finds the reference with this number in its file, and the line that the real tool would name.
class FieldFinder {
 public:
  explicit FieldFinder(std::size_t number) : left_(number) {}

  void byte(unsigned /*value*/, const char* /*first*/, const char* /*end*/) {}
  void word(std::uint32_t /*value*/) {}
  bool label(std::string_view /*name*/, const char* /*first*/) { return true; }
  bool pointer(char /*sigil*/, std::string_view name, bool /*based*/, std::string_view /*base*/,
               const char* first, const char* end) {
    first_ = first;
    end_ = std::min(first + 1 + name.size(), end);  // at the end of the text the name is not in it
    return left_-- > 0;
  }
  void pad(const char* /*first*/) {}
  void caret() {}
  void newline() { ++line_; }
  void ignored(const char* /*at*/) {}
  void partial(const char* /*first*/) {}

  [[nodiscard]] const char* first() const { return first_; }
  [[nodiscard]] const char* end() const { return end_; }
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  std::size_t left_;
  const char* first_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t line_ = 1;
};

/// Gives each of the first `size` output bytes its source.
class Mapper {
 public:
  Mapper(std::uint32_t file, std::string_view text, bool riscv, std::int64_t base, std::size_t size,
         SourceMap& map)
      : file_(file),
        text_(text),
        riscv_(riscv),
        base_(static_cast<std::uint64_t>(base)),
        size_(size),
        map_(map) {}

  void byte(unsigned /*value*/, const char* first, const char* end) { add(1, first, end); }
  void word(std::uint32_t /*value*/) {}
  bool label(std::string_view /*name*/, const char* /*first*/) { return true; }
  bool pointer(char sigil, std::string_view name, bool based, std::string_view base, const char* first,
               const char* end) {
    // The end of the name; of "a>b" the end of b.
    const char* const stop = based ? base.data() + base.size() : first + 1 + name.size();
    add(riscv_ ? Builder<true>::size_of(sigil) : Builder<false>::size_of(sigil), first, std::min(stop, end));
    return map_.size() < size_;
  }
  void pad(const char* first) { add((4 - (base_ + map_.size()) % 4) % 4, first, first + 1); }
  void caret() {}
  void newline() {}
  void ignored(const char* /*at*/) {}
  void partial(const char* /*first*/) {}

 private:
  void add(std::uint64_t length, const char* first, const char* end) {
    map_.add(
        std::min<std::uint64_t>(length, size_ - map_.size()),
        {file_, static_cast<std::uint64_t>(first - text_.data()), static_cast<std::uint64_t>(end - first)});
  }

  std::uint32_t file_;
  std::string_view text_;
  bool riscv_;
  std::uint64_t base_;
  std::size_t size_;
  SourceMap& map_;
};

}  // namespace assay::linker
