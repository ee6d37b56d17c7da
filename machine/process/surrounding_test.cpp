// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/surrounding.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "machine/process/start_stack.h"

namespace assay::machine {
namespace {

TEST(Surrounding, adverse_ones_have_names_and_four_are_of_linux) {
  std::set<std::string_view> names;
  int of_linux = 0;
  for (const Surrounding& row : adverse_surroundings()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(row.stack_shift % 16, 0U) << row.name;
    of_linux += row.of_linux ? 1 : 0;
    ASSERT_TRUE(make_surrounding(row.name));
    EXPECT_EQ(make_surrounding(row.name)->first_process, row.first_process);
  }
  EXPECT_GE(of_linux, 4);
}

TEST(Surrounding, is_made_of_what_is_asked_for) {
  const Result<Surrounding> made = make_surrounding("descriptors,heap");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->first_descriptor, 300U);
  EXPECT_EQ(made->heap, HeapPlace::far);
  EXPECT_EQ(made->registers, RegisterFill::zero);
  EXPECT_EQ(make_surrounding("descriptors,nonsense").error().id, "unknown-surrounding");
}

// Whoever knows one of them does not know the next.
TEST(Surrounding, of_today_is_another_for_another_number) {
  std::set<std::uint64_t> stacks;
  std::set<std::uint64_t> heaps;
  std::set<std::uint32_t> users;
  for (std::uint64_t number = 1; number <= 100; ++number) {
    const Surrounding today = linux_of_today(number);
    EXPECT_TRUE(today.of_linux && today.kernel_stack);
    EXPECT_EQ(today.stack_shift % 16, 0U);
    EXPECT_LE(today.stack_shift, std::uint64_t{1} << 34);
    EXPECT_EQ(today.heap_distance % 4096, 0U);
    EXPECT_GE(today.user, 1000U);
    stacks.insert(today.stack_shift);
    heaps.insert(today.heap_distance);
    users.insert(today.user);
  }
  EXPECT_EQ(stacks.size(), 100U);
  EXPECT_GE(heaps.size(), 90U);
  EXPECT_GE(users.size(), 50U);
}

/// A loaded program without instructions.
struct Start {
  explicit Start(std::string_view isa, const Surrounding& surrounding) {
    elf.isa = find_isa(isa);
    elf.entry = 0x600078;
    elf.header_address = 0x600040;
    elf.header_size = 56;
    elf.header_count = 1;
    memory = Memory::create().value();
    EXPECT_TRUE(memory->reserve_image(0x600000, 0x601000));
    memory->place_stack(0xFFFF0000, kStackLimit, kPageRead | kPageWrite);
    const std::vector<std::string> argv = {"prog", "x"};
    const std::vector<std::string> env = {"A=1"};
    stack_pointer = write_start_stack(elf, argv, env, "prog", surrounding, *memory);
  }
  std::uint64_t word(std::uint64_t index) {
    const unsigned size = elf.isa->address_bits / 8;
    std::uint64_t value = 0;
    EXPECT_TRUE(memory->read(stack_pointer + index * size, &value, size));
    return value;
  }
  std::string text(std::uint64_t index) {
    return memory->read_string(word(index), 100).value_or("(nothing)");
  }
  /// The auxiliary vector, from behind the environment.
  std::map<std::uint64_t, std::uint64_t> auxiliary() {
    std::map<std::uint64_t, std::uint64_t> entries;
    for (std::uint64_t at = 6; word(at) != 0; at += 2) entries[word(at)] = word(at + 1);
    return entries;
  }
  ElfFile elf;
  std::unique_ptr<Memory> memory;
  std::uint64_t stack_pointer = 0;
};

TEST(StartStack, is_laid_out_as_linux_has_it) {
  for (const std::string_view isa : {"amd64", "x86", "aarch64", "riscv64", "riscv32", "armv7l"}) {
    Start start(isa, kFriendly);
    EXPECT_EQ(start.stack_pointer % 16, 0U) << isa;
    EXPECT_EQ(start.word(0), 2U) << isa;
    EXPECT_EQ(start.text(1), "prog") << isa;
    EXPECT_EQ(start.text(2), "x") << isa;
    EXPECT_EQ(start.word(3), 0U) << isa;
    EXPECT_EQ(start.text(4), "A=1") << isa;
    EXPECT_EQ(start.word(5), 0U) << isa;
    auto entries = start.auxiliary();
    EXPECT_EQ(entries[3], 0x600040U) << isa;   // AT_PHDR
    EXPECT_EQ(entries[6], 4096U) << isa;       // AT_PAGESZ
    EXPECT_EQ(entries[9], 0x600078U) << isa;   // AT_ENTRY
    EXPECT_TRUE(entries.contains(25)) << isa;  // AT_RANDOM
    EXPECT_TRUE(entries.contains(31)) << isa;  // AT_EXECFN
    EXPECT_TRUE(entries.contains(33)) << isa;  // AT_SYSINFO_EHDR
  }
}

// The order of Linux 6.18 on amd64, as LD_SHOW_AUXV=1 shows it.
TEST(StartStack, has_the_entries_of_a_real_kernel_in_its_order) {
  Start start("amd64", kFriendly);
  std::vector<std::uint64_t> keys;
  for (std::uint64_t at = 6; start.word(at) != 0; at += 2) keys.push_back(start.word(at));
  EXPECT_EQ(keys, (std::vector<std::uint64_t>{33, 51, 16, 6,  17, 3,  4,  5,  7,  8,  9,
                                              11, 12, 13, 14, 23, 25, 26, 31, 15, 27, 28}));
}

TEST(StartStack, of_old_kernels_has_no_vdso_and_no_random_bytes) {
  Surrounding old;
  old.auxiliary = Auxiliary::old;
  auto entries = Start("amd64", old).auxiliary();
  EXPECT_FALSE(entries.contains(33));
  EXPECT_FALSE(entries.contains(25));
  EXPECT_TRUE(entries.contains(3));
}

TEST(StartStack, is_dirty_below_only_if_asked) {
  for (const bool dirty : {false, true}) {
    Surrounding surrounding;
    surrounding.dirty_stack = dirty;
    Start start("amd64", surrounding);
    std::uint64_t below = 0;
    ASSERT_TRUE(start.memory->read(start.stack_pointer - 64, &below, 8));
    EXPECT_EQ(below != 0, dirty);
  }
}

}  // namespace
}  // namespace assay::machine
