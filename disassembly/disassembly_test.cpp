// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "disassembly/disassembly.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace assay::disassembly {
namespace {

/// "address length text" a line.
std::string listing(const Bytes& code, std::string_view architecture) {
  std::string lines;
  for (const Instruction& one : disassemble(code, architecture, 0x1000)) {
    lines += fmt::format("{:x} {} {}\n", one.address, one.bytes.size(), one.text());
  }
  return lines;
}

TEST(Disassembly, SixArchitectures) {
  EXPECT_EQ(listing({0x29, 0xd8, 0x48}, "x86"), "1000 2 sub eax, ebx\n1002 1 dec eax\n");
  EXPECT_EQ(listing({0x48, 0x89, 0xc7, 0x29, 0xd8}, "AMD64"), "1000 3 mov rdi, rax\n1003 2 sub eax, ebx\n");
  EXPECT_EQ(listing({0x40, 0x00, 0x80, 0xd2}, "AArch64"), "1000 4 mov x0, #2\n");
  EXPECT_EQ(listing({0x04, 0x00, 0xa0, 0xe3}, "armv7l"), "1000 4 mov r0, #4\n");
  EXPECT_EQ(listing({0x13, 0x05, 0x20, 0x00, 0x33, 0x05, 0xb5, 0x02}, "riscv32"),
            "1000 4 li a0, 2\n1004 4 mul a0, a0, a1\n");
  EXPECT_EQ(listing({0x13, 0x05, 0x20, 0x00, 0x83, 0x35, 0x81, 0x00}, "riscv64"),
            "1000 4 li a0, 2\n1004 4 ld a1, 8(sp)\n");
  EXPECT_EQ(listing({0xcd, 0x10, 0x31, 0xc0}, "x86-16"), "1000 2 int 0x10\n1002 2 xor ax, ax\n");
  EXPECT_EQ(listing({0x90}, "knight"), "");
}

TEST(Disassembly, JumpsNameTheirTarget) {
  const struct {
    const char* architecture;
    Bytes code;
    std::string text;
    std::uint64_t target;
  } rows[] = {
      {"x86", {0xe8, 0xfb, 0xff, 0xff, 0xff}, "call 0x1000", 0x1000},
      {"amd64", {0x74, 0x10}, "je 0x1012", 0x1012},
      {"aarch64", {0x02, 0x00, 0x00, 0x14}, "b 0x1008", 0x1008},
      {"aarch64", {0x40, 0x00, 0x00, 0x54}, "b.eq 0x1008", 0x1008},
      {"aarch64", {0x40, 0x00, 0x00, 0xb4}, "cbz x0, 0x1008", 0x1008},
      {"armv7l", {0x00, 0x00, 0x00, 0xea}, "b 0x1008", 0x1008},
      {"armv7l", {0xfe, 0xff, 0xff, 0xeb}, "bl 0x1000", 0x1000},
      {"riscv64", {0x63, 0x04, 0x05, 0x00}, "beqz a0, 0x1008", 0x1008},
      {"riscv32", {0xef, 0xf0, 0xdf, 0xff}, "jal 0xffc", 0xffc},
  };
  for (const auto& row : rows) {
    const auto read = disassemble(row.code, row.architecture, 0x1000);
    ASSERT_EQ(read.size(), 1U) << row.text;
    EXPECT_EQ(read[0].text(), row.text);
    EXPECT_EQ(read[0].target, row.target) << row.text;
  }
  EXPECT_FALSE(disassemble(Bytes{0x13, 0x05, 0x20, 0x00}, "riscv64", 0)[0].target)
      << "an immediate is no target";
}

TEST(Disassembly, BytesThatAreNoInstruction) {
  EXPECT_EQ(listing({0x06, 0x90}, "amd64"), "1000 1 \n1001 1 nop\n");
  EXPECT_EQ(listing({0xff, 0xff, 0xff, 0xff, 0x1f, 0x20}, "aarch64"), "1000 4 \n1004 2 \n")
      << "and half of one";
  EXPECT_EQ(listing({0xff, 0xff, 0x01, 0x00}, "riscv64"), "1000 2 \n1002 2 nop\n")
      << "the machine would see c.nop next";
}

TEST(Disassembly, OperandsStandApart) {
  const Bytes code = {0x48, 0x8b, 0x44, 0x8d, 0x08};
  const auto read = disassemble(code, "amd64", 0);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].mnemonic, "mov");
  EXPECT_EQ(read[0].operands, (std::vector<std::string>{"rax", "qword ptr [rbp + 4*rcx + 0x8]"}));
  const auto list = disassemble(Bytes{0x03, 0x00, 0x2d, 0xe9}, "armv7l", 0);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].operands.back(), "{r0, r1}");
}

}  // namespace
}  // namespace assay::disassembly
