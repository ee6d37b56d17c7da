// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/elf_program.h"

#include <gtest/gtest.h>

#include "machine/process/elf.h"

namespace assay::machine {
namespace {

ElfSegment only_segment(const Bytes& file) {
  const Result<ElfFile> elf = parse_elf(file);
  EXPECT_TRUE(elf) << elf.error().message;
  return elf && elf->segments.size() == 1 ? elf->segments[0] : ElfSegment{};
}

TEST(ElfProgram, ItsMemoryIsThatOfTheFileOrMore) {
  const Bytes code = {1, 2, 3, 4};
  for (const unsigned elf_class : {1U, 2U}) {
    const Isa& isa = *find_isa(elf_class == 1 ? 3 : 62, elf_class);
    const std::uint64_t size = (elf_class == 1 ? 52 + 32 : 64 + 56) + code.size();
    const ElfSegment small = only_segment(elf_program(isa, code, {.base = 0x600000}));
    EXPECT_EQ(small.file_size, size);
    EXPECT_EQ(small.memory_size, size);
    const Bytes large = elf_program(isa, code, {.base = 0x600000, .memory_end = 0x602000});
    EXPECT_EQ(only_segment(large).file_size, size);
    EXPECT_EQ(only_segment(large).memory_size, 0x2000U);
  }
}

}  // namespace
}  // namespace assay::machine
