// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces: a loop that goes round often is recorded once, through all that it calls, and becomes operations
// for just that way round. (So does the way through a function that is called often, or as far as it can be
// followed.) What is on the stack at a known place is kept in registers, what comes out the
// same each time is not done again; wherever the program goes another way, everything is put where it would
// be, and the blocks go on from there. So a trace does what its blocks do, whatever was recorded; but it
// counts as one jump a round.
//
// Assumed of a round, and asked before the first one: where the registers that point into the stack are from
// each other, and what some registers and words of the stack hold, by constants or by what others hold. Each
// round leaves it so.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "exec/state/code.h"

namespace assay::exec {

class Image;
struct InstructionSet;
struct Loop;

/// One time round a loop, from its first operation to where it comes again; or a way that ends elsewhere.
struct Path {
  struct Step {
    const Operation* operation = nullptr;
    /// Branch, test: where the way not gone leads; the operation itself if nobody has gone it yet, because
    /// what is looked at counts as code.
    const Operation* other = nullptr;
    bool jumped = false;         ///< branch, test
    std::uint64_t to = 0;        ///< leave, jump_register, call_register: the address gone to
    const Loop* loop = nullptr;  ///< fill: all times round it but the last one
    friend bool operator==(const Step&, const Step&) = default;
  };
  const Operation* head = nullptr;
  std::uint64_t address = 0;
  std::uint32_t heat = 0;  ///< the number of the loop's Op::heat
  std::vector<Step> steps;
  const Operation* end = nullptr;  ///< where it ends; null if it comes round
  /// How far the registers that point into the stack are from the first of them, in the order of
  /// InstructionSet::in_stack; nothing for one that does not.
  std::array<std::optional<std::int64_t>, 4> distances{};
  friend bool operator==(const Path&, const Path&) = default;
};

/// A trace is judged each time that it has been entered so often.
inline constexpr std::uint32_t kEntered = 256;

struct Trace {
  Path path;
  std::deque<std::vector<Operation>> parts;
  const Operation* start = nullptr;  ///< null: no trace can be made of the path
};

Trace make_trace(Path path, const InstructionSet& set, const Image& image);

}  // namespace assay::exec
