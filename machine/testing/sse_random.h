// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random programs of the scalar part of SSE2 for tests: each snippet loads four registers of the unit, rax
// and memory, runs one instruction, and stores all of them and the flags. All records are written at the end.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::machine::test {

inline constexpr unsigned kSseVectors = 4;
/// A record: the vectors, memory (32 bytes), rax, flags.
inline constexpr unsigned kSseMemory = 16 * kSseVectors;
inline constexpr unsigned kSseWord = kSseMemory + 32;
inline constexpr unsigned kSseFlags = kSseWord + 8;
inline constexpr unsigned kSseRecord = kSseFlags + 8;

struct SseSnippet {
  std::string name;
  Bytes code;  ///< of the one instruction
  Bytes before;
};

struct SseProgram {
  Bytes elf;
  std::vector<SseSnippet> snippets;
};

/// The same arguments give the same program.
SseProgram make_sse_program(bool is64, std::uint64_t seed, unsigned snippets);

}  // namespace assay::machine::test
