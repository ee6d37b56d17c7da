// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/role.h"

#include <gtest/gtest.h>
#include <limits>
#include <utility>

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

TEST(MostInstructions, grow_with_the_bytes_that_a_program_reads_and_are_above_what_was_measured) {
  // Measured on the chains of stage0-posix 1.9.1, instructions a byte: what is allowed must be several times
  // that.
  const std::pair<Role, std::uint64_t> measured[] = {
      {Role::m0, 1'300},   {Role::hex2_0, 900},    {Role::cc, 900},           {Role::m1, 1'200},
      {Role::hex2, 2'900}, {Role::blood_elf, 850}, {Role::m2_planet, 112'000}};
  for (const auto& [role, most] : measured) {
    EXPECT_GE(most_instructions(role, 1'000'000), 4 * most * 1'000'000) << name_of(role);
    EXPECT_LT(most_instructions(role, 0), most_instructions(role, 1)) << name_of(role);
    EXPECT_GT(most_instructions(role, 0), 0U) << name_of(role) << ": it may hang on nothing too";
  }
  EXPECT_EQ(most_instructions(Role::hex0, 100), 50'000'000U + 1'000'000U);
  EXPECT_EQ(most_instructions(Role::hex0, 100), most_instructions(Role::catm, 100)) << "both written by hand";
}

TEST(MostInstructions, are_all_where_more_than_the_inputs_decides) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  for (const Role role : {Role::unknown, Role::kaem, Role::m2_mesoplanet})
    EXPECT_EQ(most_instructions(role, 0), kAll) << name_of(role);
}

}  // namespace
}  // namespace assay::bootstrap
