// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random x86 instructions run by exec and by the host's processor: all registers, the memory they touch, and
// every condition that the manuals define behind each of them.
//   ASSAY_EXEC_X86_SEED   first seed (default 1)
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "exec/testing/test_program.h"
#include "tests/support/lone_program.h"
#include "tests/support/subprocess.h"

namespace assay {
namespace {

constexpr unsigned kPrograms = 150;
constexpr unsigned kInstructions = 40;
constexpr unsigned kMemory = 2048;  // what is compared: operands, conditions, then registers
constexpr unsigned kTruths = 128;   // where conditions go, in it
constexpr unsigned kRegistersAt = kMemory - 128;
constexpr unsigned kBase = 3;  // rbx: its address
constexpr unsigned kStack = 4;
/// Sets of conditions, by the processor's numbers.
constexpr unsigned kAll = 0xf3ff, kNoOverflow = 0x03fc, kNoCarry = 0x0330, kNone = 0;

class Generator {
 public:
  Generator(bool wide, std::uint64_t seed) : wide_(wide), random_(seed) {}

  Bytes program();

 private:
  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }
  void put(std::uint64_t value, unsigned bytes) { exec::test_program::put(code_, value, bytes); }
  void byte(unsigned value) { put(value, 1); }
  unsigned size() { return 1U << below(wide_ ? 4 : 3); }
  unsigned large() { return 2U << below(wide_ ? 3 : 2); }
  /// Neither the address nor the stack; for bytes also none of their high halves.
  unsigned any(unsigned bytes) {
    for (;;) {
      const unsigned reg = below(wide_ ? 16 : 8);
      if (reg != kBase && reg != kStack && !(bytes == 1 && (reg == 7 || (wide_ && reg > 3)))) return reg;
      if (bytes == 1 && reg == kStack && !wide_) return reg;  // ah
    }
  }
  std::uint32_t constant() {
    static constexpr std::uint32_t kEdges[] = {0,      1,      0x7f,       0x80,       0xff,      0x7fff,
                                               0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
    return below(2) == 0 ? kEdges[below(std::size(kEdges))] : static_cast<std::uint32_t>(random_());
  }
  void opcode(unsigned bytes, std::initializer_list<unsigned> codes, unsigned reg, unsigned rm,
              unsigned index = 0) {
    if (bytes == 2) byte(0x66);
    const unsigned rex =
        (bytes == 8 ? 8U : 0U) | (reg > 7 ? 4U : 0U) | (index > 7 ? 2U : 0U) | (rm > 7 ? 1U : 0U);
    if (rex != 0) byte(0x40 | rex);
    for (const unsigned code : codes) byte(code);
  }
  void to_register(unsigned bytes, std::initializer_list<unsigned> codes, unsigned reg, unsigned rm) {
    opcode(bytes, codes, reg, rm);
    byte(0xc0 | (reg & 7) << 3 | (rm & 7));
  }
  void to_memory(unsigned bytes, std::initializer_list<unsigned> codes, unsigned reg, unsigned at) {
    opcode(bytes, codes, reg, kBase);
    byte(0x80 | (reg & 7) << 3 | kBase);
    put(at, 4);
  }
  /// A register or memory.
  void operand(unsigned bytes, std::initializer_list<unsigned> codes, unsigned reg) {
    if (below(3) == 0) return to_memory(bytes, codes, reg, below(100));
    to_register(bytes, codes, reg, any(bytes));
  }
  void number(std::uint32_t value, unsigned bytes) { put(value, bytes < 4 ? bytes : 4); }
  void compare() {
    const unsigned bytes = size();
    operand(bytes, {bytes == 1 ? 0x80U : 0x81U}, 7);
    number_behind(bytes);
  }
  void number_behind(unsigned bytes) { number(constant(), bytes); }
  /// Conditions that are defined go to memory.
  void conditions(unsigned which) {
    for (unsigned code = 0; code < 16; ++code) {
      if ((which >> code & 1) != 0 && below(2) == 0)
        to_memory(1, {0x0f, 0x90 | code}, 0, kTruths + truth_++ % 1700);
    }
  }
  void one();
  void shift();
  void divide();
  void addresses();

  bool wide_;
  std::mt19937_64 random_;
  Bytes code_;
  unsigned truth_ = 0;
};

void Generator::shift() {
  static constexpr unsigned kForms[] = {0, 1, 4, 5, 6, 7};
  const unsigned form = kForms[below(6)];
  const unsigned bytes = size();
  if (below(2) == 0) return operand(bytes, {bytes == 1 ? 0xd2U : 0xd3U}, form);
  const unsigned by = 1 + below(8 * bytes - 1);
  if (form < 4) compare();
  operand(bytes, {bytes == 1 ? 0xc0U : 0xc1U}, form);
  byte(by);
  conditions(form < 4 ? kNoCarry : kNoOverflow);
}

void Generator::divide() {
  const unsigned bytes = large();
  const bool with_signs = below(2) == 0;
  unsigned by = any(bytes);
  while (by == 0 || by == 2) by = any(bytes);
  to_register(bytes, {0x81}, 1, by);  // or by, 1
  number(1, bytes);
  if (with_signs) {
    to_register(bytes, {0x81}, 4, by);  // not -1
    number(0x7f, bytes);
    opcode(bytes, {0x99}, 0, 0);
  } else {
    to_register(bytes, {0x31}, 2, 2);
  }
  to_register(bytes, {0xf7}, with_signs ? 7 : 6, by);
}

void Generator::addresses() {
  const unsigned index = below(2) == 0 ? 1 : wide_ ? 9 : 6;
  to_register(wide_ ? 8 : 4, {0x81}, 4, index);
  put(15, 4);
  const unsigned bytes = large();
  const unsigned reg = any(bytes);
  opcode(bytes, {below(2) == 0 ? 0x8dU : below(2) == 0 ? 0x8bU : 0x89U}, reg, kBase, index);
  byte(0x44 | (reg & 7) << 3);
  byte(below(3) << 6 | (index & 7) << 3 | kBase);
  byte(below(40));
}

void Generator::one() {
  const unsigned bytes = size();
  const unsigned low = bytes == 1 ? 0 : 1;
  const unsigned which = below(8);
  switch (below(16)) {
    case 0:
    case 1:
      if (which == 2 || which == 3) {
        compare();
        operand(bytes, {which * 8 + low + 2 * below(2)}, any(bytes));
        return conditions(kNoOverflow);
      }
      operand(bytes, {which * 8 + low + 2 * below(2)}, any(bytes));
      return conditions(kAll);
    case 2:
      if (which == 2 || which == 3) compare();
      operand(bytes, {0x80 | low}, which);
      number_behind(bytes);
      return conditions(which == 2 || which == 3 ? kNoOverflow : kAll);
    case 3:
      compare();
      operand(bytes, {0xfe | low}, below(2));
      return conditions(kAll);
    case 4: operand(bytes, {0xf6 | low}, 2); return;
    case 5: operand(bytes, {0xf6 | low}, 3); return conditions(kAll);
    case 6:
      operand(bytes, {0xf6 | low}, 0);
      number_behind(bytes);
      return conditions(kAll);
    case 7: return shift();
    case 8: operand(bytes, {0x86 | low}, any(bytes)); return;
    case 9: {
      const unsigned to = large();
      const unsigned kind = 0xb6 | below(2) << 3 | (to > 2 ? below(2) : 0);
      // A byte of any register that has one.
      if (below(3) == 0) return to_memory(to, {0x0f, kind}, any(to), below(100));
      return to_register(to, {0x0f, kind}, any(to), below(3));
    }
    case 10: operand(bytes, {0xf6 | low}, 4 + below(2)); return;
    case 11: {
      const unsigned to = large();
      if (below(2) == 0) return operand(to, {0x0f, 0xaf}, any(to));
      operand(to, {0x69}, any(to));
      return number_behind(to);
    }
    case 12: return divide();
    case 13: {
      compare();
      const unsigned code = below(10) < 8 ? below(10) : 12 + below(4);
      const unsigned to = large();
      return operand(to, {0x0f, 0x40 | code}, any(to));
    }
    case 14: return addresses();
    default:
      if (below(2) == 0) {
        const unsigned reg = any(wide_ ? 8 : 4);
        opcode(4, {0x50 | (reg & 7)}, 0, reg);
        const unsigned other = any(wide_ ? 8 : 4);
        return opcode(4, {0x58 | (other & 7)}, 0, other);
      }
      compare();
      byte(0x9c);
      to_register(4, {0x31}, 0, 0);
      byte(0x9d);
      return conditions(kAll);
  }
}

Bytes Generator::program() {
  code_.clear();
  const auto load = [&](unsigned reg, std::uint64_t value) {
    opcode(wide_ ? 8 : 4, {0xb8 | (reg & 7)}, 0, reg);
    put(value, wide_ ? 8 : 4);
  };
  constexpr std::uint64_t kAway = 0x8000;  // of the memory
  load(kBase, exec::test_program::kBase + kAway);
  for (unsigned reg = 0; reg < (wide_ ? 16U : 8U); ++reg) {
    if (reg != kBase && reg != kStack) load(reg, below(3) == 0 ? constant() : random_());
  }
  for (unsigned at = 0; at < 128; at += 4) {
    to_memory(4, {0xc7}, 0, at);
    put(constant(), 4);
  }
  for (unsigned count = 0; count < kInstructions; ++count) one();
  for (unsigned reg = 0; reg < (wide_ ? 16U : 8U); ++reg) {
    if (reg != kStack) to_memory(wide_ ? 8 : 4, {0x89}, reg, kRegistersAt + 8 * reg);
  }
  const auto call = [&](unsigned number, unsigned first) {
    load(0, number);
    load(wide_ ? 7 : 3, first);
    byte(wide_ ? 0x0f : 0xcd);
    byte(wide_ ? 0x05 : 0x80);
  };
  load(wide_ ? 6 : 1, exec::test_program::kBase + kAway);
  load(2, kMemory);
  call(wide_ ? 1 : 4, 1);
  call(wide_ ? 60 : 1, 0);
  return exec::test_program::elf(code_, wide_ ? 62 : 3, wide_, kAway + kMemory);
}

class ExecNative : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Modes, ExecNative, testing::Bool(),
                         [](const auto& one) { return one.param ? "amd64" : "x86"; });

TEST_P(ExecNative, RandomInstructionsDoWhatTheyDoOnTheHost) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "the host is no x86-64";
#endif
  const char* const first = std::getenv("ASSAY_EXEC_X86_SEED");
  std::uint64_t seed = first == nullptr ? 1 : std::strtoull(first, nullptr, 0);
  for (unsigned count = 0; count < kPrograms; ++count, ++seed) {
    const Bytes elf = Generator(GetParam(), seed).program();
    const test::Scratch scratch;
    scratch.write("program", elf, 0755);
    test::Command command;
    command.argv = {scratch.file("program")};
    const test::Finished native = test::run(command);
    if (native.status == "exit:127") GTEST_SKIP() << "this kernel runs no such programs";
    ASSERT_EQ(native.status, "exit:0") << "seed " << seed;
    ASSERT_EQ(native.standard_output.size(), kMemory);
    for (const exec::Engine engine : {exec::Engine::interpret, exec::Engine::automatic}) {
      const Result<exec::Outcome> ours = test::run_in_exec(elf, engine);
      ASSERT_TRUE(ours.has_value());
      ASSERT_EQ(ours->ending, Ending::exits) << "seed " << seed << ": " << ours->reason;
      ASSERT_EQ(ours->standard_output.size(), kMemory);
      for (std::size_t at = 0; at < kMemory; ++at)
        ASSERT_EQ(ours->standard_output[at], native.standard_output[at])
            << "seed " << seed << ", byte " << at;
    }
  }
}

}  // namespace
}  // namespace assay
