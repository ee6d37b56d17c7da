// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source.h"

#include <algorithm>

namespace assay {

Position position_of(ByteView text, std::uint64_t offset) {
  const std::string_view before = as_text(text.first(std::min<std::uint64_t>(offset, text.size())));
  const auto lines = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t last = before.rfind('\n');
  const std::size_t start = last == std::string_view::npos ? 0 : last + 1;
  return {lines + 1, before.size() - start + 1};
}

std::string_view line_of(ByteView text, std::uint64_t offset) {
  const std::string_view all = as_text(text);
  const std::size_t at = std::min<std::uint64_t>(offset, all.size());
  const std::size_t last = at == 0 ? std::string_view::npos : all.rfind('\n', at - 1);
  const std::size_t start = last == std::string_view::npos ? 0 : last + 1;
  return all.substr(start, all.find('\n', at) - start);
}

}  // namespace assay
