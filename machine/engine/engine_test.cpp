// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An engine that is kept for another run of its program.
#include "machine/engine/engine.h"

#include <gtest/gtest.h>

namespace assay::machine {
namespace {

constexpr std::uint64_t kCode = 0x10000;
constexpr std::uint64_t kEnd = 0x12000;
constexpr std::uint8_t kAll = kPageRead | kPageWrite | kPageExecute;

// RISC-V: a0 = number; ecall; then a word of zeros.
Bytes program(unsigned number) {
  const std::uint32_t words[] = {number << 20 | 10U << 7 | 0x13, 0x73, 0};
  Bytes bytes;
  for (const std::uint32_t word : words) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<Byte>(word >> shift));
  }
  return bytes;
}

void load(Memory& memory, const Bytes& code) {
  ASSERT_TRUE(memory.reserve_image(kCode, kEnd));
  memory.load(kCode, code, kEnd - kCode, kAll);
}

std::uint64_t run(Engine& engine) {
  Cpu cpu;
  cpu.pc = kCode;
  cpu.remaining = 10;
  EXPECT_EQ(engine.run(cpu), Exit::system_call);
  EXPECT_EQ(cpu.remaining, 8U);
  return cpu.slots[10];
}

class KeptEngine : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!translator_available()) GTEST_SKIP() << "no translator on this host";
    load(*memory_, program(5));
    engine_ = make_engine(EngineKind::translator, *find_isa("riscv64"), *memory_);
    ASSERT_EQ(run(*engine_), 5U);
  }
  void start_again(const Bytes& code) {
    memory_->clear();
    load(*memory_, code);
    engine_->again();
  }
  std::unique_ptr<Memory> memory_ = *Memory::create();
  std::unique_ptr<Engine> engine_;
};

TEST_F(KeptEngine, RunsTheSameProgram) {
  ASSERT_TRUE(engine_->keep());
  start_again(program(5));
  EXPECT_EQ(run(*engine_), 5U);
}

TEST_F(KeptEngine, NoticesAnother) {
  ASSERT_TRUE(engine_->keep());
  start_again(program(6));
  EXPECT_EQ(run(*engine_), 6U);
}

TEST_F(KeptEngine, NoticesWritesToWhatItHasTranslated) {
  ASSERT_TRUE(engine_->keep());
  start_again(program(5));
  const Bytes other = program(7);
  ASSERT_TRUE(memory_->write(kCode, other.data(), 4));
  EXPECT_EQ(run(*engine_), 7U);
  EXPECT_EQ(run(*engine_), 7U);
}

TEST_F(KeptEngine, IsNotKeptWithCodeOutsideTheImage) {
  memory_->place_stack(0x80000000, 0x10000, kAll);
  const Bytes code = program(8);
  ASSERT_TRUE(memory_->write(0x80000000 - 64, code.data(), code.size()));
  Cpu cpu;
  cpu.pc = 0x80000000 - 64;
  cpu.remaining = 10;
  EXPECT_EQ(engine_->run(cpu), Exit::system_call);
  EXPECT_EQ(cpu.slots[10], 8U);
  EXPECT_FALSE(engine_->keep());
}

}  // namespace
}  // namespace assay::machine
