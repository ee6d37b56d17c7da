// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names as small numbers: the spellings of an assembly source, each stored once.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace assay {

/// 64 well-mixed bits of some bytes. Differs between hosts: nothing may be ordered by it.
inline std::uint64_t hash_bytes(std::string_view bytes) {
  constexpr std::uint64_t kFirstKey = 0x9E3779B97F4A7C15;
  constexpr std::uint64_t kSecondKey = 0xD6E8FEB86659FD93;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = kFirstKey ^ bytes.size();
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t word = 0;
  for (; left >= 8; at += 8, left -= 8) {
    std::memcpy(&word, at, 8);
    hash = mix(hash ^ word, kSecondKey);
  }
  if (left >= 4) {  // two words of four that overlap, and are told apart from others by the size
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + left - 4, 4);
    hash = mix(hash ^ (std::uint64_t{high} << 32 | low), kSecondKey);
  } else if (left > 0) {
    word = static_cast<unsigned char>(at[0]) | std::uint64_t{static_cast<unsigned char>(at[left / 2])} << 8 |
           std::uint64_t{static_cast<unsigned char>(at[left - 1])} << 16;
    hash = mix(hash ^ word, kSecondKey);
  }
  return mix(hash ^ kSecondKey, kFirstKey);
}

/// Numbers names 0, 1, 2... in order of first appearance. Names are not copied: their bytes must
/// live and stay as long as the table. Lookup is constant time whatever the names are: the hash
/// mixes every byte into all 64 bits, so names that collide in the tools' own tables do not here.
class NameTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The number of `name`, given now if it is new.
  std::uint32_t intern(std::string_view name) {
    if (2 * names_.size() >= slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(hash_bytes(name));
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      Slot& slot = slots_[at];
      if (slot.number == kNone) {
        slot = {hash, size()};
        names_.push_back(name);
        return slot.number;
      }
      if (slot.hash == hash && same(names_[slot.number], name)) return slot.number;
    }
  }

  /// The number of `name`; kNone if it was never interned.
  [[nodiscard]] std::uint32_t find(std::string_view name) const {
    if (slots_.empty()) return kNone;
    const auto hash = static_cast<std::uint32_t>(hash_bytes(name));
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.number == kNone) return kNone;
      if (slot.hash == hash && same(names_[slot.number], name)) return slot.number;
    }
  }

  [[nodiscard]] std::string_view operator[](std::uint32_t number) const { return names_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  struct Slot {
    std::uint32_t hash = 0;  ///< also says where the slot belongs, so that growing needs no name
    std::uint32_t number = kNone;
  };

  static bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    std::size_t at = 0;
    for (; at + 8 <= a.size(); at += 8) {
      std::uint64_t left = 0;
      std::uint64_t right = 0;
      std::memcpy(&left, a.data() + at, 8);
      std::memcpy(&right, b.data() + at, 8);
      if (left != right) return false;
    }
    for (; at < a.size(); ++at) {
      if (a[at] != b[at]) return false;
    }
    return true;
  }
  void grow();

  std::vector<std::string_view> names_;
  std::vector<Slot> slots_;  ///< a power of two of them, at most half full
};

}  // namespace assay
