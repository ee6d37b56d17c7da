// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_table.h"

#include <array>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kFirstBuckets = 8;
constexpr std::size_t kMostGrowth = 8;

}  // namespace

void NameTable::intern(std::span<const std::string_view> names, bool readable, std::uint32_t* numbers) {
  make_room(names.size());
  const std::size_t mask = buckets_.size() - 1;
  std::array<Key, kMostAtOnce> keys;
  for (std::size_t i = 0; i < names.size(); ++i) {
    keys[i] = Key(names[i], readable);
    __builtin_prefetch(&buckets_[keys[i].hash & mask]);
  }
  const std::uint32_t known = size();
  std::array<std::uint32_t, kMostAtOnce> likely;  // `known`: none
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Bucket& bucket = buckets_[keys[i].hash & mask];
    const std::uint64_t slots = bucket.slots_with(keys[i].hash);
    likely[i] = slots == 0 ? known : bucket.numbers[Bucket::first(slots)];
    __builtin_prefetch(names_.data() + likely[i]);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool found = likely[i] < known && same(names_[likely[i]], keys[i]);
    numbers[i] = found ? likely[i] : intern(keys[i]);
  }
}

void NameTable::put(LargeVector<Bucket>& buckets, std::uint32_t hash, std::uint32_t number) {
  const std::size_t mask = buckets.size() - 1;
  std::size_t at = hash & mask;
  while (buckets[at].is_full()) at = (at + 1) & mask;
  Bucket& bucket = buckets[at];
  const std::size_t slot = Bucket::first(bucket.slots_with(0));
  bucket.hashes[slot] = hash;
  bucket.numbers[slot] = number;
}

void NameTable::grow() {
  std::size_t count = buckets_.empty() ? kFirstBuckets : 2 * buckets_.size();
  while (count < kMostGrowth * buckets_.size() && kMostABucket * count < expected_) count *= 2;
  names_.reserve(kMostABucket * count);
  LargeVector<Bucket> grown(count);
  for (const Bucket& bucket : buckets_) {
    for (std::size_t slot = 0; slot < Bucket::kSlots && bucket.hashes[slot] != 0; ++slot) {
      put(grown, bucket.hashes[slot], bucket.numbers[slot]);
    }
  }
  buckets_ = std::move(grown);
}

}  // namespace assay
