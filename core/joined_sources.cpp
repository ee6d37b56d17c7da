// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/joined_sources.h"

#include <algorithm>

namespace assay {

JoinedSources::JoinedSources(std::span<const Source> sources) {
  if (sources.size() == 1) {
    starts_.push_back(0);
    text_ = as_text(sources[0].bytes);
    return;
  }
  for (const Source& source : sources) {
    starts_.push_back(joined_.size());
    joined_.insert(joined_.end(), source.bytes.begin(), source.bytes.end());
  }
  text_ = as_text(joined_);
}

Span JoinedSources::span(std::size_t offset, std::size_t length) const {
  if (starts_.empty()) return {};
  // The last source that starts at or before `offset`, but never an empty one when bytes follow.
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto source = static_cast<std::size_t>(after - starts_.begin()) - 1;
  const std::size_t end = after == starts_.end() ? text_.size() : *after;
  return {static_cast<std::uint32_t>(source), offset - starts_[source], std::min(length, end - offset)};
}

}  // namespace assay
