// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names as small numbers: the spellings of an assembly source, each stored once.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace assay {

inline std::uint64_t load_word(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

inline std::uint32_t load_half(const char* from) {
  std::uint32_t half = 0;
  std::memcpy(&half, from, sizeof half);
  return half;
}

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
  const char* const at = bytes.data();
  const std::size_t size = bytes.size();
  // Words that overlap; the size tells them apart.
  if (size >= 8) {
    for (std::size_t done = 8; done < size; done += 8)
      hash = mix(hash ^ load_word(at + done - 8), kSecondKey);
    hash ^= load_word(at + size - 8);
  } else if (size >= 4) {
    hash ^= std::uint64_t{load_half(at)} << 32 | load_half(at + size - 4);
  } else if (size > 0) {
    hash ^= static_cast<unsigned char>(at[0]) | std::uint64_t{static_cast<unsigned char>(at[size / 2])} << 8 |
            std::uint64_t{static_cast<unsigned char>(at[size - 1])} << 16;
  }
  hash = mix(hash, kSecondKey);
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
    return intern(name, static_cast<std::uint32_t>(hash_bytes(name)));
  }

  /// As many names as intern() takes at once.
  static constexpr std::size_t kMostAtOnce = 32;

  /// The numbers of several names, as if one after the other. Faster where there are many names: the
  /// places in memory that all of them need are on their way before the first is looked at.
  void intern(std::span<const std::string_view> names, std::uint32_t* numbers);

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

  std::uint32_t intern(std::string_view name, std::uint32_t hash) {
    if (2 * names_.size() >= slots_.size()) grow();
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

  static bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    const std::size_t size = a.size();
    if (size >= 8) {
      for (std::size_t done = 8; done < size; done += 8) {
        if (load_word(a.data() + done - 8) != load_word(b.data() + done - 8)) return false;
      }
      return load_word(a.data() + size - 8) == load_word(b.data() + size - 8);
    }
    if (size >= 4) {
      return load_half(a.data()) == load_half(b.data()) &&
             load_half(a.data() + size - 4) == load_half(b.data() + size - 4);
    }
    for (std::size_t at = 0; at < size; ++at) {
      if (a[at] != b[at]) return false;
    }
    return true;
  }
  void grow();

  std::vector<std::string_view> names_;
  std::vector<Slot> slots_;  ///< a power of two of them, at most half full
};

}  // namespace assay
