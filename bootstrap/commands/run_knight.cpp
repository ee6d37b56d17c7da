// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/run_knight.h"

#include <fmt/format.h>

#include "machine/knight/knight.h"

namespace assay::bootstrap {

void add_knight_options(CLI::App& command, KnightWishes& wishes) {
  command
      .add_option("--machine", wishes.machine,
                  "Run the program on a machine without a kernel: knight, that of stage0")
      ->type_name("NAME")
      ->check(CLI::IsMember({"knight"}).description(""));
  command.add_option("--tape-01,--tape_01", wishes.tape_01, "knight: file of the tree on its first tape")
      ->type_name("PATH");
  command
      .add_option("--tape-02,--tape_02", wishes.tape_02,
                  "knight: file on its second tape, which most programs write; --write-back gets it")
      ->type_name("PATH");
  command
      .add_option("--memory", wishes.memory,
                  "knight: bytes of memory, with K, M or G behind; 16K if left out")
      ->type_name("SIZE");
  command.add_option("--word-size", wishes.word_bits, "knight: bits of a register: 16, 32 (the default), 64")
      ->type_name("BITS")
      ->check(CLI::IsMember({16U, 32U, 64U}).description(""));
}

Result<std::optional<machine::KnightMachine>> knight_machine(const KnightWishes& wishes) {
  if (wishes.machine.empty()) {
    if (wishes.tape_01.empty() && wishes.tape_02.empty() && wishes.memory.empty() && wishes.word_bits == 0)
      return std::nullopt;
    return fail("usage", "tapes, --memory and --word-size are for --machine knight");
  }
  machine::KnightMachine knight;
  if (!wishes.tape_01.empty()) knight.tape_01 = wishes.tape_01;
  if (!wishes.tape_02.empty()) knight.tape_02 = wishes.tape_02;
  if (wishes.word_bits != 0) knight.word_bits = wishes.word_bits;
  if (!wishes.memory.empty()) {
    const std::optional<std::uint64_t> memory = machine::memory_size_in(wishes.memory);
    if (!memory)
      return fail(
          "usage",
          fmt::format("--memory wants a number of bytes, with K, M or G behind it or without, not '{}'",
                      wishes.memory));
    knight.memory = *memory;
  }
  return knight;
}

}  // namespace assay::bootstrap
