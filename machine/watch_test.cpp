// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observed runs are the runs that nobody observes: the seeds of a tree, and code that overwrites itself.
#include "machine/watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/host_tree.h"
#include "machine/testing/guest_test.h"
#include "tests/support/subprocess.h"

namespace assay::machine::testing {
namespace {

constexpr EngineKind kEngines[] = {EngineKind::interpreter, EngineKind::translator};

/// Observes everything from an instruction on, for a while, and counts.
class Counter final : public Observer {
 public:
  Counter(std::uint64_t from, std::uint64_t to) : from_(from), to_(to) {}
  std::uint64_t seen = 0;
  Coverage coverage;

  std::uint64_t unobserved(const ImageRecord& image) override {
    if (image.instructions >= to_) return std::numeric_limits<std::uint64_t>::max();
    return from_ - std::min(from_, image.instructions);
  }
  bool before(const Instruction& /*instruction*/) override { return true; }
  void after(const Instruction& instruction) override {
    ++seen;
    coverage.ran(instruction);
  }

 private:
  std::uint64_t from_;
  std::uint64_t to_;
};

void expect_same(const Outcome& one, const Outcome& other) {
  EXPECT_EQ(one.stop, other.stop) << one.message << other.message;
  EXPECT_EQ(one.status, other.status);
  EXPECT_EQ(one.message, other.message);
  EXPECT_EQ(one.instructions, other.instructions);
  EXPECT_EQ(one.system_calls, other.system_calls);
  EXPECT_EQ(one.standard_output, other.standard_output);
}

Outcome run_in(const std::shared_ptr<const FileTree>& base, Request& request, Bytes* output) {
  MemoryTree tree(base);
  Result<Outcome> outcome = run(tree, request);
  EXPECT_TRUE(outcome.has_value());
  if (const auto bytes = tree.read("output"); bytes && output != nullptr) *output = **bytes;
  return outcome ? *std::move(outcome) : Outcome{};
}

class Seeds : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Architectures, Seeds,
                         ::testing::Values("AMD64", "x86", "AArch64", "riscv32", "riscv64"));

TEST_P(Seeds, ObservedAreAsUnobserved) {
  const auto root = test::find_tree("stage0-posix");
  if (!root) GTEST_SKIP() << "no stage0-posix tree";
  const auto base = std::make_shared<HostTree>(root->string());
  Request request;
  request.program = fmt::format("bootstrap-seeds/POSIX/{}/hex0-seed", GetParam());
  request.argv = {"hex0", fmt::format("{0}/hex1_{0}.hex0", GetParam()), "output"};
  for (const EngineKind engine : kEngines) {
    request.engine = engine;
    request.observer = nullptr;
    request.on_start = {};
    Bytes expected;
    const Outcome plain = run_in(base, request, &expected);
    ASSERT_EQ(plain.stop, Stop::exited) << plain.message;
    ASSERT_FALSE(expected.empty());
    // From the start, from somewhere, and only a part of it.
    const std::uint64_t all = plain.instructions;
    for (const auto& [from, to] : {std::pair{std::uint64_t{0}, all}, std::pair{all / 3, all},
                                   std::pair{all / 3, all / 3 + 1}, std::pair{all / 2, all / 2 + 1000}}) {
      Counter counter(from, to);
      request.observer = &counter;
      request.on_start = [&](const ImageRecord& image) { counter.coverage.started(image); };
      Bytes output;
      expect_same(plain, run_in(base, request, &output));
      EXPECT_EQ(output, expected);
      EXPECT_GE(counter.seen, to - from);
      if (to == all) {
        EXPECT_EQ(counter.seen, to - from);
      }
      const std::vector<Coverage::Program> programs = counter.coverage.programs();
      ASSERT_EQ(programs.size(), 1U);
      std::uint64_t sum = 0;
      for (const Coverage::Row& row : programs[0].rows) sum += row.count;
      EXPECT_EQ(sum, counter.seen);
      EXPECT_EQ(programs[0].count, counter.seen);
    }
  }
}

TEST_P(Seeds, LookBackSeesTheSameUnderBothEngines) {
  const auto root = test::find_tree("stage0-posix");
  if (!root) GTEST_SKIP() << "no stage0-posix tree";
  const auto base = std::make_shared<HostTree>(root->string());
  for (const std::uint64_t limit : {3U, 1000U, 1001U, 54321U}) {
    std::vector<Recent> seen;
    for (const EngineKind engine : kEngines) {
      Request request;
      request.program = fmt::format("bootstrap-seeds/POSIX/{}/hex0-seed", GetParam());
      request.argv = {"hex0", fmt::format("{0}/hex1_{0}.hex0", GetParam()), "output"};
      request.engine = engine;
      request.limits.image_instructions = limit;
      const Outcome outcome = run_in(base, request, nullptr);
      ASSERT_EQ(outcome.stop, Stop::limit_instructions);
      MemoryTree tree(base);
      Result<Recent> recent = look_back(tree, request, outcome.images.at(outcome.stopped_image), {});
      ASSERT_TRUE(recent.has_value()) << recent.error().message;
      EXPECT_EQ(recent->instructions.size(), std::min<std::size_t>(limit, kRecentInstructions));
      EXPECT_EQ(recent->state.registers, outcome.images[0].state.registers);
      EXPECT_EQ(recent->state.pc, outcome.images[0].state.pc);
      seen.push_back(*std::move(recent));
    }
    EXPECT_EQ(seen[0].state.flags, seen[1].state.flags);
    for (std::size_t i = 0; i < seen[0].instructions.size(); ++i) {
      EXPECT_EQ(seen[0].instructions[i].pc, seen[1].instructions[i].pc);
      EXPECT_EQ(seen[0].instructions[i].bytes, seen[1].instructions[i].bytes);
      EXPECT_TRUE(seen[0].instructions[i].done);
    }
  }
}

Bytes code_of(const std::vector<std::uint32_t>& words) {
  Bytes code;
  for (const std::uint32_t word : words) put(code, word, 4);
  return code;
}

TEST(Watch, CodeThatOverwritesItselfHasARowForEachForm) {
  // Runs "addi a0, a0, 0" twice, makes it "addi a0, a0, 1", runs that, and exits with a0.
  const Bytes program = make_elf(*find_isa("riscv64"), code_of({
                                                           0x00000297,  // auipc t0, 0
                                                           0x01C28293,  // addi t0, t0, 28: the instruction
                                                           0x0002A303,  // lw t1, (t0)
                                                           0x001003B7,  // lui t2, 0x100
                                                           0x00000513,  // li a0, 0
                                                           0x00200E13,  // li t3, 2
                                                           0x00000013,  // nop
                                                           0x00050513,  // addi a0, a0, 0
                                                           0xFFFE0E13,  // addi t3, t3, -1
                                                           0xFE0E1CE3,  // bnez t3, -8
                                                           0x05D00893,  // li a7, 93
                                                           0x00051863,  // bnez a0, +16
                                                           0x00730333,  // add t1, t1, t2
                                                           0x0062A023,  // sw t1, (t0)
                                                           0xFDDFF06F,  // j -36: the nop
                                                           0x00000073,  // ecall
                                                       }));
  for (const EngineKind engine : kEngines) {
    const Outcome plain = run_guest(program, engine);
    Counter counter(0, plain.instructions);
    MemoryTree tree;
    tree.put("program", program, 0755);
    Request request;
    request.program = "program";
    request.argv = {"program"};
    request.engine = engine;
    request.observer = &counter;
    request.on_start = [&](const ImageRecord& image) { counter.coverage.started(image); };
    const Result<Outcome> outcome = run(tree, request);
    ASSERT_TRUE(outcome.has_value());
    expect_same(plain, *outcome);
    EXPECT_EQ(plain.stop, Stop::exited) << plain.message;
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    const std::vector<Coverage::Program> programs = counter.coverage.programs();
    for (const Coverage::Row& row : programs.at(0).rows) {
      if (row.address == kGuestCode + 28) rows.emplace_back(to_hex(row.bytes), row.count);
    }
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].first, "13050500");
    EXPECT_EQ(rows[0].second, 2U);
    EXPECT_EQ(rows[1].first, "13051500");
  }
}

TEST(Watch, JumpsFarOutsideOfMemoryAreFaults) {
  const Bytes program = make_elf(*find_isa("riscv64"), code_of({
                                                           0x80000537,  // lui a0, 0x80000 (sign-extended)
                                                           0x00251513,  // slli a0, a0, 2
                                                           0x00650513,  // addi a0, a0, 6
                                                           0x00050067,  // jr a0
                                                       }));
  for (const EngineKind engine : kEngines) {
    const Outcome outcome = run_guest(program, engine);
    EXPECT_EQ(outcome.stop, Stop::memory_fault);
    EXPECT_EQ(outcome.message, "nothing executable at 0xfffffffe00000006");
    EXPECT_EQ(outcome.instructions, 4U);
    EXPECT_EQ(outcome.images.at(0).state.registers.at(10), 0xFFFFFFFE00000006U);
  }
}

}  // namespace
}  // namespace assay::machine::testing
