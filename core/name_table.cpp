// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_table.h"

#include <array>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kFirstSlots = 64;

}  // namespace

void NameTable::intern(std::span<const std::string_view> names, std::uint32_t* numbers) {
  while (2 * (names_.size() + names.size()) >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::array<std::uint32_t, kMostAtOnce> hashes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    hashes[i] = static_cast<std::uint32_t>(hash_bytes(names[i]));
    __builtin_prefetch(&slots_[hashes[i] & mask]);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::uint32_t likely = slots_[hashes[i] & mask].number;
    numbers[i] = likely == kNone ? 0 : likely;
    __builtin_prefetch(names_.data() + numbers[i]);
  }
  if (!names_.empty()) {
    for (std::size_t i = 0; i < names.size(); ++i) __builtin_prefetch(names_[numbers[i]].data());
  }
  for (std::size_t i = 0; i < names.size(); ++i) numbers[i] = intern(names[i], hashes[i]);
}

void NameTable::grow() {
  const std::size_t count = slots_.empty() ? kFirstSlots : 2 * slots_.size();
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(count));
  const std::size_t mask = count - 1;
  for (const Slot& slot : old) {
    if (slot.number == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace assay
