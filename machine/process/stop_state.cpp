// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/stop_state.h"

namespace assay::machine {
namespace {

constexpr std::string_view kStackName = "stack";  // of MemoryWish

}  // namespace

StopState state_at_stop(const Isa& isa, const Cpu& cpu, Stop stop, std::span<const MemoryWish> wishes,
                        const std::function<ByteView(std::uint64_t, std::uint64_t)>& view) {
  StopState state;
  state.isa = &isa;
  state.registers.assign(cpu.slots, cpu.slots + isa.registers.size());
  state.pc = cpu.pc;
  if (stop == Stop::memory_fault) state.fault_address = cpu.fault_address;
  for (const MemoryWish& wish : wishes) {
    std::uint64_t address = wish.address;
    for (std::size_t i = 0; i < isa.registers.size(); ++i) {
      if (wish.register_name == isa.registers[i] ||
          (wish.register_name == kStackName && i == static_cast<std::size_t>(isa.stack_pointer)))
        address = state.registers[i];
    }
    const ByteView bytes = view(address, wish.size);
    state.memory.push_back({address, {bytes.begin(), bytes.end()}});
  }
  return state;
}

}  // namespace assay::machine
