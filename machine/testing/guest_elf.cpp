// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/testing/guest_elf.h"

#include <algorithm>

namespace assay::machine::testing {

void put(Bytes& out, std::uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) out.push_back(static_cast<Byte>(value >> (8 * i)));
}

Bytes make_elf(const Isa& isa, ByteView code) {
  const bool wide = isa.address_bits == 64;
  const unsigned word = wide ? 8 : 4;
  Bytes out = {0x7F, 'E', 'L', 'F', static_cast<Byte>(wide ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const std::uint64_t size = kGuestCode - kGuestBase + code.size();
  const std::uint64_t memory = std::max(size, kScratch + 0x1000 - kGuestBase);
  const unsigned header = wide ? 64 : 52;
  put(out, 2, 2);  // executable
  put(out, isa.elf_machine, 2);
  put(out, 1, 4);
  put(out, kGuestCode, word);
  put(out, header, word);  // program headers
  put(out, 0, word);
  put(out, isa.elf_machine == 40 ? 0x05000000 : 0, 4);  // the Arm EABI
  put(out, header, 2);
  put(out, wide ? 56 : 32, 2);
  put(out, 1, 2);
  put(out, 0, 6);
  put(out, 1, 4);  // PT_LOAD
  if (wide) put(out, 7, 4);
  put(out, 0, word);
  put(out, kGuestBase, word);
  put(out, kGuestBase, word);
  put(out, size, word);
  put(out, memory, word);
  if (!wide) put(out, 7, 4);
  put(out, 0x1000, word);
  out.resize(kGuestCode - kGuestBase);
  out.insert(out.end(), code.begin(), code.end());
  return out;
}

}  // namespace assay::machine::testing
