// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the readers of Arm's two instruction sets, A32 and A64, have in common: instructions of four bytes,
// one behind the other, and flags that are kept until somebody asks.
#pragma once

#include "exec/decode/arm_flags.h"
#include "exec/decode/instruction_set.h"

namespace assay::exec {

class ArmReader {
 public:
  /// Reads instructions into one block.
  Block read();

 protected:
  ArmReader(Image& image, std::uint64_t address)
      : image_(image), at_(address), block_(image.word_bytes(), address), flags_(block_, image) {}
  ~ArmReader() = default;

  static constexpr std::uint64_t kShortJump = 64;  ///< bytes: a jump over data is no jump
  // Within an instruction.
  static constexpr Register kFirst = kFirstTemporary;
  static constexpr Register kSecond = kFirstTemporary + 1;
  static constexpr Register kThird = kFirstTemporary + 2;

  /// Reads code_, the instruction at at_; false if it is not known.
  virtual bool one() = 0;

  [[nodiscard]] std::uint32_t bits(unsigned low, unsigned count) const {
    return code_ >> low & ((1U << count) - 1);
  }
  [[nodiscard]] bool bit(unsigned at) const { return (code_ >> at & 1) != 0; }
  [[nodiscard]] std::uint32_t code_at(std::uint64_t address) const {
    return address >= image_.base() && address + 4 <= image_.end() ? image_.load<std::uint32_t>(address) : 0;
  }
  void go_to(std::uint64_t target);

  Image& image_;
  std::uint64_t at_;
  std::uint64_t next_ = 0;  ///< where to read on, if not behind
  std::uint32_t code_ = 0;
  BlockBuilder block_;
  ArmFlags flags_;
  bool done_ = false;
};

}  // namespace assay::exec
