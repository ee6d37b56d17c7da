// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/instruction_set.h"

#include <algorithm>
#include <array>

namespace assay::exec {
namespace {

constexpr CallConvention kGeneric64Calls{8, {0, 1, 2, 3, 4, 5}, 0, 214, 63, 64};
constexpr CallConvention kRiscvCalls{17, {10, 11, 12, 13, 14, 15}, 10, 214, 63, 64};
constexpr Register kBusyX86[] = {0, 3, 4, 5, 7, 6, 1, 37, 38};
constexpr Register kBusyAmd64[] = {0, 3, 4, 5, 7, 13, 14, 37, 38};
constexpr Register kBusyA64[] = {0, 1, 18, 17, 16, 13, 30, 14, 37};
constexpr Register kBusyRiscv[] = {10, 11, 2, 8, 4, 28, 1, 37, 38};
constexpr Register kStackX86[] = {4, 5, 13, 6};
constexpr Register kStackA64[] = {18, 17, 13};
constexpr Register kBusyA32[] = {0, 1, 13, 12, 14, 2, 11, 37, 38};
constexpr Register kStackA32[] = {13, 12};
constexpr Register kStackRiscv[] = {2, 8, 28};
constexpr std::array<InstructionSet, 6> kSets{{
    {"x86",
     3,
     4,
     decode_x86,
     4,
     {0, {3, 1, 2, 6, 7, 5}, 0, 45, 3, 4},
     kBusyX86,
     kStackX86,
     x86_keeps_flags,
     true},
    {"AMD64",
     62,
     8,
     decode_x86,
     4,
     {0, {7, 6, 2, 10, 8, 9}, 0, 12, 0, 1},
     kBusyAmd64,
     kStackX86,
     x86_keeps_flags,
     true},
    {"AArch64", 183, 8, decode_a64, 31, kGeneric64Calls, kBusyA64, kStackA64, a64_keeps_flags},
    {"armv7l",
     40,
     4,
     decode_a32,
     13,
     {7, {0, 1, 2, 3, 4, 5}, 0, 45, 3, 4},
     kBusyA32,
     kStackA32,
     a32_keeps_flags},
    {"riscv32", 243, 4, decode_riscv, 2, kRiscvCalls, kBusyRiscv, kStackRiscv},
    {"riscv64", 243, 8, decode_riscv, 2, kRiscvCalls, kBusyRiscv, kStackRiscv},
}};

}  // namespace

const InstructionSet* find_instruction_set(unsigned elf_machine, unsigned word_bytes) {
  const auto* const found = std::find_if(kSets.begin(), kSets.end(), [=](const InstructionSet& set) {
    return set.elf_machine == elf_machine && set.word_bytes == word_bytes;
  });
  return found == kSets.end() ? nullptr : found;
}

}  // namespace assay::exec
