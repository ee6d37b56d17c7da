// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/program_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

// A member that must be a number, or must be text.
bool get(const nlohmann::json& object, const char* name, std::uint64_t& value) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return false;
  value = found->get<std::uint64_t>();
  return true;
}
bool get(const nlohmann::json& object, const char* name, std::string& value) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return false;
  value = found->get<std::string>();
  return true;
}

}  // namespace

Result<ProgramMap> ProgramMap::parse(ByteView json, ByteView program) {
  const auto parsed = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
  const bool has_entries = parsed.is_object() && parsed.contains("entries") && parsed["entries"].is_array();
  if (!has_entries) return fail("bad-map", "not a map as --map writes it");
  const Result<machine::ElfFile> elf = machine::parse_elf(program);
  if (!elf) return tl::unexpected<Error>(elf.error());
  ProgramMap map;
  map.segments_ = elf->segments;
  std::uint64_t end = 0;
  for (const nlohmann::json& item : parsed["entries"]) {
    Entry entry;
    std::string bytes;
    std::string file;
    if (!item.is_object() || !get(item, "offset", entry.offset) || !get(item, "line", entry.line) ||
        !get(item, "bytes", bytes) || !get(item, "file", file)) {
      return fail("bad-map", "not a map as --map writes it");
    }
    entry.length = bytes.size() / 2;
    if (entry.offset != end || entry.length > program.size() - end ||
        bytes != to_hex(program.subspan(end, entry.length))) {
      return fail("map-mismatch",
                  fmt::format("the map is of another program: they differ at offset {}", end));
    }
    end += entry.length;
    const auto known = std::find(map.files_.begin(), map.files_.end(), file);
    entry.file = static_cast<std::uint32_t>(known - map.files_.begin());
    if (known == map.files_.end()) map.files_.push_back(file);
    map.entries_.push_back(entry);
  }
  if (end != program.size())
    return fail("map-mismatch",
                fmt::format("the map is of another program: it has {} bytes, not {}", end, program.size()));
  return map;
}

SourceLine ProgramMap::at(std::uint64_t address) const {
  for (const machine::ElfSegment& segment : segments_) {
    if (address < segment.address || address - segment.address >= segment.file_size) continue;
    const std::uint64_t offset = segment.offset + (address - segment.address);
    const auto after =
        std::upper_bound(entries_.begin(), entries_.end(), offset,
                         [](std::uint64_t at, const Entry& entry) { return at < entry.offset; });
    if (after == entries_.begin()) return {};
    return {files_[std::prev(after)->file], std::prev(after)->line};
  }
  return {};
}

}  // namespace assay::bootstrap
