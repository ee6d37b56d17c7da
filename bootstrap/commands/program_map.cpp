// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/program_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

using Json = nlohmann::json;

// A member that must be a number, or must be text.
bool get(const Json& object, const char* name, std::uint64_t& value) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return false;
  value = found->get<std::uint64_t>();
  return true;
}
bool get(const Json& object, const char* name, std::string& value) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return false;
  value = found->get<std::string>();
  return true;
}

const Json& array_of(const Json& object, const char* name) {
  static const Json kNone = Json::array();
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : kNone;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes(digits.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* const first = digits.data() + 2 * i;
    unsigned value = 0;
    if (std::from_chars(first, first + 2, value, 16).ptr != first + 2) return std::nullopt;
    bytes[i] = static_cast<char>(value);
  }
  return bytes;
}

/// As a map shows a line of this text.
bool shows(std::string_view shown, std::string_view text) {
  return std::equal(shown.begin(), shown.end(), text.begin(), text.end(), [](char a, char b) {
    return a == b || (a == '.' && (b < ' ' || b > '~')) || (a == ' ' && b == '\t');
  });
}

tl::unexpected<Error> bad_map() { return fail("bad-map", "not a map as --map writes it"); }

}  // namespace

Result<ProgramMap> ProgramMap::parse(ByteView json) {
  const Json parsed = Json::parse(json.begin(), json.end(), nullptr, false);
  if (!parsed.is_object() || !parsed.contains("entries")) return bad_map();
  ProgramMap map;
  std::uint64_t base = 0;
  if (!get(parsed, "base", base)) return bad_map();
  std::map<std::string, std::uint32_t> numbers;
  for (const Json& item : array_of(parsed, "sources")) {
    Text text;
    if (!item.is_object() || !get(item, "file", text.file)) return bad_map();
    for (const Json& line : array_of(item, "lines"))
      text.lines.push_back(line.is_string() ? line.get<std::string>() : "");
    numbers.emplace(text.file, static_cast<std::uint32_t>(map.texts_.size()));
    map.texts_.push_back(std::move(text));
  }
  for (const Json& item : array_of(parsed, "entries")) {
    Entry entry;
    std::string bytes;
    std::string file;
    if (!item.is_object() || !get(item, "offset", entry.offset) || !get(item, "line", entry.line) ||
        !get(item, "bytes", bytes) || !get(item, "file", file) ||
        !get(item, "source_offset", entry.source_offset) ||
        !get(item, "source_length", entry.source_length)) {
      return bad_map();
    }
    const std::optional<std::string> made = from_hex(bytes);
    const auto known = numbers.find(file);
    if (!made || known == numbers.end() || entry.offset != map.bytes_.size()) return bad_map();
    entry.length = made->size();
    entry.file = known->second;
    map.bytes_ += *made;
    map.entries_.push_back(entry);
  }
  for (const Json& item : array_of(parsed, "labels")) {
    std::string name;
    std::uint64_t address = 0;
    if (!item.is_object() || !get(item, "name", name) || !get(item, "address", address)) return bad_map();
    map.labels_.emplace(std::move(name), address - base);
  }
  return map;
}

Result<bool> ProgramMap::look_into(const std::string& file, const std::shared_ptr<ProgramMap>& inner) {
  for (Text& text : texts_) {
    if (text.file != file) {
      if (text.inner == nullptr) continue;
      Result<bool> within = text.inner->look_into(file, inner);
      if (!within || *within) return within;
      continue;
    }
    std::string_view rest = inner->bytes_;
    for (const std::string& line : text.lines) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      if (!shows(line, rest.substr(0, end)))
        return fail("map-mismatch", fmt::format("the map is of another text than '{}'", file));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    text.inner = inner;
    return true;
  }
  return false;
}

Result<void> ProgramMap::bind(ByteView program, ProgramForm form) {
  if (form == ProgramForm::memory) {
    segments_ = {
        {.offset = 0, .address = 0, .file_size = program.size(), .memory_size = program.size(), .flags = 0}};
  } else {
    const Result<machine::ElfFile> elf = machine::parse_elf(program);
    if (!elf) return tl::unexpected<Error>(elf.error());
    segments_ = elf->segments;
  }
  const std::string_view wanted = as_text(program);
  const auto [end, other] = std::mismatch(bytes_.begin(), bytes_.end(), wanted.begin(), wanted.end());
  if (end != bytes_.end())
    return fail("map-mismatch",
                fmt::format("the map is of another program: they differ at offset {}", end - bytes_.begin()));
  if (other != wanted.end())
    return fail("map-mismatch", fmt::format("the map is of another program: it has {} bytes, not {}",
                                            bytes_.size(), wanted.size()));
  return {};
}

const ProgramMap::Entry* ProgramMap::entry_at(std::uint64_t offset) const {
  const auto after = std::upper_bound(entries_.begin(), entries_.end(), offset,
                                      [](std::uint64_t at, const Entry& entry) { return at < entry.offset; });
  if (after == entries_.begin() || offset >= bytes_.size()) return nullptr;
  return &*std::prev(after);
}

SourceLine ProgramMap::line_at(const Entry& entry, std::uint64_t offset) const {
  const Text& text = texts_[entry.file];
  if (text.inner != nullptr) {
    // What was copied is followed byte by byte; what was made out of a word, to the word.
    const bool copied = entry.length == entry.source_length;
    const std::uint64_t at = entry.source_offset + (copied ? offset - entry.offset : 0);
    if (const Entry* const found = text.inner->entry_at(at)) return text.inner->line_at(*found, at);
  }
  const bool has_text = entry.line != 0 && entry.line <= text.lines.size();
  return {text.file, entry.line, has_text ? text.lines[entry.line - 1] : ""};
}

SourceLine ProgramMap::at(std::uint64_t address) const {
  for (const machine::ElfSegment& segment : segments_) {
    if (address < segment.address || address - segment.address >= segment.file_size) continue;
    const std::uint64_t offset = segment.offset + (address - segment.address);
    const Entry* const entry = entry_at(offset);
    return entry == nullptr ? SourceLine{} : line_at(*entry, offset);
  }
  return {};
}

std::vector<MappedBytes> ProgramMap::bytes() const {
  std::vector<MappedBytes> all;
  for (const machine::ElfSegment& segment : segments_) {
    for (const Entry& entry : entries_) {
      if (entry.offset < segment.offset || entry.offset - segment.offset >= segment.file_size) continue;
      all.push_back(
          {segment.address + (entry.offset - segment.offset), entry.length, line_at(entry, entry.offset)});
    }
  }
  return all;
}

std::optional<std::uint64_t> ProgramMap::offset_of(const std::string& place) const {
  if (const auto label = labels_.find(place); label != labels_.end()) return label->second;
  const std::size_t colon = place.rfind(':');
  std::uint64_t line = 0;
  if (colon == std::string::npos ||
      std::from_chars(place.data() + colon + 1, place.data() + place.size(), line).ptr !=
          place.data() + place.size()) {
    return std::nullopt;
  }
  const SourceLine wanted{place.substr(0, colon), line, ""};
  for (const Entry& entry : entries_) {
    if (line_at(entry, entry.offset) == wanted) return entry.offset;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ProgramMap::address_of(const std::string& place) const {
  const std::optional<std::uint64_t> offset = offset_of(place);
  if (!offset) return std::nullopt;
  for (const machine::ElfSegment& segment : segments_) {
    if (*offset >= segment.offset && *offset - segment.offset < segment.file_size)
      return segment.address + (*offset - segment.offset);
  }
  return std::nullopt;
}

std::vector<std::string> ProgramMap::labels() const {
  std::vector<std::string> names;
  for (const auto& [name, address] : labels_) names.push_back(name);
  return names;
}

}  // namespace assay::bootstrap
