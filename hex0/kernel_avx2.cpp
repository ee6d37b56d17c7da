// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel for AVX2. A byte is a digit if the tables of its two halves have a bit in common (one bit for
// '0' to '9', one for the letters). Where digits are not pairs between other things, what pushes them
// together is a table of shuffles, eight bytes at a time, passed over where 32 bytes are digits all, or none
// is. The value of a digit is the low half of its character, plus 9 for a letter.
#include "hex0/kernel_block.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define ASSAY_AVX2 __attribute__((target("avx2,popcnt")))

namespace assay::hex0::kernels {
namespace {

constexpr std::size_t kHalf = 32;  // bytes of a register
constexpr std::size_t kGroup = 8;

/// For each set of bits: their places, in order.
constexpr auto kShuffles = [] {
  std::array<std::array<Byte, kGroup>, 256> shuffles{};
  for (unsigned bits = 0; bits < shuffles.size(); ++bits) {
    std::size_t count = 0;
    for (unsigned place = 0; place < kGroup; ++place) {
      if ((bits >> place & 1) != 0) shuffles[bits][count++] = static_cast<Byte>(place);
    }
  }
  return shuffles;
}();

constexpr char kDecimal = 1;
constexpr char kLetter = 2;

struct Half {
  __m256i text;
  std::uint32_t digits;
  std::uint32_t starts;
  std::uint32_t ends;
  std::uint32_t nuls;
};

ASSAY_AVX2 inline std::uint32_t equal(__m256i text, char c) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(c))));
}

template <bool kReturnEnds, bool kNulEnds>
ASSAY_AVX2 inline Half classify(const Byte* from, __m256i low_table, __m256i high_table) {
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  const __m256i low = _mm256_and_si256(text, _mm256_set1_epi8(0x0F));
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(text, 4), _mm256_set1_epi8(0x0F));
  const __m256i set =
      _mm256_and_si256(_mm256_shuffle_epi8(low_table, low), _mm256_shuffle_epi8(high_table, high));
  Half half;
  half.text = text;
  half.digits = ~equal(set, 0);
  half.starts = equal(text, '#') | equal(text, ';');
  half.ends = equal(text, '\n');
  if constexpr (kReturnEnds) half.ends |= equal(text, '\r');
  half.nuls = kNulEnds ? equal(text, 0) : 0;
  return half;
}

/// Stores the `wanted` ones of 32 bytes at `out`, and up to kHalf bytes; returns how many they are.
ASSAY_AVX2 inline std::size_t push(__m256i bytes, std::uint32_t wanted, Byte* out) {
  if (wanted == ~std::uint32_t{0}) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);
    return kHalf;
  }
  if (wanted == 0) return 0;
  std::size_t count = 0;
  const __m128i parts[2] = {_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)};
  for (const __m128i part : parts) {
    for (const __m128i group : {part, _mm_srli_si128(part, kGroup)}) {
      const std::uint32_t bits = wanted & 0xFF;
      wanted >>= kGroup;
      const __m128i shuffle = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kShuffles[bits].data()));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(out + count), _mm_shuffle_epi8(group, shuffle));
      count += static_cast<std::size_t>(__builtin_popcount(bits));
    }
  }
  return count;
}

/// The first stage for one block.
template <bool kReturnEnds, bool kNulEnds>
ASSAY_AVX2 void gather(ByteView block, const Rules& rules, Place& place, Digits& digits) {
  const char g = rules.g_is_digit ? kLetter : 0;
  const char d = kDecimal;
  const char l = kDecimal | kLetter;
  const __m256i low_table = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(d, l, l, l, l, l, l, static_cast<char>(d | g), d, d, 0, 0, 0, 0, 0, 0));
  const __m256i high_table = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 0, 0, kDecimal, kLetter, 0, kLetter, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  std::uint64_t carry = place.in_comment ? 1 : 0;
  std::uint64_t taken = 0;
  Byte* out = digits.values + digits.count;
  std::array<Byte, kLane + 1> last;
  for (std::size_t at = 0; at < block.size() && !place.ended; at += kLane) {
    std::uint64_t present = 0;
    const Byte* const from = lane_of(block, at, last, present);
    const Half first = classify<kReturnEnds, kNulEnds>(from, low_table, high_table);
    const Half second = classify<kReturnEnds, kNulEnds>(from + kHalf, low_table, high_table);
    const auto both = [](std::uint32_t low, std::uint32_t high) {
      return std::uint64_t{high} << kHalf | low;
    };
    const std::uint64_t comments =
        runs(both(first.starts, second.starts), both(first.ends, second.ends), carry);
    std::uint64_t wanted = both(first.digits, second.digits) & ~comments;
    if constexpr (kNulEnds) end_at(both(first.nuls, second.nuls) & present & ~comments, wanted, carry, place);
    if (Byte* const end = take_pairs(from, wanted, rules, taken, out); end != nullptr) {
      out = end;
    } else {
      out += push(first.text, static_cast<std::uint32_t>(wanted), out);
      out += push(second.text, static_cast<std::uint32_t>(wanted >> kHalf), out);
    }
  }
  digits.count = static_cast<std::size_t>(out - digits.values);
  place.in_comment = carry != 0;
}

/// Bytes, in the low halves of 16 bits, from the characters of their digits.
ASSAY_AVX2 inline __m256i pairs_of(const Byte* from) {
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  const __m256i letter = _mm256_cmpgt_epi8(text, _mm256_set1_epi8('9'));
  const __m256i values = _mm256_add_epi8(_mm256_and_si256(text, _mm256_set1_epi8(0x0F)),
                                         _mm256_and_si256(letter, _mm256_set1_epi8(9)));
  return _mm256_and_si256(_mm256_maddubs_epi16(values, _mm256_set1_epi16(0x0110)), _mm256_set1_epi16(0x00FF));
}

/// The second stage.
ASSAY_AVX2 Byte* pair(Digits& digits, Byte* out) {
  for (std::size_t at = 0; at < digits.count; at += kLane) {
    const __m256i first = pairs_of(digits.values + at);
    const __m256i second = pairs_of(digits.values + at + kHalf);
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(first, second), 0xD8);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at / 2), packed);
  }
  out += digits.count / 2;
  digits.keep_last();
  return out;
}

}  // namespace

Byte* decode_avx2(ByteView piece, const Rules& rules, Place& place, Byte* out) {
  Digits digits(place);
  const auto stage = rules.nul_ends_text         ? gather<false, true>
                     : rules.return_ends_comment ? gather<true, false>
                                                 : gather<false, false>;
  for (std::size_t at = 0; at < piece.size() && !place.ended; at += kBlock) {
    stage(piece.subspan(at, std::min(kBlock, piece.size() - at)), rules, place, digits);
    out = pair(digits, out);
  }
  digits.leave(place);
  return out;
}

}  // namespace assay::hex0::kernels
#endif
