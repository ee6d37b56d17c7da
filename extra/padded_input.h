// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The input of unxz as the real tool sees it: the file, then 0xFF bytes without end.
#pragma once

#include <algorithm>

#include "extra/world.h"

namespace assay::extra {

class PaddedInput {
 public:
  explicit PaddedInput(Reader& reader) : reader_(reader) {}

  /// The next `count` bytes, which stay until `skip`.
  ByteView next(std::size_t count) {
    if (window_.size() - at_ < count) fill(count);
    return ByteView(window_).subspan(at_, count);
  }
  Byte peek() { return next(1)[0]; }
  void skip(std::size_t count) {
    next(count);
    at_ += count;
    skipped_ += count;
  }
  Byte take() {
    const Byte byte = peek();
    skip(1);
    return byte;
  }
  /// Bytes skipped since the start.
  [[nodiscard]] std::uint64_t position() const { return skipped_; }
  /// Bytes that were looked at beyond the end of the file.
  [[nodiscard]] std::uint64_t padding() const { return padding_; }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16;

  void fill(std::size_t count) {
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
    while (window_.size() < count && !ended_) {
      const std::size_t used = window_.size();
      window_.resize(used + kPiece);
      const std::size_t got = reader_.read(std::span(window_).subspan(used));
      window_.resize(used + got);
      ended_ = got == 0;
    }
    if (window_.size() < count) {
      padding_ += count - window_.size();
      window_.resize(count, 0xFF);
    }
  }

  Reader& reader_;
  Bytes window_;
  std::size_t at_ = 0;
  std::uint64_t skipped_ = 0;
  std::uint64_t padding_ = 0;
  bool ended_ = false;
};

}  // namespace assay::extra
