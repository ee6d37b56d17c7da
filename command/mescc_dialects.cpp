// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/mescc_dialects.h"

namespace assay {
namespace {

constexpr unsigned kNoDigit = 99;

unsigned digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return kNoDigit;
}

}  // namespace

std::optional<MesccArchitecture> find_mescc_architecture(std::string_view name) {
  using enum MesccArchitecture;
  static constexpr std::pair<std::string_view, MesccArchitecture> kNames[] = {
      {"knight-native", knight}, {"knight-posix", knight}, {"x86", x86},
      {"amd64", amd64},          {"armv7l", armv7l},       {"aarch64", aarch64},
      {"ppc64le", ppc64le},      {"riscv32", riscv32},     {"riscv64", riscv64},
  };
  for (const auto& [known, architecture] : kNames) {
    if (known == name) return architecture;
  }
  return std::nullopt;
}

std::int64_t read_mescc_number(std::string_view text, const MesccDialect& dialect) {
  unsigned base = 10;
  if (text.starts_with("0b")) {
    base = 2;
    text.remove_prefix(2);
  } else if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.starts_with('0')) {
    base = 8;
    text.remove_prefix(1);
  }
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c == '_' && !dialect.is_1_4) continue;
    const unsigned digit = digit_value(c);
    if (digit >= base) return 0;
    value = value * base + digit;
  }
  if (negative) value = 0 - value;
  constexpr std::uint64_t kSignBits = ~std::uint64_t{0} << 31;
  if (dialect.word_bits == 64 && (value & kSignBits) != 0) value |= kSignBits;
  return wrap_to_word(value, dialect);
}

}  // namespace assay
