// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/bare_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/knight/knight.h"

namespace assay::bootstrap {

Result<machine::KnightMachine> knight_of(const Command& command, const Architecture& arch) {
  const std::vector<std::string>& words = command.argv;
  machine::KnightMachine knight;
  knight.word_bits = static_cast<unsigned>(arch.word_bits);
  const std::optional<std::uint64_t> memory =
      words.size() == 4 ? machine::memory_size_in(words[3]) : std::optional(knight.memory);
  if (words.size() < 3 || words.size() > 4 || !memory) {
    return fail(
        "bare-command",
        fmt::format(
            "'{}': a command of this machine is a program, two tapes and perhaps a size of memory (48K)",
            fmt::join(words, " ")));
  }
  knight.tape_01 = words[1];
  knight.tape_02 = words[2];
  knight.memory = *memory;
  return knight;
}

}  // namespace assay::bootstrap
