// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of places in a binary: of the labels that it was assembled with, or of the symbols that it carries.
#pragma once

#include "bootstrap/explain/trail.h"

namespace assay::bootstrap {

struct Symbol {
  std::uint64_t offset = 0;  ///< in the file
  std::string name;
};

/// Those of an ELF file's table, by offset; none where it has no table.
std::vector<Symbol> elf_symbols(ByteView program);
/// By offset: a chain's labels where there is a trail, else those of the file's own table.
std::vector<Symbol> symbols_of(ByteView program, Trail* trail, FileId file);
/// "NAME+0x12"; empty before the first.
std::string near_symbol(const std::vector<Symbol>& symbols, std::uint64_t offset);

}  // namespace assay::bootstrap
