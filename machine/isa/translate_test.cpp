// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "machine/ir/ir_eval.h"
#include "machine/isa/isa.h"
#include "machine/linux/linux_abi.h"

namespace assay::machine {
namespace {

std::string text_of(std::string_view isa_name, std::vector<std::uint32_t> words, unsigned most = 32) {
  Bytes code;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) code.push_back(static_cast<Byte>(word >> (8 * i)));
  }
  const Fetch fetch = [&](std::uint64_t pc, std::size_t size) {
    if (pc < 0x1000 || pc >= 0x1000 + code.size()) return ByteView{};
    return ByteView(code).subspan(pc - 0x1000).first(std::min<std::size_t>(size, 0x1000 + code.size() - pc));
  };
  const Isa& isa = *find_isa(isa_name);
  return to_text(isa, translate(isa, 0x1000, most, fetch));
}

TEST(Translate, OneInsForASimpleInstruction) {
  EXPECT_EQ(text_of("riscv64", {0xFF810113, 0x00A13023, 0x00000073}),  // addi sp,sp,-8; sd a0,(sp); ecall
            "0x1000:\n  add.64 sp <- sp #-0x8\n"
            "0x1004:\n  store.64 [sp+0] a0\n"
            "0x1008:\n  system_call.64 -> 0x100c (3)\n");
}

TEST(Translate, WordOperationsOfRv64SignExtend) {
  EXPECT_EQ(text_of("riscv64", {0x00B5053B, 0x00008067}),  // addw a0,a0,a1; ret
            "0x1000:\n  add.32 t0 <- a0 a1\n  sign_extend.32 a0 <- t0\n"
            "0x1004:\n  and.64 t1 <- ra #-0x2\n  jump_indirect.64 t1 (2)\n");
}

TEST(Translate, BranchOverAJumpBecomesOneExit) {
  EXPECT_EQ(text_of("riscv32", {0x00051463, 0x0FC0006F, 0x00000073}),  // bnez a0,+8; j +0xfc; ecall
            "0x1000:\n  branch.32 eq a0 #0x0 -> 0x1100 (2)\n"
            "0x1008:\n  system_call.64 -> 0x100c (2)\n");
}

TEST(Translate, BlockGoesOverAJumpAndEndsWhereItHasBeen) {
  EXPECT_EQ(text_of("riscv64", {0x00150513, 0xFFDFF06F}),  // addi a0,a0,1; j -4
            "0x1000:\n  add.64 a0 <- a0 #0x1\n0x1004:\n  jump.64 -> 0x1000 (2)\n");
}

TEST(Translate, UnknownInstructionIsABlockOfItsOwn) {
  EXPECT_EQ(text_of("riscv64", {0x00150513, 0xFFFFFFFF}),
            "0x1000:\n  add.64 a0 <- a0 #0x1\n  jump.64 -> 0x1004 (1)\n");
  EXPECT_EQ(text_of("riscv64", {0xFFFFFFFF}), "0x1000:\n  trap.64 unknown_instruction (1)\n");
}

TEST(Translate, SingleStepEndsAfterOneInstruction) {
  EXPECT_EQ(text_of("riscv64", {0x00150513, 0x00150513}, 1),
            "0x1000:\n  add.64 a0 <- a0 #0x1\n  jump.64 -> 0x1004 (1)\n");
}

TEST(Builder, SetRenamesTheLastTemporaryAndFlagsMayReadItAfterwards) {
  Block block;
  BlockBuilder b(block);
  b.begin(0x1000);
  const Value sum = b.bit_and(Width::w32, BlockBuilder::reg(1), BlockBuilder::reg(2));
  b.set(1, sum);
  b.set_flags(FlagKind::parts, Width::w32, sum);
  b.finish(4);
  EXPECT_EQ(to_text(*find_isa("riscv64"), block),
            "0x1000:\n  and.32 ra <- ra sp\n  set_flags.32 parts ra #0x0\n");
}

TEST(Flags, WordOfSubtractionHasBorrowForX86AndItsInverseForArm) {
  const FlagState less{FlagKind::sub, Width::w8, 1, 2, 0};
  EXPECT_EQ(flags_word(less), kFlagCarry | kFlagSign | kFlagAdjust | kFlagParity);
  EXPECT_TRUE(flag_holds(FlagCondition::less, flags_word(less)));
  EXPECT_FALSE(flag_holds(FlagCondition::carry, flags_word({FlagKind::sub_arm, Width::w8, 1, 2, 0})));
  EXPECT_TRUE(flag_holds(FlagCondition::carry_not_zero, flags_word({FlagKind::sub_arm, Width::w8, 3, 2, 0})));
  EXPECT_EQ(flags_word({FlagKind::sub, Width::w32, 0x80000000, 1, 0}) & kFlagOverflow, kFlagOverflow);
}

TEST(LinuxAbi, NumbersThatDifferBetweenArchitectures) {
  EXPECT_EQ(find_call(Abi::generic64, 62), Call::lseek);
  EXPECT_EQ(find_call(Abi::generic32, 62), Call::llseek);
  EXPECT_EQ(find_call(Abi::generic32, 260), Call::unknown);
  EXPECT_EQ(find_call(Abi::x86, 7), Call::waitpid);
  EXPECT_EQ(find_call(Abi::arm, 7), Call::unknown);
  EXPECT_EQ(find_call(Abi::amd64, 0), Call::read);
  EXPECT_EQ(find_call(Abi::amd64, ~0ULL), Call::unknown);
}

}  // namespace
}  // namespace assay::machine
