// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/elf_symbols.h"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>

#include "bootstrap/tree/program_check.h"

namespace assay::bootstrap {
namespace {

/// Little-endian numbers of a file; 0 behind its end.
class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes), wide_(bytes.size() > 4 && bytes[4] == 2) {}
  [[nodiscard]] std::uint64_t get(std::uint64_t at, unsigned size) const {
    std::uint64_t value = 0;
    for (unsigned index = 0; index < size; ++index) {
      if (at < bytes_.size() && index < bytes_.size() - at)
        value |= std::uint64_t{bytes_[at + index]} << (8 * index);
    }
    return value;
  }
  [[nodiscard]] bool wide() const { return wide_; }
  [[nodiscard]] std::string text(std::uint64_t at) const {
    if (at >= bytes_.size()) return {};
    const auto* const from = reinterpret_cast<const char*>(bytes_.data() + at);
    return {from, strnlen(from, bytes_.size() - at)};
  }

 private:
  ByteView bytes_;
  bool wide_;
};

}  // namespace

std::vector<Symbol> elf_symbols(ByteView program) {
  constexpr std::uint64_t kSymbols = 2;
  constexpr std::uint64_t kMost = 1'000'000;
  std::vector<Symbol> symbols;
  if (!is_elf(program)) return symbols;
  const Reader in(program);
  const bool wide = in.wide();
  const unsigned word = wide ? 8 : 4;
  const std::uint64_t sections = in.get(wide ? 40 : 32, word);
  const std::uint64_t section_size = in.get(wide ? 58 : 46, 2);
  const std::uint64_t count = in.get(wide ? 60 : 48, 2);
  const auto field = [&](std::uint64_t section, unsigned at64, unsigned at32, unsigned bytes) {
    return in.get(sections + section * section_size + (wide ? at64 : at32), bytes);
  };
  for (std::uint64_t section = 0; section < count; ++section) {
    if (field(section, 4, 4, 4) != kSymbols) continue;
    const std::uint64_t begin = field(section, 24, 16, word);
    const std::uint64_t size = field(section, 32, 20, word);
    const std::uint64_t names = field(field(section, 40, 24, 4), 24, 16, word);
    const std::uint64_t entry = wide ? 24 : 16;
    for (std::uint64_t at = 0; at + entry <= size && at / entry < kMost && begin + at < program.size();
         at += entry) {
      std::string name = in.text(names + in.get(begin + at, 4));
      if (!name.empty()) symbols.push_back({in.get(begin + at + (wide ? 8 : 4), word), std::move(name)});
    }
  }
  std::stable_sort(symbols.begin(), symbols.end(),
                   [](const Symbol& a, const Symbol& b) { return a.at < b.at; });
  return symbols;
}

std::string near_symbol(const std::vector<Symbol>& symbols, std::uint64_t at) {
  const auto behind = std::upper_bound(symbols.begin(), symbols.end(), at,
                                       [](std::uint64_t place, const Symbol& one) { return place < one.at; });
  if (behind == symbols.begin()) return {};
  const Symbol& symbol = *std::prev(behind);
  return symbol.at == at ? symbol.name : fmt::format("{}+0x{:x}", symbol.name, at - symbol.at);
}

}  // namespace assay::bootstrap
