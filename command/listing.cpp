// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/listing.h"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

#include "command/labels.h"

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

struct Label {
  std::uint64_t address = 0;
  std::uint32_t source = 0;
  NamedPlace place;
};

std::vector<Label> labels(const Output& output, std::span<const Source> sources) {
  // The entries of each source, which follow each other in it as they do in the output.
  std::vector<std::vector<const MapEntry*>> made(sources.size());
  for (const MapEntry& entry : output.map.entries()) made[entry.span.source].push_back(&entry);
  std::vector<Label> found;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    auto next = made[i].begin();
    for (const NamedPlace& place : named_places(sources[i].bytes)) {
      next = std::find_if(next, made[i].end(),
                          [&](const MapEntry* entry) { return entry->span.offset >= place.offset; });
      std::uint64_t offset = output.bytes.size();
      if (next != made[i].end()) {
        offset = (*next)->offset;
      } else if (!made[i].empty()) {
        offset = made[i].back()->offset + made[i].back()->length;
      }
      found.push_back({output.base_address + offset, i, place});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Label& a, const Label& b) { return a.address < b.address; });
  return found;
}

nlohmann::json lines_json(const Source& source) {
  nlohmann::json lines = nlohmann::json::array();
  std::string_view rest = as_text(source.bytes);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.push_back(printable(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

}  // namespace

std::string listing(const Output& output, std::span<const Source> sources) {
  const LineFinder lines(sources);
  const std::vector<MapEntry>& entries = output.map.entries();
  std::string text;
  auto out = std::back_inserter(text);
  for (auto first = entries.begin(); first != entries.end();) {
    const std::uint64_t line = lines.position(first->span).line;
    const auto end = std::find_if(first, entries.end(), [&](const MapEntry& entry) {
      return entry.span.source != first->span.source || lines.position(entry.span).line != line;
    });
    const Source& source = sources[first->span.source];
    std::string place =
        fmt::format("{}:{}: {}", source.name, line, printable(line_of(source.bytes, first->span.offset)));
    const std::uint64_t behind = std::prev(end)->offset + std::prev(end)->length;
    for (std::uint64_t offset = first->offset; offset < behind; place.clear()) {
      const ByteView row =
          ByteView(output.bytes).subspan(offset, std::min<std::uint64_t>(behind - offset, kBytesOfARow));
      const std::string head = fmt::format("{:08x} {:08x} {:<{}}", offset, output.base_address + offset,
                                           to_hex(row), place.empty() ? 0 : 2 * kBytesOfARow + 1);
      fmt::format_to(out, "{}{}{}\n", head, place.empty() ? "" : " ", place);
      offset += row.size();
    }
    first = end;
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
  nlohmann::json names = nlohmann::json::array();
  for (const Label& label : labels(output, sources)) {
    names.push_back({{"name", printable(label.place.name)},
                     {"address", label.address},
                     {"file", sources[label.source].name},
                     {"line", lines.position({label.source, label.place.offset, 0}).line}});
  }
  nlohmann::json texts = nlohmann::json::array();
  for (const Source& source : sources)
    texts.push_back({{"file", source.name}, {"lines", lines_json(source)}});
  return {{"base", output.base_address},
          {"size", output.bytes.size()},
          {"entries", std::move(entries)},
          {"labels", std::move(names)},
          {"sources", std::move(texts)}};
}

std::string symbols(const Output& output, std::span<const Source> sources) {
  std::string text;
  for (const Label& label : labels(output, sources))
    text += fmt::format("{:08x} {}\n", label.address, printable(label.place.name));
  return text;
}

}  // namespace assay
