// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Flags as Arm's instruction sets, A64 and A32, have them: what flags.h keeps, where the carry of a
// difference is the other way round, and conditions by their four bits.
#pragma once

#include "exec/decode/flags.h"
#include "exec/state/image.h"

namespace assay::exec {

/// The condition that always holds, by its four bits.
inline constexpr unsigned kAlways = 14;

class ArmFlags {
 public:
  ArmFlags(BlockBuilder& block, const Image& image)
      : block_(block),
        flags_(block, image.word_bytes(),
               image.keeps_flags() ? std::optional<Register>(kSavedFlags) : std::nullopt,
               image.flags_kept() == FlagsKept::all) {}

  // What sets them, as in flags.h.
  void difference(Register left, Register right, unsigned bytes) {
    carry_ = Carry::of_difference;
    flags_.difference(left, right, bytes);
  }
  void difference_for_next(Register left, Register right) {
    carry_ = Carry::of_difference;
    flags_.difference_for_next(left, right);
  }
  void after_question() { flags_.after_question(); }
  void sum(Register left, Register right, unsigned bytes) {
    carry_ = Carry::of_sum;
    flags_.sum(left, right, bytes);
  }
  /// Carry and overflow are clear.
  void result(Register value, unsigned bytes) {
    carry_ = Carry::clear;
    flags_.result(value, bytes);
  }
  /// Nothing is known of carry and overflow.
  void zero_and_sign(Register value, unsigned bytes) {
    carry_ = Carry::of_difference;
    flags_.result(value, bytes);
    flags_.forget_carry();
    flags_.forget_overflow();
  }
  /// All of them by the bits of a word as word() makes it.
  void from_word(Register word) {
    carry_ = Carry::of_difference;
    flags_.from_word(word);
  }

  [[nodiscard]] bool known() const { return flags_.known(); }
  /// What a condition asks, at an address; nothing if that is not known. The answer may use the first two
  /// temporaries, and flags.h's.
  std::optional<Answer> condition(unsigned code, std::uint64_t address);
  /// Whether a condition was asked of which nothing is known.
  [[nodiscard]] bool asked_in_vain() const { return asked_in_vain_; }
  /// All flags as a word, in the first temporary; nothing if one of them is not known.
  std::optional<Register> word(std::uint64_t address);
  /// Saves them for the blocks behind, before a jump from an address.
  void save(std::uint64_t address);

  // Bits of such a word.
  static constexpr unsigned kBorrowBit = 0, kZeroBit = 6, kSignBit = 7, kOverflowBit = 11;

 private:
  static constexpr Register kSavedFlags = kFirstOfTrace;  // such programs have no traces
  static constexpr Register kFirst = kFirstTemporary;
  static constexpr Register kSecond = kFirstTemporary + 1;
  enum class Carry : std::uint8_t { of_difference, of_sum, clear };

  std::optional<Answer> asked_of_sum(bool above, bool negated);

  BlockBuilder& block_;
  Flags flags_;
  Carry carry_{};  ///< what the flags' carry is here
  bool asked_in_vain_ = false;
};

}  // namespace assay::exec
