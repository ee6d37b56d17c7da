// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1_plain.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "M1/m1_scanner.h"

namespace assay::m1 {

/// Of a lane; bit i stands for byte i.
struct PlainScan::Bits {
  explicit Bits(const char* from) {
    for (std::size_t at = 0; at < kLane; at += sizeof(Vector)) {
      Vector text;
      std::memcpy(&text, from + at, sizeof(text));
      const Mask newline = text == '\n';
      newlines |= bits_of(newline) << at;
      separators |= bits_of(newline | (text == ' ') | (text == '\t')) << at;
      hashes |= bits_of((text == '#') | (text == ';')) << at;
      special |= bits_of((text == '"') | (text == '\'') | (text == '\r') | (text == 0)) << at;
    }
  }
  std::uint64_t newlines = 0;
  std::uint64_t separators = 0;
  std::uint64_t hashes = 0;   ///< start a comment where a token could start
  std::uint64_t special = 0;  ///< quote, carriage return or NUL
};

bool PlainScan::more() {
  if (begun_ > size_) starts_[0] = starts_[size_];
  begun_ -= size_;
  size_ = 0;
  for (std::size_t lane = 0; lane < kLanes && !over_; ++lane) over_ = !take_lane();
  // Only the first can have begun long ago.
  if (begun_ > 0 && (size_ > 0 ? ends_[0] : at_) - starts_[0] / 2 >= kBufferSize) {
    over_ = true;
    size_ = 0;
  }
  if (size_ == 0) return !over_;
  const std::string_view last = spelling(size_ - 1);
  rest_ = ends_[size_ - 1] + (kClasses[static_cast<unsigned char>(last[0])] == Class::quote ? 1 : 0);
  return true;
}

bool PlainScan::take_lane() {
  if (text_.size() - at_ < kLane) return false;
  const Bits bits(text_.data() + at_);
  const std::uint64_t could_start = ~bits.separators & (bits.separators << 1 | boundary_);
  std::uint64_t comment = comment_;
  const std::uint64_t comments = runs(bits.hashes & could_start, bits.newlines, comment);
  const std::uint64_t gaps = bits.separators | comments;
  const std::uint64_t starts = ~gaps & (gaps << 1 | boundary_);
  const std::uint64_t ends = gaps & ~(gaps << 1 | boundary_);
  // A newline, added to the gap that it is in, runs as a carry up to the start of the next token.
  const std::uint64_t partial = gaps + bits.newlines;
  const std::uint64_t sum = partial + newline_;
  for (std::uint64_t left = bits.special; left != 0; left &= left - 1) {
    const int place = std::countr_zero(left);
    const std::uint64_t bit = std::uint64_t{1} << place;
    const char c = text_[at_ + static_cast<std::size_t>(place)];
    if (c != '\0' && (bit & (c == '\r' ? comments : starts)) == 0) continue;  // of a token, or of a comment
    add(starts & (bit - 1), ends & (bit - 1), sum);
    if (c == '\0') return false;
    const std::size_t at = at_ + static_cast<std::size_t>(place);
    if (c != '\r') return take_string(at, (sum & bit) != 0);
    at_ = at + 1;
    boundary_ = 1;
    comment_ = 0;
    newline_ = 1;
    return true;
  }
  add(starts, ends, sum);
  at_ += kLane;
  boundary_ = gaps >> (kLane - 1);
  comment_ = comment;
  newline_ = static_cast<std::uint64_t>(partial < gaps) | static_cast<std::uint64_t>(sum < partial);
  return true;
}

bool PlainScan::take_string(std::size_t at, bool after_newline) {
  const std::string_view most = text_.substr(at, kBufferSize);
  const std::size_t length = most.find(most[0], 1);
  if (length == std::string_view::npos || most.substr(0, length).find('\0') != std::string_view::npos)
    return false;
  starts_[begun_++] = 2 * at + (after_newline ? 1 : 0);
  ends_[size_++] = at + length;
  at_ = at + length + 1;
  boundary_ = 1;
  comment_ = 0;
  newline_ = 0;
  return true;
}

void PlainScan::add(std::uint64_t starts, std::uint64_t ends, std::uint64_t after_newline) {
  constexpr std::uint64_t kLast = std::uint64_t{1} << (kLane - 1);  // stands for no bit
  // As many as there are bits, but a whole step at once: how many they are costs a branch only beyond it.
  const std::size_t started = count_bits(starts);
  std::size_t* out = starts_.data() + begun_;
  for (std::size_t done = 0; done < started; done += kStep) {
    for (std::size_t i = 0; i < kStep; ++i, starts &= starts - 1) {
      const int place = std::countr_zero(starts | kLast);
      *out++ = 2 * (at_ + static_cast<std::size_t>(place)) + (after_newline >> place & 1);
    }
  }
  begun_ += started;
  const std::size_t ended = count_bits(ends);
  out = ends_.data() + size_;
  for (std::size_t done = 0; done < ended; done += kStep) {
    for (std::size_t i = 0; i < kStep; ++i, ends &= ends - 1) {
      *out++ = at_ + static_cast<std::size_t>(std::countr_zero(ends | kLast));
    }
  }
  size_ += ended;
}

}  // namespace assay::m1
