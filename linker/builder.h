// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "linker/linker.h"

namespace assay::linker {

/// The scanner's handler that writes the draft of the output.
template <bool kRiscv>
class Builder {
 public:
  Builder(Link& link, bool keep_labels)
      : link_(link),
        draft_(link.draft_),
        start_(draft_.bytes.get()),
        out_(start_ + draft_.size),
        base_(static_cast<std::uint64_t>(link.options_.base_address)),
        keep_labels_(keep_labels) {}

  void byte(unsigned value, const char* /*first*/, const char* /*end*/) {
    if constexpr (kRiscv) {
      value ^= draft_.shift;
      draft_.shift >>= 8;
    }
    *out_++ = static_cast<char>(value);
  }

  void word(std::uint32_t value) {
    draft_.shift ^= link_.options_.big_endian ? value : __builtin_bswap32(value);
  }

  bool label(std::string_view name, const char* first) {
    if (!keep_labels_) return true;
    if (name.size() > kLongestName) {
      link_.long_label_ = first;
      return false;
    }
    link_.define(name, static_cast<std::uint64_t>(out_ - start_));
    return true;
  }

  bool pointer(char sigil, std::string_view name, bool based, std::string_view base, const char* /*first*/,
               const char* /*end*/) {
    Link::Field field;
    field.sigil = sigil;
    field.offset = static_cast<std::uint32_t>(out_ - start_);
    const unsigned size = size_of(sigil);
    if constexpr (kRiscv) {
      if (size > 0) draft_.gaps.emplace_back(field.offset, size);
    }
    if (link_.keeps_alignment_ && !based) {
      field.aligned = draft_.aligned;
      draft_.aligned = false;
    }
    draft_.fields.push_back(field);
    link_.refer(name, Link::Use::target);
    if (based) link_.refer(base, Link::Use::base);
    for (unsigned i = 0; i < size; ++i) *out_++ = 0;
    return true;
  }

  void pad(const char* /*first*/) {
    const std::uint64_t address = base_ + static_cast<std::uint64_t>(out_ - start_);
    const auto count = static_cast<std::uint32_t>((4 - address % 4) % 4);
    if constexpr (kRiscv) {
      if (count > 0) draft_.gaps.emplace_back(static_cast<std::uint32_t>(out_ - start_), count);
    }
    for (std::uint32_t i = 0; i < count; ++i) *out_++ = 0;
  }

  void caret() { draft_.aligned = true; }
  void newline() {}
  void ignored(const char* /*at*/) {}
  void partial(const char* /*first*/) {}

  void done() { draft_.size = static_cast<std::size_t>(out_ - start_); }

  static unsigned size_of(char sigil) {
    switch (sigil) {
      case '%':
      case '&': return 4;
      case '~': return kRiscv ? 0 : 3;
      case '!': return kRiscv ? 0 : 1;
      default: return kRiscv ? 0 : 2;
    }
  }

 private:
  Link& link_;
  Link::Draft& draft_;
  char* start_;
  char* out_;
  std::uint64_t base_;
  bool keep_labels_;
};

}  // namespace assay::linker
