// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source_map.h"

#include <algorithm>

namespace assay {

const MapEntry* SourceMap::find(std::uint64_t offset) const {
  if (offset >= size_) return nullptr;
  const auto next =
      std::upper_bound(entries_.begin(), entries_.end(), offset,
                       [](std::uint64_t wanted, const MapEntry& entry) { return wanted < entry.offset; });
  return &*std::prev(next);
}

}  // namespace assay
