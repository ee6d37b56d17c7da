// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What random programs (arm_differential_test.cpp) do not show: how instructions are written as
// operations, what is refused, what stops a program.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "machine/testing/guest_test.h"

namespace assay::machine::testing {
namespace {

const Isa& armv7l() { return *find_isa("armv7l"); }

Bytes code_of(const std::vector<std::uint32_t>& words) {
  Bytes code;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) code.push_back(static_cast<Byte>(word >> (8 * i)));
  }
  return code;
}

std::string text_of(const std::vector<std::uint32_t>& words) {
  const Bytes code = code_of(words);
  const Fetch fetch = [&](std::uint64_t pc, std::size_t size) {
    if (pc < 0x1000 || pc >= 0x1000 + code.size()) return ByteView{};
    return ByteView(code).subspan(pc - 0x1000).first(std::min<std::size_t>(size, 0x1000 + code.size() - pc));
  };
  return to_text(armv7l(), translate(armv7l(), 0x1000, 32, fetch));
}

bool is_unknown(std::uint32_t word) {
  return text_of({word}) == "0x1000:\n  trap.64 unknown_instruction (1)\n";
}

std::string stop_of(const std::vector<std::uint32_t>& words) {
  const Outcome outcome = run_guest(make_elf(armv7l(), code_of(words)), EngineKind::interpreter);
  return fmt::format("{}: {}", name_of(outcome.stop), outcome.message);
}

TEST(Arm, ConditionIsABranchOverTheInstruction) {
  EXPECT_EQ(text_of({0xE1500001, 0x03A00001, 0xE12FFF1E}),  // cmp r0,r1; moveq r0,#1; bx lr
            "0x1000:\n  set_flags.32 sub_arm r0 r1\n"
            "0x1004:\n  branch_flag.64 not_zero -> 0x1008 (2)\n  mov.64 r0 <- #0x1\n"
            "0x1008:\n  jump_indirect.64 lr (3)\n");
}

TEST(Arm, ProgramCounterReadsTwoInstructionsAhead) {
  EXPECT_EQ(text_of({0xE1A0000F, 0xE59F1004, 0xE12FFF1E}),  // mov r0,pc; ldr r1,[pc,#4]; bx lr
            "0x1000:\n  mov.64 r0 <- #0x1008\n"
            "0x1004:\n  mov.64 t0 <- #0x1010\n  load.32 r1 <- [t0+0]\n"
            "0x1008:\n  jump_indirect.64 lr (3)\n");
}

TEST(Arm, OtherExtensionsAreUnknown) {
  for (const std::uint32_t word : {
           0xEE300A00U,  // vadd.f32
           0xED900A00U,  // vldr
           0xF2000840U,  // vadd.i8
           0xE6100F10U,  // sadd16: parallel arithmetic
           0xE6800FB0U,  // sel
           0xE7000010U,  // smlad
           0xE7800010U,  // usada8
           0xE1000090U,  // swp
           0xEE1D0F70U,  // mrc p15, 0, r0, c13, c0, 3
           0xF1010000U,  // setend
           0xE1900C9FU,  // lda: Armv8
           0xE14F0000U,  // mrs r0, spsr
           0xE8D08000U,  // ldm with ^
           0xEF900005U,  // svc with a number: the old ABI
       }) {
    EXPECT_TRUE(is_unknown(word)) << fmt::format("{:08x}", word);
  }
}

TEST(Arm, UnpredictableInstructionsAreUnknown) {
  for (const std::uint32_t word : {
           0xE4900004U,  // ldr r0, [r0], #4
           0xE5B00004U,  // ldr r0, [r0, #4]!
           0xE8B00003U,  // ldm r0!, {r0, r1}
           0xE8A20006U,  // stm r2!, {r1, r2}: the base is not the lowest
           0xE8900000U,  // ldm r0, {}
           0xE0800190U,  // umull r0, r0, r0, r1
           0xE1A0F110U,  // mov pc, r0, lsl r1
           0xE1C010D0U,  // ldrd r1, r2: an odd register
           0xE25EF004U,  // subs pc, lr, #4
           0xE7C00090U,  // bfi that ends before it begins: lsb 1, msb 0
           0xE1800F90U,  // strex r0, r0, [r0]
           0xE1A10000U,  // mov with a first operand
       }) {
    EXPECT_TRUE(is_unknown(word)) << fmt::format("{:08x}", word);
  }
}

TEST(Arm, ThumbIsRefusedByItsAddress) {
  EXPECT_NE(
      stop_of({0xE28F0005, 0xE12FFF10})
          .find(  // add r0, pc, #5; bx r0
              "jump to 0x10100d, which is not a multiple of 4: an odd address asks for Thumb code, which "
              "this machine does not run"),
      std::string::npos)
      << stop_of({0xE28F0005, 0xE12FFF10});
  EXPECT_NE(stop_of({0xFA000000}).find("Thumb"), std::string::npos);  // blx +8
}

TEST(Arm, StopsSayWhatAndWhere) {
  EXPECT_NE(stop_of({0xE320F000, 0xEE300A00}).find("unknown instruction 000a30ee at 0x101004"),
            std::string::npos)
      << stop_of({0xE320F000, 0xEE300A00});
  EXPECT_NE(stop_of({0xE1200070}).find("breakpoint at 0x101000"), std::string::npos);  // bkpt
  // udf: SIGILL on Linux, as any instruction that is none.
  EXPECT_NE(stop_of({0xE7F000F0}).find("unknown instruction f000f0e7 at 0x101000"), std::string::npos);
}

}  // namespace
}  // namespace assay::machine::testing
