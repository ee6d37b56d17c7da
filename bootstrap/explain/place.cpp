// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/place.h"

#include <fmt/format.h>
#include <charconv>

#include "bootstrap/explain/hex_text.h"
#include "bootstrap/explain/token_places.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/tree/program_check.h"
#include "command/nearest_word.h"
#include "machine/process/elf.h"

namespace assay::bootstrap {

std::optional<std::uint64_t> number_in(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> address_of(ByteView program, std::uint64_t offset) {
  const Result<machine::ElfFile> elf = machine::parse_elf(program);
  if (!elf) return std::nullopt;
  for (const machine::ElfSegment& segment : elf->segments) {
    if (offset >= segment.offset && offset - segment.offset < segment.file_size)
      return segment.address + (offset - segment.offset);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> offset_of(ByteView program, std::uint64_t address) {
  const Result<machine::ElfFile> elf = machine::parse_elf(program);
  if (!elf) return std::nullopt;
  for (const machine::ElfSegment& segment : elf->segments) {
    if (address >= segment.address && address - segment.address < segment.file_size)
      return segment.offset + (address - segment.address);
  }
  return std::nullopt;
}

std::uint64_t header_bytes(ByteView program) {
  const Result<machine::ElfFile> elf = machine::parse_elf(program);
  if (!elf) return 0;
  const std::uint64_t own = program[4] == 2 ? 64 : 52;
  return own + std::uint64_t{elf->header_size} * elf->header_count;
}

Result<PlaceInFile> place_of(Trail& trail, FileId file, std::string_view words) {
  const ByteView bytes = *trail.products()[file].bytes;
  const std::string& path = trail.products()[file].path;
  if (words.starts_with(':')) {
    const std::optional<std::uint64_t> line = number_in(words.substr(1));
    const std::vector<std::uint64_t> starts = line_starts(bytes);
    if (line && *line > 0 && *line <= starts.size())
      return PlaceInFile{starts[*line - 1], fmt::format("line {}", *line)};
    return fail("explain-no-place", fmt::format("'{}' has {} lines", printable(path), starts.size()));
  }
  if (const std::optional<std::uint64_t> value = number_in(words)) {
    if (*value < bytes.size()) return PlaceInFile{*value, "offset"};
    if (const std::optional<std::uint64_t> offset = offset_of(bytes, *value))
      return PlaceInFile{*offset, "address"};
    return fail("explain-no-place",
                fmt::format("'{}' has {} bytes, and none at 0x{:x}", printable(path), bytes.size(), *value));
  }
  const HexText& text = trail.hex_text(file);
  for (const std::string_view before : {"", "FUNCTION_", "GLOBAL_"}) {
    const HexLabel* const label = text.find(fmt::format("{}{}", before, words));
    if (label == nullptr) continue;
    if (label->at >= bytes.size())
      return fail("explain-no-place", fmt::format("label '{}' is behind the last byte of '{}'",
                                                  printable(words), printable(path)));
    return PlaceInFile{label->at, fmt::format("label {}", label->name)};
  }
  std::vector<std::string> names;
  for (const HexLabel& label : text.labels()) {
    std::string_view name = label.name;
    if (name.starts_with("FUNCTION_")) name.remove_prefix(9);
    names.emplace_back(name);
  }
  const std::string near = nearest_word(words, names);
  return fail("explain-no-place",
              fmt::format("'{}' has no label '{}'{}", printable(path), printable(words),
                          near.empty() ? "" : fmt::format(": did you mean '{}'?", printable(near))));
}

}  // namespace assay::bootstrap
