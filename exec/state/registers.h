// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program has while it runs, besides its memory.
#pragma once

#include <array>
#include <cstdint>

#include "core/bytes.h"
#include "exec/state/code.h"
#include "exec/x87/unit.h"

namespace assay::exec {

inline constexpr std::uint64_t kNoFile = ~std::uint64_t{0};

/// Where a program's single bytes go, or come from, until the system has another call to do.
template <class B>
struct Stream {
  std::uint64_t file = kNoFile;  ///< its number
  B* next = nullptr;
  B* end = nullptr;
  /// The next one's place; null if it is another file's, or there is none.
  B* take(std::uint64_t number) { return number == file && next != end ? next++ : nullptr; }
};
using Output = Stream<Byte>;
using Input = Stream<const Byte>;

struct Registers {
  std::array<std::uint64_t, kRegisters> values{};
  std::uint64_t next = 0;  ///< at a system call: the address behind it, and where the program goes on
  std::uint64_t heap = 0;  ///< where it ends (brk), and where it may end
  std::uint64_t heap_most = 0;
  Output* output = nullptr;  ///< at the end of a file
  Input* input = nullptr;    ///< of another one
  x87::Unit x87;
  std::uint64_t& operator[](Register reg) { return values[reg]; }
  std::uint64_t operator[](Register reg) const { return values[reg]; }
  /// What programs ask the system for most often.
  bool grow_heap(std::uint64_t to) {
    if (to < heap || to > heap_most) return false;
    heap = to;
    return true;
  }
};

}  // namespace assay::exec
