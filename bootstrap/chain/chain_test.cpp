// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/chain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <limits>

#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

/// A tree whose seeds are empty files: a chain is computed without running anything.
class ChainTest : public testing::Test {
 protected:
  ChainTest() {
    put(kaem_seed_path(arch_), "", 0755);
    put(hex0_seed_path(arch_), "", 0755);
    put("A/hex0_x.hex0", "");
    put("A/kaem-minimal.hex0", "");
    put("A/artifact/README", "");
    put("Kaem/kaem.c", "");
  }
  void put(std::string_view path, std::string_view text, std::uint32_t mode = 0644) {
    files_->put(path, to_bytes(text), mode);
  }
  Chain compute(std::string_view boot_script) {
    put(boot_script_path(arch_), boot_script);
    return compute_chain({"test", TreeKind::stage0_posix, files_, {&arch_}}, arch_);
  }
  static std::string shown(const Chain& chain) {
    std::string text;
    for (const Command& command : chain.commands) {
      text += fmt::format("{}:{} {} [{}] /{}\n", command.script, command.line, name_of(command.role),
                          fmt::join(command.argv, " "), command.cwd);
    }
    return text;
  }
  static std::vector<std::string> ids(const Chain& chain) {
    std::vector<std::string> list;
    for (const Finding& finding : chain.findings)
      list.push_back(fmt::format("{}@{}:{}", finding.id, finding.file, finding.line));
    return list;
  }

  const Architecture& arch_ = *find_architecture("AMD64");
  std::shared_ptr<MemoryTree> files_ = std::make_shared<MemoryTree>();
};

constexpr std::string_view kBoot = ":1 kaem-minimal [./bootstrap-seeds/POSIX/AMD64/kaem-optional-seed] /\n";
constexpr std::string_view kHex0 = "./bootstrap-seeds/POSIX/AMD64/hex0-seed";

TEST_F(ChainTest, RolesFollowWhatAProgramWasBuiltOf) {
  const Chain chain = compute(fmt::format(
      "{} A/hex0_x.hex0 A/artifact/tool\n\nA/artifact/tool A/kaem-minimal.hex0 A/artifact/k\n", kHex0));
  EXPECT_EQ(shown(chain),
            fmt::format("{}kaem.amd64:1 hex0 [{} A/hex0_x.hex0 A/artifact/tool] /\n"
                        "kaem.amd64:3 hex0 [A/artifact/tool A/kaem-minimal.hex0 A/artifact/k] /\n",
                        kBoot, kHex0));
  EXPECT_EQ(chain.commands[2].built_by, 1U);
  EXPECT_EQ(chain.steps(), (std::vector<std::size_t>{1, 2}));
  EXPECT_TRUE(chain.findings.empty());
}

TEST_F(ChainTest, NestedScriptsKeepTheirOwnDirectoriesAndVariables) {
  put("run.kaem",
      "D=A\nPATH=artifact\ncd ${D}\nhex0 hex0_x.hex0 artifact/again\nexec ./artifact/hex0 hex0_x.hex0 "
      "artifact/last\n");
  const Chain chain =
      compute(fmt::format("{0} A/hex0_x.hex0 A/artifact/hex0\n{0} Kaem/kaem.c A/artifact/kaem\n"
                          "./A/artifact/kaem --file run.kaem\n{0} A/hex0_x.hex0 A/artifact/end\n",
                          kHex0));
  EXPECT_EQ(shown(chain).substr(shown(chain).find("kaem.amd64:3")),
            fmt::format("kaem.amd64:3 kaem [./A/artifact/kaem --file run.kaem] /\n"
                        "run.kaem:4 hex0 [hex0 hex0_x.hex0 artifact/again] /A\n"
                        "run.kaem:5 hex0 [./artifact/hex0 hex0_x.hex0 artifact/last] /A\n"
                        "kaem.amd64:4 hex0 [{} A/hex0_x.hex0 A/artifact/end] /\n",
                        kHex0));
  EXPECT_EQ(chain.commands[4].program, "A/artifact/hex0");
  EXPECT_EQ(chain.commands[4].env,
            (std::vector<std::string>{"SHELL=./A/artifact/kaem", "D=A", "PATH=artifact"}));
  EXPECT_TRUE(chain.commands[5].replaces);
  EXPECT_TRUE(ids(chain).empty());
}

TEST_F(ChainTest, WhatARealRunWouldStumbleOverIsFound) {
  const Chain chain =
      compute(fmt::format("{0} A/none A/artifact/x\n{0} A/hex0_x.hex0 B/artifact/x\n./missing a b\n"
                          "./A/hex0_x.hex0 a b\n{0} a b",
                          kHex0));
  EXPECT_EQ(ids(chain), (std::vector<std::string>{
                            "kaem-last-line-dropped@kaem.amd64:5", "chain-input-missing@kaem.amd64:1",
                            "chain-output-directory-missing@kaem.amd64:2",
                            "chain-program-missing@kaem.amd64:3", "chain-role-unknown@kaem.amd64:3",
                            "chain-program-not-executable@kaem.amd64:4", "chain-role-unknown@kaem.amd64:4"}));
}

TEST_F(ChainTest, WhatIsMadeLaterOrSpeltDifferentlyIsSaid) {
  const Chain chain = compute(fmt::format(
      "{0} A/artifact/x A/artifact/y\n{0} A/hex0_x.hex0 A/artifact/x\n{0} a/HEX0_x.hex0 A/artifact/z\n"
      "A/artifact/late A/hex0_x.hex0 A/artifact/w\n{0} A/hex0_x.hex0 A/artifact/late\n",
      kHex0));
  EXPECT_EQ(ids(chain), (std::vector<std::string>{
                            "chain-input-made-later@kaem.amd64:1", "chain-input-missing@kaem.amd64:3",
                            "chain-program-made-later@kaem.amd64:4", "chain-role-unknown@kaem.amd64:4"}));
  EXPECT_EQ(chain.findings[0].message,
            "input 'A/artifact/x' does not exist at this point; kaem.amd64:2 makes it later");
  EXPECT_EQ(chain.findings[1].message,
            "input 'a/HEX0_x.hex0' does not exist at this point; there is 'A/hex0_x.hex0'");
}

TEST_F(ChainTest, ProgramsOfAnotherMachineAreFound) {
  std::string elf = std::string(
                        "\x7F"
                        "ELF\2\1\1",
                        7) +
                    std::string(9, '\0') + std::string("\2\0\x3E\0", 4);
  put("amd64", elf, 0755);
  elf[18] = '\xB7';
  put("aarch64", elf, 0755);
  put("text", "not a program at all", 0755);
  const Chain chain = compute("./amd64\n./aarch64\n./text\n");
  EXPECT_EQ(ids(chain),
            (std::vector<std::string>{
                "chain-role-unknown@kaem.amd64:1", "chain-program-wrong-architecture@kaem.amd64:2",
                "chain-role-unknown@kaem.amd64:2", "chain-program-wrong-architecture@kaem.amd64:3",
                "chain-role-unknown@kaem.amd64:3"}));
}

TEST_F(ChainTest, OutputsOverInputsScriptsAndSeedsAreFound) {
  const Chain chain = compute(fmt::format(
      "{0} A/hex0_x.hex0 A/hex0_x.hex0\n{0} A/hex0_x.hex0 kaem.amd64\n{0} A/hex0_x.hex0 {0}\n", kHex0));
  EXPECT_EQ(ids(chain), (std::vector<std::string>{"chain-output-is-input@kaem.amd64:1",
                                                  "chain-output-overwrites-source@kaem.amd64:2",
                                                  "chain-output-overwrites-source@kaem.amd64:3"}));
}

TEST_F(ChainTest, ScriptsAreCheckedOnceWithTheEnvironmentTheyStartWith) {
  put("run.kaem", "./A/artifact/hex0 ${NONE} A/artifact/x\n./A/artifact/hex0 A/hex0_x.hex0  \n");
  const Chain chain =
      compute(fmt::format("{0} A/hex0_x.hex0 A/artifact/hex0\n{0} Kaem/kaem.c A/artifact/kaem\n"
                          "./A/artifact/kaem --file run.kaem\n./A/artifact/kaem --file run.kaem\n{0} a $b\n",
                          kHex0));
  const std::vector<std::string> said = ids(chain);
  EXPECT_EQ(std::count(said.begin(), said.end(), "kaem-empty-argument@run.kaem:1"), 1);
  EXPECT_EQ(std::count(said.begin(), said.end(), "kaem-command-dropped@run.kaem:2"), 1);
  EXPECT_EQ(std::count(said.begin(), said.end(), "kaem-minimal-no-variables@kaem.amd64:5"), 1);
}

TEST(ChainStatus, OnAArch64AFailureIsNotPassedOn) {
  const Architecture& arch = *find_architecture("AArch64");
  const auto files = std::make_shared<MemoryTree>();
  files->put(kaem_seed_path(arch), {}, 0755);
  files->put("inner", to_bytes("\n"), 0644);
  files->put(boot_script_path(arch), to_bytes(fmt::format("{0} inner\n{0} inner\n", kaem_seed_path(arch))),
             0644);
  const Chain chain = compute_chain({"test", TreeKind::stage0_posix, files, {&arch}}, arch);
  std::vector<std::string> said;
  for (const Finding& one : chain.findings)
    said.push_back(fmt::format("{}@{}:{}", one.id, one.file, one.line));
  EXPECT_EQ(said, (std::vector<std::string>{"kaem-status-lost@kaem.aarch64:1",
                                            "chain-status-unchecked@kaem.aarch64:1"}));
}

// git's core.autocrlf makes such trees; the sources' digests are others then, so that no role is known for
// sure.
TEST_F(ChainTest, AScriptOfWhichEachLineEndsWithCrLfIsToldFirst) {
  const auto first = [this](std::string_view script) { return ids(compute(script)).front(); };
  EXPECT_EQ(first("# a\r\n\r\n./none\r\n"), "tree-carriage-returns@kaem.amd64:1");
  EXPECT_NE(first("# a\n./none\r\n"), "tree-carriage-returns@kaem.amd64:1");
  EXPECT_NE(first("# a\r\n./none\n"), "tree-carriage-returns@kaem.amd64:1");
}

TEST_F(ChainTest, AScriptThatRunsItselfEnds) {
  const Chain chain = compute("./bootstrap-seeds/POSIX/AMD64/kaem-optional-seed kaem.amd64\n");
  ASSERT_EQ(chain.findings.size(), 1U);
  EXPECT_EQ(chain.findings[0].id, "chain-too-long");
}

TEST(MostInstructions, of_a_command_are_those_of_its_role_for_all_bytes_that_it_reads) {
  MemoryTree files;
  files.put("a", to_bytes("12345"));
  files.put("b", to_bytes("123"));
  Command command;
  command.role = Role::m1;
  command.inputs = {"a", "b", "gone"};
  EXPECT_EQ(most_instructions(command, files), most_instructions(Role::m1, 8))
      << "what is not there has no bytes";
  command.inputs.clear();
  EXPECT_EQ(most_instructions(command, files), most_instructions(Role::m1, 0));
  const ProgramDescription described{};
  command.described = &described;
  EXPECT_EQ(most_instructions(command, files), std::numeric_limits<std::uint64_t>::max())
      << "a role that only a description says is no measure";
}

}  // namespace
}  // namespace assay::bootstrap
