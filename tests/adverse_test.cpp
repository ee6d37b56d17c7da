// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs that count on what nobody promised, or that look where they are: small ones of our own, and what
// the real seeds become when something is taken out of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/check/probe_check.h"
#include "bootstrap/tree/tree.h"
#include "command/host_files.h"
#include "hex0/hex0.h"
#include "machine/process/surrounding.h"
#include "machine/testing/guest_elf.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

using machine::Surrounding;

Bytes bytes_of(std::string_view digits) {
  NoDiagnostics quiet;
  return hex0::assemble({"program", as_bytes(digits)}, {}, quiet).bytes;
}

Bytes amd64_program(std::string_view code) {
  return machine::testing::make_elf(*machine::find_isa("amd64"), bytes_of(code));
}

/// A program with an input.
struct Setting {
  explicit Setting(Bytes program, std::string_view input = "A") {
    tree.put("program", std::move(program), 0755);
    tree.put("input", to_bytes(input));
    request.program = "/program";
    request.argv = {"/program", "/input", "/output"};
    request.limits.image_instructions = 10'000'000;
  }
  Behaviour in(const Surrounding* surrounding) {
    request.surrounding = surrounding;
    return behave(tree, request).value();
  }
  /// Names of the surroundings in which it does something else.
  std::vector<std::string> differing() {
    const Behaviour once = in(nullptr);
    std::vector<std::string> names;
    for (const Surrounding& row : machine::adverse_surroundings()) {
      if (first_change(once, in(&row))) names.emplace_back(row.name);
    }
    return names;
  }
  std::vector<machine::UndefinedUse> undefined() {
    std::vector<machine::UndefinedUse> uses;
    request.surrounding = nullptr;
    request.on_undefined = [&](const machine::ImageRecord&, const machine::UndefinedUse& use) {
      uses.push_back(use);
    };
    MemoryTree files = tree.copy();
    EXPECT_TRUE(machine::run(files, request));
    request.on_undefined = {};
    return uses;
  }
  MemoryTree tree;
  machine::Request request;
};

/// Exits with the low byte of rdi.
constexpr std::string_view kExit = "B83C000000 0F05";

TEST(Adverse, a_program_that_depends_on_nothing_is_the_same_everywhere) {
  Setting setting(amd64_program(std::string("BF07000000 ") + std::string(kExit)));
  EXPECT_EQ(setting.in(nullptr).status, 7);
  EXPECT_TRUE(setting.differing().empty());
  EXPECT_TRUE(setting.undefined().empty());
}

TEST(Adverse, a_register_that_nobody_set_is_told) {
  // test ebx, ebx; setne al; movzx edi, al
  Setting setting(amd64_program(std::string("85DB 7407 BF01000000 EB02 31FF ") + std::string(kExit)));
  EXPECT_EQ(setting.in(nullptr).status, 0);
  EXPECT_EQ(setting.differing(), (std::vector<std::string>{"noise", "old-kernel", "crowded", "pointers"}));
  const auto uses = setting.undefined();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].what, "a condition");
  EXPECT_EQ(uses[0].origin, "register rbx as it is at the start");
  EXPECT_EQ(uses[0].address, machine::testing::kGuestCode + 2);
}

TEST(Adverse, memory_below_the_stack_pointer_is_told_until_it_is_written) {
  // mov eax, [rsp-64]; test eax, eax; je
  const std::string look = "8B4424C0 85C0 7407 BF01000000 EB02 31FF " + std::string(kExit);
  Setting unwritten(amd64_program(look));
  const auto uses = unwritten.undefined();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_TRUE(uses[0].origin.starts_with("memory at 0x")) << uses[0].origin;
  EXPECT_FALSE(unwritten.differing().empty());
  // mov dword [rsp-64], 0 before it
  Setting written(amd64_program("C74424C000000000 " + look));
  EXPECT_TRUE(written.undefined().empty());
  EXPECT_TRUE(written.differing().empty());
}

TEST(Adverse, unknown_bits_may_be_moved_and_cut_off) {
  // push rbx; pop rax; and eax, 0; test eax, eax; jne ...; xor ebx, ebx; test ebx, ebx; jne ...; exit(0)
  Setting setting(amd64_program("53 58 83E000 85C0 7500 31DB 85DB 7500 31FF " + std::string(kExit)));
  EXPECT_TRUE(setting.undefined().empty());
}

TEST(Adverse, an_argument_of_a_system_call_that_nobody_set_is_told) {
  // mov eax, 60; syscall, with rdi as it is
  Setting setting(amd64_program(kExit));
  const auto uses = setting.undefined();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].what, "argument 1 of exit");
}

TEST(Adverse, what_is_written_out_must_have_been_given) {
  // write(1, rsp-64, 8); exit(0)
  Setting setting(
      amd64_program("488D7424C0 BA08000000 BF01000000 B801000000 0F05 31FF " + std::string(kExit)));
  const auto uses = setting.undefined();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].what, "what argument 2 of write points to");
}

TEST(Adverse, what_a_read_gives_is_known) {
  // open(argv[1]); read(fd, rsp-64, 1); exit(byte != 'A')
  Setting setting(
      amd64_program("58 5F 5F 31F6 31D2 B802000000 0F05 89C7 488D7424C0 BA01000000 31C0 0F05 "
                    "807C24C041 7407 BF01000000 EB02 31FF " +
                    std::string(kExit)));
  EXPECT_EQ(setting.in(nullptr).status, 0);
  EXPECT_TRUE(setting.undefined().empty());
  EXPECT_TRUE(setting.differing().empty());
}

// Wrong from descriptor 256 on: the byte goes into the word that has the descriptor.
TEST(Adverse, a_byte_read_into_the_word_of_the_descriptor_is_found) {
  // open(argv[1]); push rax; read(fd, rsp, 1); exit(qword [rsp] != 'A')
  Setting setting(
      amd64_program("58 5F 5F 31F6 31D2 B802000000 0F05 50 89C7 4889E6 BA01000000 31C0 0F05 "
                    "48833C2441 7407 BF01000000 EB02 31FF " +
                    std::string(kExit)));
  EXPECT_EQ(setting.in(nullptr).status, 0);
  EXPECT_EQ(setting.differing(), (std::vector<std::string>{"noise", "crowded", "pointers"}));
  const Surrounding descriptors = machine::make_surrounding("descriptors").value();
  EXPECT_EQ(setting.in(&descriptors).status, 1);
}

TEST(Adverse, programs_that_look_where_they_are_are_found) {
  const std::pair<std::string_view, std::string_view> lookers[] = {
      {"the stack", "4889E7 48C1EF0C"},                      // mov rdi, rsp; shr rdi, 12
      {"the heap", "31FF B80C000000 0F05 4889C7 48C1EF0C"},  // brk(0) >> 12
      {"its process number", "B827000000 0F05 89C7"},        // getpid
      {"the descriptor", "5F 5F 5F 31F6 31D2 B802000000 0F05 89C7"},
  };
  for (const auto& [what, code] : lookers) {
    Setting setting(amd64_program(std::string(code) + std::string(kExit)));
    EXPECT_GE(setting.differing().size(), 3U) << what;
  }
}

TEST(Adverse, a_heap_behind_the_image_and_short_reads_are_there_for_the_asking) {
  // open(argv[1]); read(fd, rsp-64, 2); exit(result)
  Setting setting(
      amd64_program("58 5F 5F 31F6 31D2 B802000000 0F05 89C7 488D7424C0 BA02000000 31C0 0F05 89C7 " +
                    std::string(kExit)),
      "AB");
  const Surrounding reads = machine::make_surrounding("reads").value();
  EXPECT_EQ(setting.in(nullptr).status, 2);
  EXPECT_EQ(setting.in(&reads).status, 1);
}

/// The real tree, or nothing.
std::optional<Tree> upstream() {
  const auto path = test::find_tree("stage0-posix");
  if (!path) return std::nullopt;
  return open_tree(path->string()).value();
}

std::string read_text(const Tree& tree, const std::string& path) {
  return std::string(as_text(*tree.files->read(path).value()));
}

std::string without(std::string text, std::string_view what, std::string_view with = "") {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

// As upstream had it until 2022: the toggle in s4 is not cleared.
TEST(Adverse, a_riscv64_hex0_that_counts_on_s4_is_found) {
  const std::optional<Tree> tree = upstream();
  if (!tree) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay";
  const std::string source = read_text(*tree, "riscv64/hex0_riscv64.hex0");
  std::string shorter =
      without(source, "    13 0A 00 00    # rd_s4 mv                 ; Initialize register\n");
  shorter = without(shorter, "88 01 00 00 00 00 00 00 ## p_filesz", "84 01 00 00 00 00 00 00");
  shorter = without(shorter, "88 01 00 00 00 00 00 00 ## p_memsz", "84 01 00 00 00 00 00 00");
  Setting whole(bytes_of(source), "41 42 43\n");
  EXPECT_TRUE(whole.undefined().empty());
  EXPECT_TRUE(whole.differing().empty());
  Setting mutilated(bytes_of(shorter), "41 42 43\n");
  EXPECT_EQ(first_change(whole.in(nullptr), mutilated.in(nullptr)), std::nullopt);
  const auto uses = mutilated.undefined();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].origin, "register s4 as it is at the start");
  EXPECT_EQ(uses[0].what, "a condition");
  const Surrounding registers = machine::make_surrounding("registers").value();
  EXPECT_NE(first_change(mutilated.in(nullptr), mutilated.in(&registers)), std::nullopt);
}

class Seeds : public testing::TestWithParam<std::string_view> {};

TEST_P(Seeds, do_the_same_when_things_go_wrong_as_measured) {
  const std::optional<Tree> tree = upstream();
  if (!tree) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay";
  const Architecture& arch = *find_architecture(GetParam());
  const auto hex0 = tree->files->read(hex0_seed_path(arch)).value();
  const auto kaem = tree->files->read(kaem_seed_path(arch)).value();
  EXPECT_EQ(probe_program(Role::hex0, arch, *hex0), std::vector<std::string>{});
  EXPECT_EQ(probe_program(Role::kaem_minimal, arch, *kaem), std::vector<std::string>{});
  EXPECT_NE(probe_program(Role::kaem_minimal, arch, *hex0), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Every, Seeds, testing::Values("x86", "AMD64", "AArch64", "riscv32", "riscv64"));

// bnez t0, abort becomes nop, behind the look at the child's signal.
TEST(Probes, a_riscv64_kaem_that_goes_on_after_a_killed_child_is_found) {
  const std::optional<Tree> tree = upstream();
  if (!tree) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay";
  const Architecture& arch = *find_architecture("riscv64");
  Bytes kaem = *tree->files->read(kaem_seed_path(arch)).value();
  const Bytes branch = bytes_of("639C0200");
  const Bytes nothing = bytes_of("13000000");
  const auto at = std::search(kaem.begin(), kaem.end(), branch.begin(), branch.end());
  ASSERT_NE(at, kaem.end());
  std::copy(nothing.begin(), nothing.end(), at);
  const std::vector<std::string> texts = probe_program(Role::kaem_minimal, arch, kaem);
  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts.front(), "with a child that is killed: it starts 3 programs instead of 2");
}

// lea esi, [rsp] for lea rsi, [rsp]: right where the stack is below 4 GiB only.
TEST(Adverse, half_an_address_of_the_stack_is_found) {
  // open(argv[1]); push 0; read(fd, esp, 1); exit(byte [rsp] != 'A')
  Setting setting(
      amd64_program("58 5F 5F 31F6 31D2 B802000000 0F05 89C7 6A00 89E6 BA01000000 31C0 0F05 "
                    "803C2441 7407 BF01000000 EB02 31FF " +
                    std::string(kExit)));
  EXPECT_EQ(setting.in(nullptr).status, 0);
  EXPECT_EQ(setting.differing(), (std::vector<std::string>{"crowded"}));
}

}  // namespace
}  // namespace assay::bootstrap
