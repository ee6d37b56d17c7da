// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the programs called catm do differently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::catm {

/// What becomes of an input that cannot be opened or read.
enum class BadInput : std::uint8_t {
  skipped,
  /// The whole buffer is written: what earlier inputs left in it, and zeros (x86 on a 64-bit kernel).
  dumps_buffer,
  /// A message, status 1; only a directory is skipped.
  fails,
};

struct Dialect {
  std::string_view name;
  BadInput bad_input = BadInput::skipped;
  /// Bytes a read asks for. A shorter read ends an input.
  std::size_t chunk = std::size_t{1} << 20;
  /// Names no output or cannot create it: a message and status 1, where the seeds go on with status 0.
  bool reports_output = false;
};

inline constexpr std::array<Dialect, 7> kDialects{{
    {.name = "AMD64"},
    {.name = "x86", .bad_input = BadInput::dumps_buffer},
    {.name = "AArch64"},
    {.name = "riscv32"},
    {.name = "riscv64"},
    {.name = "armv7l"},
    {.name = "mescc-tools", .bad_input = BadInput::fails, .chunk = 4096, .reports_output = true},
}};

/// The row of this name; nothing if there is none.
constexpr const Dialect* find_dialect(std::string_view name) {
  for (const Dialect& row : kDialects) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace assay::catm
