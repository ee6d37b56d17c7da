// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel for any host. Outside comments it takes eight bytes at once: one test tells whether a
// comment starts among them; if not, each byte's value is stored and counted only if it is a digit, so
// that the shape of the code (pairs, blanks, columns) costs no branch. Inside a comment the C library
// looks for its end. The second stage is a loop that compilers turn into vector code.
#include <bit>

#include "hex0/kernel_block.h"
#include "hex0/scanner.h"

namespace assay::hex0::kernels {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::size_t kWord = sizeof(std::uint64_t);

/// 0x80 in every byte of `word` that is `value`, 0 in the others; exact for all bytes.
constexpr std::uint64_t find(std::uint64_t word, Byte value) {
  const std::uint64_t difference = word ^ (kOnes * value);
  return ~(((difference & (kOnes * 0x7F)) + kOnes * 0x7F) | difference) & (kOnes * 0x80);
}

/// False for blanks, tabs and line ends: digits have one of two bits that those have not.
constexpr bool may_have_digits(std::uint64_t word) { return (word & (kOnes * 0x50)) != 0; }

/// The first byte in memory is the lowest.
std::uint64_t load(const Byte* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, kWord);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// Stores the values of the digits among eight bytes; returns the new end of what is stored. Bytes are
/// stored through `out`, which could be anything's: so nothing here is read through a reference.
[[gnu::always_inline]] inline Byte* take(std::uint64_t word, const Byte* values, Byte* out) {
  for (std::size_t i = 0; i < kWord; ++i, word >>= 8) {
    const Byte value = values[word & 0xFF];
    *out = value;
    out += value >> 7 ^ 1;
  }
  return out;
}

/// Takes code up to and with the start of a comment, or a NUL that ends the text; sets `place`
/// accordingly. Returns where it stopped.
template <bool kNulEnds>
const Byte* take_code(const Byte* at, const Byte* end, const Byte* values, Place& place, Byte*& gathered) {
  Byte* out = gathered;
  for (std::size_t step = kWord; at < end; at += step) {
    Byte last[kWord] = {};
    const Byte* from = at;
    std::uint64_t text = ~std::uint64_t{0};  // the zeros behind the text are none of its NULs
    if (static_cast<std::size_t>(end - at) < kWord) {
      step = static_cast<std::size_t>(end - at);
      std::copy(at, end, last);
      from = last;
      text = (std::uint64_t{1} << (8 * step)) - 1;
    }
    const std::uint64_t word = load(from);
    std::uint64_t stops = find(word, '#') | find(word, ';');
    if constexpr (kNulEnds) stops |= find(word, 0) & text;
    if (stops == 0) {
      if (may_have_digits(word)) out = take(word, values, out);
      continue;
    }
    const int bits = std::countr_zero(stops) & ~7;
    const std::uint64_t before = word & ((std::uint64_t{1} << bits) - 1);
    gathered = may_have_digits(before) ? take(before, values, out) : out;
    place.ended = (word >> bits & 0xFF) == 0;
    place.in_comment = !place.ended;
    return at + bits / 8 + 1;
  }
  gathered = out;
  return end;
}

/// The first stage for one block.
void gather(ByteView block, const Rules& rules, Place& place, Digits& digits) {
  const Byte* const end = block.data() + block.size();
  const auto take_some = rules.nul_ends_text ? take_code<true> : take_code<false>;
  Byte* gathered = digits.values + digits.count;
  for (const Byte* at = block.data(); at < end && !place.ended;) {
    if (place.in_comment) {
      at += find_comment_end({at, end}, 0, rules.return_ends_comment);
      if (at == end) break;
      place.in_comment = false;
      ++at;
    }
    at = take_some(at, end, rules.values.data(), place, gathered);
  }
  digits.count = static_cast<std::size_t>(gathered - digits.values);
}

}  // namespace

Byte* decode_portable(ByteView piece, const Rules& rules, Place& place, Byte* out) {
  Digits digits(place);
  for (std::size_t at = 0; at < piece.size() && !place.ended; at += kBlock) {
    gather(piece.subspan(at, std::min(kBlock, piece.size() - at)), rules, place, digits);
    const std::size_t pairs = digits.count / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
      out[i] = static_cast<Byte>(digits.values[2 * i] * 16 + digits.values[2 * i + 1]);
    }
    out += pairs;
    digits.keep_last();
  }
  digits.leave(place);
  return out;
}

}  // namespace assay::hex0::kernels
