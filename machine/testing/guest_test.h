// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests of instruction sets: small static ELF programs, run in the machine and under qemu-user, and
// a differential test over random ones. A program there is a "snippet": it sets every register and the
// flags, runs a few random instructions, and writes kRecord bytes of registers, flags and scratch memory to
// standard output. Many snippets make one ELF file.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "machine/machine.h"
#include "machine/testing/guest_elf.h"

namespace assay::machine::testing {

inline constexpr int kScratchBytes = 256;
inline constexpr std::size_t kRecord = 3 * kScratchBytes;

/// Runs it as "program" on an empty tree.
Outcome run_guest(const Bytes& program, EngineKind engine, std::vector<std::string> argv = {"program"},
                  Bytes standard_input = {});

/// What it writes to standard output under an emulator of the PATH ("qemu-arm"), and its status;
/// nothing if there is no such emulator.
struct Emulated {
  Bytes standard_output;
  int status = 0;
};
std::optional<Emulated> run_emulator(const std::string& emulator, const Bytes& program);

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t next() { return engine_(); }
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool one_in(unsigned n) { return below(n) == 0; }
  /// A register's value: small numbers, limits, masks and noise.
  std::uint64_t value();

 private:
  std::mt19937_64 engine_;
};

/// Random programs of an instruction set.
struct Generator {
  const Isa* isa = nullptr;
  std::string emulator;
  std::vector<std::string> forms;  ///< names of the instruction forms that it covers
  /// The words of one snippet, which stand at `pc` and go on behind their end; `first` is the index of a form
  /// it must contain. `text` gets the names of its forms with their instructions.
  std::function<std::vector<std::uint32_t>(Random&, std::uint64_t pc, std::size_t first, std::string& text)>
      snippet;
  /// Words that end the program with status 0.
  std::vector<std::uint32_t> exit;
  /// Names what is at an offset of a record.
  std::function<std::string(std::size_t offset)> name_of;
};

/// The differential test: as many snippets as ASSAY_DIFFERENTIAL_PROGRAMS says (default 3000), from the
/// seed ASSAY_DIFFERENTIAL_SEED (default 1), under the emulator and under both engines.
void compare_with_emulator(const Generator& generator);

}  // namespace assay::machine::testing
