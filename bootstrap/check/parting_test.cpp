// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/parting.h"

#include <gtest/gtest.h>

#include "machine/process/elf_program.h"

namespace assay::bootstrap {
namespace {

constexpr std::uint64_t kBase = 0x600000;
constexpr std::uint64_t kCode = kBase + 0x1000;

/// Runs instructions of riscv64.
std::optional<Parting> parting_of(const std::vector<std::uint32_t>& code) {
  Bytes bytes;
  for (const std::uint32_t one : code) machine::put(bytes, one, 4);
  MemoryTree files;
  files.put(
      "program",
      machine::elf_program(*machine::find_isa("riscv64"), bytes, {.base = kBase, .code_offset = 0x1000}),
      0755);
  machine::Request request;
  request.program = "/program";
  request.argv = {"program"};
  return find_parting(files, request);
}

constexpr std::uint32_t kSystemCall = 0x73;
constexpr std::uint32_t add(unsigned to, unsigned from, int value) {
  return static_cast<std::uint32_t>(value) << 20 | from << 15 | to << 7 | 0x13U;
}
constexpr unsigned kNone = 0;
constexpr unsigned kBack = 1;
constexpr unsigned kStack = 2;
constexpr unsigned kA0 = 10;
constexpr unsigned kNumber = 17;
constexpr std::uint32_t kCall = 0xEF;             // jal ra, with the distance in other bits
constexpr std::uint32_t kReturn = 0x8067;         // ret
constexpr std::uint32_t kStoreByte = 0xFEA10823;  // sb a0, -16(sp)
constexpr std::uint32_t kDown12 = 0x00C55513;     // srli a0, a0, 12
constexpr std::uint32_t kLow4 = 0x00F57513;       // andi a0, a0, 15

// It writes a letter for the page that its heap begins with: the same instructions, another text.
TEST(Parting, is_where_another_text_is_written) {
  const std::vector<std::uint32_t> code{
      add(kNumber, kNone, 214), add(kA0, kNone, 0),   kSystemCall,       kDown12,     kLow4,
      add(kA0, kA0, 'A'),
      kCall | 16U << 20,  // to 10
      add(kNumber, kNone, 93),  add(kA0, kNone, 0),   kSystemCall,       kStoreByte,  add(kNumber, kNone, 64),
      add(kA0, kNone, 1),       add(11, kStack, -16), add(12, kNone, 1), kSystemCall, kReturn};
  const std::optional<Parting> parting = parting_of(code);
  ASSERT_TRUE(parting);
  EXPECT_EQ(parting->cause, "where its heap begins");
  EXPECT_TRUE(parting->change.starts_with("standard output has ")) << parting->change;
  EXPECT_EQ(parting->address, kCode + 15U * std::uint64_t{4});
  ASSERT_EQ(parting->calls.size(), 1U);
  EXPECT_EQ(parting->calls[0].function, kCode + 10U * std::uint64_t{4});
  EXPECT_EQ(parting->calls[0].from, kCode + 6U * std::uint64_t{4});
}

// It ends with a status that says what a register held, behind a call that has returned.
TEST(Parting, is_where_another_way_is_gone) {
  const std::vector<std::uint32_t> code{add(5, kBack, 0),
                                        kCall | 24U << 20,  // to 7
                                        add(kA0, kNone, 1),
                                        0x00028463,  // beq t0, zero, +8: to 5
                                        add(kA0, kNone, 2), add(kNumber, kNone, 93), kSystemCall, kReturn};
  const std::optional<Parting> parting = parting_of(code);
  ASSERT_TRUE(parting);
  EXPECT_EQ(parting->cause, "what registers hold at its start");
  EXPECT_EQ(parting->address, kCode + 3U * std::uint64_t{4});
  EXPECT_TRUE(parting->calls.empty());
}

TEST(Parting, is_nowhere_in_a_program_that_relies_on_nothing) {
  EXPECT_FALSE(parting_of({add(kNumber, kNone, 93), add(kA0, kNone, 3), kSystemCall}));
}

TEST(DefinitionOf, is_a_line_of_the_texts_that_were_compiled_last) {
  MemoryTree files;
  files.put("src/a.c", to_bytes("int twice(int);\n/* once( */\n\n\tonce(1);\nvoid once(int a)\n{\n}\n"));
  files.put("src/b.c", to_bytes("char* at_once(int a)\n{\n\ttwice(2);\n}\nint main()\n"));
  files.put("src/c.c", to_bytes("int main()\nvoid later()\n"));
  Chain chain;
  chain.commands.resize(4);
  chain.commands[0].argv = {"cc", "/src/c.c"};
  chain.commands[1].argv = {"cc", "-o", "x", "./a.c", "none.c", "b.c"};
  chain.commands[1].cwd = "src";
  chain.commands[2].argv = {"hex2", "x"};
  chain.commands[3].argv = {"cc", "/src/c.c"};
  EXPECT_EQ(definition_of("f_once", chain, 2, files), "src/a.c:5");
  EXPECT_EQ(definition_of("FUNCTION_at_once", chain, 2, files), "src/b.c:1");
  EXPECT_EQ(definition_of("main", chain, 2, files), "src/b.c:5");
  EXPECT_EQ(definition_of("main", chain, 3, files), "src/c.c:1");
  for (const std::string_view none : {"twice", "later", ""})
    EXPECT_EQ(definition_of(none, chain, 2, files), std::nullopt) << none;
}

TEST(LineSaidAbove, is_the_nearest_comment_with_a_file_of_the_tree) {
  MemoryTree files;
  files.put("src/a.c", {});
  const std::string_view text =
      "# ./src/a.c 7\n\tpush # 12\n; words 3\n# src/b.c 9\n# src/a.c 8 more\n\tpop\n";
  EXPECT_EQ(line_said_above(files, text, 6), "src/a.c:7");
  EXPECT_EQ(line_said_above(files, text, 1), "src/a.c:7");
  EXPECT_EQ(line_said_above(files, "\tpop\n", 1), std::nullopt);
  EXPECT_EQ(line_said_above(files, "", 1), std::nullopt);
}

}  // namespace
}  // namespace assay::bootstrap
