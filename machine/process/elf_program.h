// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing small static programs: for what is to be run as a probe, and for tests.
#pragma once

#include <cstdint>

#include "core/bytes.h"
#include "machine/isa/isa.h"

namespace assay::machine {

/// Appends the low `count` bytes of a value, lowest first.
void put(Bytes& out, std::uint64_t value, unsigned count);

struct ElfLayout {
  std::uint64_t base = 0;         ///< where the file is mapped
  std::uint64_t code_offset = 0;  ///< of the code, and the entry, in the file; 0: right behind the headers
  std::uint64_t memory_end = 0;   ///< address behind the segment's memory, if that is more than the file
  std::uint32_t flags = 5;        ///< PF_X 1, PF_W 2, PF_R 4
};

/// A static ELF file of one segment.
Bytes elf_program(const Isa& isa, ByteView code, const ElfLayout& layout);

}  // namespace assay::machine
