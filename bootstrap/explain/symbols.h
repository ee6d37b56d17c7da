// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of places in a binary: of the labels that it was assembled with, or of the symbols that it carries.
#pragma once

#include "bootstrap/explain/trail.h"
#include "bootstrap/tree/elf_symbols.h"

namespace assay::bootstrap {

/// By offset in the file: a chain's labels where there is a trail, else those of the file's own table.
std::vector<Symbol> symbols_of(ByteView program, Trail* trail, FileId file);

}  // namespace assay::bootstrap
