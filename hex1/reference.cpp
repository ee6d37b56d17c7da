// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex1/reference.h"

namespace assay::hex1 {
namespace {

/// Bits [low + count - 1 : low] of `value`, moved to `to`.
constexpr std::uint32_t bits(std::uint32_t value, unsigned low, unsigned count, unsigned to) {
  return ((value >> low) & ((1U << count) - 1U)) << to;
}

constexpr std::int64_t kBranchReach = 1 << 12;
constexpr std::int64_t kJumpReach = 1 << 20;

constexpr bool in_reach(std::int64_t value, std::int64_t reach) { return value >= -reach && value < reach; }

}  // namespace

std::uint32_t field_bits(Form form, std::int64_t displacement) {
  const auto d = static_cast<std::uint32_t>(displacement);
  switch (form) {
    case Form::relative:
    case Form::absolute: return 0;
    // The pair's first word, the auipc, is four bytes back: the displacement counts from there.
    case Form::i_field: return bits(d + 4, 0, 12, 20);
    case Form::b_field: return bits(d, 1, 4, 8) | bits(d, 5, 6, 25) | bits(d, 11, 1, 7) | bits(d, 12, 1, 31);
    case Form::j_field:
      return bits(d, 1, 10, 21) | bits(d, 11, 1, 20) | bits(d, 12, 8, 12) | bits(d, 20, 1, 31);
    // The pair's second word adds a signed 12-bit number.
    case Form::u_field: return (d & 0xFFFFF000U) + ((d & 0xFFFU) >= 0x800U ? 0x1000U : 0U);
  }
  return 0;
}

bool fits(const Reference& reference, std::int64_t value) {
  switch (reference.form) {
    case Form::relative: return in_reach(value, std::int64_t{1} << (8 * reference.size - 1));
    case Form::absolute: return value >= 0 && value < (std::int64_t{1} << (8 * reference.size));
    case Form::i_field:
    case Form::u_field: return true;
    case Form::b_field: return in_reach(value, kBranchReach) && value % 2 == 0;
    case Form::j_field: return in_reach(value, kJumpReach) && value % 2 == 0;
  }
  return true;
}

}  // namespace assay::hex1
