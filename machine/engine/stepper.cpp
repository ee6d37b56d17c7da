// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/stepper.h"

#include <algorithm>
#include <array>

namespace assay::machine {
namespace {

constexpr std::size_t kMostLength = 16;

}  // namespace

Stepper::Stepper(const Isa& isa, Memory& memory, Observer& observer, std::uint32_t image)
    : isa_(isa), observer_(observer), image_(image), interpreter_(isa, memory, 1) {}

Exit Stepper::run(Cpu& cpu) {
  std::array<Byte, kMostLength> copy{};  // the instruction may overwrite itself
  while (cpu.remaining > 0) {
    const std::uint64_t pc = cpu.pc;
    const ByteView bytes =
        interpreter_.instruction_at(pc).first(std::min(interpreter_.instruction_at(pc).size(), kMostLength));
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    const Instruction instruction{image_, isa_, cpu, pc, ByteView(copy).first(bytes.size())};
    if (!observer_.before(instruction)) return Exit::observer;
    const std::uint64_t remaining = cpu.remaining;
    const Exit exit = interpreter_.step_known(cpu);
    if (cpu.remaining < remaining) observer_.after(instruction);
    if (exit != Exit::no_budget) return exit;
  }
  return Exit::no_budget;
}

}  // namespace assay::machine
