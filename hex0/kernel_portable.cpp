// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel for any host. Written with the compilers' vectors of 16 bytes, which every 64-bit host has:
// comparisons give the digits and the characters that start and end comments as bits, an addition the bytes
// inside comments (core/byte_masks.h). What is left are pairs or runs of digits; the first stage puts them
// together as characters, so that its work grows with them and not with the text. The second stage is a loop
// that compilers turn into vector code.
#include <bit>

#include "core/byte_masks.h"
#include "hex0/kernel_block.h"

namespace assay::hex0::kernels {
namespace {

/// Bit i stands for byte i of a lane.
struct Classes {
  std::uint64_t digits = 0;
  std::uint64_t starts = 0;  ///< of comments
  std::uint64_t ends = 0;    ///< of comments
  std::uint64_t nuls = 0;
};

/// `letters`: 6, or 7 where 'G' is a digit.
template <bool kReturnEnds, bool kNulEnds>
Classes classify(const Byte* from, Byte letters) {
  Classes classes;
  for (std::size_t at = 0; at < kLane; at += sizeof(Vector)) {
    Vector text;
    std::memcpy(&text, from + at, sizeof(text));
    const Vector decimal = text - '0';
    const Vector letter = (text | 0x20) - 'a';
    classes.digits |= bits_of((decimal < 10) | (letter < letters)) << at;
    classes.starts |= bits_of((text == '#') | (text == ';')) << at;
    classes.ends |= bits_of(kReturnEnds ? (text == '\n') | (text == '\r') : text == '\n') << at;
    if constexpr (kNulEnds) classes.nuls |= bits_of(text == 0) << at;
  }
  return classes;
}

/// Copies the `wanted` bytes of a lane to `out`, and up to kLane bytes more. May read as many bytes behind
/// the lane.
Byte* take_runs(const Byte* from, std::uint64_t wanted, Byte* out) {
  constexpr int kHalf = kLane / 2;
  for (; wanted != 0; wanted &= wanted + (wanted & (~wanted + 1))) {  // without its first run
    const int start = std::countr_zero(wanted);
    const int length = std::countr_one(wanted >> start);
    std::memcpy(out, from + start, kHalf);
    if (length > kHalf) std::memcpy(out + kHalf, from + start + kHalf, kHalf);
    out += length;
  }
  return out;
}

/// The first stage for one block.
template <bool kReturnEnds, bool kNulEnds>
void gather(ByteView block, const Rules& rules, Place& place, Digits& digits) {
  const Byte letters = rules.g_is_digit ? 7 : 6;
  std::uint64_t carry = place.in_comment ? 1 : 0;
  Byte* out = digits.values + digits.count;
  std::uint64_t taken = 0;
  std::array<Byte, 2 * kLane> last;
  for (std::size_t at = 0; at < block.size() && !place.ended; at += kLane) {
    std::uint64_t present = 0;
    const Byte* const from = lane_of(block, at, last, present);
    const Classes classes = classify<kReturnEnds, kNulEnds>(from, letters);
    const std::uint64_t comments = runs(classes.starts, classes.ends, carry);
    std::uint64_t wanted = classes.digits & ~comments;
    if constexpr (kNulEnds) end_at(classes.nuls & present & ~comments, wanted, carry, place);
    Byte* const end = take_pairs(from, wanted, rules, taken, out);
    out = end != nullptr ? end : take_runs(from, wanted, out);
  }
  digits.count = static_cast<std::size_t>(out - digits.values);
  place.in_comment = carry != 0;
}

/// A digit's value, from its character; a value below 10 is its own.
constexpr Byte value_of(Byte digit) { return static_cast<Byte>((digit & 0x0F) + (digit >> 6) * 9); }

}  // namespace

Byte* decode_portable(ByteView piece, const Rules& rules, Place& place, Byte* out) {
  Digits digits(place);
  const auto stage = rules.nul_ends_text         ? gather<false, true>
                     : rules.return_ends_comment ? gather<true, false>
                                                 : gather<false, false>;
  for (std::size_t at = 0; at < piece.size() && !place.ended; at += kBlock) {
    stage(piece.subspan(at, std::min(kBlock, piece.size() - at)), rules, place, digits);
    const std::size_t pairs = digits.count / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
      out[i] = static_cast<Byte>(value_of(digits.values[2 * i]) * 16 + value_of(digits.values[2 * i + 1]));
    }
    out += pairs;
    digits.keep_last();
  }
  digits.leave(place);
  return out;
}

}  // namespace assay::hex0::kernels
