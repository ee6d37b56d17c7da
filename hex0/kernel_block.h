// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kernels share: the buffer between their two stages.
#pragma once

#include <algorithm>
#include <cstring>

#include "core/byte_masks.h"
#include "hex0/kernels.h"

namespace assay::hex0::kernels {

inline constexpr std::size_t kBlock = 4096;  ///< bytes of text between two turns of the second stage
inline constexpr std::size_t kLane = 64;

/// Digits, gathered by the first stage: as values, or (the portable kernel) as characters.
struct Digits {
  explicit Digits(const Place& place) : count(place.half ? 1 : 0) { values[0] = place.held; }

  /// Behind the second stage: keeps the value that has no partner yet.
  void keep_last() {
    const std::size_t rest = count % 2;
    if (rest != 0) values[0] = values[count - 1];
    count = rest;
  }
  void leave(Place& place) const {
    place.half = count != 0;
    place.held = values[0];
  }

  std::size_t count;
  alignas(kLane) Byte values[1 + kBlock + kLane];
};

}  // namespace assay::hex0::kernels
