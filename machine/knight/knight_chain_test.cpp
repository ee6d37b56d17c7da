// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The programs of oriansj/stage0, revision eaae434, step by step as its makefile has it. How many
// instructions each step takes, and the digests of what it makes, are those that upstream's own machine
// printed and made.
#include <gtest/gtest.h>

#include "core/digest.h"
#include "core/host_tree.h"
#include "machine/machine.h"
#include "tests/support/subprocess.h"

namespace assay::machine {
namespace {

struct Step {
  const char* program;
  const char* input;  ///< behind the definitions, if it is one of assembly
  const char* output;
  std::uint64_t memory;  ///< KiB
  std::uint64_t instructions;
  const char* digest;  ///< nullptr: a text on the way
};

constexpr Step kSteps[] = {
    {"seed/NATIVE/knight/hex0-seed", "stage0/stage0_monitor.hex0", "roms/stage0_monitor", 16, 27941,
     "a551568d72804a2de6f6f94fcb507452e9d672c7638beb170dde84a9bf7fb82a"},
    {"seed/NATIVE/knight/hex0-seed", "stage1/stage1_assembler-0.hex0", "roms/stage1_assembler-0", 16, 20803,
     "13b45134a88c1c6db349cb40f82269cee9edfce71ac644dc0e137bad053bf5ce"},
    {"roms/stage1_assembler-0", "stage1/stage1_assembler-1.hex0", "roms/stage1_assembler-1", 16, 41106,
     "156f555fce5b02f52445652b1ed0b443295706cdfbe23c5a021bd4efc77179bb"},
    {"roms/stage1_assembler-1", "stage1/stage1_assembler-2.hex1", "roms/stage1_assembler-2", 16, 160882,
     "2c02c50958f489a660a4915d2a9e207a0c61f411d42628bdaf4dcf6bf7149a9d"},
    {"roms/stage1_assembler-2", "stage1/SET.hex2", "roms/SET", 16, 213982,
     "059d38e34275029f2de5f600f08fe01bd13cd173f7da58e3fbec7114074beff2"},
    {"roms/stage1_assembler-0", "stage1/dehex.hex0", "roms/DEHEX", 16, 20366,
     "662b14485df5da61c3f5ad63151932985914b2fe074c21798e20ba2d83b45ecc"},
    {"roms/stage1_assembler-2", "stage1/M0-macro.hex2", "roms/M0", 48, 342325,
     "cc31320b390d97409d54afb7c29171a12532aaa66487d1b2e3a0bb3ffe36dc15"},
    {"roms/M0", "stage1/CAT.s", "CAT_TEMP2", 48, 730866, nullptr},
    {"roms/stage1_assembler-2", "CAT_TEMP2", "roms/CAT", 48, 22318,
     "695698ebc7ed1d3acbcded1bd832a6b49b9a7c2a37c216a9fccdc0e89e976e99"},
    {"roms/M0", "stage1/M0-macro-compact.s", "M0_TEMP2", 64, 6700288, nullptr},
    {"roms/stage1_assembler-2", "M0_TEMP2", "roms/M0-compact", 5, 289446,
     "5ca41c7051d9f889b5bc0f37310f2e52b617a4e0943e75313b1cf9b675b3df24"},
    {"roms/M0-compact", "stage2/lisp.s", "lisp_TEMP2", 9, 30615971, nullptr},
    {"roms/stage1_assembler-2", "lisp_TEMP2", "roms/lisp", 48, 3718677,
     "96ade767f30e3d9037a6c597cefb103942c8ec104264a3551017f091b10646e1"},
    {"roms/M0-compact", "stage2/cc_x86.s", "cc_TEMP2", 9, 35219954, nullptr},
    {"roms/stage1_assembler-2", "cc_TEMP2", "roms/cc_x86", 32, 7378523,
     "20bb83238f4692f6062e5b47530fdbd1f60dcf94f9d62b724176941931127a9f"},
    {"roms/M0-compact", "stage2/cc_aarch64.s", "cc_TEMP2", 9, 35274192, nullptr},
    {"roms/stage1_assembler-2", "cc_TEMP2", "roms/cc_aarch64", 32, 7534969,
     "d7c6715496e1dc3a55e5006f1834e7897e356cdaa9cf43dbd3707d471185854e"},
    {"roms/M0-compact", "stage2/cc_amd64.s", "cc_TEMP2", 9, 35219924, nullptr},
    {"roms/stage1_assembler-2", "cc_TEMP2", "roms/cc_amd64", 32, 7378481,
     "0ceacc6d0829b0e4e7db456ebd269fdf63ff47ea55c25bac7bebaea1f136a8a5"},
    {"roms/M0-compact", "stage2/cc_armv7l.s", "cc_TEMP2", 9, 35302960, nullptr},
    {"roms/stage1_assembler-2", "cc_TEMP2", "roms/cc_armv7l", 32, 7582171,
     "54d95e423b3e9124bddf79ad59f9a9bdc15e7d0b65ebce3c27ad4ab92000b974"},
    {"roms/M0-compact", "stage2/cc_knight-posix.s", "cc_TEMP2", 9, 35803606, nullptr},
    {"roms/stage1_assembler-2", "cc_TEMP2", "roms/cc_knight-posix", 32, 7518246,
     "6d7e411eb9495a25d47075ac32fa8df0580e9ab81f2a542fbd8314107a7dbb2c"},
    {"roms/M0-compact", "stage2/cc_knight-native.s", "cc_TEMP2", 9, 35803576, nullptr},
    {"roms/stage1_assembler-2", "cc_TEMP2", "roms/cc_knight-native", 32, 7518240,
     "64af648f37a4859035513f81fb56c68f26bfd4c67c37fabf7523c0cf047b7492"},
    {"roms/M0-compact", "stage2/forth.s", "forth_TEMP2", 9, 10728242, nullptr},
    {"roms/stage1_assembler-2", "forth_TEMP2", "roms/forth", 12, 1425814,
     "f4bbf9e9c4828170d0c153ac265382dc705643f95efd2a029243326d426be5a4"},
};

/// Assembly is read behind the definitions that all of it uses.
std::string tape_of(MemoryTree& files, const std::string& input) {
  if (!input.ends_with(".s")) return input;
  Bytes whole = **files.read("High_level_prototypes/defs");
  const Bytes& text = **files.read(input);
  whole.insert(whole.end(), text.begin(), text.end());
  files.put("assembly", std::move(whole));
  return "assembly";
}

TEST(KnightChainTest, EveryStepMakesWhatUpstreamsMachineMakes) {
  const auto tree = test::find_tree("stage0");
  if (!tree) GTEST_SKIP() << "no tree stage0";
  MemoryTree files(std::make_shared<HostTree>(tree->string()));
  ASSERT_TRUE(files.info("seed/NATIVE/knight/hex0-seed")) << "its submodule seed is missing";
  if (!files.info("roms")) {
    ASSERT_TRUE(files.create("roms", NodeKind::directory, 0755));
  }
  for (const Step& step : kSteps) {
    Request request;
    request.program = step.program;
    request.knight = KnightMachine{
        .memory = step.memory * 1024, .tape_01 = tape_of(files, step.input), .tape_02 = step.output};
    const Result<Outcome> outcome = run(files, request);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    ASSERT_EQ(outcome->stop, Stop::exited) << step.output << ": " << outcome->message;
    EXPECT_EQ(outcome->instructions, step.instructions) << step.output;
    if (step.digest != nullptr) {
      EXPECT_EQ(sha256(**files.read(step.output)), step.digest) << step.output;
    }
  }
}

}  // namespace
}  // namespace assay::machine
