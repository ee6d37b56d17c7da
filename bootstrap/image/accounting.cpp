// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/accounting.h"

#include <fmt/format.h>
#include <algorithm>

namespace assay::image {

std::string_view name_of(Content content) {
  constexpr std::array<std::string_view, kContents.size()> kNames{"seed",   "source",    "listed",
                                                                  "header", "zero-fill", "unknown"};
  return kNames.at(static_cast<std::size_t>(content));
}

void Accounting::add(Extent extent, Content content, std::string what) {
  if (extent.begin > size()) add({size(), extent.begin}, Content::unknown, "between two parts");
  extent.begin = std::max(extent.begin, size());
  if (extent.end <= extent.begin) return;
  parts_.push_back({extent, content, std::move(what)});
}

std::uint64_t Accounting::bytes(Content content) const {
  std::uint64_t sum = 0;
  for (const Part& part : parts_) sum += part.content == content ? part.extent.size() : 0;
  return sum;
}

std::size_t Accounting::count(Content content) const {
  return static_cast<std::size_t>(
      std::count_if(parts_.begin(), parts_.end(), [&](const Part& part) { return part.content == content; }));
}

std::string Accounting::table() const {
  std::string text = fmt::format("{:<10} {:>15} {:>7}\n", "content", "bytes", "parts");
  for (const Content content : kContents)
    text += fmt::format("{:<10} {:>15} {:>7}\n", name_of(content), bytes(content), count(content));
  return text + fmt::format("{:<10} {:>15} {:>7}\n", "sum", size(), parts_.size());
}

bool is_readable(ByteView bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](Byte byte) {
    return byte == 0x7F || (byte < 0x20 && (byte < '\t' || byte > '\r'));
  });
}

}  // namespace assay::image
