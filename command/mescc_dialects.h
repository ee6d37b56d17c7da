// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The builds of mescc-tools that M1, hex2, blood-elf, catm and get_machine can stand in for. They
// differ in version and in the C library and compiler they are built with.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assay {

struct MesccDialect {
  std::string_view name;
  /// Bits of an int: 64 where M2-Planet compiles for a 64-bit machine.
  unsigned word_bits = 64;
  /// Mode of a file that is created, before the umask.
  std::uint32_t creation_mode = 0600;
  /// Built with M2libc: an input is measured by seeking and read at once, so that a pipe ends the run
  /// with status 1 and no message, and a directory crashes it. Others read pipes, and nothing from a
  /// directory.
  bool seeks_inputs = true;
  /// mescc-tools 1.4.0 (as in Debian 12) instead of 1.7.0.
  bool is_1_4 = false;
};

/// The first is the default: what a bootstrap on amd64 builds.
inline constexpr std::array<MesccDialect, 4> kMesccDialects{{
    {.name = "m2-64"},
    {.name = "m2-32", .word_bits = 32},
    {.name = "gcc", .word_bits = 32, .creation_mode = 0666, .seeks_inputs = false},
    {.name = "debian-1.4.0", .word_bits = 32, .creation_mode = 0666, .seeks_inputs = false, .is_1_4 = true},
}};

/// The row of this name; nothing if there is none.
constexpr const MesccDialect* find_mescc_dialect(std::string_view name) {
  for (const MesccDialect& row : kMesccDialects) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

enum class MesccArchitecture : std::uint8_t {
  knight,
  x86,
  amd64,
  armv7l,
  aarch64,
  ppc64le,
  riscv32,
  riscv64
};

/// The architecture of this name ("knight-native" and "knight-posix" are one); nothing if there is none.
std::optional<MesccArchitecture> find_mescc_architecture(std::string_view name);

constexpr bool is_riscv(MesccArchitecture architecture) {
  return architecture == MesccArchitecture::riscv32 || architecture == MesccArchitecture::riscv64;
}

/// The digits in which bytes are written in M1 and hex2 texts.
enum class DigitBase : std::uint8_t { hexadecimal, octal, binary };

/// Digits that stand for one byte.
constexpr unsigned digits_a_byte(DigitBase base) {
  switch (base) {
    case DigitBase::hexadecimal: return 2;
    case DigitBase::octal: return 3;
    case DigitBase::binary: return 8;
  }
  return 2;
}

/// Bits that one digit stands for.
constexpr unsigned bits_a_digit(DigitBase base) {
  switch (base) {
    case DigitBase::hexadecimal: return 4;
    case DigitBase::octal: return 3;
    case DigitBase::binary: return 1;
  }
  return 4;
}

/// A number as the tools read it: "0b" binary, "0x" hexadecimal, other leading "0" octal, else decimal;
/// after the mark one "-" is allowed; "_" is skipped (1.7.0). Anything else makes it 0. It wraps at the
/// word; on 64-bit builds, if any of the bits 31 to 63 is set, all of them are.
std::int64_t read_mescc_number(std::string_view text, const MesccDialect& dialect);

/// `value` as an int of the dialect.
constexpr std::int64_t wrap_to_word(std::uint64_t value, const MesccDialect& dialect) {
  return dialect.word_bits == 32 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                                 : static_cast<std::int64_t>(value);
}

}  // namespace assay
