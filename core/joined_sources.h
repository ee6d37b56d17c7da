// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several sources read as one text, for tools that see only a concatenation (core of it: no token
// ends at the border of two sources).
#pragma once

#include <span>
#include <vector>

#include "core/source.h"

namespace assay {

class JoinedSources {
 public:
  /// Copies only if there is more than one source. The bytes must outlive this.
  explicit JoinedSources(std::span<const Source> sources);
  JoinedSources(const JoinedSources&) = delete;
  JoinedSources& operator=(const JoinedSources&) = delete;

  [[nodiscard]] std::string_view text() const { return text_; }
  /// The place of `length` joined bytes at `offset`, cut at the end of the source they start in.
  [[nodiscard]] Span span(std::size_t offset, std::size_t length) const;

 private:
  std::vector<std::size_t> starts_;  ///< where each source starts in the text
  Bytes joined_;
  std::string_view text_;
};

}  // namespace assay
