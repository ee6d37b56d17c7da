// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random code: the first byte chooses the instruction set and whether the code may overwrite itself, the rest
// is code. Both engines run it for a while and must agree on everything but the flags, which the translator
// does not keep where nothing reads them. (Where a store may make something read them after all,
// translator.h's known limit, only the crash is looked for.)
#include <algorithm>

#include "fuzz/fuzz_output.h"
#include "machine/engine/engine.h"
#include "machine/process/elf.h"

namespace {

using namespace assay;
using namespace assay::machine;

constexpr std::uint64_t kCode = 0x10000;
constexpr std::uint64_t kData = 0x20000;
constexpr std::uint64_t kEnd = 0x24000;
constexpr std::uint64_t kMiddle = 0x22000;
constexpr std::size_t kMostCode = 4096;
constexpr std::uint64_t kInstructions = 2000;
constexpr unsigned kSystemCalls = 20;

/// One engine with its own memory.
class Run {
 public:
  Run() : memory_(std::move(Memory::create().value())) {}

  void start(EngineKind kind, const Isa& isa, ByteView code, bool writable) {
    engine_.reset();
    memory_->clear();
    fuzz::demand(memory_->reserve_image(kCode, kEnd));
    memory_->load(kCode, code, kMostCode,
                  static_cast<std::uint8_t>(kPageRead | kPageExecute | (writable ? kPageWrite : 0)));
    memory_->load(kData, {}, kEnd - kData, kPageRead | kPageWrite);
    memory_->place_stack(0x7FFF0000, kStackLimit, kPageRead | kPageWrite);
    memory_->place_heap(memory_->image_high(), kPageRead | kPageWrite);
    cpu = Cpu{};
    for (std::size_t i = 0; i < isa.registers.size(); ++i) {
      // "df" and "q" hold one bit.
      if (isa.registers[i] == "df" || isa.registers[i] == "q" || i == isa.zero) continue;
      cpu.slots[i] = i % 4 == 3 ? 0xFFFF'FFF0U + i : kMiddle + 40 * i;
    }
    cpu.pc = kCode;
    cpu.remaining = kInstructions;
    engine_ = make_engine(kind, isa, *memory_);
    for (unsigned calls = 0; calls < kSystemCalls; ++calls) {
      exit = engine_->run(cpu);
      if (exit != Exit::system_call) break;
      cpu.slots[isa.call_result] = calls;
    }
  }
  ByteView image() { return memory_->view(kCode, kMostCode); }
  ByteView data() { return memory_->view(kData, kEnd - kData); }

  Cpu cpu;
  Exit exit = Exit::no_budget;

 private:
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto isas = all_isas();
  const Isa& isa = *isas[data[0] % isas.size()];
  const bool writable = data[0] >= 128;
  const ByteView code(data + 1, std::min(size - 1, kMostCode));
  (void)to_text(
      isa, translate(isa, kCode, 32, [&](std::uint64_t pc, std::size_t most) {
        if (pc < kCode || pc - kCode >= code.size()) return ByteView{};
        return code.subspan(pc - kCode).first(std::min<std::size_t>(most, code.size() - (pc - kCode)));
      }));
  static Run one;
  static Run other;
  one.start(EngineKind::interpreter, isa, code, writable);
  other.start(EngineKind::translator, isa, code, writable);
  if (writable && !isa.flag_letters.empty()) return 0;
  fuzz::demand(one.exit == other.exit && one.cpu.pc == other.cpu.pc &&
               one.cpu.remaining == other.cpu.remaining);
  fuzz::demand(std::equal(one.cpu.slots, one.cpu.slots + isa.registers.size(),
                          static_cast<const std::uint64_t*>(other.cpu.slots)));
  fuzz::demand(one.exit != Exit::memory_fault || one.cpu.fault_address == other.cpu.fault_address);
  const auto same = [](ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); };
  fuzz::demand(same(one.image(), other.image()) && same(one.data(), other.data()));
  return 0;
}
