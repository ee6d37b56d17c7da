// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random x86 programs for tests: a static ELF file of many snippets, each of a few random
// instructions over every form the decoder knows. Before a snippet all registers and flags are
// loaded with random values; after it registers, flags and the memory it may touch are written to
// standard output: one record a snippet. Two engines that run the file can be compared record by
// record. Snippets never fault, and use no flag that an instruction before left undefined.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::machine::test {

/// What a record holds: registers, flags (each as wide as a register), then memory.
inline constexpr unsigned kRandomMemory = 512;
inline constexpr unsigned kRandomStack = 1024;

struct Snippet {
  std::uint64_t address = 0;
  Bytes code;
  std::uint64_t undefined_flags = 0;  ///< flags of the record that mean nothing
};

struct RandomProgram {
  bool is64 = true;
  Bytes elf;
  std::vector<Snippet> snippets;
  std::set<std::string> forms;  ///< instruction forms used, as "add.32 m,r"
  [[nodiscard]] std::size_t register_bytes() const { return is64 ? 8 : 4; }
  [[nodiscard]] std::size_t registers() const { return is64 ? 16 : 8; }
  [[nodiscard]] std::size_t record_size() const {
    return (registers() + 1) * register_bytes() + kRandomMemory + kRandomStack;
  }
};

/// A static ELF file: code at kX86CodeAddress, where it starts, and writable data at kX86DataAddress.
inline constexpr std::uint64_t kX86CodeAddress = 0x0040'1000;
inline constexpr std::uint64_t kX86DataAddress = 0x1000'0000;
Bytes make_x86_elf(bool is64, ByteView code, ByteView data);
/// Puts a ModRM byte behind `code` that names memory at an address.
void put_absolute_x86(Bytes& code, bool is64, unsigned field, std::uint64_t address);
/// Puts instructions behind `code` that write memory to standard output and end the program with status 0.
void write_and_exit_x86(Bytes& code, bool is64, std::uint64_t address, std::uint64_t size);

/// The same arguments give the same program.
RandomProgram make_random_program(bool is64, std::uint64_t seed, unsigned snippets, unsigned instructions);

}  // namespace assay::machine::test
