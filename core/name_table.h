// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names as small numbers: the spellings of an assembly source, each stored once.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "core/byte_masks.h"
#include "core/large_pages.h"

namespace assay {

/// Numbers names 0, 1, 2... in order of first appearance. Names are not copied: their bytes must
/// live and stay as long as the table. Lookup is constant time whatever the names are: the hash
/// mixes every byte into all 64 bits, so names that collide in the tools' own tables do not here.
class NameTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The number of `name`, given now if it is new.
  std::uint32_t intern(std::string_view name) { return intern(Key(name, false)); }

  /// As many names as intern() takes at once.
  static constexpr std::size_t kMostAtOnce = 32;
  /// So many bytes from the start of a name are its words.
  static constexpr std::size_t kWordBytes = 24;

  /// What its bucket is found by. Never 0; differs between hosts: nothing may be ordered by it.
  static std::uint32_t hash_of(std::string_view name) { return Key(name, false).hash; }

  /// Whether `text` has kWordBytes from the start of `name` on.
  static bool has_words(std::string_view text, std::string_view name) {
    const std::size_t offset = offset_in(text, name);
    return offset <= text.size() && text.size() - offset >= kWordBytes;
  }

  /// The numbers of several names, as if one after the other. Faster where there are many names: the
  /// places in memory that all of them need are on their way before the first is looked at. `readable`: of
  /// each of them kWordBytes may be read, however short it is, as long as the table lives.
  void intern(std::span<const std::string_view> names, bool readable, std::uint32_t* numbers);

  /// `text` has been read up to `name`, and had the names from the number `first` on: when there is no room
  /// for one more, room will be made for as many as all of it is likely to have, within reason.
  void expect(std::uint32_t first, std::string_view text, std::string_view name) {
    const std::size_t done = offset_in(text, name);
    if (done > 0 && done <= text.size()) expected_ = first + std::size_t{size() - first} * text.size() / done;
  }

  /// The number of `name`; kNone if it was never interned.
  [[nodiscard]] std::uint32_t find(std::string_view name) const {
    return buckets_.empty() ? kNone : find(Key(name, false));
  }

  [[nodiscard]] std::string_view operator[](std::uint32_t number) const {
    return {names_[number].data, names_[number].size};
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  /// More than `text` has if the name is not of it.
  static std::size_t offset_in(std::string_view text, std::string_view name) {
    return reinterpret_cast<std::uintptr_t>(name.data()) - reinterpret_cast<std::uintptr_t>(text.data());
  }

  /// Names whose hashes have the low bits in common, from the first slot on; what does not fit is in the next
  /// bucket. A line of the cache: all hashes are compared at once.
  struct alignas(64) Bucket {
    static constexpr std::size_t kSlots = 8;
    [[nodiscard]] bool is_full() const { return hashes[kSlots - 1] != 0; }
    /// The slots with this hash: the first of them is the number of zeros under the lowest bit, divided by 4.
    [[nodiscard]] std::uint64_t slots_with(std::uint32_t hash) const {
      using Quad = std::uint32_t __attribute__((vector_size(16)));
      Quad first;
      Quad second;
      static_assert(sizeof first + sizeof second == sizeof hashes);
      std::memcpy(&first, hashes.data(), sizeof first);
      std::memcpy(&second, hashes.data() + kSlots / 2, sizeof second);
      return bits_of(reinterpret_cast<Mask>(first == hash)) | bits_of(reinterpret_cast<Mask>(second == hash))
                                                                  << 16;
    }
    static std::size_t first(std::uint64_t slots) {
      return static_cast<std::size_t>(std::countr_zero(slots)) / 4;
    }

    std::array<std::uint32_t, kSlots> hashes{};  ///< 0: no name
    std::array<std::uint32_t, kSlots> numbers{};
  };

  struct Name {
    const char* data;
    std::uint32_t size;
    bool readable;  ///< kWordBytes of them
  };

  /// The first kWordBytes of a name, as zeros where it is shorter: most names are no more than these, and
  /// are hashed and compared without a branch on their sizes.
  struct Words {
    Words() = default;  ///< no particular ones
    explicit Words(const Name& name);
    friend bool operator==(const Words& a, const Words& b) {
      return ((a.first ^ b.first) | (a.second ^ b.second) | (a.third ^ b.third)) == 0;
    }
    std::uint64_t first;
    std::uint64_t second;
    std::uint64_t third;
  };

  /// A name that is looked for.
  struct Key {
    Key() = default;  ///< no particular one
    Key(std::string_view spelling, bool readable)
        : name{spelling.data(), static_cast<std::uint32_t>(spelling.size()), readable},
          words(name),
          hash(hash_of(name, words)) {}
    Name name;
    Words words;
    std::uint32_t hash;
  };

  static std::uint32_t hash_of(const Name& name, const Words& words);
  static bool same(const Name& name, const Key& key);
  [[nodiscard]] std::uint32_t find(const Key& key) const;
  std::uint32_t intern(const Key& key);
  /// Makes room for so many names more.
  void make_room(std::size_t count);
  void grow();
  static void put(LargeVector<Bucket>& buckets, std::uint32_t hash, std::uint32_t number);

  static constexpr std::size_t kMostABucket = 5;  ///< of its slots, on average
  LargeVector<Name> names_;
  LargeVector<Bucket> buckets_;  ///< a power of two of them
  std::size_t expected_ = 0;
};

inline NameTable::Words::Words(const Name& name) {
  static constexpr auto kMasks = [] {
    std::array<unsigned char, 2 * kWordBytes> masks{};
    for (std::size_t i = 0; i < kWordBytes; ++i) masks[i] = 0xFF;
    return masks;
  }();
  const auto load = [](const void* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
  };
  const std::size_t size = name.size < kWordBytes ? name.size : kWordBytes;
  std::array<char, kWordBytes> copy{};
  const char* data = name.data;
  if (!name.readable) {
    if (size > 0) std::memcpy(copy.data(), data, size);
    data = copy.data();
  }
  const unsigned char* const masks = kMasks.data() + kWordBytes - size;
  first = load(data) & load(masks);
  second = load(data + 8) & load(masks + 8);
  third = load(data + 16) & load(masks + 16);
}

/// Every byte is mixed into all bits.
inline std::uint32_t NameTable::hash_of(const Name& name, const Words& words) {
  constexpr std::uint64_t kKeys[] = {0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F,
                                     0xE7037ED1A0B428DB};
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = mix(words.first ^ kKeys[0], words.second ^ kKeys[1]) ^
                       mix(words.third ^ kKeys[2], name.size ^ kKeys[3]);
  for (std::size_t done = kWordBytes; done < name.size; done += 8) {
    // The last word ends where the name does.
    std::uint64_t word = 0;
    std::memcpy(&word, name.data + (done + 8 <= name.size ? done : name.size - 8), sizeof word);
    hash = mix(hash ^ word, kKeys[1]);
  }
  const auto folded = static_cast<std::uint32_t>(hash ^ hash >> 32);
  return folded == 0 ? 1 : folded;
}

inline bool NameTable::same(const Name& name, const Key& key) {
  if (name.size != key.name.size || !(Words(name) == key.words)) return false;
  return name.size <= kWordBytes ||
         std::memcmp(name.data + kWordBytes, key.name.data + kWordBytes, name.size - kWordBytes) == 0;
}

inline std::uint32_t NameTable::find(const Key& key) const {
  constexpr std::uint64_t kSlot = 0xF;
  const std::size_t mask = buckets_.size() - 1;
  for (std::size_t at = key.hash & mask;; at = (at + 1) & mask) {
    const Bucket& bucket = buckets_[at];
    for (std::uint64_t slots = bucket.slots_with(key.hash); slots != 0;) {
      const std::size_t slot = Bucket::first(slots);
      if (same(names_[bucket.numbers[slot]], key)) return bucket.numbers[slot];
      slots &= ~(kSlot << (4 * slot));
    }
    if (!bucket.is_full()) return kNone;
  }
}

inline std::uint32_t NameTable::intern(const Key& key) {
  make_room(1);
  if (const std::uint32_t number = find(key); number != kNone) return number;
  put(buckets_, key.hash, size());
  names_.push_back(key.name);
  return size() - 1;
}

inline void NameTable::make_room(std::size_t count) {
  while (names_.size() + count > kMostABucket * buckets_.size()) grow();
}

}  // namespace assay
