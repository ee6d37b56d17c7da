// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/surrounding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "machine/ir/ir.h"

namespace assay::machine {
namespace {

constexpr std::uint64_t kAllFlags =
    kFlagCarry | kFlagParity | kFlagAdjust | kFlagZero | kFlagSign | kFlagOverflow;

constexpr std::array<Surrounding, 5> kAdverse{{
    {.name = "noise",
     .registers = RegisterFill::noise,
     .flags = kAllFlags,
     .dirty_stack = true,
     .stack_shift = 0x1'2340,
     .random = 1,
     .first_descriptor = 300,
     .heap = HeapPlace::far,
     .heap_distance = 0x123'4000,
     .first_process = 31337},
    {.name = "old-kernel",
     .registers = RegisterFill::ones,
     .flags = kFlagZero | kFlagParity,
     .dirty_stack = true,
     .stack_shift = 0x40,
     .auxiliary = Auxiliary::old,
     .random = 2,
     .first_descriptor = 4,
     .first_process = 2},
    {.name = "crowded",
     .registers = RegisterFill::small,
     .flags = kFlagCarry | kFlagSign,
     .stack_shift = 0x7F'0010,
     .kernel_stack = true,
     .random = 3,
     .first_descriptor = 512,
     .heap = HeapPlace::far,
     .heap_distance = 0x1000,
     .first_process = 4'194'000},
    {.name = "pointers",
     .registers = RegisterFill::pointers,
     .flags = kFlagOverflow,
     .dirty_stack = true,
     .stack_shift = 0x1000,
     .random = 4,
     .first_descriptor = 256,
     .heap = HeapPlace::far,
     .heap_distance = 0x1FF'F000,
     .first_process = 32767},
    {.name = "sparing",
     .of_linux = false,
     .string_gap = 3,
     .heap = HeapPlace::behind_image,
     .tail = PageTail::noise,
     .most_read = 4093,
     .most_write = 4093},
}};

/// What can be asked for by itself, and the row that shows how.
struct Wish {
  std::string_view name;
  void (*apply)(Surrounding& to);
};

constexpr Wish kWishes[] = {
    {"registers", [](Surrounding& to) { to.registers = RegisterFill::noise, to.flags = kAllFlags; }},
    {"stack", [](Surrounding& to) { to.dirty_stack = true, to.stack_shift = 0x1'2340; }},
    {"arguments", [](Surrounding& to) { to.string_gap = 3, to.auxiliary = Auxiliary::old, to.random = 1; }},
    {"descriptors", [](Surrounding& to) { to.first_descriptor = 300; }},
    {"heap", [](Surrounding& to) { to.heap = HeapPlace::far, to.heap_distance = 0x123'4000; }},
    {"old-heap", [](Surrounding& to) { to.heap = HeapPlace::behind_image; }},
    {"tail", [](Surrounding& to) { to.tail = PageTail::noise; }},
    {"reads", [](Surrounding& to) { to.most_read = 1; }},
    {"writes", [](Surrounding& to) { to.most_write = 1; }},
    {"processes", [](Surrounding& to) { to.first_process = 31337; }},
};

}  // namespace

std::span<const Surrounding> adverse_surroundings() { return kAdverse; }

Surrounding linux_of_today(std::uint64_t number) {
  // Addresses count modulo 4 GiB in the machine's memory: there the stack stays in the upper part.
  constexpr std::uint64_t kTurns = 4;
  constexpr std::uint64_t kTurn = std::uint64_t{1} << 32;
  constexpr std::uint64_t kMostShift = std::uint64_t{1} << 29;
  constexpr std::uint64_t kMostHeapPages = 0x2000;  // 32 MiB, as x86 has it
  constexpr std::uint32_t kFirstUser = 1000;
  const std::uint64_t first = noise(number);
  const std::uint64_t second = noise(first);
  return {.name = "linux-of-today",
          .stack_shift = first % kTurns * kTurn + (first >> 8) % kMostShift / 16 * 16,
          .kernel_stack = true,
          .random = static_cast<std::uint8_t>(second),
          .heap = HeapPlace::far,
          .heap_distance = ((second >> 8) % kMostHeapPages + 1) * 4096,
          .user = kFirstUser + static_cast<std::uint32_t>((second >> 32) % kFirstUser)};
}

Result<Surrounding> make_surrounding(std::string_view what) {
  const auto named = std::find_if(kAdverse.begin(), kAdverse.end(),
                                  [what](const Surrounding& row) { return row.name == what; });
  if (named != kAdverse.end()) return *named;
  Surrounding made;
  made.name = "adverse";
  while (!what.empty()) {
    const std::string_view word = what.substr(0, what.find(','));
    what.remove_prefix(std::min(what.size(), word.size() + 1));
    const auto wish = std::find_if(std::begin(kWishes), std::end(kWishes),
                                   [word](const Wish& one) { return one.name == word; });
    if (wish == std::end(kWishes))
      return fail("unknown-surrounding", fmt::format("nothing adverse has the name '{}'", word));
    wish->apply(made);
  }
  return made;
}

}  // namespace assay::machine
