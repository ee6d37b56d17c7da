// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of places in a program: the symbols that it carries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::bootstrap {

struct Symbol {
  std::uint64_t at = 0;  ///< an address, or an offset in a file
  std::string name;
};

/// Those of an ELF file's table, by address; none where it has no table.
std::vector<Symbol> elf_symbols(ByteView program);
/// "NAME+0x12", of symbols in order; empty before the first.
std::string near_symbol(const std::vector<Symbol>& symbols, std::uint64_t at);

}  // namespace assay::bootstrap
