// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random instructions against the machine of stage0 itself, one by one: registers and PC after each, memory
// in the end, and that both stop at the same one. It is looked for as libvm16.so, libvm32.so and libvm64.so
// in the tree `stage0-vm` (docs/machine/knight.md says how they are made). That machine ends its process when
// a program faults, so it runs in a child, which writes what it sees to shared memory.
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <new>
#include <set>

#include "machine/knight/processor.h"
#include "machine/testing/guest_test.h"
#include "tests/support/subprocess.h"

namespace assay::machine::knight {
namespace {

using testing::Random;

constexpr std::size_t kTrials = 256;  // of one batch
constexpr std::size_t kBatches = 6;
constexpr std::size_t kLongBatches = 60;  // where long tests are wanted
constexpr std::size_t kSteps = 12;
constexpr std::size_t kMostMemory = 66'000;
constexpr std::size_t kTail = 16;  // bytes at memory's end in which that machine would look beyond it
/// Its shifts and rotations count one by one.
constexpr std::uint64_t kMostShift = 100'000;

/// What the layout of that machine's state is for registers of type U.
template <class U>
struct Lilith {
  std::uint8_t* memory;
  std::size_t size;
  U registers[kRegisters];
  U pc;
  bool halted;
  bool exception;
};

struct State {
  std::uint64_t registers[kRegisters] = {};
  std::uint64_t pc = 0;
  bool operator==(const State&) const = default;
};

struct Trial {
  std::size_t memory_size = 0;
  std::size_t steps = 0;  ///< to be made
  State start;
  Byte memory[kMostMemory] = {};
  // What the child saw.
  std::size_t done = 0;
  State seen[kSteps];
};

template <class U>
void run_trials(const std::filesystem::path& library, Trial* trials, std::size_t from) {
  using Create = Lilith<U>* (*)(std::size_t);
  using Work = void (*)(Lilith<U>*, void*);
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDERR_FILENO);
  void* const handle = dlopen(library.c_str(), RTLD_NOW);
  if (handle == nullptr) _exit(99);
  const auto create = reinterpret_cast<Create>(dlsym(handle, "create_vm"));
  const auto read = reinterpret_cast<Work>(dlsym(handle, "read_instruction"));
  const auto evaluate = reinterpret_cast<Work>(dlsym(handle, "eval_instruction"));
  if (create == nullptr || read == nullptr || evaluate == nullptr) _exit(99);
  alignas(16) char instruction[256];
  for (Trial* trial = trials + from; trial != trials + kTrials; ++trial) {
    Lilith<U>* const vm = create(trial->memory_size);
    std::memcpy(vm->memory, trial->memory, trial->memory_size);
    for (std::size_t i = 0; i < kRegisters; ++i) vm->registers[i] = static_cast<U>(trial->start.registers[i]);
    vm->pc = static_cast<U>(trial->start.pc);
    while (trial->done < trial->steps) {
      read(vm, instruction);
      evaluate(vm, instruction);
      State& seen = trial->seen[trial->done];
      for (std::size_t i = 0; i < kRegisters; ++i) seen.registers[i] = vm->registers[i];
      seen.pc = vm->pc;
      ++trial->done;
    }
    std::memcpy(trial->memory, vm->memory, trial->memory_size);
    std::free(vm->memory);
    std::free(vm);
  }
  _exit(0);
}

class NoDevices final : public Devices {
 public:
  bool open_read(std::uint64_t) override { return false; }
  bool open_write(std::uint64_t) override { return false; }
  bool close(std::uint64_t) override { return false; }
  bool rewind(std::uint64_t) override { return false; }
  bool get(std::uint64_t, int&) override { return false; }
  bool put(std::uint64_t, Byte) override { return false; }
};

/// What this machine makes of a trial.
struct Ours {
  std::vector<State> seen;
  Event last = Event::done;
  Bytes memory;
  std::string text;  ///< the instructions, for messages
};

class Differential {
 public:
  Differential(unsigned bits, std::filesystem::path library, std::uint64_t seed)
      : word_{bits}, library_(std::move(library)), random_(seed) {}

  void batch(Trial* trials) {
    std::vector<Ours> ours;
    for (std::size_t i = 0; i < kTrials; ++i) {
      make(trials[i]);
      ours.push_back(foresee(trials[i]));
    }
    for (std::size_t from = 0; from < kTrials;) {
      const int status = child(trials, from);
      std::size_t at = from;
      const bool ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
      while (at < kTrials && trials[at].done == trials[at].steps) {
        compare(trials[at], ours[at], false);
        ++at;
      }
      if (ended) {
        ASSERT_EQ(at, kTrials);
        return;
      }
      ASSERT_LT(at, kTrials);
      ASSERT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 99) << "cannot load " << library_;
      stopped_at_ = status;
      compare(trials[at], ours[at], true);
      from = at + 1;
    }
  }

  [[nodiscard]] std::size_t steps() const { return steps_; }
  [[nodiscard]] std::size_t faults() const { return faults_; }
  [[nodiscard]] const std::set<std::string_view>& names() const { return names_; }

 private:
  std::uint64_t interesting(std::size_t memory) {
    switch (random_.below(8)) {
      case 0: return random_.below(6);
      case 1: return word_.trim(~std::uint64_t{0} - random_.below(6));
      case 2: return word_.trim((std::uint64_t{1} << (word_.bits - 1)) - 3 + random_.below(6));
      case 3: return random_.below(64);
      case 4:
      case 5: return word_.trim(random_.below(static_cast<unsigned>(memory)));
      default: return word_.trim(random_.next());
    }
  }

  void make(Trial& trial) {
    trial.memory_size = word_.bits == 16 && random_.below(8) == 0 ? kMostMemory : 4096;
    trial.done = 0;
    for (std::uint64_t& value : trial.start.registers) value = interesting(trial.memory_size);
    for (std::size_t i = 0; i < trial.memory_size; ++i) trial.memory[i] = static_cast<Byte>(random_.next());
    trial.start.pc =
        random_.below(static_cast<unsigned>(std::min<std::size_t>(trial.memory_size, 60'000)) - 256);
    if (trial.memory_size == kMostMemory) trial.start.pc = 65'536 - random_.below(40);
    for (std::uint64_t at = trial.start.pc; at < trial.start.pc + 120;) at += put_instruction(trial, at);
    trial.steps = 1 + random_.below(kSteps);
  }

  // Where 16 bits end, the next one lies at the beginning.
  unsigned put_instruction(Trial& trial, std::uint64_t at) {
    const Row& row = rows()[random_.below(static_cast<unsigned>(rows().size()))];
    std::array<Byte, kLongest> bytes{};
    for (Byte& byte : bytes) byte = static_cast<Byte>(random_.next());
    const auto code = row.code;
    const auto part = [code](unsigned shift) { return static_cast<Byte>(code >> shift & 0xFF); };
    const auto with = [](std::uint32_t high, Byte low) {
      return static_cast<Byte>((high & 0xF) << 4 | (low & 0xF));
    };
    if (random_.below(40) != 0) {
      switch (row.form) {
        case Form::abcd:
          bytes[0] = 0x01;
          bytes[1] = part(0);
          break;
        case Form::abc:
          bytes[0] = 0x05;
          bytes[1] = part(4);
          bytes[2] = with(code, bytes[2]);
          break;
        case Form::ab:
          bytes[0] = 0x09;
          bytes[1] = part(8);
          bytes[2] = part(0);
          break;
        case Form::a:
          bytes[0] = 0x0D;
          bytes[1] = part(12);
          bytes[2] = part(4);
          bytes[3] = with(code, bytes[3]);
          break;
        case Form::abi:
          bytes[0] = 0xE1;
          bytes[2] = part(0);
          break;
        case Form::ai:
          bytes[0] = 0xE0;
          bytes[2] = part(4);
          bytes[3] = with(code, bytes[3]);
          break;
        case Form::i:
          bytes[0] = 0x3C;
          bytes[1] = part(0);
          break;
        default:
          bytes[0] = 0x42;
          bytes[1] = 0x11;
          bytes[2] = 0;
          bytes[3] = 0;
          break;  // HAL_MEM
      }
      if (row.form == Form::ai && random_.below(2) == 0) {  // near
        bytes[4] = random_.below(2) == 0 ? 0 : 0xFF;
        if (row.op == Op::shift) bytes[4] = 0;
      }
    } else {
      bytes[0] &= 0x0F;
    }
    const unsigned length = length_of(bytes[0]);
    for (unsigned i = 0; i < length; ++i) trial.memory[word_.trim(at + i)] = bytes[i];
    return length;
  }

  // Shortens the trial where the other machine would take ages or look beyond its memory.
  Ours foresee(Trial& trial) {
    Ours ours;
    ours.memory.assign(trial.memory, trial.memory + trial.memory_size);
    NoDevices devices;
    Processor processor(word_.bits, ours.memory, devices);
    Cpu cpu;
    std::copy(std::begin(trial.start.registers), std::end(trial.start.registers), cpu.slots);
    cpu.pc = trial.start.pc;
    for (std::size_t i = 0; i < trial.steps; ++i) {
      if (cpu.pc < trial.memory_size && !is_comparable(processor, cpu, trial.memory_size)) {
        trial.steps = i;
        break;
      }
      const Bytes bytes = processor.instruction_at(cpu.pc);
      const Instruction instruction = bytes.size() < kShortest ? Instruction{} : decode(bytes);
      ours.text += fmt::format("{:#x}: {} {}\n", cpu.pc, to_hex(bytes),
                               instruction.row == nullptr ? "?" : instruction.row->name);
      ours.last = processor.step(cpu);
      if (instruction.row != nullptr && ours.last != Event::unknown_instruction)
        names_.insert(instruction.row->name);
      if (ours.last != Event::done && ours.last != Event::halted) break;
      State state;
      std::copy(cpu.slots, cpu.slots + kRegisters, state.registers);
      state.pc = cpu.pc;
      ours.seen.push_back(state);
      if (ours.last == Event::halted) {
        trial.steps = i + 1;
        break;
      }
    }
    return ours;
  }

  bool is_comparable(const Processor& processor, const Cpu& cpu, std::size_t memory) const {
    if (cpu.pc + kTail >= memory) return false;
    const Instruction instruction = decode(processor.instruction_at(cpu.pc));
    if (instruction.row == nullptr) return true;
    if (instruction.row->form == Form::hal && instruction.row->op != Op::memory_size) return false;
    if (instruction.row->op != Op::shift ||
        instruction.row->kind < static_cast<std::uint8_t>(Shift::left_zeros))
      return true;
    return instruction.row->form == Form::ai ? instruction.immediate >= 0
                                             : cpu.slots[instruction.registers[2]] <= kMostShift;
  }

  int child(Trial* trials, std::size_t from) {
    const pid_t pid = fork();
    if (pid == 0) {
      if (word_.bits == 16) run_trials<std::uint16_t>(library_, trials, from);
      if (word_.bits == 32) run_trials<std::uint32_t>(library_, trials, from);
      run_trials<std::uint64_t>(library_, trials, from);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
  }

  void compare(const Trial& trial, const Ours& ours, bool stopped) {
    ASSERT_EQ(trial.done, ours.seen.size()) << ours.text;
    for (std::size_t i = 0; i < ours.seen.size(); ++i) {
      ++steps_;
      ASSERT_EQ(trial.seen[i].pc, ours.seen[i].pc) << "step " << i << "\n" << ours.text;
      for (std::size_t r = 0; r < kRegisters; ++r)
        ASSERT_EQ(trial.seen[i].registers[r], ours.seen[i].registers[r]) << "r" << r << " step " << i << "\n"
                                                                         << ours.text;
    }
    if (!stopped) {
      ASSERT_TRUE(ours.last == Event::done || ours.last == Event::halted) << ours.text;
      ASSERT_TRUE(std::equal(ours.memory.begin(), ours.memory.end(), trial.memory)) << ours.text;
      return;
    }
    ++faults_;
    ASSERT_TRUE(ours.last != Event::done && ours.last != Event::halted) << ours.text;
    // A quotient that does not fit is a signal of the host there.
    if (WIFSIGNALED(stopped_at_)) {
      ASSERT_EQ(WTERMSIG(stopped_at_), SIGFPE);
      ASSERT_EQ(ours.last, Event::arithmetic_fault);
    }
  }

  Word word_;
  std::filesystem::path library_;
  Random random_;
  int stopped_at_ = 0;
  std::size_t steps_ = 0;
  std::size_t faults_ = 0;
  std::set<std::string_view> names_;
};

class KnightDifferentialTest : public ::testing::TestWithParam<unsigned> {};

TEST_P(KnightDifferentialTest, RandomInstructionsDoWhatUpstreamsMachineDoes) {
  const auto tree = test::find_tree("stage0-vm");
  const auto library = tree ? *tree / fmt::format("libvm{}.so", GetParam()) : std::filesystem::path();
  if (!tree || !std::filesystem::exists(library))
    GTEST_SKIP() << "no stage0-vm with libvm" << GetParam() << ".so";
  const std::size_t size = kTrials * sizeof(Trial);
  void* const shared = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto* const trials = new (shared) Trial[kTrials];
  constexpr std::uint64_t kSeed = 20261201;
  Differential differential(GetParam(), library, kSeed);
  const std::size_t batches = test::long_tests() ? kLongBatches : kBatches;
  for (std::size_t batch = 0; batch < batches && !HasFatalFailure(); ++batch) {
    SCOPED_TRACE(fmt::format("seed {}, batch {}", kSeed, batch));
    differential.batch(trials);
  }
  munmap(shared, size);
  EXPECT_GT(differential.steps(), 1000 * batches / 2);
  EXPECT_GT(differential.faults(), 20 * batches);
  for (const Row& row : rows()) {
    const bool is_device = row.form == Form::hal && row.op != Op::memory_size;
    const bool is_narrow =
        GetParam() == 16 && row.kind == 4 &&
        (row.op == Op::load || row.op == Op::store || row.op == Op::push || row.op == Op::pop);
    if (!is_device && !is_narrow) {
      EXPECT_TRUE(differential.names().contains(row.name)) << row.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(WordSizes, KnightDifferentialTest, ::testing::Values(16U, 32U, 64U));

}  // namespace
}  // namespace assay::machine::knight
