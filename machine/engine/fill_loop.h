// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops that do nothing but count and fill memory: most of what the bootstrap's programs do, for they
// clear every block they allocate and every name they read, a byte at a time. The translator looks for
// them where code jumps backward often, and does all of their iterations but the last, unfinished one at
// once.
//
// One iteration is followed on symbols. What registers and words of memory hold at its start are the
// atoms; everything must come out as a constant plus atoms, or as a comparison of such sums; whatever goes
// into another iteration must change by a constant. Then n iterations are: n steps for what the
// comparisons depend on, one fill, and the values that the last of them leaves. Instruction counts, registers
// and memory are exactly those of n iterations done one by one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "machine/engine/engine.h"
#include "machine/engine/memory.h"
#include "machine/isa/isa.h"

namespace assay::machine {

/// A guest register (its slot), or kFirstWord + the index of a word of memory.
using Atom = std::uint8_t;
inline constexpr Atom kFirstWord = kFirstTemp;

/// A constant plus at most three atoms, in ascending order.
struct Affine {
  std::int64_t constant = 0;
  std::array<Atom, 3> atoms{};
  std::uint8_t count = 0;
  bool operator==(const Affine&) const = default;
};

struct FillLoop {
  /// left <condition> right; compared at the width of an address.
  struct Test {
    Condition condition = Condition::eq;
    Affine left, right;
    std::int64_t left_step = 0, right_step = 0;  ///< change with each iteration
  };
  /// A word of memory, as wide as an address, at an address that stays.
  struct Word {
    Affine address;
    std::int64_t step = 0;  ///< of its value, where that is asked for
    bool stored = false;
    bool moves = false;  ///< it is no word but what the fill writes
  };
  /// What an iteration stores at a moving address.
  struct Fill {
    Width width = Width::w8;
    Affine address;
    std::int64_t step = 0;  ///< its size in bytes, or minus that
    Affine value;
  };
  /// What an iteration leaves in a register or word: a sum, or 1 if a test holds and 0 if not.
  struct Result {
    Atom atom = 0;
    bool truth = false;
    Affine sum;
    Test test;
  };

  unsigned instructions = 0;  ///< guest instructions in an iteration
  std::vector<Test> tests;    ///< while all hold there is another iteration
  std::vector<Word> words;
  std::vector<std::pair<Atom, Atom>> unsure;  ///< indices of words that may be the same memory
  /// How registers change, where that is asked for.
  std::vector<std::pair<Slot, std::int64_t>> register_steps;
  std::optional<Fill> fill;
  std::vector<Result> results;
  std::vector<Literal> code;  ///< all bytes this follows from
};

/// The loop with its head at `pc`; nothing if it is not such a loop.
std::optional<FillLoop> find_fill_loop(const Isa& isa, std::uint64_t pc, const Fetch& fetch);

/// Does as many whole iterations as are certain, from the head on; gives how many. Leaves cpu.pc and the
/// flags alone: a loop that needs its flags again at the head is not one of these.
std::uint64_t run_fill_loop(const FillLoop& loop, const Isa& isa, Memory& memory, Cpu& cpu);

}  // namespace assay::machine
