// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What random programs (a64_differential_test.cpp) do not show: how instructions are written as
// operations, what is refused, what stops a program.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "machine/engine/engine.h"
#include "machine/testing/guest_test.h"

namespace assay::machine::testing {
namespace {

const Isa& aarch64() { return *find_isa("aarch64"); }

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
  return to_text(aarch64(), translate(aarch64(), 0x1000, 32, fetch));
}

bool is_unknown(std::uint32_t word) {
  return text_of({word}) == "0x1000:\n  trap.64 unknown_instruction (1)\n";
}

TEST(A64, StackOfM2PlanetIsTwoOperations) {
  EXPECT_EQ(text_of({0xF81F8E40, 0xF8408641, 0xD65F03C0}),  // str x0,[x18,#-8]!; ldr x1,[x18],#8; ret
            "0x1000:\n  store.64 [x18-8] x0\n  add.64 x18 <- x18 #-0x8\n"
            "0x1004:\n  load.64 x1 <- [x18+0]\n  add.64 x18 <- x18 #0x8\n"
            "0x1008:\n  jump_indirect.64 x30 (3)\n");
}

TEST(A64, CompareAndBranchNeedsNoWordOfFlags) {
  EXPECT_EQ(text_of({0xEB01001F, 0x54000040, 0xD65F03C0}),  // cmp x0,x1; b.eq +8; ret
            "0x1000:\n  set_flags.64 sub_arm x0 x1\n"
            "0x1004:\n  branch_flag.64 zero -> 0x100c (2)\n"
            "0x1008:\n  jump_indirect.64 x30 (3)\n");
}

TEST(A64, ConditionalSetIsOneFlag) {
  EXPECT_EQ(text_of({0x9A9F17E0, 0xD65F03C0}),  // cset x0, eq
            "0x1000:\n  get_flag.64 zero x0 <-\n0x1004:\n  jump_indirect.64 x30 (2)\n");
}

TEST(A64, CallKeepsItsTargetWhenThatIsTheLinkRegister) {
  EXPECT_EQ(text_of({0xD63F03C0}),  // blr x30
            "0x1000:\n  mov.64 t0 <- x30\n  mov.64 x30 <- #0x1004\n  jump_indirect.64 t0 (1)\n");
}

TEST(A64, ConstantsBetweenInstructionsAreTakenOver) {
  EXPECT_EQ(text_of({0x18000040, 0x14000002, 0x11223344, 0xD65F03C0}),  // ldr w0, lit; b over; lit; over: ret
            "0x1000:\n  mov.64 x0 <- #0x11223344\n0x100c:\n  jump_indirect.64 x30 (3)\n");
  EXPECT_EQ(text_of({0x98000040, 0x14000002, 0x81223344, 0xD65F03C0}),  // ldrsw
            "0x1000:\n  mov.64 x0 <- #-0x7eddccbc\n0x100c:\n  jump_indirect.64 x30 (3)\n");
  EXPECT_EQ(text_of({0x18000100, 0xD65F03C0}),  // farther away it is a variable like any other
            "0x1000:\n  mov.64 t0 <- #0x1020\n  load.32 x0 <- [t0+0]\n0x1004:\n  jump_indirect.64 x30 (2)\n");
}

TEST(A64, JumpsToSuchConstantsAreJumps) {
  EXPECT_EQ(text_of({0x18000050, 0xD61F0200, 0x0000100C, 0xD65F03C0}),  // ldr w16, lit; br x16
            "0x1000:\n  mov.64 x16 <- #0x100c\n0x100c:\n  jump_indirect.64 x30 (3)\n");
  EXPECT_EQ(text_of({0x18000050, 0xD61F0200, 0x0000100E}),  // not to an instruction
            "0x1000:\n  mov.64 x16 <- #0x100e\n0x1004:\n  jump_indirect.64 x16 (2)\n");
  // cbnz x0, over; ldr w16, lit; br x16; lit; over: ret
  EXPECT_EQ(text_of({0xB5000080, 0x18000050, 0xD61F0200, 0x00002000, 0xD65F03C0}),
            "0x1000:\n  branch.64 eq x0 #0x0 -> 0x1004 (1)\n0x1010:\n  jump_indirect.64 x30 (2)\n");
}

TEST(A64, AConstantForNobodyIsNone) {
  // ldr w16, lit; b over; lit; over: cbnz x0, +16; ldr xzr, lit; br x16; lit; ret
  EXPECT_EQ(text_of({0x18000050, 0x14000002, 0x00001020, 0xB5000080, 0x5800005F, 0xD61F0200, 0, 0xD65F03C0,
                     0xD65F03C0}),
            "0x1000:\n  mov.64 x16 <- #0x1020\n0x100c:\n  branch.64 ne x0 #0x0 -> 0x101c (3)\n"
            "0x1010:\n  mov.64 t2 <- #-0x29a0fc4000000000\n0x1020:\n  jump_indirect.64 x30 (6)\n");
}

TEST(A64, AConstantThatIsWrittenIsReadAnew) {
  const Bytes code = code_of({0x18000040,    // loop: ldr w0, lit
                              0x14000002,    // b over
                              0x00000005,    // lit
                              0x8B000042,    // over: add x2, x2, x0
                              0x11000400,    // add w0, w0, #1
                              0x10FFFFA1,    // adr x1, lit
                              0xB9000020,    // str w0, [x1]
                              0xD1000463,    // sub x3, x3, #1
                              0xB5FFFF03,    // cbnz x3, loop
                              0xD4000001});  // svc #0
  for (const EngineKind kind : {EngineKind::interpreter, EngineKind::translator}) {
    const auto memory = *Memory::create();
    ASSERT_TRUE(memory->reserve_image(0x1000, 0x2000));
    memory->load(0x1000, code, 0x1000, kPageRead | kPageWrite | kPageExecute);
    Cpu cpu;
    cpu.pc = 0x1000;
    cpu.slots[3] = 1500;  // often enough for a translator to give up
    cpu.remaining = 1'000'000;
    EXPECT_EQ(make_engine(kind, aarch64(), *memory)->run(cpu), Exit::system_call);
    EXPECT_EQ(cpu.slots[2], 1500U * 5 + 1500U * 1499 / 2);
    EXPECT_EQ(1'000'000 - cpu.remaining, 1500U * 8 + 1);
  }
}

TEST(A64, OtherExtensionsAreUnknown) {
  for (const std::uint32_t word : {
           0x1E602820U,  // fadd d0, d1, d0
           0x4EA08400U,  // add v0.4s, v0.4s, v0.4s
           0x3DC00000U,  // ldr q0, [x0]
           0xB8200020U,  // ldadd w0, w0, [x1]: Armv8.1
           0x08A07C01U,  // casb: Armv8.1
           0x1AC04020U,  // crc32b
           0xD50B7420U,  // dc zva
           0xD53B4400U,  // mrs x0, fpcr
           0xD4000002U,  // hvc
           0xD4400000U,  // hlt
       }) {
    EXPECT_TRUE(is_unknown(word)) << fmt::format("{:08x}", word);
  }
}

TEST(A64, UnallocatedEncodingsAreUnknown) {
  for (const std::uint32_t word : {
           0x00010000U,  // not udf: its upper half is not zero
           0x12C00000U,  // movn w0, #0, lsl #32
           0x13400000U,  // sbfm of 32 bits with N
           0x9240FC00U,  // and x0, x0 with a mask of all ones
           0x0BC00000U,  // add shifted by ror
           0x0B201400U,  // add extended, shifted by 5
           0x0B008000U,  // add w, shifted by 32
           0x5AC00C00U,  // rev of 64 bits on a w register
           0x38200800U,  // register offset by a byte
           0x54000010U,  // bc.eq: Armv8.8
           0x69000000U,  // stgp
       }) {
    EXPECT_TRUE(is_unknown(word)) << fmt::format("{:08x}", word);
  }
}

TEST(A64, UnpredictableInstructionsAreUnknown) {
  for (const std::uint32_t word : {
           0xF8408400U,  // ldr x0, [x0], #8
           0xF8008C00U,  // str x0, [x0, #8]!
           0xA9400000U,  // ldp x0, x0, [x0]
           0xA8C10400U,  // ldp x0, x1, [x0], #16
           0xC8007C20U,  // stxr w0, x0, [x1]
           0xC8017C20U,  // stxr w1, x0, [x1]
       }) {
    EXPECT_TRUE(is_unknown(word)) << fmt::format("{:08x}", word);
  }
}

TEST(A64, StopsSayWhatAndWhere) {
  const auto stop_of = [](const std::vector<std::uint32_t>& words) {
    const Outcome outcome = run_guest(make_elf(aarch64(), code_of(words)), EngineKind::interpreter);
    return fmt::format("{}: {}", name_of(outcome.stop), outcome.message);
  };
  EXPECT_NE(stop_of({0xD503201F, 0x1E602820}).find("unknown instruction 2028601e at 0x101004"),
            std::string::npos)
      << stop_of({0xD503201F, 0x1E602820});
  EXPECT_NE(stop_of({0xD4200000}).find("breakpoint at 0x101000"), std::string::npos);  // brk #0
  // udf #0: SIGILL on Linux, as any instruction that is none.
  EXPECT_NE(stop_of({0x00000000}).find("unknown instruction 00000000 at 0x101000"), std::string::npos);
  EXPECT_NE(stop_of({0xD2800040, 0xD61F0000}).find("jump to 0x2, which is not a multiple of 4"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::machine::testing
