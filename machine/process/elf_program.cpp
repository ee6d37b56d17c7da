// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/elf_program.h"

#include <algorithm>

namespace assay::machine {

void put(Bytes& out, std::uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) out.push_back(static_cast<Byte>(value >> (8 * i)));
}

Bytes elf_program(const Isa& isa, ByteView code, const ElfLayout& layout) {
  constexpr std::uint16_t kArm = 40;
  const bool wide = isa.address_bits == 64;
  const unsigned word = wide ? 8 : 4;
  const unsigned header = wide ? 64 : 52;
  const unsigned entry = wide ? 56 : 32;  // bytes of a program header
  const std::uint64_t start = layout.code_offset != 0 ? layout.code_offset : header + entry;
  const std::uint64_t size = start + code.size();
  Bytes out = {0x7F, 'E', 'L', 'F', static_cast<Byte>(wide ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  put(out, 2, 2);  // executable
  put(out, isa.elf_machine, 2);
  put(out, 1, 4);
  put(out, layout.base + start, word);
  put(out, header, word);  // program headers
  put(out, 0, word);
  put(out, isa.elf_machine == kArm ? 0x05000000 : 0, 4);  // its EABI
  put(out, header, 2);
  put(out, entry, 2);
  put(out, 1, 2);
  put(out, 0, 6);
  put(out, 1, 4);  // PT_LOAD
  if (wide) put(out, layout.flags, 4);
  put(out, 0, word);
  put(out, layout.base, word);
  put(out, layout.base, word);
  put(out, size, word);
  put(out, std::max(layout.base + size, layout.memory_end) - layout.base, word);
  if (!wide) put(out, layout.flags, 4);
  put(out, 0x1000, word);
  out.resize(start);
  out.insert(out.end(), code.begin(), code.end());
  return out;
}

}  // namespace assay::machine
