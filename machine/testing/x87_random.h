// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random x87 programs for tests, as machine/testing/x86_random.h has them of integer instructions: each
// snippet loads a state of the unit (control, status, tags, registers) and memory, runs a few instructions
// and stores the state with fnsave. All records are written at the end.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::machine::test {

/// A record: the state (108 bytes), memory that operands are in, ax, flags.
inline constexpr unsigned kX87State = 108;
inline constexpr unsigned kX87Memory = 144;
inline constexpr unsigned kX87Record = kX87State + kX87Memory + 4;

struct X87Snippet {
  std::string name;  ///< of the last instruction
  Bytes code;
  Bytes before;  ///< the state loaded, and the memory
  /// What processors differ in: bytes of the memory, bits of the status.
  std::size_t open_from = 0;
  std::size_t open_to = 0;
  unsigned open_status = 0;
};

struct X87Program {
  Bytes elf;
  std::vector<X87Snippet> snippets;
};

enum class X87Kind : std::uint8_t {
  masked,     ///< no exception stops
  unmasked,   ///< one instruction, any exception may be unmasked, none stores numbers to memory
  functions,  ///< one transcendental function, where it has a result
};

/// The same arguments give the same program.
X87Program make_x87_program(bool is64, std::uint64_t seed, unsigned snippets, X87Kind kind);

/// What is wrong with a record beside the host's; empty if nothing is. What a processor notes of the last
/// instruction (addresses, opcode) is not compared.
std::string x87_difference(const X87Snippet& snippet, std::string_view native, std::string_view ours);

}  // namespace assay::machine::test
