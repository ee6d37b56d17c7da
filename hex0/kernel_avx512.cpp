// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel for AVX-512 with VBMI2: 64 bytes at once, without any branch on the text.
//
// One look-up in a table of 128 entries gives each byte its value or a mark that it has none; comparisons
// give the bytes that start and end comments, and an addition the bytes inside (kernel_block.h). The
// values that are left are pushed together (vpcompressb) and stored behind the ones before. The second
// stage multiplies and adds neighbours: 64 values become 32 bytes.
#include "hex0/kernel_block.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define ASSAY_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt")))

namespace assay::hex0::kernels {
namespace {

/// The first stage for one block.
template <bool kReturnEnds, bool kNulEnds>
ASSAY_AVX512 void gather(ByteView block, const Rules& rules, Place& place, Digits& digits) {
  const __m512i low = _mm512_loadu_si512(rules.values.data());
  const __m512i high = _mm512_loadu_si512(rules.values.data() + kLane);
  std::uint64_t carry = place.in_comment ? 1 : 0;
  std::size_t count = digits.count;
  for (std::size_t at = 0; at < block.size() && !place.ended; at += kLane) {
    const std::size_t left = block.size() - at;
    const __mmask64 present = left >= kLane ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    const __m512i text = _mm512_maskz_loadu_epi8(present, block.data() + at);
    const __m512i values = _mm512_permutex2var_epi8(low, text, high);
    const __mmask64 others = _mm512_movepi8_mask(_mm512_or_si512(values, text));
    const __mmask64 starts = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('#')) |
                             _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8(';'));
    __mmask64 ends = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\n'));
    if constexpr (kReturnEnds) ends |= _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\r'));
    const std::uint64_t comments = runs(starts, ends, carry);
    std::uint64_t wanted = ~(others | comments);
    if constexpr (kNulEnds)
      end_at(_mm512_testn_epi8_mask(text, text) & present & ~comments, wanted, carry, place);
    _mm512_storeu_si512(digits.values + count, _mm512_maskz_compress_epi8(wanted, values));
    count += static_cast<std::size_t>(__builtin_popcountll(wanted));
  }
  digits.count = count;
  place.in_comment = carry != 0;
}

/// The second stage.
ASSAY_AVX512 Byte* pair(Digits& digits, Byte* out) {
  constexpr __mmask32 kAll = ~__mmask32{0};  // g++ 12 warns of the form without a mask
  const __m512i weights = _mm512_set1_epi16(0x0110);
  for (std::size_t at = 0; at < digits.count; at += kLane) {
    const __m512i sums = _mm512_maddubs_epi16(_mm512_loadu_si512(digits.values + at), weights);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at / 2), _mm512_maskz_cvtepi16_epi8(kAll, sums));
  }
  out += digits.count / 2;
  digits.keep_last();
  return out;
}

}  // namespace

Byte* decode_avx512(ByteView piece, const Rules& rules, Place& place, Byte* out) {
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
