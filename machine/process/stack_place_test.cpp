// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the stack is, and what sees it.
#include <gtest/gtest.h>

#include "core/host_tree.h"
#include "machine/machine.h"
#include "machine/testing/guest_elf.h"
#include "tests/support/subprocess.h"

namespace assay::machine::testing {
namespace {

Outcome run_with(StackPlace stack, MemoryTree tree, std::vector<std::string> argv) {
  Request request;
  request.program = argv.front();
  request.argv = std::move(argv);
  request.stack = stack;
  Result<Outcome> outcome = run(tree, request);
  EXPECT_TRUE(outcome.has_value());
  return outcome ? *std::move(outcome) : Outcome{};
}

Outcome run_code(StackPlace stack, const Bytes& code) {
  MemoryTree tree;
  tree.put("program", make_elf(*find_isa("amd64"), code), 0755);
  return run_with(stack, std::move(tree), {"program"});
}

// A REX prefix was forgotten: the pointer loses its upper half. It goes well where the stack is below 4 GiB.
TEST(StackPlace, HalfOfAnAddressIsNoneOnAKernel) {
  const Bytes code{0x89, 0xE6,                // mov esi, esp
                   0x8A, 0x06,                // mov al, [rsi]
                   0xB8, 60,   0,    0,   0,  // mov eax, 60: exit
                   0x31, 0xFF, 0x0F, 0x05};   // xor edi, edi; syscall
  EXPECT_EQ(run_code(StackPlace::high, code).stop, Stop::exited);
  EXPECT_EQ(run_code(StackPlace::low, code).stop, Stop::exited);
  const Outcome outcome = run_code(StackPlace::kernel, code);
  EXPECT_EQ(outcome.stop, Stop::memory_fault);
  EXPECT_EQ(outcome.message.find("memory fault at 0x101002, address 0xffff"), 0U) << outcome.message;
}

TEST(StackPlace, KernelsStackIsUsedPushedAndGrown) {
  const Bytes code{0x48, 0x89, 0xE3,                           // mov rbx, rsp
                   0x48, 0x81, 0xEC, 0,    0,    0x10, 0,      // sub rsp, 1 MiB
                   0x68, 42,   0,    0,    0,                  // push 42
                   0x5F,                                       // pop rdi
                   0x48, 0xC1, 0xEB, 32,                       // shr rbx, 32
                   0x48, 0x81, 0xEB, 0xFF, 0x7F, 0,    0,      // sub rbx, 0x7fff
                   0x48, 0x01, 0xDF,                           // add rdi, rbx
                   0xB8, 60,   0,    0,    0,    0x0F, 0x05};  // exit
  const Outcome outcome = run_code(StackPlace::kernel, code);
  EXPECT_EQ(outcome.stop, Stop::exited) << outcome.message;
  EXPECT_EQ(outcome.status, 42);
}

TEST(StackPlace, BehindItsTopAndBelowItsLimitIsNothing) {
  // mov rax, [rsp + 0x100000] and mov rax, [rsp - 0x900000]
  EXPECT_EQ(run_code(StackPlace::kernel, {0x48, 0x8B, 0x84, 0x24, 0, 0, 0x10, 0}).stop, Stop::memory_fault);
  EXPECT_EQ(run_code(StackPlace::kernel, {0x48, 0x8B, 0x84, 0x24, 0, 0, 0x70, 0xFF}).stop,
            Stop::memory_fault);
  // A plain address at the place of the stack: mov eax, 0xffffe000; mov rax, [rax]
  EXPECT_EQ(run_code(StackPlace::kernel, {0xB8, 0, 0xE0, 0xFF, 0xFF, 0x48, 0x8B, 0x00}).stop,
            Stop::memory_fault);
}

class SeedsUnderKernelsStack : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Architectures, SeedsUnderKernelsStack,
                         ::testing::Values("AMD64", "AArch64", "riscv64"),
                         [](const auto& one) { return std::string(one.param); });

// kaem runs hex0, which makes the next hex0 and kaem: forks, arguments, environments.
TEST_P(SeedsUnderKernelsStack, DoWhatTheyDoElsewhere) {
  const std::optional<std::filesystem::path> root = test::find_tree("stage0-posix");
  if (!root) GTEST_SKIP() << "no stage0-posix tree";
  const std::string arch = GetParam();
  const std::string seeds = "bootstrap-seeds/POSIX/" + arch + "/";
  const auto made = [&](StackPlace stack) {
    MemoryTree tree(std::make_shared<HostTree>(*root));
    tree.put("script", to_bytes("./" + seeds + "hex0-seed " + arch + "/hex0_" + arch + ".hex0 hex0\n"), 0644);
    Request request;
    request.program = "./" + seeds + "kaem-optional-seed";
    request.argv = {request.program, "script"};
    request.stack = stack;
    const Result<Outcome> outcome = run(tree, request);
    EXPECT_TRUE(outcome.has_value() && outcome->stop == Stop::exited);
    EXPECT_EQ(outcome->status, 0);
    const Result<std::shared_ptr<const Bytes>> bytes = tree.read("hex0");
    return bytes ? to_hex(**bytes) : "nothing";
  };
  EXPECT_EQ(made(StackPlace::kernel), made(StackPlace::high));
  EXPECT_NE(made(StackPlace::kernel), "nothing");
}

}  // namespace
}  // namespace assay::machine::testing
