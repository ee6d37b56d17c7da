// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops that fill or copy memory, a few bytes each time round: most of what the bootstrap's programs do
// (they clear every block they allocate and every name they read). Such a loop is found in the operations of
// any program, by what they do, and its iterations but the last are done at once.
//
// One time round is followed on symbols. Every word of it must come out as one of: unchanged, changed by a
// constant, or of no use to the next time round; the conditions must compare such words; and it must write
// to addresses that move by as much as it writes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "exec/state/code.h"

namespace assay::exec {

class Image;
struct Registers;

/// A sum of a constant and up to three atoms: what registers and words of memory held when the loop's
/// iteration began. Atoms below kRegisters are registers, those from kFirstSlot on words of memory.
struct Sum {
  static constexpr unsigned kMostAtoms = 3;
  static constexpr std::uint16_t kFirstSlot = 64;
  std::int64_t constant = 0;
  std::array<std::uint16_t, kMostAtoms> atoms{};
  std::uint8_t count = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};

struct Loop {
  /// A word of memory at an address that stays.
  struct Slot {
    Register base = kZero;
    std::int64_t offset = 0;
    std::int64_t step = 0;  ///< how the word changes each time round
    bool read = false;      ///< before it is written
  };
  /// The loop goes on while this holds.
  struct Test {
    Condition condition{};
    Sum left{};
    Sum right{};
    std::int64_t left_step = 0, right_step = 0;
    /// Whether `left` comes down to `right`; else it goes up.
    [[nodiscard]] bool is_turned() const;
    /// How much less is between the two each time.
    [[nodiscard]] std::int64_t nearer() const {
      return is_turned() ? right_step - left_step : left_step - right_step;
    }
    /// Whether it holds when the two have met.
    [[nodiscard]] bool has_equal() const;
  };
  /// `bytes` bytes at `to`, whose next place is behind or before them.
  struct Write {
    Sum to{};
    std::int64_t step = 0;
    unsigned bytes = 0;
    bool copies = false;
    Sum value{};  ///< of the bytes, or where they come from
  };
  /// Where the words with one base lie.
  struct Area {
    Register base = kZero;
    std::int64_t low = 0;
    std::int64_t high = 0;  ///< behind the last byte
  };
  static constexpr std::size_t kMostAreas = 6;
  unsigned word_bytes = 8;
  std::vector<Area> areas;
  std::vector<Slot> slots;
  std::vector<Test> tests;
  std::vector<Write> writes;
  struct Step {
    Register reg = kZero;
    std::int64_t step = 0;
  };
  std::vector<Step> register_steps;  ///< those that change

  /// Whether it fills bytes until two words have met, one step each time, and all that changes does so by
  /// one.
  [[nodiscard]] bool is_simple() const;
};

/// A loop that goes on fewer times is done step by step.
inline constexpr std::uint64_t kFewestRounds = 9;

/// Does as many iterations as are sure to be followed by another one; none, and false, if it would go round
/// less than `fewest` times or the memory written is not apart from all else.
bool run_loop(const Loop& loop, Image& image, Registers& registers, std::uint64_t fewest);

}  // namespace assay::exec
