// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests and fuzz targets: static programs of one segment, and instructions of RISC-V to put into them.
#pragma once

#include <vector>

#include "core/bytes.h"

namespace assay::exec::test_program {

inline constexpr std::uint64_t kBase = 0x600000;

inline void put(Bytes& out, std::uint64_t value, unsigned bytes) {
  for (unsigned index = 0; index < bytes; ++index) out.push_back(static_cast<Byte>(value >> (8 * index)));
}

/// Bytes before the code.
constexpr unsigned headers(bool wide) { return wide ? 120 : 84; }

/// The code behind the headers of an ELF file, `extra` bytes of zeros behind it.
inline Bytes elf(ByteView code, unsigned machine, bool wide, std::uint64_t extra = 4096) {
  const unsigned word = wide ? 8 : 4;
  const std::uint64_t file = headers(wide) + code.size();
  Bytes out{0x7f, 'E', 'L', 'F', static_cast<Byte>(wide ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  put(out, 2, 2);
  put(out, machine, 2);
  put(out, 1, 4);
  put(out, kBase + headers(wide), word);
  put(out, wide ? 64 : 52, word);
  put(out, 0, word);
  put(out, 0, 4);
  for (const unsigned value : {wide ? 64U : 52U, wide ? 56U : 32U, 1U, 0U, 0U, 0U}) put(out, value, 2);
  put(out, 1, 4);
  if (wide) put(out, 7, 4);
  for (const std::uint64_t value : {std::uint64_t{0}, kBase, kBase, file, file + extra})
    put(out, value, word);
  if (!wide) put(out, 7, 4);
  put(out, 1, word);
  out.insert(out.end(), code.begin(), code.end());
  return out;
}

using Word = std::uint32_t;

inline Bytes words(const std::vector<Word>& list) {
  Bytes out;
  for (const Word word : list) put(out, word, 4);
  return out;
}

enum Reg : unsigned {
  zero = 0,
  ra = 1,
  sp = 2,
  t0 = 5,
  t1 = 6,
  t2 = 7,
  s0 = 8,
  s1 = 9,
  a0 = 10,
  a1 = 11,
  a2 = 12,
  a3 = 13,
  a4 = 14,
  a7 = 17,
  s2 = 18
};

inline Word i_type(Word opcode, Word funct3, unsigned d, unsigned a, int immediate) {
  return static_cast<Word>(immediate) << 20 | a << 15 | funct3 << 12 | d << 7 | opcode;
}
inline Word addi(unsigned d, unsigned a, int immediate) { return i_type(0x13, 0, d, a, immediate); }
inline Word andi(unsigned d, unsigned a, int immediate) { return i_type(0x13, 7, d, a, immediate); }
inline Word lui(unsigned d, Word high) { return high << 12 | d << 7 | 0x37; }
inline Word two(Word funct3, unsigned d, unsigned a, unsigned b, Word group = 0) {
  return group << 25 | b << 20 | a << 15 | funct3 << 12 | d << 7 | 0x33;
}
inline Word load(Word funct3, unsigned d, unsigned a, int offset) {
  return i_type(0x03, funct3, d, a, offset);
}
inline Word store(Word funct3, unsigned b, unsigned a, int offset) {
  const Word bits = static_cast<Word>(offset) & 0xfff;
  return bits >> 5 << 25 | b << 20 | a << 15 | funct3 << 12 | (bits & 31) << 7 | 0x23;
}
inline Word branch(Word funct3, unsigned a, unsigned b, int away) {
  const auto bits = static_cast<Word>(away);
  return (bits >> 12 & 1) << 31 | (bits >> 5 & 63) << 25 | b << 20 | a << 15 | funct3 << 12 |
         (bits >> 1 & 15) << 8 | (bits >> 11 & 1) << 7 | 0x63;
}
inline Word jal(unsigned d, int away) {
  const auto bits = static_cast<Word>(away);
  return (bits >> 20 & 1) << 31 | (bits >> 1 & 1023) << 21 | (bits >> 11 & 1) << 20 |
         (bits >> 12 & 255) << 12 | d << 7 | 0x6f;
}
inline constexpr Word kReturn = 0x67 | ra << 15;
inline constexpr Word kCall = 0x73;

}  // namespace assay::exec::test_program
