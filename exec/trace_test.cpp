// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces against the blocks that they are made of: random programs of RV32 and RV64 that go round often,
// call, keep their variables on the stack, reach it through pointers, walk lists, ask for memory, read and
// write bytes and fill.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "exec/kept.h"
#include "exec/run.h"
#include "exec/testing/test_program.h"

namespace assay::exec {
namespace {

using namespace test_program;

constexpr unsigned kDataAt = 0x1000;  // from the base: behind the code
constexpr unsigned kDataBytes = 0x400;
constexpr unsigned kStackShown = 512;

Bytes elf(bool wide, const std::vector<Word>& code) {
  const Bytes bytes = words(code);
  return test_program::elf(bytes, 243, wide, kDataAt + kDataBytes - headers(wide) - bytes.size());
}

/// A program that goes round a few hundred times and then writes what it has: registers, data, stack.
class Maker {
 public:
  Maker(std::uint32_t seed, bool wide)
      : random_(seed), word_(wide ? 8 : 4), load_word_(wide ? 3 : 2), store_word_(wide ? 3 : 2) {}

  std::vector<Word> make() {
    // s0: the frame, above what is pushed. s1: data. s2: rounds. a list through the data at 0x200.
    add({addi(s0, sp, -64), addi(sp, sp, -128), lui(s1, (kBase + kDataAt) >> 12), addi(s2, zero, 0)});
    for (int at = 0; at < 16; ++at) {
      add({addi(t0, s1, 0x200 + static_cast<int>(below(16)) * 16),
           store(store_word_, t0, s1, 0x200 + at * 16)});
    }
    add({addi(t0, s1, 0x200), store(store_word_, t0, s0, slot(0))});
    for (int at = 1; at < kSlots; ++at)
      add({addi(t0, zero, static_cast<int>(below(200))), store(store_word_, t0, s0, slot(at))});
    add({addi(t0, s0, any_slot()), store(store_word_, t0, s1, 0x308)});
    open_files();
    // The function lies before the loop, or behind it.
    const bool before = one_in(2);
    std::size_t function = 0;
    if (before) {
      const std::size_t over = code_.size();
      add({0});
      function = code_.size();
      make_function();
      code_[over] = jal(zero, away(over, code_.size()));
    }
    const std::size_t head = code_.size();
    const int rounds = static_cast<int>(150 + below(600));
    // It ends at the top or at the bottom.
    const bool top = one_in(3);
    std::size_t end = 0;
    if (top) {
      add({addi(t2, zero, rounds)});
      end = code_.size();
      add({0});
    }
    const unsigned statements = 1 + below(7);
    for (unsigned count = 0; count < statements; ++count) statement();
    add({addi(s2, s2, 1), addi(t0, zero, rounds)});
    if (top) {
      add({jal(zero, away(code_.size(), head))});
      code_[end] = branch(5, s2, t2, away(end, code_.size()));
    } else if (one_in(2)) {
      add({branch(4, s2, t0, away(code_.size(), head))});
    } else {
      add({branch(5, s2, t0, 8), jal(zero, away(code_.size() + 1, head))});
    }
    finish();
    if (!before) {
      function = code_.size();
      make_function();
    }
    for (const std::size_t call : calls_) code_[call] = jal(ra, away(call, function));
    return code_;
  }

 private:
  static constexpr int kSlots = 6;

  unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(random_); }
  bool one_in(unsigned times) { return below(times) == 0; }
  void add(std::initializer_list<Word> words) { code_.insert(code_.end(), words); }
  static int away(std::size_t from, std::size_t to) {
    return (static_cast<int>(to) - static_cast<int>(from)) * 4;
  }
  [[nodiscard]] int slot(int index) const { return -static_cast<int>(word_) * (index + 1); }
  int any_slot() { return slot(static_cast<int>(below(kSlots - 1)) + 1); }
  unsigned any_register() {
    constexpr unsigned kSome[] = {t0, t1, t2, a0, a1, a2};
    return kSome[below(6)];
  }
  Word any_two() {
    const Word kind = below(8);
    const bool has_other = kind == 0 || kind == 5;  // subtract, shift with the sign
    const Word group = one_in(4) && (kind == 0 || kind > 3) ? 1 : has_other && one_in(2) ? 0x20 : 0;
    return two(kind, any_register(), any_register(), any_register(), group);
  }

  void statement(bool in_function = false) {
    const unsigned r = any_register();
    const unsigned kind = below(in_function ? 13 : 17);
    switch (in_function && kind >= 10 ? kind + 4 : kind) {
      case 0:
        add({load(load_word_, r, s0, any_slot()), addi(r, r, static_cast<int>(below(9)) - 4),
             store(store_word_, r, s0, any_slot())});
        break;
      case 1: add({any_two()}); break;
      case 2:
        add({addi(sp, sp, -static_cast<int>(word_)), store(store_word_, r, sp, 0), any_two(),
             load(load_word_, any_register(), sp, 0), addi(sp, sp, static_cast<int>(word_))});
        break;
      case 3:
        add({andi(t0, r, 0xf8), two(0, t0, t0, s1),
             load(below(2) * 4, any_register(), t0, static_cast<int>(below(8)))});
        break;
      case 4:
        add({andi(t0, r, 0xf8), two(0, t0, t0, s1), store(below(store_word_ + 1), any_register(), t0, 0)});
        break;
      case 5: {  // over something
        constexpr Word kBranches[] = {0, 1, 4, 5, 6, 7};
        if (one_in(2)) add({andi(t1, s2, static_cast<int>(1U << below(6)))});
        const bool by_truth = one_in(3);
        if (by_truth) add({two(2 + below(2), r, t1, any_register())});
        const std::size_t at = code_.size();
        add({0});
        const std::size_t many = 1 + below(2);
        for (std::size_t count = 0; count < many; ++count) simple();
        if (by_truth) {
          code_[at] = branch(below(2), r, zero, away(at, code_.size()));
        } else {
          code_[at] = branch(kBranches[below(6)], one_in(2) ? t1 : any_register(), any_register(),
                             away(at, code_.size()));
        }
        break;
      }
      case 6:
        add({load(load_word_, t0, s0, slot(0)), load(load_word_, t0, t0, 0),
             store(store_word_, t0, s0, slot(0))});
        break;                                                           // a list
      case 7: add({load(one_in(2) ? 0 : 4, r, s0, any_slot())}); break;  // a byte of a word of the stack
      case 8:                                                            // the stack through a pointer
        if (one_in(2)) {
          add({load(load_word_, t1, s1, 0x308)});  // where it points is not seen in the loop
        } else {
          add({addi(t0, s0, any_slot()), store(store_word_, t0, s1, 0x300), load(load_word_, t1, s1, 0x300)});
        }
        add({one_in(2) ? store(store_word_, r, t1, 0) : load(load_word_, r, t1, 0)});
        break;
      case 9:
        add({load(load_word_, t1, s0, any_slot()), store(store_word_, t1, s1, 0x310),
             load(load_word_, t1, s1, 0x310), store(store_word_, t1, s0, any_slot())});
        break;
      case 10:
      case 11:
        calls_.push_back(code_.size());
        add({0});
        break;
      case 12:  // more memory
        add({addi(a0, zero, 0), addi(a7, zero, 214), kCall, addi(a0, a0, static_cast<int>(below(64))),
             addi(a7, zero, 214), kCall, addi(t2, a0, 0)});
        break;
      case 13:  // a byte to the file
        add({store(0, r, s0, any_slot()), load(load_word_, a0, s1, 0x320)});
        byte(64);
        break;
      case 14:  // and from another one, or from the same
        add({load(load_word_, a0, s1, one_in(8) ? 0x320 : 0x328)});
        byte(63);
        break;
      default: fill(); break;
    }
  }
  void byte(int call) {
    add({addi(a1, one_in(2) ? unsigned{s0} : unsigned{s1}, one_in(2) ? any_slot() : 0), addi(a2, zero, 1),
         addi(a7, zero, call), kCall});
  }
  /// A few bytes of the data, up or down, with variables in registers or on the stack.
  void fill() {
    // On the stack, at times: below what is in use.
    const bool on_stack = one_in(8);
    const unsigned base = on_stack ? s0 : s1;
    const int at = (on_stack ? -400 : 0x380) + static_cast<int>(below(32));
    const Word count = andi(t1, s2, one_in(2) ? 31 : 3);
    const auto loop = [&](Word test, int away_from_test, std::initializer_list<Word> body) {
      add({test});
      add(body);
      add({jal(zero, -4 * (static_cast<int>(body.size()) + 1 + away_from_test))});
    };
    const unsigned value = a0 + below(3);
    if (one_in(3)) {
      add({addi(t0, base, at), count});
      loop(branch(0, t1, zero, 20), 0, {store(0, value, t0, 0), addi(t0, t0, 1), addi(t1, t1, -1)});
      return;
    }
    const int pointer = slot(1 + static_cast<int>(below(2)));
    const int left = slot(3 + static_cast<int>(below(3)) % (kSlots - 3));
    add({addi(t0, base, at), store(store_word_, t0, s0, pointer), count, store(store_word_, t1, s0, left)});
    add({load(load_word_, t1, s0, left)});
    if (one_in(2)) {
      loop(branch(5, zero, t1, 36), 1,
           {load(load_word_, t0, s0, pointer), store(0, value, t0, 0), addi(t0, t0, 1),
            store(store_word_, t0, s0, pointer), load(load_word_, t1, s0, left), addi(t1, t1, -1),
            store(store_word_, t1, s0, left)});
    } else {
      loop(branch(4, t1, zero, 32), 1,
           {load(load_word_, t0, s0, pointer), two(0, t0, t0, t1), store(0, value, t0, 0),
            load(load_word_, t1, s0, left), addi(t1, t1, -1), store(store_word_, t1, s0, left)});
    }
  }
  void simple() {
    if (one_in(2)) {
      add({any_two()});
    } else {
      add({load(load_word_, t2, s0, any_slot()), addi(t2, t2, 3), store(store_word_, t2, s0, any_slot())});
    }
  }

  void make_function() {
    const int frame = 2 * static_cast<int>(word_);
    add({addi(sp, sp, -frame), store(store_word_, ra, sp, 0),
         store(store_word_, t1, sp, static_cast<int>(word_))});
    const unsigned statements = below(3);
    for (unsigned count = 0; count < statements; ++count) statement(true);
    if (one_in(3)) {  // a loop of its own
      add({andi(t0, s2, 3)});
      const std::size_t head = code_.size();
      simple();
      add({addi(t0, t0, -1), branch(5, t0, zero, away(code_.size() + 1, head))});
    }
    add({load(load_word_, t1, sp, static_cast<int>(word_)), load(load_word_, ra, sp, 0), addi(sp, sp, frame),
         kReturn});
  }

  void open_files() {
    // openat(AT_FDCWD, "out", O_RDWR | O_CREAT | O_TRUNC, 0600), openat(AT_FDCWD, "in", O_RDONLY)
    add({lui(t0, 0x747), addi(t0, t0, 0x56f), store(2, t0, s1, 0x330), addi(a0, zero, -100),
         addi(a1, s1, 0x330), addi(a2, zero, 578), addi(13, zero, 0x180), addi(a7, zero, 56), kCall,
         store(store_word_, a0, s1, 0x320)});
    add({lui(t0, 7), addi(t0, t0, -0x197), store(2, t0, s1, 0x330), addi(a0, zero, -100), addi(a1, s1, 0x330),
         addi(a2, zero, 0), addi(a7, zero, 56), kCall, store(store_word_, a0, s1, 0x328)});
  }
  void finish() {
    int at = 0x340;
    for (const unsigned reg : {t0, t1, t2, a0, a1, a2})
      add({store(store_word_, reg, s1, (at += static_cast<int>(word_)))});
    add({addi(a0, zero, 1), addi(a1, s1, 0), addi(a2, zero, kDataBytes), addi(a7, zero, 64), kCall});
    add({addi(a0, zero, 1), addi(a1, s0, -static_cast<int>(kStackShown) + 64), addi(a2, zero, kStackShown),
         addi(a7, zero, 64), kCall});
    add({addi(a0, s2, 0), addi(a7, zero, 93), kCall});
  }

  std::mt19937 random_;
  unsigned word_;
  Word load_word_;
  Word store_word_;
  std::vector<Word> code_;
  std::vector<std::size_t> calls_;
};

struct Done {
  Outcome outcome;
  std::string file;
};

Bytes input_file() {
  Bytes result;
  for (unsigned at = 0; at < 700; ++at) result.push_back(static_cast<Byte>(at * 7 + at / 256));
  return result;
}

Done run(const Bytes& program, Engine engine, bool shortcuts, KeptPrograms* kept,
         std::uint64_t jumps = 10'000'000) {
  MemoryTree files;
  Request request;
  request.program = program;
  request.argv = {"prog"};
  files.put("in", input_file());
  request.files = &files;
  request.engine = engine;
  request.shortcuts = shortcuts;
  request.kept = kept;
  request.jumps = jumps;
  const Result<Outcome> outcome = exec::run(request);
  EXPECT_TRUE(outcome) << outcome.error().message;
  const std::shared_ptr<Node> file = files.find("out");
  return {outcome.value_or(Outcome{}),
          file == nullptr ? "none" : std::string(file->bytes().begin(), file->bytes().end())};
}

class Traces : public testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(Widths, Traces, testing::Bool(),
                         [](const auto& test) { return test.param ? "RV64" : "RV32"; });

TEST_P(Traces, RandomLoopsDoWhatTheirBlocksDo) {
  constexpr std::uint32_t kPrograms = 1500;
  unsigned ended = 0;
  for (std::uint32_t seed = 1; seed <= kPrograms; ++seed) {
    const Bytes program = elf(GetParam(), Maker(seed, GetParam()).make());
    const Done judge = run(program, Engine::interpret, false, nullptr);
    ended += judge.outcome.ending == Ending::exits ? 1 : 0;
    KeptPrograms kept;
    for (const Engine engine : {Engine::interpret, Engine::translate, Engine::interpret, Engine::translate}) {
      const Done other = run(program, engine, true, &kept);
      ASSERT_EQ(judge.outcome.ending, other.outcome.ending) << seed << other.outcome.reason;
      ASSERT_EQ(judge.outcome.reason, other.outcome.reason) << seed;
      ASSERT_EQ(judge.outcome.status, other.outcome.status) << seed;
      const std::string& is = other.outcome.standard_output;
      const std::string& should = judge.outcome.standard_output;
      const auto differs =
          std::mismatch(is.begin(), is.end(), should.begin(), should.end()).first - is.begin();
      ASSERT_TRUE(is == should) << seed << ", from byte " << differs << ", engine "
                                << static_cast<int>(engine);
      ASSERT_TRUE(judge.file == other.file) << seed;
    }
  }
  EXPECT_GT(ended, kPrograms / 2);
}

constexpr Engine kEngines[] = {Engine::interpret, Engine::translate};

TEST_P(Traces, ARoundIsOneJump) {
  // 20,000 rounds with a call, which is three jumps a round in blocks.
  const std::vector<Word> code{lui(s2, 5),
                               jal(zero, 12),
                               addi(t0, t0, 1),
                               kReturn,
                               jal(ra, -8),
                               addi(s2, s2, -1),
                               branch(1, s2, zero, -8),
                               addi(a0, zero, 7),
                               addi(a7, zero, 93),
                               kCall};
  for (const Engine engine : kEngines) {
    EXPECT_EQ(run(elf(GetParam(), code), engine, false, nullptr, 30'000).outcome.ending, Ending::hangs);
    const Done done = run(elf(GetParam(), code), engine, true, nullptr, 30'000);
    EXPECT_EQ(done.outcome.ending, Ending::exits) << done.outcome.reason;
    EXPECT_EQ(done.outcome.status, 7);
  }
}

TEST_P(Traces, PointersSeeWhatIsKeptInRegisters) {
  // A counter on the stack, read (and at times written) through a pointer that the loop does not make.
  const Word load_word = GetParam() ? 3 : 2;
  const std::vector<Word> code{
      addi(s0, sp, -64), lui(s1, (kBase + kDataAt) >> 12), store(load_word, zero, s0, 0),
      store(load_word, s0, s1, 0), addi(s2, zero, 700), addi(a1, zero, 0),
      // a round
      load(load_word, t0, s0, 0), addi(t0, t0, 1), store(load_word, t0, s0, 0), load(load_word, t1, s1, 0),
      load(load_word, a0, t1, 0), two(0, a1, a1, a0), andi(t2, s2, 63), branch(1, t2, zero, 12),
      addi(a0, a0, 5), store(load_word, a0, t1, 0), addi(s2, s2, -1), branch(1, s2, zero, -44),
      // the sum of 1 to 700, and what the eleven fives added
      store(load_word, a1, s1, 8), addi(a0, zero, 1), addi(a1, s1, 8), addi(a2, zero, 4), addi(a7, zero, 64),
      kCall, addi(a0, zero, 0), addi(a7, zero, 93), kCall};
  std::uint32_t sum = 0;
  for (std::uint32_t left = 700, counter = 0; left != 0; --left) {
    sum += ++counter;
    if (left % 64 == 0) counter += 5;
  }
  for (const Engine engine : kEngines) {
    const Done done = run(elf(GetParam(), code), engine, true, nullptr);
    std::uint32_t is = 0;
    ASSERT_EQ(done.outcome.standard_output.size(), sizeof is) << done.outcome.reason;
    std::memcpy(&is, done.outcome.standard_output.data(), sizeof is);
    EXPECT_EQ(is, sum);
  }
}

/// The four quotients and rests of two words, as RISC-V has them.
template <class Signed>
std::string divide(std::int64_t one, std::int64_t other) {
  using Unsigned = std::make_unsigned_t<Signed>;
  const auto a = static_cast<Signed>(one);
  const auto b = static_cast<Signed>(other);
  const auto ua = static_cast<Unsigned>(a);
  const auto ub = static_cast<Unsigned>(b);
  Unsigned all[] = {~Unsigned{0}, ~Unsigned{0}, ua, ua};  // by zero
  if (b == -1) {
    all[0] = Unsigned{0} - ua;
    all[2] = 0;
  } else if (b != 0) {
    all[0] = static_cast<Unsigned>(a / b);
    all[2] = static_cast<Unsigned>(a % b);
  }
  if (b != 0) {
    all[1] = ua / ub;
    all[3] = ua % ub;
  }
  std::string bytes(sizeof all, 0);
  std::memcpy(bytes.data(), all, sizeof all);
  return bytes;
}

TEST_P(Traces, DivisionsOfAnything) {
  const int word = GetParam() ? 8 : 4;
  std::vector<Word> code{lui(s1, (kBase + kDataAt) >> 12)};
  const auto more = [&](std::initializer_list<Word> words) { code.insert(code.end(), words); };
  constexpr int kLeast = 1234;  // stands for the least number
  const std::int64_t least = GetParam() ? std::numeric_limits<std::int64_t>::min()
                                        : std::int64_t{std::numeric_limits<std::int32_t>::min()};
  std::string should;
  for (const int a : {0, 1, -1, 100, -100, kLeast}) {
    for (const int b : {0, 1, -1, 7, -7, kLeast}) {
      for (const auto& [reg, value] : {std::pair{t0, a}, std::pair{t1, b}}) {
        more({addi(reg, zero, value == kLeast ? 1 : value)});
        if (value == kLeast) more({i_type(0x13, 1, reg, reg, 8 * word - 1)});
      }
      for (const Word kind : {4U, 5U, 6U, 7U})
        more({two(kind, t2, t0, t1, 1),
              store(GetParam() ? 3 : 2, t2, s1, word * (static_cast<int>(kind) - 4))});
      more({addi(a0, zero, 1), addi(a1, s1, 0), addi(a2, zero, 4 * word), addi(a7, zero, 64), kCall});
      const std::int64_t one = a == kLeast ? least : a;
      const std::int64_t other = b == kLeast ? least : b;
      should += GetParam() ? divide<std::int64_t>(one, other) : divide<std::int32_t>(one, other);
    }
  }
  more({addi(a0, zero, 0), addi(a7, zero, 93), kCall});
  for (const Engine engine : kEngines) {
    const Done done = run(elf(GetParam(), code), engine, true, nullptr);
    EXPECT_EQ(done.outcome.ending, Ending::exits) << done.outcome.reason;
    EXPECT_TRUE(done.outcome.standard_output == should);
  }
}

TEST_P(Traces, BytesReadOneByOneAreWhereTheFileIs) {
  // Copies 300 bytes of "in" to "out" one by one, 40 at once, and two by one.
  std::vector<Word> code{lui(s1, (kBase + kDataAt) >> 12),
                         lui(t0, 7),
                         addi(t0, t0, -0x197),
                         store(2, t0, s1, 0),
                         addi(a0, zero, -100),
                         addi(a1, s1, 0),
                         addi(a2, zero, 0),
                         addi(a7, zero, 56),
                         kCall,
                         addi(t1, a0, 0),
                         lui(t0, 0x747),
                         addi(t0, t0, 0x56f),
                         store(2, t0, s1, 0),
                         addi(a0, zero, -100),
                         addi(a1, s1, 0),
                         addi(a2, zero, 577),
                         addi(13, zero, 0x180),
                         addi(a7, zero, 56),
                         kCall,
                         addi(s0, a0, 0)};
  const auto more = [&](std::initializer_list<Word> words) { code.insert(code.end(), words); };
  const auto copy = [&](int times, int bytes) {
    more({addi(s2, zero, times),
          // a round
          addi(a0, t1, 0), addi(a1, s1, 16), addi(a2, zero, bytes), addi(a7, zero, 63), kCall,
          addi(a0, s0, 0), addi(a1, s1, 16), addi(a2, zero, bytes), addi(a7, zero, 64), kCall,
          addi(s2, s2, -1), branch(1, s2, zero, -44)});
  };
  copy(300, 1);
  copy(1, 40);
  copy(2, 1);
  more({addi(a0, zero, 0), addi(a7, zero, 93), kCall});
  const Bytes input = input_file();
  const std::string should(input.begin(), input.begin() + 342);
  for (const Engine engine : kEngines) {
    for (const bool shortcuts : {false, true}) {
      const Done done = run(elf(GetParam(), code), engine, shortcuts, nullptr);
      EXPECT_EQ(done.outcome.ending, Ending::exits) << done.outcome.reason;
      EXPECT_TRUE(done.file == should) << done.file.size();
    }
  }
}

TEST_P(Traces, BytesWrittenOneByOneAreWhereTheFileIs) {
  // Opens "out", writes 600 bytes that count up, goes back to 10, writes "XY".
  std::vector<Word> code{lui(s1, (kBase + kDataAt) >> 12), lui(t0, 0x747), addi(t0, t0, 0x56f),
                         store(2, t0, s1, 0), addi(a0, zero, -100), addi(a1, s1, 0), addi(a2, zero, 577),
                         addi(13, zero, 0x180), addi(a7, zero, 56), kCall, addi(s0, a0, 0),
                         addi(s2, zero, 600), addi(t1, zero, 0),
                         // a round
                         store(0, t1, s1, 16), addi(a0, s0, 0), addi(a1, s1, 16), addi(a2, zero, 1),
                         addi(a7, zero, 64), kCall, addi(t1, t1, 1), addi(s2, s2, -1),
                         branch(1, s2, zero, -32), addi(a0, s0, 0), addi(a1, zero, 10), addi(a2, zero, 0)};
  const auto more = [&](std::initializer_list<Word> words) { code.insert(code.end(), words); };
  if (GetParam()) {
    more({addi(a7, zero, 62), kCall});
  } else {  // llseek has its offset in two words
    more({addi(a1, zero, 0), addi(a2, zero, 10), addi(13, s1, 32), addi(14, zero, 0), addi(a7, zero, 62),
          kCall});
  }
  for (const char letter : {'X', 'Y'}) {
    more({addi(t1, zero, letter), store(0, t1, s1, 16), addi(a0, s0, 0), addi(a1, s1, 16), addi(a2, zero, 1),
          addi(a7, zero, 64), kCall});
  }
  more({addi(a0, zero, 0), addi(a7, zero, 93), kCall});
  std::string should;
  for (int at = 0; at < 600; ++at) should.push_back(static_cast<char>(at));
  should[10] = 'X';
  should[11] = 'Y';
  for (const Engine engine : kEngines) {
    for (const bool shortcuts : {false, true}) {
      const Done done = run(elf(GetParam(), code), engine, shortcuts, nullptr);
      EXPECT_EQ(done.outcome.ending, Ending::exits) << done.outcome.reason;
      EXPECT_TRUE(done.file == should) << done.file.size();
    }
  }
}

}  // namespace
}  // namespace assay::exec
