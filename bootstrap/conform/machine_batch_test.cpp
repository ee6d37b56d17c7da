// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many runs in one of the machine: none sees anything of those before it.
#include <gtest/gtest.h>

#include "bootstrap/conform/target.h"
#include "machine/process/elf_program.h"

namespace assay::conform {
namespace {

constexpr std::uint16_t kAmd64 = 62;
constexpr std::uint64_t kMostInstructions = 100'000;

/// Adds one to a byte of its image, of its code, of new pages of its stack and of its heap; writes the first,
/// third and fourth to the output, and ends with the second as its status.
Bytes counting_program() {
  const Bytes code = {
      0x48, 0x8B, 0x7C, 0x24, 0x18,              // mov rdi, [rsp+24]      ; the output
      0xBE, 0x41, 0x02, 0x00, 0x00,              // mov esi, 0x241         ; written, made, emptied
      0xBA, 0xC0, 0x01, 0x00, 0x00,              // mov edx, 0700
      0xB8, 0x02, 0x00, 0x00, 0x00,              // mov eax, 2             ; open
      0x0F, 0x05,                                // syscall
      0x89, 0xC3,                                // mov ebx, eax
      0xFE, 0x05, 0x6D, 0x00, 0x00, 0x00,        // inc byte [rip+count]
      0xFE, 0x05, 0x5C, 0x00, 0x00, 0x00,        // inc byte [rip+status+1]
      0x48, 0x81, 0xEC, 0x00, 0x00, 0x04, 0x00,  // sub rsp, 0x40000
      0xFE, 0x04, 0x24,                          // inc byte [rsp]
      0x8A, 0x04, 0x24,                          // mov al, [rsp]
      0x88, 0x05, 0x55, 0x00, 0x00, 0x00,        // mov [rip+count+1], al
      0x48, 0x81, 0xC4, 0x00, 0x00, 0x04, 0x00,  // add rsp, 0x40000
      0x31, 0xFF,                                // xor edi, edi
      0xB8, 0x0C, 0x00, 0x00, 0x00,              // mov eax, 12            ; brk: where is it?
      0x0F, 0x05,                                // syscall
      0x48, 0x89, 0xC5,                          // mov rbp, rax
      0x48, 0x8D, 0xB8, 0x00, 0x30, 0x00, 0x00,  // lea rdi, [rax+0x3000]
      0xB8, 0x0C, 0x00, 0x00, 0x00,              // mov eax, 12            ; brk: there
      0x0F, 0x05,                                // syscall
      0xFE, 0x85, 0x00, 0x20, 0x00, 0x00,        // inc byte [rbp+0x2000]
      0x8A, 0x85, 0x00, 0x20, 0x00, 0x00,        // mov al, [rbp+0x2000]
      0x88, 0x05, 0x23, 0x00, 0x00, 0x00,        // mov [rip+count+2], al
      0x89, 0xDF,                                // mov edi, ebx
      0x48, 0x8D, 0x35, 0x18, 0x00, 0x00, 0x00,  // lea rsi, [rip+count]
      0xBA, 0x03, 0x00, 0x00, 0x00,              // mov edx, 3
      0xB8, 0x01, 0x00, 0x00, 0x00,              // mov eax, 1             ; write
      0x0F, 0x05,                                // syscall
      0xBF, 0x00, 0x00, 0x00, 0x00,              // status: mov edi, 0
      0xB8, 0x3C, 0x00, 0x00, 0x00,              // mov eax, 60            ; exit
      0x0F, 0x05,                                // syscall
      0x00, 0x00, 0x00                           // count
  };
  return machine::elf_program(*machine::find_isa(kAmd64, 2), code, {.base = 0x600000, .flags = 7});
}

TEST(Batch, EachRunBeginsAnew) {
  const ToolRow& tool = *find_tool("hex0");
  const auto target = machine_target(counting_program(), kMostInstructions);
  ASSERT_TRUE(target) << target.error().message;
  const std::vector<Bytes> inputs(5, to_bytes("41\n"));
  const auto alone = (*target)->run(usual_situation(tool, inputs.front()));
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_EQ(alone->status, 1);
  EXPECT_EQ(alone->files.at("out").bytes, (Bytes{1, 1, 1}));
  const auto all = (*target)->run_all(tool, inputs);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), inputs.size());
  for (const Observed& one : *all) EXPECT_TRUE(one.same_effect(*alone)) << one.status;
}

}  // namespace
}  // namespace assay::conform
