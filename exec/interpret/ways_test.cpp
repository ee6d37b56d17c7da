// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ways to do operations against each other: random lists of operations do the same one by one, each
// alone, and with the ways that are chosen for the whole list.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "exec/interpret/interpreter.h"
#include "exec/testing/test_program.h"
#include "exec/trace/ways.h"

namespace assay::exec {
namespace {

constexpr std::size_t kOperations = 64;
constexpr std::uint64_t kData = 0x20000000;  // anywhere above the program
constexpr std::uint64_t kDataBytes = 256;
constexpr Register kOwn = 8;  // registers from 0 on, the stack pointer among them
constexpr std::uint64_t kJumps = 1000;

template <bool kWide>
Bytes program() {
  return kWide ? test_program::elf(Bytes{0x0f, 0x05}, 62, true)
               : test_program::elf(Bytes{0xcd, 0x80}, 3, false);
}

/// Where operations run: memory, registers, and what they write.
template <bool kWide>
struct Machine {
  Machine() {
    registers.heap = kData;
    registers.heap_most = kData + kDataBytes;
    registers.output = &output;
    registers.input = &input;
  }
  Halted run(const Operation* start) {
    return interpret_from(start, code, *image, *find_instruction_set(image->machine(), image->word_bytes()),
                          registers, kJumps, [](Registers&) { return false; });
  }
  [[nodiscard]] Bytes data() const { return {image->at(kData), image->at(kData + kDataBytes)}; }

  std::unique_ptr<Image> image = *Image::load(program<kWide>());
  Program code{*image, *find_instruction_set(image->machine(), image->word_bytes())};
  std::array<Byte, kOperations> written{};
  Output output{.file = 1, .next = written.data(), .end = written.data() + written.size()};
  const std::array<Byte, 3> read{5, 6, 7};
  Input input{.file = 2, .next = read.data(), .end = read.data() + read.size()};
  Registers registers;
};

/// Those that go to another place of the program, or to what only a trace has, are left to other tests.
bool is_plain(Op op) {
  return op < Op::jump_register || op == Op::call || (op >= Op::ask_stack && op <= Op::fill_bytes);
}

template <bool kWide>
class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {
    for (Register reg = 0; reg < kOwn; ++reg) machine_.registers[reg] = one_in(2) ? address() : below(3);
    start_ = machine_.registers;
  }

  /// `seen`: gets the ways that were chosen.
  void check(std::set<std::uint16_t>& seen) {
    while (list_.size() + 2 * kMostTogether + 3 < kOperations) add();
    list_.push_back({.op = Op::pause});
    list_.push_back({.op = Op::pause});
    choose_ways(list_, kWide ? 8 : 4, kStack);
    Machine<kWide> whole;
    whole.registers.values = start_.values;
    for (const Operation& operation : list_) seen.insert(operation.way);
    EXPECT_EQ(static_cast<int>(whole.run(list_.data()).why), static_cast<int>(Halt::paused));
    EXPECT_EQ(whole.registers.values, machine_.registers.values);
    EXPECT_EQ(whole.registers.heap, machine_.registers.heap);
    EXPECT_EQ(whole.data(), machine_.data());
    EXPECT_EQ(whole.written, machine_.written);
  }

 private:
  using Word = std::conditional_t<kWide, std::uint64_t, std::uint32_t>;
  static constexpr Register kStack = 4;

  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  bool one_in(std::uint32_t times) { return below(times) == 0; }
  std::uint64_t address() { return kData + 16 + below(kDataBytes - 32); }
  Register any() { return static_cast<Register>(one_in(8) ? kFirstKept + below(2) : below(kOwn)); }

  /// A way, or some that belong together.
  void add() {
    const Ways<kWide>& ways = kWays<kWide>;
    constexpr std::uint32_t kSingles = Ways<kWide>::kSingles;
    const WayNumbers parts =
        ways.parts(one_in(2) ? below(kSingles) : kSingles + below(Ways<kWide>::kCount - kSingles));
    for (std::size_t at = 0; at < parts.count; ++at) {
      const Way& way = ways[parts.numbers[at]];
      for (int tries = 0; is_plain(way.op) && tries < 8 && !add(way); ++tries) {
      }
    }
  }

  Operation make(const Way& way) {
    const auto reg = [&](Source source) {
      return source == Source::last ? last_ : source == Source::stack ? kStack : any();
    };
    Operation o{.op = way.op, .d = way.to_stack ? kStack : any(), .a = reg(way.a), .b = reg(way.b)};
    const std::uint64_t a = machine_.registers[o.a];
    if (has_condition(o.op)) o.condition = static_cast<Condition>(way.kind);
    o.immediate = static_cast<std::int64_t>(o.op >= Op::shift_left_constant ? below(32) : random_());
    if (is_load(o.op) || is_store(o.op)) {
      o.extra = way.kind;
      o.immediate = static_cast<std::int64_t>(address() - a);
    } else if (o.op == Op::add_constant) {
      if (one_in(2) || o.d == kStack) o.immediate = static_cast<std::int64_t>(address() - a);
    } else if (o.op == Op::push || o.op == Op::set_aside) {
      o.immediate = static_cast<std::int64_t>(a - address());
    } else if (o.op == Op::pop) {
      o.immediate = sizeof(Word);
    } else if (o.op == Op::ask_equal || o.op == Op::ask_word) {
      if (o.op == Op::ask_word) o.immediate = static_cast<std::int64_t>(address() - a);
      const std::uint64_t value =
          o.op == Op::ask_equal
              ? a
              : machine_.image->template load<Word>(a + static_cast<std::uint64_t>(o.immediate));
      o.extra = static_cast<std::uint32_t>(value - machine_.registers[o.b] + below(2));
    } else if (o.op == Op::get_byte || o.op == Op::put_byte) {
      o.immediate = 0;
    } else if (o.op >= Op::ask_stack) {
      o.extra = below(8);
      o.immediate = static_cast<std::int64_t>(one_in(2) ? address() - a : below(64));
    } else if (o.op == Op::call || o.op == Op::test) {
      o.extra = below(4);
    }
    return o;
  }

  /// Does the operation; false if it cannot be done.
  bool add(const Way& way) {
    Operation o = make(way);
    const Registers before = machine_.registers;
    const auto is_apart = [&](std::uint64_t at) { return at < kData || at > kData + kDataBytes - 8; };
    if ((o.op == Op::fill_bytes && before[o.b] > kDataBytes) || (o.op == Op::pop && is_apart(before[o.a])) ||
        (o.op == Op::call && is_apart(before[o.a] - sizeof(Word))))
      return false;
    Operation behind[] = {o, {.op = Op::set, .d = kNowhere, .immediate = 1}, {.op = Op::pause}};
    if (o.op >= Op::test) behind[0].target = &behind[2];
    for (Operation& one : behind) go_alone(one);
    machine_.registers[kNowhere] = 0;
    const bool done = machine_.run(behind).why == Halt::paused;
    const bool jumped = machine_.registers[kNowhere] == 0;
    machine_.registers[kNowhere] = 0;
    if (!done) {
      machine_.registers = before;
      return false;
    }
    list_.push_back(o);
    last_ = writes_d(o.op) ? o.d : last_;
    if (o.op < Op::test) return true;
    // A jump goes over one operation; what does not jump would go to the end of the room for the list.
    list_.back().target = list_.data() + (jumped ? list_.size() + 1 : kOperations - 1);
    if (jumped) list_.push_back({.op = Op::set, .d = any(), .immediate = 77});
    return true;
  }

  std::mt19937 random_;
  Machine<kWide> machine_;
  Registers start_;
  std::vector<Operation> list_ = [] {
    std::vector<Operation> list;
    list.reserve(kOperations);
    return list;
  }();
  Register last_ = 0;
};

template <bool kWide>
void check_all() {
  std::set<std::uint16_t> seen;
  for (std::uint32_t seed = 0; seed < 3000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Maker<kWide>(seed).check(seen);
  }
  const Ways<kWide>& ways = kWays<kWide>;
  for (std::size_t way = 0; way < Ways<kWide>::kCount; ++way) {
    const WayNumbers parts = ways.parts(way);
    bool plain = true;
    for (std::size_t at = 0; at < parts.count; ++at) plain = plain && is_plain(ways[parts.numbers[at]].op);
    if (plain) {
      EXPECT_TRUE(seen.count(static_cast<std::uint16_t>(way)) != 0) << way;
    }
  }
}

TEST(Ways, OfListsAreThoseOfTheirOperations) {
  check_all<true>();
  check_all<false>();
}

TEST(Interpreter, NeedsNoMoreOfTheHostsStackTheLongerItRuns) {
  constexpr std::uint64_t kRounds = 100'000;
  Operation list[] = {{.op = Op::add_constant, .immediate = -1},
                      {.op = Op::system_call},
                      {.op = Op::branch, .b = kZero, .condition = Condition::not_equal, .target = &list[0]},
                      {.op = Op::pause}};
  choose_ways(list, 8, 4);
  Machine<true> machine;
  machine.registers[0] = kRounds;
  machine.registers[7] = 2;  // no file of the stream's
  std::vector<std::uintptr_t> frames;
  const Halted halted =
      interpret_from(list, machine.code, *machine.image, *find_instruction_set(62, 8), machine.registers,
                     kRounds, [&frames](Registers& /*registers*/) {
                       frames.push_back(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
                       return true;
                     });
  EXPECT_EQ(static_cast<int>(halted.why), static_cast<int>(Halt::paused));
  ASSERT_EQ(frames.size(), kRounds);
  EXPECT_EQ(frames.front(), frames.back());
}

}  // namespace
}  // namespace assay::exec
