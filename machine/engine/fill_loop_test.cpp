// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops done at once against the interpreter, which does them step by step: random loops of RV32 and RV64
// that fill, count, keep their variables in registers or in memory, meet their own variables, code, the
// end of memory, the end of the budget. And that the loops of the bootstrap's compilers are found.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>

#include "machine/engine/fill_loop.h"
#include "machine/testing/guest_test.h"

namespace assay::machine::testing {
namespace {

using Word = std::uint32_t;

constexpr std::uint64_t kCode = 0x10000;
constexpr std::uint64_t kLow = kCode + 0x800;  // data behind the code, on its page
constexpr std::uint64_t kImageEnd = 0x14000;   // nothing behind
constexpr std::uint64_t kStackTop = 0x80000000;
constexpr std::uint64_t kStackLimit = 0x10000;

// Registers: a pointer, a counter, a limit, the value, and some that the loop leaves something in.
enum Register : unsigned {
  kSp = 2,
  kFrame = 8,
  kPointer = 10,
  kCounter = 11,
  kLimit = 12,
  kValue = 13,
  kT0 = 5,
  kT1 = 6,
  kT2 = 7
};

Word i_type(Word opcode, Word funct3, unsigned rd, unsigned rs1, int immediate) {
  return (static_cast<Word>(immediate) << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | opcode;
}
Word addi(unsigned rd, unsigned rs1, int immediate) { return i_type(0x13, 0, rd, rs1, immediate); }
Word add(unsigned rd, unsigned rs1, unsigned rs2) { return (rs2 << 20) | (rs1 << 15) | (rd << 7) | 0x33; }
Word less(unsigned rd, unsigned rs1, unsigned rs2, bool is_unsigned) {
  return (rs2 << 20) | (rs1 << 15) | ((is_unsigned ? 3U : 2U) << 12) | (rd << 7) | 0x33;
}
Word store(unsigned log2, unsigned rs2, unsigned rs1, int immediate) {
  const Word imm = static_cast<Word>(immediate) & 0xFFF;
  return ((imm >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | (log2 << 12) | ((imm & 31) << 7) | 0x23;
}
Word branch(Word funct3, unsigned rs1, unsigned rs2, int distance) {
  const auto d = static_cast<Word>(distance);
  return (((d >> 12) & 1) << 31) | (((d >> 5) & 63) << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) |
         (((d >> 1) & 15) << 8) | (((d >> 11) & 1) << 7) | 0x63;
}
constexpr Word kEcall = 0x73;

/// A random loop. Its variables are in registers, or in words at sp + 8 ... that are loaded and stored.
class LoopMaker {
 public:
  LoopMaker(Random& random, bool wide) : random_(random), log2_(wide ? 3 : 2), word_(wide ? 8 : 4) {}

  std::vector<Word> make() {
    constexpr int kSteps[] = {1, 1, 1, 2, 4, 8, -1, -1, -4, -8, 3};
    const unsigned fill = random_.below(4) == 0 ? random_.below(log2_ + 1) : 0;
    const int size = 1 << fill;
    const int step = random_.one_in(8)   ? kSteps[random_.below(std::size(kSteps))]
                     : random_.one_in(2) ? size
                                         : -size;
    const bool pointer_in_memory = random_.one_in(2);
    const bool counter_in_memory = random_.one_in(2);
    const unsigned counter_base = random_.one_in(2) ? kSp : kFrame;
    const int count = kSteps[random_.below(std::size(kSteps))];
    std::vector<std::vector<Word>> parts;
    if (!random_.one_in(6)) {
      std::vector<Word> part = fetch(pointer_in_memory, kSp, 2);
      part.push_back(
          store(fill, kValue, pointer_in_memory ? kT0 : kPointer, static_cast<int>(random_.below(3)) * 8));
      parts.push_back(part);
    }
    parts.push_back(change(pointer_in_memory, kPointer, kSp, 2, step));
    parts.push_back(change(counter_in_memory, kCounter, counter_base, 3, count));
    if (random_.one_in(2)) parts.push_back({addi(14, kPointer, 5)});
    if (random_.one_in(3)) parts.push_back({less(15, kCounter, kLimit, random_.one_in(2))});
    if (random_.one_in(3)) parts.push_back({add(16, kPointer, kLimit)});
    if (random_.one_in(4))
      parts.push_back({addi(kSp, kSp, -word_), store(log2_, kLimit, kSp, 0), addi(kSp, kSp, word_)});
    if (random_.one_in(8)) parts.push_back({addi(17, 17, 3)});
    for (std::size_t i = parts.size(); i > 1; --i)
      std::swap(parts[i - 1], parts[random_.below(static_cast<unsigned>(i))]);
    std::vector<Word> body;
    for (const auto& part : parts) body.insert(body.end(), part.begin(), part.end());
    // The test: at the top it leaves, at the bottom it goes on.
    constexpr Word kBranches[] = {0, 1, 4, 5, 6, 7};
    Word condition = random_.one_in(4) ? kBranches[random_.below(6)] : count > 0 ? 4 : 5;
    const bool top = random_.one_in(2);
    std::vector<Word> test = fetch(counter_in_memory, counter_base, 3);
    const unsigned left = counter_in_memory ? kT0 : kCounter;
    const bool swapped = random_.one_in(4);
    std::vector<Word> code;
    const auto of_words = [](std::size_t words) { return static_cast<int>(words) * 4; };
    const auto compare = [&](Word funct3, int distance) {
      return swapped ? branch(funct3, kLimit, left, distance) : branch(funct3, left, kLimit, distance);
    };
    if (top) {
      code = test;
      code.push_back(compare(condition ^ 1, of_words(body.size() + 2)));
      code.insert(code.end(), body.begin(), body.end());
      code.push_back(branch(0, 0, 0, -of_words(code.size())));
    } else {
      code = body;
      code.insert(code.end(), test.begin(), test.end());
      code.push_back(compare(condition, -of_words(code.size())));
    }
    code.push_back(kEcall);
    return code;
  }

 private:
  std::vector<Word> fetch(bool in_memory, unsigned base, int word) const {
    if (!in_memory) return {};
    return {i_type(0x03, log2_, kT0, base, word * word_)};
  }
  std::vector<Word> change(bool in_memory, unsigned reg, unsigned base, int word, int by) const {
    if (!in_memory) return {addi(reg, reg, by)};
    return {i_type(0x03, log2_, kT1, base, word * word_), addi(kT2, kT1, by),
            store(log2_, kT2, base, word * word_)};
  }

  Random& random_;
  unsigned log2_;
  int word_;
};

struct Machine {
  Machine(const Isa& isa, EngineKind kind, const Bytes& code, bool apart) : memory(*Memory::create()) {
    EXPECT_TRUE(memory->reserve_image(kCode, kImageEnd));
    const std::uint8_t all = kPageRead | kPageWrite | kPageExecute;
    memory->load(kCode, code, kImageEnd - kCode, apart ? kPageRead | kPageExecute : all);
    if (apart) memory->load(kCode + kPage, {}, kImageEnd - kCode - kPage, kPageRead | kPageWrite);
    memory->place_stack(kStackTop, kStackLimit, kPageRead | kPageWrite);
    engine = make_engine(kind, isa, *memory);
  }
  std::unique_ptr<Memory> memory;
  std::unique_ptr<Engine> engine;
  Cpu cpu;
};

/// Where a pointer may well point.
std::uint64_t place(Random& random, std::uint64_t stack) {
  switch (random.below(8)) {
    case 0: return kLow + random.below(0x400);
    case 1: return kImageEnd - random.below(64);
    case 2: return stack - 40 + random.below(120);
    case 3: return kStackTop - random.below(0x3000);
    case 4: return kCode + random.below(0x100);
    default: return kCode + kPage + random.below(0x2000);
  }
}

void compare_machines(Machine& one, Machine& two, Exit exit_one, Exit exit_two, const std::string& what) {
  ASSERT_EQ(exit_one, exit_two) << what;
  ASSERT_EQ(one.cpu.pc, two.cpu.pc) << what;
  ASSERT_EQ(one.cpu.remaining, two.cpu.remaining) << what;
  for (unsigned slot = 0; slot < 32; ++slot)
    ASSERT_EQ(one.cpu.slots[slot], two.cpu.slots[slot]) << "x" << slot << what;
  ASSERT_EQ(one.memory->stack_low(), two.memory->stack_low()) << what;
  ASSERT_EQ(std::memcmp(one.memory->base() + kCode, two.memory->base() + kCode, kImageEnd - kCode), 0)
      << what;
  const std::uint64_t low = one.memory->stack_low();
  ASSERT_EQ(std::memcmp(one.memory->base() + low, two.memory->base() + low, kStackTop - low), 0) << what;
}

class FillLoops : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Isas, FillLoops, ::testing::Values("riscv64", "riscv32"));

TEST_P(FillLoops, AreWhatTheirIterationsAre) {
  const Isa& isa = *find_isa(std::string_view(GetParam()));
  const bool wide = isa.address_bits == 64;
  Random random(wide ? 7 : 8);
  std::size_t found = 0;
  std::uint64_t done_at_once = 0;
  for (int program = 0; program < 1500; ++program) {
    Bytes code;
    for (const Word word : LoopMaker(random, wide).make()) put(code, word, 4);
    const bool apart = random.one_in(2);
    Machine interpreted(isa, EngineKind::interpreter, code, apart);
    Machine translated(isa, EngineKind::translator, code, apart);
    const auto loop = find_fill_loop(
        isa, kCode, [&](std::uint64_t at, std::size_t most) { return interpreted.memory->fetch(at, most); });
    found += loop ? 1 : 0;
    for (int round = 0; round < 6; ++round) {
      std::string what = fmt::format("\nprogram {} round {}: {}", program, round, loop ? "a loop" : "none");
      Cpu start;
      start.pc = kCode;
      const std::uint64_t stack = kStackTop - 160 - 8 * random.below(32) - (random.one_in(6) ? 0x1000 : 0);
      for (const unsigned reg : {14U, 15U, 16U, 17U, kT0 + 0U, kT1 + 0U, kT2 + 0U})
        start.slots[reg] = random.below(1000);
      const std::uint64_t pointer = place(random, stack);
      const std::uint64_t counter = random.one_in(8) ? random.value() : random.below(3000);
      const std::uint64_t limit = random.one_in(8) ? random.value() : random.below(3000);
      const auto cut = [wide](std::uint64_t value) { return wide ? value : value & 0xFFFF'FFFFU; };
      start.slots[kSp] = stack;
      const std::uint64_t size = wide ? 8 : 4;
      const std::uint64_t frames[] = {stack, stack, stack + 64, stack - size, stack - 2, stack + 3 * size};
      start.slots[kFrame] = frames[random.below(6)];
      start.slots[kPointer] = pointer;
      start.slots[kCounter] = cut(counter);
      start.slots[kLimit] = cut(limit);
      start.slots[kValue] = cut(random.one_in(2) ? 0 : random.next());
      start.remaining = random.one_in(4) ? random.below(30'000) : 60'000;
      what += fmt::format(" sp {:x} pointer {:x} counter {:x} limit {:x} budget {}", stack, pointer, counter,
                          limit, start.remaining);
      Exit exits[2] = {};
      for (Machine* machine : {&interpreted, &translated}) {
        const std::uint64_t words[2] = {cut(pointer), cut(counter)};
        ASSERT_TRUE(machine->memory->write(start.slots[kFrame] + 3 * size, &words[1], size));
        ASSERT_TRUE(machine->memory->write(stack + 3 * size, &words[1], size));
        ASSERT_TRUE(machine->memory->write(stack + 2 * size, &words[0], size));
        machine->cpu = start;
        exits[machine == &interpreted ? 0 : 1] = machine->engine->run(machine->cpu);
      }
      compare_machines(interpreted, translated, exits[0], exits[1], what);
      if (HasFatalFailure()) return;
      if (!loop) continue;
      // The same once more without an engine around it.
      Machine bare(isa, EngineKind::interpreter, code, apart);
      bare.cpu = start;
      done_at_once += run_fill_loop(*loop, isa, *bare.memory, bare.cpu);
    }
  }
  // Or else the test tests nothing.
  EXPECT_GT(found, 500U);
  EXPECT_GT(done_at_once, 100'000U);
}

// Every kind of comparison: what is counted holds each time, and nothing that is near is left.
TEST(FillLoop, CountsHowLongAComparisonHolds) {
  constexpr std::uint64_t kFewest = 1000;  // what is farther away is not gone through
  for (const char* name : {"riscv64", "riscv32"}) {
    const Isa& isa = *find_isa(std::string_view(name));
    const bool wide = isa.address_bits == 64;
    const Width width = wide ? Width::w64 : Width::w32;
    const std::uint64_t sign = std::uint64_t{1} << (wide ? 63 : 31);
    const auto memory = *Memory::create();
    std::vector<std::uint64_t> values;
    for (const std::uint64_t middle : {std::uint64_t{0}, sign, std::uint64_t{300}}) {
      for (std::uint64_t i = 0; i < 7; ++i) values.push_back(truncate(width, middle + i - 3));
    }
    for (unsigned condition = 0; condition <= static_cast<unsigned>(Condition::gt_s); ++condition) {
      for (const std::uint64_t left : values) {
        for (const std::uint64_t right : values) {
          for (const auto& [left_step, right_step] : {std::pair{0, 0},
                                                      {1, 0},
                                                      {-1, 0},
                                                      {2, 0},
                                                      {-3, 0},
                                                      {0, 1},
                                                      {0, -1},
                                                      {0, 3},
                                                      {0, -2},
                                                      {1, 1}}) {
            FillLoop loop;
            loop.instructions = 1;
            FillLoop::Test test;
            test.condition = static_cast<Condition>(condition);
            test.left.atoms[0] = kPointer;
            test.right.atoms[0] = kCounter;
            test.left.count = test.right.count = 1;
            test.left_step = left_step;
            test.right_step = right_step;
            loop.tests.push_back(test);
            Cpu cpu;
            cpu.slots[kPointer] = left;
            cpu.slots[kCounter] = right;
            cpu.remaining = std::uint64_t{1} << 40;
            const std::uint64_t count = run_fill_loop(loop, isa, *memory, cpu);
            const auto holds = [&](std::uint64_t round) {
              return eval::condition(test.condition, width,
                                     left + round * static_cast<std::uint64_t>(test.left_step),
                                     right + round * static_cast<std::uint64_t>(test.right_step));
            };
            for (std::uint64_t round = 0; round < std::min(count, kFewest); ++round)
              ASSERT_TRUE(holds(round))
                  << condition << " " << left << " " << right << " " << left_step << right_step;
            ASSERT_TRUE(count == 0 || holds(count - 1)) << condition << " " << left << " " << right;
            ASSERT_EQ(count == 0, !holds(0));
            // Going toward each other by one, "less" and "greater" are counted to their end; the others
            // may be given up on early, or hold again beyond the range of numbers.
            const bool lesser = test.condition == Condition::lt_u || test.condition == Condition::lt_s;
            const bool greater = test.condition == Condition::gt_u || test.condition == Condition::gt_s;
            const int closing = lesser ? left_step - right_step : greater ? right_step - left_step : 0;
            const bool exact = closing == 1 && count < kFewest;
            ASSERT_FALSE(exact && holds(count))
                << condition << " " << left << " " << right << " " << left_step << right_step;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay::machine::testing
