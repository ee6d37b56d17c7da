// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every instruction of the unit against the processor of this host: random states go through both, and all
// of the state and the memory that the instruction names are compared.
//   ASSAY_X87_STATES   states for each instruction (default 400; all of them: 20000)
#include "exec/x87/unit.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

namespace assay::exec::x87 {

constexpr std::size_t kMemory = 16;
constexpr unsigned kC1 = 0x200;

/// What a unit holds, and 16 bytes of memory.
struct State {
  unsigned control = 0x37f;
  unsigned status = 0;  ///< with the top
  unsigned filled = 0;  ///< a bit for each of R0 to R7
  std::array<Extended, 8> registers{};
  std::array<Byte, kMemory> memory{};
};

class UnitTest {
 public:
  static bool run(State& state, unsigned code) {
    Unit unit;
    unit.control_ = static_cast<std::uint16_t>(state.control);
    unit.status_ = static_cast<std::uint16_t>(state.status & ~0x3800U);
    unit.top_ = static_cast<std::uint8_t>(state.status >> 11 & 7);
    unit.filled_ = static_cast<std::uint8_t>(state.filled);
    unit.registers_ = state.registers;
    const bool done = unit.run(code, state.memory.data());
    state.control = unit.control();
    state.status = unit.status();
    state.filled = unit.filled_;
    state.registers = unit.registers_;
    return done;
  }
};

namespace {

#if defined(__x86_64__)

/// The state as frstor and fnsave have it.
constexpr std::size_t kSaved = 108;
constexpr std::size_t kRegistersAt = 28;

/// frstor [rdi]; an instruction on [rsi]; fnsave [rdi]; ret
class Host {
 public:
  Host() {
    code_ = static_cast<Byte*>(
        ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  }
  ~Host() {
    if (works()) ::munmap(code_, 4096);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  [[nodiscard]] bool works() const { return code_ != MAP_FAILED; }

  void run(State& state, unsigned code) {
    Bytes text{0xdd, 0x27, static_cast<Byte>(0xd8 | code >> 8), static_cast<Byte>(code), 0xdd, 0x37, 0xc3};
    std::ranges::copy(text, code_);
    std::array<Byte, kSaved> saved{};
    const auto put = [&](std::size_t at, unsigned value) { std::memcpy(saved.data() + at, &value, 4); };
    put(0, state.control);
    put(4, state.status);
    unsigned tags = 0;
    for (unsigned reg = 0; reg < 8; ++reg) {
      if ((state.filled >> reg & 1) == 0) tags |= 3U << (2 * reg);
    }
    put(8, tags);
    const unsigned top = state.status >> 11 & 7;
    const auto place = [&](unsigned index) { return saved.data() + kRegistersAt + std::size_t{10} * index; };
    for (unsigned index = 0; index < 8; ++index) {
      const Extended& reg = state.registers[(top + index) & 7];
      std::memcpy(place(index), &reg.significand, 8);
      std::memcpy(place(index) + 8, &reg.top, 2);
    }
    reinterpret_cast<void (*)(Byte*, Byte*)>(reinterpret_cast<std::uintptr_t>(code_))(saved.data(),
                                                                                      state.memory.data());
    const auto get = [&](std::size_t at) {
      unsigned value = 0;
      std::memcpy(&value, saved.data() + at, 2);
      return value;
    };
    state.control = get(0);
    state.status = get(4);
    tags = get(8);
    state.filled = 0;
    for (unsigned reg = 0; reg < 8; ++reg) state.filled |= (tags >> (2 * reg) & 3) != 3 ? 1U << reg : 0;
    const unsigned new_top = state.status >> 11 & 7;
    for (unsigned index = 0; index < 8; ++index) {
      Extended& reg = state.registers[(new_top + index) & 7];
      std::memcpy(&reg.significand, place(index), 8);
      std::memcpy(&reg.top, place(index) + 8, 2);
    }
  }

 private:
  Byte* code_;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}
  State state();

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool chance(unsigned one_in) { return below(one_in) == 0; }
  std::uint64_t bits();
  Extended number(unsigned near);

  std::mt19937_64 random_;
};

/// Often with long runs of one bit.
std::uint64_t Random::bits() {
  switch (below(6)) {
    case 0: return 0;
    case 1: return ~std::uint64_t{0};
    case 2: return random_() << below(64);
    case 3: return ~std::uint64_t{0} << below(64);
    case 4: return std::uint64_t{1} << below(64);
    default: return random_();
  }
}

Extended Random::number(unsigned near) {
  constexpr std::uint64_t kIntegerBit = std::uint64_t{1} << 63;
  Extended one{bits() | kIntegerBit, static_cast<std::uint16_t>((near + below(70)) & 0x7fff)};
  switch (below(16)) {
    case 0: one = {}; break;
    case 1: one = {kIntegerBit, 0x7fff}; break;
    case 2: one.top = 0x7fff; break;
    case 3: one = {bits() >> below(64), 0}; break;
    case 4: one.significand &= ~kIntegerBit; break;
    case 5: one.top = static_cast<std::uint16_t>(0x3fff + below(70)); break;
    case 6: one.top = static_cast<std::uint16_t>(0x3fff - 160 + below(320)); break;
    case 7:
      one.top = static_cast<std::uint16_t>(chance(2) ? 0x3fff - 1090 + below(80) : 0x3fff + 1000 + below(30));
      break;
    case 8: one.top = static_cast<std::uint16_t>(chance(2) ? below(80) : 0x7ffe - below(80)); break;
    default: break;
  }
  if (chance(2)) one.top |= 0x8000;
  return one;
}

State Random::state() {
  State state;
  static constexpr unsigned kPrecision[] = {0, 2, 3, 3};
  state.control = 0x7f | kPrecision[below(4)] << 8 | below(4) << 10;
  state.status = below(0x10000) & 0x7f7f;
  state.filled = chance(2) ? 0xff : chance(2) ? static_cast<unsigned>(random_() & 0xff) : 0;
  if (chance(2)) state.filled &= ~(1U << (((state.status >> 11) + 7) & 7));
  const unsigned near = chance(3) ? 0x3fff - 30 + below(60) : chance(2) ? below(0x7fff) : 0x3fff;
  for (Extended& reg : state.registers) reg = number(near);
  for (Byte& byte : state.memory) byte = static_cast<Byte>(random_());
  const Extended operand = number(near);
  if (chance(3)) {
    std::memcpy(state.memory.data(), &operand.significand, 8);
    std::memcpy(state.memory.data() + 8, &operand.top, 2);
  } else if (chance(2)) {
    const std::uint64_t fraction = bits() >> 12;
    const std::uint64_t exponent = chance(4) ? 0 : chance(4) ? 0x7ff : 0x3ff - 30 + below(60);
    const std::uint64_t value = fraction | exponent << 52 | std::uint64_t{below(2)} << 63;
    std::memcpy(state.memory.data(), &value, 8);
  } else if (chance(2)) {
    const auto value = static_cast<std::uint32_t>(bits() >> 41) |
                       (chance(4)   ? 0
                        : chance(4) ? 0xff
                                    : 0x7f - 20 + below(40))
                           << 23 |
                       below(2) << 31;
    std::memcpy(state.memory.data(), &value, 4);
  }
  return state;
}

std::string text(const State& state) {
  std::string all = fmt::format("control {:#x} status {:#x} filled {:#04x} memory", state.control,
                                state.status, state.filled);
  for (const Byte byte : state.memory) all += fmt::format(" {:02x}", byte);
  for (const Extended& reg : state.registers)
    all += fmt::format("\n  {:04x} {:016x}", reg.top, reg.significand);
  return all;
}

/// What processors differ in: C1 of a load of a register, and of a register that is made free.
unsigned open_status(unsigned code) {
  const unsigned first = code >> 8;
  const unsigned second = code & 0xff;
  const bool loads = first == 1 && second >= 0xc0 && second < 0xc8;
  const bool frees = first == 5 && second >= 0xc0 && second < 0xc8;
  return frees ? 0x4700U : loads ? kC1 : 0U;
}

bool is_same(const State& a, const State& b, unsigned code) {
  const unsigned compared = ~open_status(code);
  const auto same = [&](unsigned reg) {
    return a.registers[reg].significand == b.registers[reg].significand &&
           a.registers[reg].top == b.registers[reg].top;
  };
  for (unsigned reg = 0; reg < 8; ++reg) {
    if ((a.filled >> reg & 1) != 0 && !same(reg)) return false;
  }
  return a.control == b.control && (a.status & compared) == (b.status & compared) && a.filled == b.filled &&
         a.memory == b.memory;
}

TEST(X87, DoesWhatTheProcessorDoes) {
  Host host;
  if (!host.works()) GTEST_SKIP() << "this host has no memory for code";
  const char* const wanted = std::getenv("ASSAY_X87_STATES");
  const unsigned states = wanted == nullptr ? 400 : static_cast<unsigned>(std::strtoul(wanted, nullptr, 0));
  unsigned instructions = 0;
  Random random(1);
  for (unsigned code = 0; code < 0x800; ++code) {
    const unsigned second = code & 0xff;
    // In memory at [rsi]; of registers all of them.
    if (!access_of(code) || (second < 0xc0 && (second & 7) != 6) || (second >= 0x40 && second < 0xc0))
      continue;
    ++instructions;
    for (unsigned number = 0; number < states; ++number) {
      const State before = random.state();
      State ours = before;
      State theirs = before;
      const bool done = UnitTest::run(ours, code);
      const bool unmasks = code == code_of(0xd9, 0x2e) && (before.memory[0] & 0x3f) != 0x3f;
      ASSERT_NE(done, unmasks);
      if (!done) continue;
      host.run(theirs, code);
      ASSERT_TRUE(is_same(ours, theirs, code))
          << fmt::format("{:02x} {:02x}\nbefore: {}\nprocessor: {}\nours: {}", 0xd8 | code >> 8, second,
                         text(before), text(theirs), text(ours));
    }
  }
  EXPECT_GT(instructions, 150U);
}

#endif

TEST(X87, HasNoStatesDecimalsOrTranscendentalFunctions) {
  for (const auto& [first, second] : {std::pair(0xd9, 0x26),
                                      {0xd9, 0x36},
                                      {0xdd, 0x26},
                                      {0xdd, 0x36},
                                      {0xdf, 0x26},
                                      {0xdf, 0x36},
                                      {0xd9, 0xf2},
                                      {0xd9, 0xfe},
                                      {0xda, 0xc0},
                                      {0xdb, 0xf0}}) {
    EXPECT_FALSE(access_of(code_of(static_cast<unsigned>(first), static_cast<unsigned>(second))));
  }
}

}  // namespace
}  // namespace assay::exec::x87
