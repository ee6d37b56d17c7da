// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/testing/guest_elf.h"

namespace assay::machine::testing {

Bytes make_elf(const Isa& isa, ByteView code) {
  return elf_program(isa, code,
                     {.base = kGuestBase,
                      .code_offset = kGuestCode - kGuestBase,
                      .memory_end = kScratch + 0x1000,
                      .flags = 7});
}

}  // namespace assay::machine::testing
