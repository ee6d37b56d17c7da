// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/listing.h"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

namespace assay {
namespace {

constexpr std::size_t kBytesOfARow = 8;

std::string printable(std::string_view text) {
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return (c < ' ' && c != '\t') || c > '~'; }, '.');
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  return shown;
}

/// Positions in the order of a map, where most questions are near the last one.
class LineFinder {
 public:
  explicit LineFinder(std::span<const Source> sources) : starts_(sources.size()) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const ByteView bytes = sources[i].bytes;
      starts_[i].push_back(0);
      for (std::size_t at = 0; at < bytes.size();) {
        const void* hit = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
        if (hit == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const Byte*>(hit) - bytes.data()) + 1;
        starts_[i].push_back(at);
      }
    }
  }
  [[nodiscard]] Position position(const Span& span) const {
    const std::vector<std::uint64_t>& starts = starts_[span.source];
    const auto after = std::upper_bound(starts.begin(), starts.end(), span.offset);
    const std::uint64_t start = *std::prev(after);
    return {static_cast<std::uint64_t>(after - starts.begin()), span.offset - start + 1};
  }

 private:
  std::vector<std::vector<std::uint64_t>> starts_;
};

ByteView bytes_of(const Output& output, const MapEntry& entry) {
  return ByteView(output.bytes).subspan(entry.offset, entry.length);
}

}  // namespace

std::string listing(const Output& output, std::span<const Source> sources) {
  const LineFinder lines(sources);
  std::string text;
  auto out = std::back_inserter(text);
  std::uint32_t last_source = 0;
  std::uint64_t last_line = 0;
  for (const MapEntry& entry : output.map.entries()) {
    const Source& source = sources[entry.span.source];
    const std::uint64_t line = lines.position(entry.span).line;
    std::string place;
    if (line != last_line || entry.span.source != last_source) {
      place =
          fmt::format("{}:{}: {}", source.name, line, printable(line_of(source.bytes, entry.span.offset)));
    }
    last_source = entry.span.source;
    last_line = line;
    ByteView rest = bytes_of(output, entry);
    for (std::uint64_t offset = entry.offset; !rest.empty(); place.clear()) {
      const ByteView row = rest.first(std::min(rest.size(), kBytesOfARow));
      const std::string head = fmt::format("{:08x} {:08x} {:<{}}", offset, output.base_address + offset,
                                           to_hex(row), place.empty() ? 0 : 2 * kBytesOfARow + 1);
      fmt::format_to(out, "{}{}{}\n", head, place.empty() ? "" : " ", place);
      offset += row.size();
      rest = rest.subspan(row.size());
    }
  }
  return text;
}

nlohmann::json map_json(const Output& output, std::span<const Source> sources) {
  const LineFinder lines(sources);
  nlohmann::json entries = nlohmann::json::array();
  for (const MapEntry& entry : output.map.entries()) {
    const Source& source = sources[entry.span.source];
    const Position position = lines.position(entry.span);
    const ByteView text = source.bytes.subspan(entry.span.offset, entry.span.length);
    entries.push_back({{"offset", entry.offset},
                       {"address", output.base_address + entry.offset},
                       {"bytes", to_hex(bytes_of(output, entry))},
                       {"file", source.name},
                       {"line", position.line},
                       {"column", position.column},
                       {"source_offset", entry.span.offset},
                       {"source_length", entry.span.length},
                       {"text", printable(as_text(text))}});
  }
  return {{"base", output.base_address}, {"size", output.bytes.size()}, {"entries", std::move(entries)}};
}

}  // namespace assay
