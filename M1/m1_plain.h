// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fast way through the plain part of an M1 text: the Scanner (m1_scanner.h) does the rest and all that
// is rare. 64 bytes at once become bits, of which additions and shifts make the ends of tokens, comments and
// all; what M1 texts are made of (short tokens of any length, in any order) costs no branch.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/byte_masks.h"

namespace assay::m1 {

/// Finds tokens a few lanes ahead.
class PlainScan {
 public:
  explicit PlainScan(std::string_view text) : text_(text) {}

  /// Finds more tokens in place of those that are there. False: there are no more of the plain kind.
  bool more();
  [[nodiscard]] std::size_t size() const { return size_; }
  /// A string with its opening quote.
  [[nodiscard]] std::string_view spelling(std::size_t token) const {
    return {text_.data() + starts_[token] / 2, ends_[token] - starts_[token] / 2};
  }
  /// The Scanner has a newline item, or several, before it.
  [[nodiscard]] bool after_newline(std::size_t token) const { return starts_[token] % 2 != 0; }
  /// Where the Scanner goes on: behind the last token.
  [[nodiscard]] std::size_t rest() const { return rest_; }

 private:
  static constexpr std::size_t kLane = 64;
  static constexpr std::size_t kLanes = 16;
  static constexpr std::size_t kStep = 8;  ///< places that are written at once
  static constexpr std::size_t kMost = 1 + kLanes * (kLane / 2 + 1) + kStep;

  struct Bits;
  /// False: what follows is not plain.
  bool take_lane();
  bool take_string(std::size_t at, bool after_newline);
  /// Adds the tokens of a lane that begin and end at these bits.
  void add(std::uint64_t starts, std::uint64_t ends, std::uint64_t after_newline);

  std::string_view text_;
  std::size_t at_ = 0;  ///< the next lane
  // What reaches into it from the one before; each 0 or 1.
  std::uint64_t boundary_ = 1;  ///< its first byte is no more of the token before
  std::uint64_t comment_ = 0;   ///< it begins inside a comment
  std::uint64_t newline_ = 0;   ///< no token began since the last newline item
  bool over_ = false;
  std::size_t rest_ = 0;
  std::size_t size_ = 0;                   ///< of complete tokens
  std::size_t begun_ = 0;                  ///< size_, or one more
  std::array<std::size_t, kMost> starts_;  ///< twice the offset, and 1 after a newline
  std::array<std::size_t, kMost> ends_;
};

}  // namespace assay::m1
