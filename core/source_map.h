// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Provenance inside one step: which source text made which output bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/source.h"

namespace assay {

/// `length` output bytes at `offset`, made by `span`. Addresses are output offset + base of the map.
struct MapEntry {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  Span span;

  friend bool operator==(const MapEntry&, const MapEntry&) = default;
};

/// Entries in order of output offset, without gaps or overlaps: they account for every output byte.
class SourceMap {
 public:
  /// Appends `length` output bytes made by `span`.
  void add(std::uint64_t length, Span span) {
    if (length == 0) return;
    entries_.push_back({size_, length, span});
    size_ += length;
  }

  /// The entry that made the byte at `offset`; nothing past the end.
  [[nodiscard]] const MapEntry* find(std::uint64_t offset) const;

  [[nodiscard]] const std::vector<MapEntry>& entries() const { return entries_; }
  /// Bytes accounted for.
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  std::vector<MapEntry> entries_;
  std::uint64_t size_ = 0;
};

}  // namespace assay
