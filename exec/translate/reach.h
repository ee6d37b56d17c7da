// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which memory a block of operations touches, as far as that can be said before it runs: words at a distance
// from where a stack or frame register points when the block begins, and fixed addresses. A translator asks
// once for the block instead of at every access.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "exec/state/code.h"

namespace assay::exec {

/// What is known of the address that an operation uses.
struct Reach {
  enum class Kind : std::uint8_t { unknown, window, fixed } kind = Kind::unknown;
  std::uint64_t address = 0;  ///< fixed
};

/// Bytes from `low` to `high`, seen from what a register holds when the block begins.
struct Window {
  Register base = kZero;
  std::int64_t low = 0;
  std::int64_t high = 0;  ///< behind the last one
};

struct Reaches {
  std::vector<Reach> of;  ///< each operation of the block
  std::vector<Window> windows;
};

/// True for the last operation of a block.
bool ends_block(Op op);

/// `stack` are the registers that point into the stack if they point anywhere.
Reaches find_reaches(const Operation* block, std::span<const Register> stack, unsigned word_bytes);

}  // namespace assay::exec
