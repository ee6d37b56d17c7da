// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_table.h"

#include <cstring>

namespace assay {
namespace {

constexpr std::uint64_t kFirstKey = 0x9E3779B97F4A7C15;
constexpr std::uint64_t kSecondKey = 0xD6E8FEB86659FD93;
constexpr std::size_t kFirstSlots = 64;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i)
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return word;
}

std::uint64_t load_eight(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

std::uint64_t hash_bytes(std::string_view bytes) {
  std::uint64_t hash = kFirstKey ^ bytes.size();
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) hash = mix(hash ^ load_eight(at), kSecondKey);
  if (left > 0) hash = mix(hash ^ load(at, left), kSecondKey);
  return mix(hash ^ kSecondKey, kFirstKey);
}

std::uint32_t NameTable::find(std::string_view name) const {
  if (slots_.empty()) return kNone;
  const std::uint64_t hash = hash_bytes(name);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (hash >> 32) & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.number == kNone) return kNone;
    if (slot.hash == static_cast<std::uint32_t>(hash) && names_[slot.number] == name) return slot.number;
  }
}

std::uint32_t NameTable::intern(std::string_view name) {
  if (2 * (names_.size() + 1) > slots_.size()) grow();
  const std::uint64_t hash = hash_bytes(name);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (hash >> 32) & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.number == kNone) {
      slot = {static_cast<std::uint32_t>(hash), size()};
      names_.push_back(name);
      return slot.number;
    }
    if (slot.hash == static_cast<std::uint32_t>(hash) && names_[slot.number] == name) return slot.number;
  }
}

void NameTable::grow() {
  slots_.assign(slots_.empty() ? kFirstSlots : 2 * slots_.size(), Slot{});
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < size(); ++number) {
    const std::uint64_t hash = hash_bytes(names_[number]);
    std::size_t at = (hash >> 32) & mask;
    while (slots_[at].number != kNone) at = (at + 1) & mask;
    slots_[at] = {static_cast<std::uint32_t>(hash), number};
  }
}

}  // namespace assay
