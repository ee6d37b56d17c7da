// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/role.h"

#include <gtest/gtest.h>

namespace assay::bootstrap {
namespace {

TEST(RoleOf, IsToldByTheSourceNotTheName) {
  EXPECT_EQ(role_of({"riscv64/hex0_riscv64.hex0"}), Role::hex0);
  EXPECT_EQ(role_of({"AMD64/kaem-minimal.hex0"}), Role::kaem_minimal);
  EXPECT_EQ(role_of({"x86/hex1_x86.hex0"}), Role::hex1);
  EXPECT_EQ(role_of({"x86/hex2_x86.hex1"}), Role::hex2_0);
  EXPECT_EQ(role_of({"AArch64/catm_AArch64.hex1"}), Role::catm);
  EXPECT_EQ(role_of({"x86/ELF-i386.hex2", "x86/M0_x86.hex2"}), Role::m0);
  EXPECT_EQ(role_of({"riscv32/ELF-riscv32.hex2", "riscv32/cc_riscv32.M1", "riscv32/riscv32_defs.M1"}),
            Role::cc);
  EXPECT_EQ(role_of({"M2-Planet/cc.c", "M2-Planet/cc.h"}), Role::m2_planet);
  EXPECT_EQ(role_of({"M2-Mesoplanet/cc.c"}), Role::m2_mesoplanet);
  EXPECT_EQ(role_of({"mescc-tools/Kaem/kaem.c"}), Role::kaem);
  EXPECT_EQ(role_of({"mescc-tools/hex2.c", "mescc-tools/hex2_linker.c"}), Role::hex2);
  EXPECT_EQ(role_of({"elsewhere/tool.c"}), Role::unknown);
  EXPECT_EQ(role_of({}), Role::unknown);
}

TEST(OperandsOf, FollowsEachProgramsUsage) {
  EXPECT_EQ(operands_of(Role::hex0, {"h", "in", "out", "extra"}).inputs, std::vector<std::string>{"in"});
  EXPECT_EQ(operands_of(Role::hex0, {"h", "in", "out"}).outputs, std::vector<std::string>{"out"});
  EXPECT_TRUE(operands_of(Role::hex0, {"h"}).inputs.empty());
  EXPECT_EQ(operands_of(Role::catm, {"c", "out", "a", "b"}).inputs, (std::vector<std::string>{"a", "b"}));
  const Operands m1 =
      operands_of(Role::m1, {"M1", "--architecture", "x86", "-f", "a", "--file", "b", "-o", "out"});
  EXPECT_EQ(m1.inputs, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(m1.outputs, std::vector<std::string>{"out"});
  EXPECT_EQ(operands_of(Role::sha256sum, {"s", "-c", "list"}).inputs, std::vector<std::string>{"list"});
}

}  // namespace
}  // namespace assay::bootstrap
