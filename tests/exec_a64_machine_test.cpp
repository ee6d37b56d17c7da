// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random A64 programs run by exec and by the machine: what sets flags, what asks for them, jumps, calls and
// returns between the two.
//   ASSAY_EXEC_A64_SEED   first seed (default 1)
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "exec/testing/test_program.h"
#include "tests/support/lone_program.h"

namespace assay {
namespace {

using exec::test_program::Word;

constexpr unsigned kPrograms = 300;
constexpr unsigned kInstructions = 60;
constexpr unsigned kRegisters = 16;  // that are used and compared
constexpr unsigned kBase = 19;       // holds the address they are written to
constexpr std::uint64_t kAway = 0x8000;
constexpr unsigned kMachine = 183;

class Generator {
 public:
  /// `all`: not only comparisons set flags.
  Generator(bool all, std::uint64_t seed) : all_(all), random_(seed) {}

  Bytes program() {
    for (unsigned reg = 0; reg < kRegisters; ++reg) load(reg, value());
    load(kBase, exec::test_program::kBase + kAway);
    put(0xeb00003f);  // cmp x1, x0: nobody knows what they are before
    std::vector<std::size_t> calls;
    for (unsigned count = 0; count < kInstructions; ++count) {
      switch (below(8)) {
        case 0:
        case 1:
        case 2: set_flags(); break;
        case 3:
          calls.push_back(code_.size());
          put(0x94000000);
          ask();
          break;
        case 4:
        case 5: jump(); break;
        default: ask(); break;
      }
    }
    for (unsigned reg = 0; reg < kRegisters; ++reg) put(0xf9000000 | reg << 10 | kBase << 5 | reg);
    load(0, 1);
    put(0xaa0003e1 | kBase << 16);  // mov x1
    load(2, std::uint64_t{8} * kRegisters);
    call(64);
    load(0, 0);
    call(93);
    for (const std::size_t at : calls) {
      code_[at] |= static_cast<Word>(code_.size() - at);
      set_flags();
      put(0xd65f03c0);
    }
    return exec::test_program::elf(exec::test_program::words(code_), kMachine, true, kAway + 4096);
  }

 private:
  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }
  void put(Word word) { code_.push_back(word); }
  Word any() { return below(kRegisters); }
  /// Also the register of zeros.
  Word any_or_zero() { return below(8) == 0 ? 31 : any(); }
  Word operands() { return any_or_zero() << 16 | any_or_zero() << 5 | any_or_zero(); }
  Word wide() { return below(2) << 31; }
  std::uint64_t value() {
    static constexpr std::uint64_t kEdges[] = {
        0,          1,          ~std::uint64_t{0}, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1,
        0x80000000, 0x7fffffff, 0xffffffff};
    return below(3) == 0 ? random_() : kEdges[below(std::size(kEdges))];
  }
  void load(unsigned reg, std::uint64_t number) {
    for (unsigned part = 0; part < 4; ++part)
      put((part == 0 ? 0xd2800000 : 0xf2800000) | part << 21 |
          static_cast<Word>(number >> (16 * part) & 0xffff) << 5 | reg);
  }
  void call(unsigned number) {
    load(8, number);
    put(0xd4000001);
  }
  void set_flags() {
    const Word compares = 0x6b000000 | wide() | operands();
    if (!all_) return put(compares);
    switch (below(7)) {
      case 0: return put(0x2b000000 | wide() | operands());  // adds
      case 1: return put(0x6a000000 | wide() | operands());  // ands
      case 2: return put(0x31000000 | wide() | below(4096) << 10 | any() << 5 | any_or_zero());
      case 3: return put(0x3a000000 | wide() | operands());  // adcs
      case 4: return put(0x7a000000 | wide() | operands());  // sbcs
      case 5:                                                // ccmn, ccmp, of a register or constant
        return put(0x3a400000 | wide() | below(2) << 30 | below(2) << 11 | below(16) << 12 |
                   any_or_zero() << 16 | any_or_zero() << 5 | below(16));
      default: return put(compares);
    }
  }
  void ask() {
    if (below(4) == 0) return put(0x1a000000 | wide() | below(2) << 30 | operands());  // adc, sbc
    // One of two registers, the second perhaps changed.
    put(0x1a800000 | wide() | below(2) << 30 | below(2) << 10 | below(16) << 12 | operands());
  }
  /// Over one or two instructions, by flags or by a register; flags are asked for on both ways.
  void jump() {
    const Word over = 1 + below(2);
    put(below(4) == 0 ? 0x34000000 | wide() | below(2) << 24 | (over + 1) << 5 | any()
                      : 0x54000000 | (over + 1) << 5 | below(14));
    for (Word count = 0; count < over; ++count) ask();
    ask();
  }

  bool all_;
  std::mt19937_64 random_;
  std::vector<Word> code_;
};

class ExecA64 : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Flags, ExecA64, testing::Bool(),
                         [](const auto& one) { return one.param ? "all" : "comparisons"; });

TEST_P(ExecA64, RandomProgramsDoWhatTheyDoInTheMachine) {
  const char* const first = std::getenv("ASSAY_EXEC_A64_SEED");
  std::uint64_t seed = first == nullptr ? 1 : std::strtoull(first, nullptr, 0);
  for (unsigned count = 0; count < kPrograms; ++count, ++seed) {
    const Bytes elf = Generator(GetParam(), seed).program();
    const Result<machine::Outcome> wanted = test::run_in_machine(elf);
    ASSERT_TRUE(wanted.has_value()) << wanted.error().message;
    ASSERT_EQ(wanted->stop, machine::Stop::exited) << "seed " << seed << ": " << wanted->message;
    ASSERT_EQ(wanted->standard_output.size(), 8 * kRegisters);
    for (const exec::Engine engine : {exec::Engine::interpret, exec::Engine::automatic}) {
      const Result<exec::Outcome> ours = test::run_in_exec(elf, engine);
      ASSERT_TRUE(ours.has_value());
      ASSERT_EQ(ours->ending, Ending::exits) << "seed " << seed << ": " << ours->reason;
      ASSERT_EQ(to_bytes(ours->standard_output), wanted->standard_output) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace assay
