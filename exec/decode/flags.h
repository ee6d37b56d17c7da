// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of a processor's flags at one place of a block: not the flags themselves but what they were
// made of, until a condition asks. What is not known is not guessed: the question has no answer then.
#pragma once

#include <optional>

#include "exec/decode/block_builder.h"

namespace assay::exec {

/// What a condition asks of flags. The carry is x86's: of a difference, it is the borrow.
enum class Question : std::uint8_t { overflow, carry, zero, carry_or_zero, sign, less, less_or_equal };

/// Holds if `condition` does between two registers.
struct Answer {
  Condition condition{};
  Register left = kZero;
  Register right = kZero;
};

class Flags {
 public:
  /// `saved`: the first of three registers in which flags are kept between blocks, if they are; `as_words`:
  /// as from_word() takes them.
  Flags(BlockBuilder& block, unsigned word_bytes, std::optional<Register> saved, bool as_words = false);

  [[nodiscard]] bool known() const { return made_ != Made::nothing; }
  void forget() {
    made_ = Made::nothing;
    as_before_ = false;
  }

  // Of the low `bytes` bytes of two registers; said before these change.
  void difference(Register left, Register right, unsigned bytes) {
    keep(Made::difference, left, right, bytes);
  }
  void sum(Register left, Register right, unsigned bytes) { keep(Made::sum, left, right, bytes); }
  /// The same of a difference, without a copy: the next instruction asks, and nobody does behind it.
  void difference_for_next(Register left, Register right);
  /// Somebody has asked, and the next instruction may change what was not copied.
  void after_question() {
    if (!is_copied_) forget();
  }
  /// Zero and sign of what a register holds now; no carry, no overflow.
  void result(Register value, unsigned bytes) { keep(Made::difference, value, kZero, bytes); }

  /// If nothing is known, and nothing has been set in this block: what the one before has saved. `address`
  /// needs it.
  void know(std::uint64_t address);
  /// Saves them for the blocks behind; `can_be`: unless that would not be all that is asked there.
  void save(bool can_be = true);
  [[nodiscard]] bool saves_words() const { return as_words_; }
  /// Whether they are those that the block before has saved, or are for nobody.
  [[nodiscard]] bool are_saved() const { return !saved_ || as_before_; }
  /// Saves them as a word; without one they are not known behind.
  void save_word(std::optional<Register> word);
  /// All of them by the bits of x86's word, a copy of which is made; and the word, in kFlagsFirst.
  void from_word(Register word);
  /// Ends the run, at the instruction at `at`, if x86's word has other bits too: those do something else
  /// (trap every instruction, let strings go down, ask for alignment).
  void expect_no_others(Register word, std::uint64_t at);
  std::optional<Register> word();

  /// Zero is clear if a register holds 1, and set if it holds 0; nothing is known of the others.
  void zero_unless(Register truth) {
    result(truth, word_bytes_);
    carry_ = Carry::unknown;
    overflow_known_ = sign_known_ = false;
  }

  // Then, if these differ from what was said:
  /// Sets the carry to a register's truth.
  void set_carry(Register truth);
  void forget_carry() { carry_ = Carry::unknown; }
  void forget_overflow() { overflow_known_ = false; }

  /// The carry's truth in a register that difference() and the like leave alone.
  std::optional<Register> carry();
  std::optional<Answer> ask(Question question, bool negated);
  /// The answer as 1 or 0 in a register.
  std::optional<Register> truth(Question question, bool negated, Register into);

 private:
  enum class Made : std::uint8_t { nothing, difference, sum, word };
  enum class Carry : std::uint8_t { own, kept, unknown };
  bool save_parts();
  void begin(Made made, Register left, Register right, unsigned bytes);
  void keep(Made made, Register left, Register right, unsigned bytes);
  void extend(Register d, Register a) { extend(d, a, bytes_); }
  void extend(Register d, Register a, unsigned bytes);
  Register outcome();
  Register both(Answer one, Answer other);
  std::optional<Answer> answer(Question question);
  Answer answer_of_difference(Question question);
  Answer answer_of_sum(Question question);
  Answer answer_of_word(Question question);

  BlockBuilder& block_;
  unsigned word_bytes_;
  std::optional<Register> saved_;
  bool as_words_ = false;
  Made made_ = Made::nothing;
  Carry carry_ = Carry::own;
  bool overflow_known_ = true;
  bool sign_known_ = true;
  bool is_copied_ = true;  ///< the registers below are no others' business
  bool as_before_ = true;
  unsigned bytes_ = 0;
  Register left_ = kLeft;  ///< these hold values with their sign extended to a word
  Register right_ = kRight;
};

/// Registers that flags are made in, and where a carry is kept: the last ones before those of traces.
inline constexpr Register kFlagsFirst = kFirstOfTrace - 3;
inline constexpr Register kFlagsSecond = kFirstOfTrace - 2;
inline constexpr Register kCarry = kFirstOfTrace - 1;

}  // namespace assay::exec
