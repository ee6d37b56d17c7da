// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex2/symbols.h"

#include <algorithm>
#include <utility>

namespace assay::hex2 {

TokenReader::TokenReader(const Dialect& dialect) {
  ends_['\t'] = ends_['\n'] = ends_[' '] = true;
  ends_['>'] = dialect.base_rule != BaseRule::none;
  ends_[0xFC] = dialect.fc_is_end;
}

Token TokenReader::read(ByteView text, std::size_t start) const {
  std::size_t end = start;
  while (end < text.size() && !ends_[text[end]]) ++end;
  const bool open = end == text.size();
  return {as_text(text.subspan(start, end - start)), start, open ? end : end + 1, !open && text[end] == '>',
          open};
}

std::optional<Label> Labels::define(std::string_view name, const Label& label) {
  const std::uint64_t size = heap_.overhead + name.size();
  used_ += (size + heap_.rounding - 1) / heap_.rounding * heap_.rounding;
  const auto [entry, added] = labels_.try_emplace(name, label);
  if (added) return std::nullopt;
  return std::exchange(entry->second, label);
}

const Label* Labels::find(std::string_view name) const {
  const auto entry = labels_.find(name);
  return entry == labels_.end() ? nullptr : &entry->second;
}

std::vector<std::string_view> Labels::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, label] : labels_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace assay::hex2
