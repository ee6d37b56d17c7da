// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// References of hex1 and hex2 as data: what a sigil emits.
#pragma once

#include <array>
#include <cstdint>

namespace assay::hex1 {

enum class Form : std::uint8_t {
  relative,  ///< bytes: target - base
  absolute,  ///< bytes: target
  // No bytes: bits of a RISC-V instruction, XORed into the bytes that follow.
  i_field,  ///< the low 12 bits of an auipc pair
  b_field,  ///< conditional branch
  j_field,  ///< jal
  u_field,  ///< the high 20 bits of an auipc pair
};

constexpr bool is_field(Form form) { return form >= Form::i_field; }

struct Reference {
  char sigil = 0;
  std::uint8_t size = 0;  ///< bytes
  Form form = Form::relative;
  /// The displacement is divided by four, rounding down (instructions of AArch64).
  bool in_words = false;
};

/// The references of one dialect; unused rows have no sigil.
using References = std::array<Reference, 6>;

/// What relative references without a base of their own count from.
enum class Origin : std::uint8_t { field_end, field_start };

enum class ByteOrder : std::uint8_t { little, big };

/// Which digit of a byte makes pass 1 count it: matters for labels between the two.
enum class CountedAt : std::uint8_t { first_digit, second_digit };

/// The bits of `form` (a field) for a displacement, to be XORed into the instruction word.
/// Bits of the displacement that the field cannot hold are dropped, as the tools do.
std::uint32_t field_bits(Form form, std::int64_t displacement);

/// Whether the form can hold this displacement or address (`size` bytes for relative and absolute).
bool fits(const Reference& reference, std::int64_t value);

}  // namespace assay::hex1
