// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/symbols.h"

#include "bootstrap/explain/hex_text.h"
#include "bootstrap/explain/place.h"

namespace assay::bootstrap {

std::vector<Symbol> symbols_of(ByteView program, Trail* trail, FileId file) {
  std::vector<Symbol> symbols;
  if (trail != nullptr && file != kNoFile) {
    for (const HexLabel& label : trail->hex_text(file).labels()) {
      if (label.at < program.size()) symbols.push_back({label.at, std::string(label.name)});
    }
  }
  if (!symbols.empty()) return symbols;
  for (Symbol& symbol : elf_symbols(program)) {
    if (const auto offset = offset_of(program, symbol.at))
      symbols.push_back({*offset, std::move(symbol.name)});
  }
  return symbols;
}

}  // namespace assay::bootstrap
