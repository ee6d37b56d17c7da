// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random A32 programs run by exec and by the machine: registers, flags and conditions, loads and stores,
// jumps, calls and returns. Most ask for flags as far as exec follows them (not for what logic leaves of the
// carry, and not far behind a jump); where it does not, it has to stop and say so.
//   ASSAY_EXEC_A32_SEED   first seed (default 1)
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "exec/testing/test_program.h"
#include "tests/support/lone_program.h"

namespace assay {
namespace {

using exec::test_program::Word;

constexpr unsigned kPrograms = 400;
constexpr unsigned kInstructions = 60;
constexpr unsigned kRegisters = 8;  // that are used and compared
constexpr unsigned kBase = 9;       // holds the address of the memory they use
constexpr unsigned kStack = 13;
constexpr std::uint64_t kAway = 0x8000;
constexpr unsigned kSlots = 16;
constexpr unsigned kMachine = 40;
constexpr Word kAlways = 0xE0000000;

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Bytes program() {
    for (unsigned reg = 0; reg < kRegisters; ++reg) load(reg, value());
    load(kBase, static_cast<Word>(exec::test_program::kBase + kAway));
    for (unsigned slot = 0; slot < kSlots; ++slot) put(0xe5800000 | kBase << 16 | below(8) << 12 | 4 * slot);
    put(0xe1510000);  // cmp r1, r0: nobody knows what they are before
    std::vector<std::size_t> calls;
    for (unsigned count = 0; count < kInstructions; ++count) {
      switch (below(10)) {
        case 0:
        case 1: compare(); break;
        case 2:
          calls.push_back(code_.size());
          put(0xeb000000);
          known_ = Known::nothing;
          break;
        case 3: jump(); break;
        case 4: memory(); break;
        case 5: stack(); break;
        case 6: truth(); break;
        default: compute(); break;
      }
    }
    for (unsigned reg = 0; reg < kRegisters; ++reg)
      put(0xe5800000 | kBase << 16 | reg << 12 | 4 * (kSlots + reg));
    load(0, 1);
    put(0xe1a01000 | kBase);  // mov r1
    load(2, 4 * (kSlots + kRegisters));
    call(4);
    load(0, 0);
    call(1);
    for (const std::size_t at : calls) {
      known_ = Known::nothing;
      code_[at] |= static_cast<Word>(code_.size() - at - 2) & 0xffffff;
      compute();
      put(below(2) == 0 ? 0xe12fff1e : 0xe1a0f00e);  // bx lr, mov pc, lr
    }
    return exec::test_program::elf(exec::test_program::words(code_), kMachine, false, kAway + 4096);
  }

 private:
  enum class Known { nothing, result, all };

  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }
  void put(Word word) { code_.push_back(word); }
  Word any() { return below(kRegisters); }
  Word condition() { return below(3) == 0 ? asked() : kAlways; }
  /// A condition of which what it asks is known.
  Word asked() {
    static constexpr Word kOfResult[] = {0, 1, 4, 5};  // eq, ne, mi, pl
    if (below(200) == 0) return below(14) << 28;
    const Word code = known_ == Known::all ? below(14) : kOfResult[below(4)];
    // exec, looking ahead, takes cs to vc for letters: they stand right behind what they ask for.
    return known_ == Known::nothing || (jumped_ && code >= 2 && code < 8) ? kAlways : code << 28;
  }
  void set(Known known) {
    known_ = known;
    jumped_ = false;
  }
  Word value() {
    static constexpr Word kEdges[] = {0, 1, 2, 31, 32, 33, 255, 256, 0x7fffffff, 0x80000000, 0xffffffff};
    return below(3) == 0 ? static_cast<Word>(random_()) : kEdges[below(std::size(kEdges))];
  }
  void load(unsigned reg, Word number) {
    put(0xe3000000 | (number >> 12 & 15) << 16 | reg << 12 | (number & 0xfff));
    put(0xe3400000 | number >> 28 << 16 | reg << 12 | (number >> 16 & 0xfff));
  }
  void call(unsigned number) {
    load(7, number);
    put(0xef000000);
  }
  /// The second operand, with the bit that tells its kind.
  Word operand() {
    switch (below(4)) {
      case 0: return 1U << 25 | below(16) << 8 | below(256);
      case 1: return any();
      case 2: {
        const Word kind = below(4);
        return (kind == 3 ? 1 + below(31) : below(32)) << 7 | kind << 5 | any();
      }
      default: return any() << 8 | below(3) << 5 | 1U << 4 | any();
    }
  }
  void compare() {
    static constexpr Word kOps[] = {10, 10, 10, 10, 11, 8, 9};
    const Word op = kOps[below(std::size(kOps))];
    put(kAlways | op << 21 | 1U << 20 | any() << 16 | operand());
    set(op < 10 ? Known::result : Known::all);
  }
  /// Registers of registers, on a condition perhaps; some set flags.
  void compute(bool may_set = true) {
    jumped_ = true;
    const Word when = condition();
    const Word sets = may_set && when == kAlways && below(4) == 0 ? 1U << 20 : 0;
    const bool asks_carry = known_ == Known::all;
    if (sets != 0) set(Known::result);
    if (below(8) == 0) {  // mul, mla
      const Word adds = below(2);
      return put(when | adds << 21 | sets | any() << 16 | adds * any() << 12 | any() << 8 | 0x90 | any());
    }
    static constexpr Word kOps[] = {0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15};
    Word op = kOps[below(std::size(kOps))];
    if (op >= 5 && op <= 7 && !asks_carry) op = 4;
    if (sets != 0 && op >= 2 && op <= 4) set(Known::all);
    const Word first = op == 13 || op == 15 ? 0 : any();
    put(when | op << 21 | sets | first << 16 | any() << 12 | operand());
  }
  void truth() {
    compare();
    jumped_ = true;
    const Word d = any() << 12;
    const Word asks = asked();
    const Word when = asks == kAlways ? 0 : asks;  // eq
    const Word one = below(2);
    put(when | 0x03a00000 | d | one);
    put((when ^ 1U << 28) | 0x03a00000 | d | (1 - one));
  }
  void memory() {
    jumped_ = true;  // over it, if it is on a condition
    const Word up = 1U << 23;
    const Word at = kBase << 16 | any() << 12;
    switch (below(5)) {
      case 0:
        return put(condition() | 0x05000000 | up | below(2) << 22 | below(2) << 20 | at | 4 * below(kSlots));
      case 1: return put(condition() | 0x01400090 | up | 1U << 20 | (1 + below(3)) << 5 | at | 2 * below(8));
      case 2: return put(condition() | 0x014000b0 | up | at | 2 * below(8));
      case 3: return put(kAlways | 0x05900000 | 15U << 16 | any() << 12 | 4 * below(4));  // of the code
      default: {  // at an index, and there and back again
        const Word index = any();
        load(index, 4 * below(4));
        put(kAlways | 0x07800000 | below(2) << 20 | below(2) << 7 | kBase << 16 | any() << 12 | index);
        const Word loads = below(2) << 20;
        const Word before = 4 * (1 + below(3));
        put(kAlways | 0x05a00000 | loads | at | before);
        put(kAlways | 0x04000000 | loads | kBase << 16 | any() << 12 | before);
      }
    }
  }
  void stack() {
    Word list = 0;
    unsigned count = 1 + below(3);
    while (count-- > 0) list |= 1U << any();
    put(0xe92d0000 | list);
    compute();
    if (below(2) == 0) return put(0xe8bd0000 | list);
    put(0xe88d0000 | list);  // stm sp, then ldmdb of what is there
    Word bytes = 0;
    for (Word bits = list; bits != 0; bits &= bits - 1) bytes += 4;
    put(0xe28dd000 | bytes);
    put(0xe91d0000 | list);
  }
  /// Over one or two instructions.
  void jump() {
    const Word over = 1 + below(2);
    jumped_ = true;
    put((below(4) == 0 ? kAlways : asked()) | 0x0a000000 | (over - 1));
    for (Word count = 0; count < over; ++count) compute(false);
  }

  std::mt19937_64 random_;
  Known known_ = Known::all;
  bool jumped_ = false;  ///< or gone on, since flags were set
  std::vector<Word> code_;
};

TEST(ExecA32, RandomProgramsDoWhatTheyDoInTheMachine) {
  const char* const first = std::getenv("ASSAY_EXEC_A32_SEED");
  std::uint64_t seed = first == nullptr ? 1 : std::strtoull(first, nullptr, 0);
  unsigned ended = 0;
  for (unsigned count = 0; count < kPrograms; ++count, ++seed) {
    const Bytes elf = Generator(seed).program();
    const Result<machine::Outcome> wanted = test::run_in_machine(elf);
    ASSERT_TRUE(wanted.has_value()) << wanted.error().message;
    ASSERT_EQ(wanted->stop, machine::Stop::exited) << "seed " << seed << ": " << wanted->message;
    for (const exec::Engine engine : {exec::Engine::interpret, exec::Engine::automatic}) {
      const Result<exec::Outcome> ours = test::run_in_exec(elf, engine);
      ASSERT_TRUE(ours.has_value());
      if (ours->ending != Ending::exits) {
        ASSERT_NE(ours->reason.find("flags"), std::string::npos) << "seed " << seed << ": " << ours->reason;
        continue;
      }
      ++ended;
      ASSERT_EQ(to_bytes(ours->standard_output), wanted->standard_output) << "seed " << seed;
    }
  }
  EXPECT_GT(ended, 2 * kPrograms * 3 / 4);
}

}  // namespace
}  // namespace assay
