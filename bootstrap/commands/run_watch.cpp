// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/run_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "command/nearest_word.h"
#include "machine/engine/engine.h"

namespace assay::bootstrap {
namespace {

using Json = nlohmann::ordered_json;

void add_place(Json& json, const SourceLine& place) {
  if (place.line == 0) return;
  json["file"] = place.file;
  json["line"] = place.line;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

Result<bool> SourceLines::add_text(const std::string& name, const std::shared_ptr<ProgramMap>& map) {
  for (const Given& given : given_) {
    Result<bool> added = given.map->look_into(name, map);
    if (!added || *added) return added;
  }
  return false;
}

void SourceLines::add(std::string path, std::shared_ptr<ProgramMap> map) {
  given_.push_back({std::move(path), std::move(map), nullptr});
}

Result<void> SourceLines::started(const machine::ImageRecord& image) {
  for (Given& given : given_) {
    if (given.path.empty() ? image.index != 0 : given.path != image.program) continue;
    if (given.program == nullptr || *given.program != *image.program_bytes) {
      if (Result<void> bound = given.map->bind(*image.program_bytes, form_); !bound) return bound;
      given.program = image.program_bytes;
    }
    by_image_.emplace(image.index, given.map);
  }
  return {};
}

const ProgramMap* SourceLines::map_of(std::uint32_t image) const {
  const auto found = by_image_.find(image);
  return found == by_image_.end() ? nullptr : found->second.get();
}

SourceLine SourceLines::at(std::uint32_t image, std::uint64_t address) const {
  const ProgramMap* const map = map_of(image);
  return map == nullptr ? SourceLine{} : map->at(address);
}

bool SourceLines::has_place(const std::string& place) const {
  return std::any_of(given_.begin(), given_.end(),
                     [&](const Given& given) { return given.map->offset_of(place).has_value(); });
}

std::optional<std::uint64_t> SourceLines::address_of(const std::string& place) const {
  for (const Given& given : given_) {
    if (const std::optional<std::uint64_t> address = given.map->address_of(place)) return address;
  }
  return std::nullopt;
}

std::string SourceLines::nearest_label(const std::string& place) const {
  std::vector<std::string> known;
  for (const Given& given : given_) {
    const std::vector<std::string> labels = given.map->labels();
    known.insert(known.end(), labels.begin(), labels.end());
  }
  return nearest_word(place, known);
}

std::string SourceLines::text(std::uint32_t image, std::uint64_t address) const {
  const SourceLine place = at(image, address);
  return place.line == 0 ? "" : fmt::format("{}:{}", place.file, place.line);
}

void RunWatch::started(const machine::ImageRecord& image) {
  if (wishes_.coverage) coverage_.started(image);
  const ProgramMap* const map = lines_.map_of(image.index);
  if (map == nullptr || wishes_.named_breaks.empty()) return;
  std::set<std::uint64_t>& breaks = breaks_[image.index] = wishes_.breaks;
  for (const std::string& place : wishes_.named_breaks) {
    if (const std::optional<std::uint64_t> address = map->address_of(place)) breaks.insert(*address);
  }
}

const std::set<std::uint64_t>& RunWatch::breaks_of(std::uint32_t image) const {
  const auto found = breaks_.find(image);
  return found == breaks_.end() ? wishes_.breaks : found->second;
}

std::uint64_t RunWatch::unobserved(const machine::ImageRecord& image) {
  const bool traces =
      !cut_ && (wishes_.trace == TraceKind::instructions || wishes_.trace == TraceKind::blocks);
  return traces || wishes_.coverage || !breaks_of(image.index).empty()
             ? 0
             : std::numeric_limits<std::uint64_t>::max();
}

bool RunWatch::before(const machine::Instruction& instruction) {
  if (wishes_.trace == TraceKind::instructions && !cut_) {
    const std::uint64_t* const slots = instruction.cpu.slots;
    registers_.assign(slots, slots + instruction.isa.registers.size());
  }
  return !breaks_of(instruction.image).contains(instruction.pc);
}

void RunWatch::after(const machine::Instruction& instruction) {
  if (wishes_.coverage) coverage_.ran(instruction);
  if (cut_) return;
  if (wishes_.trace == TraceKind::instructions) trace_instruction(instruction);
  if (wishes_.trace == TraceKind::blocks) trace_block(instruction);
}

void RunWatch::trace_instruction(const machine::Instruction& instruction) {
  const machine::Isa& isa = instruction.isa;
  const std::string bytes = to_hex(instruction.bytes);
  if (wishes_.json) {
    Json line = {{"event", "instruction"},
                 {"image", instruction.image},
                 {"address", instruction.pc},
                 {"bytes", bytes},
                 {"changed", Json::object()}};
    for (std::size_t i = 0; i < registers_.size(); ++i) {
      if (const std::uint64_t value = instruction.cpu.slots[i]; value != registers_[i])
        line["changed"][std::string(isa.registers[i])] = value;
    }
    add_place(line, lines_.at(instruction.image, instruction.pc));
    return emit(dump(line));
  }
  std::string line = fmt::format("[{}] {:#x}: {}", instruction.image, instruction.pc, bytes);
  for (std::size_t i = 0; i < registers_.size(); ++i) {
    if (const std::uint64_t value = instruction.cpu.slots[i]; value != registers_[i])
      line += fmt::format(" {}={:#x}", isa.registers[i], value);
  }
  const std::string place = lines_.text(instruction.image, instruction.pc);
  emit(place.empty() ? line : line + "  " + place);
}

// A line where control has come from elsewhere than the instruction before.
void RunWatch::trace_block(const machine::Instruction& instruction) {
  const bool follows = instruction.image == last_image_ && instruction.pc == follows_;
  last_image_ = instruction.image;
  follows_ = instruction.pc + instruction.bytes.size();
  if (follows) return;
  if (wishes_.json) {
    Json line = {{"event", "block"}, {"image", instruction.image}, {"address", instruction.pc}};
    add_place(line, lines_.at(instruction.image, instruction.pc));
    return emit(dump(line));
  }
  const std::string place = lines_.text(instruction.image, instruction.pc);
  emit(fmt::format("[{}] {:#x}{}{}", instruction.image, instruction.pc, place.empty() ? "" : "  ", place));
}

void RunWatch::system_call(const machine::ImageRecord& image, std::string_view text) {
  if (wishes_.trace != TraceKind::system_calls || cut_) return;
  if (wishes_.json)
    return emit(dump({{"event", "system-call"}, {"image", image.index}, {"text", std::string(text)}}));
  emit(fmt::format("[{}] {}", image.index, text));
}

void RunWatch::emit(std::string_view line) {
  if (written_ < wishes_.trace_limit) {
    ++written_;
    return write_(line);
  }
  cut_ = true;
  write_(wishes_.json ? dump({{"event", "cut"}, {"lines", written_}})
                      : fmt::format("trace cut after {} lines (--trace-limit)", written_));
}

namespace {

struct NeverRan {
  std::uint64_t address = 0;  ///< of its first byte
  SourceLine line;
};

/// The lines of which no byte ran as an instruction: code that was not reached, and data.
std::vector<NeverRan> never_ran(const machine::Coverage::Program& program, const ProgramMap& map) {
  const std::vector<machine::Coverage::Row>& rows = program.rows;
  std::map<std::pair<std::string, std::uint64_t>, bool> ran;
  std::vector<NeverRan> lines;
  for (const MappedBytes& bytes : map.bytes()) {
    const auto next = std::lower_bound(rows.begin(), rows.end(), bytes.address,
                                       [](const machine::Coverage::Row& row, std::uint64_t at) {
                                         return row.address + row.bytes.size() <= at;
                                       });
    const bool met = next != rows.end() && next->address < bytes.address + bytes.length;
    const auto [line, fresh] = ran.try_emplace({bytes.line.file, bytes.line.line}, met);
    line->second = line->second || met;
    if (fresh) lines.push_back({bytes.address, bytes.line});
  }
  std::erase_if(lines, [&](const NeverRan& row) { return ran[{row.line.file, row.line.line}]; });
  return lines;
}

}  // namespace

std::string coverage_text(const machine::Coverage& coverage, const SourceLines& lines) {
  std::string text;
  for (const machine::Coverage::Program& program : coverage.programs()) {
    text += fmt::format("program {} ({}): {} instructions, run {} times in all\n", program.path,
                        program.isa == nullptr ? "not run" : program.isa->name, program.rows.size(),
                        program.count);
    for (const machine::Coverage::Row& row : program.rows) {
      text += fmt::format("{:#x}  {:<16} {:>12}", row.address, to_hex(row.bytes), row.count);
      const SourceLine place = lines.at(program.image, row.address);
      text += place.line == 0 ? "\n" : fmt::format("  {}:{}  {}\n", place.file, place.line, place.text);
    }
    const ProgramMap* const map = lines.map_of(program.image);
    if (map == nullptr) continue;
    const std::vector<NeverRan> rest = never_ran(program, *map);
    text += fmt::format("lines of which nothing ran, data among them: {}\n", rest.size());
    for (const NeverRan& row : rest)
      text += fmt::format("{:#x}  {}:{}  {}\n", row.address, row.line.file, row.line.line, row.line.text);
  }
  return text;
}

std::string coverage_json(const machine::Coverage& coverage, const SourceLines& lines) {
  Json programs = Json::array();
  for (const machine::Coverage::Program& program : coverage.programs()) {
    Json rows = Json::array();
    for (const machine::Coverage::Row& row : program.rows) {
      Json entry = {{"address", row.address}, {"bytes", to_hex(row.bytes)}, {"count", row.count}};
      add_place(entry, lines.at(program.image, row.address));
      rows.push_back(std::move(entry));
    }
    programs.push_back({{"program", program.path},
                        {"isa", program.isa == nullptr ? "" : std::string(program.isa->name)},
                        {"count", program.count},
                        {"instructions", std::move(rows)}});
    const ProgramMap* const map = lines.map_of(program.image);
    if (map == nullptr) continue;
    Json rest = Json::array();
    for (const NeverRan& row : never_ran(program, *map))
      rest.push_back({{"address", row.address},
                      {"file", row.line.file},
                      {"line", row.line.line},
                      {"text", row.line.text}});
    programs.back()["never_ran"] = std::move(rest);
  }
  return Json{{"programs", std::move(programs)}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

/// Rows of sixteen bytes, as numbers and as letters.
std::string memory_text(const machine::SeenMemory& seen, int digits) {
  constexpr std::size_t kRow = 16;
  std::string text =
      fmt::format("memory at {:#x}:{}\n", seen.address, seen.bytes.empty() ? " none that can be read" : "");
  for (std::size_t at = 0; at < seen.bytes.size(); at += kRow) {
    const ByteView row = ByteView(seen.bytes).subspan(at, std::min(kRow, seen.bytes.size() - at));
    std::string bytes;
    std::string letters;
    for (const Byte byte : row) {
      bytes += fmt::format(" {:02x}", byte);
      letters += byte < ' ' || byte > '~' ? '.' : static_cast<char>(byte);
    }
    text += fmt::format("  {:0{}x} {:<{}}  {}\n", seen.address + at, digits, bytes, 3 * kRow, letters);
  }
  return text;
}

}  // namespace

std::string stop_report(const machine::ImageRecord& image, const machine::StopState& state,
                        const std::vector<machine::RecentInstruction>& recent, const SourceLines& lines) {
  constexpr std::size_t kRegistersInLine = 4;
  const machine::Isa& isa = *state.isa;
  std::string text = fmt::format("registers of '{}' (image {}, {}) after {} instructions:\n", image.program,
                                 image.index, isa.name, image.instructions);
  const int digits = isa.address_bits / 4;
  for (std::size_t i = 0; i < state.registers.size(); ++i) {
    text += fmt::format("  {:>9} {:0{}x}", isa.registers[i], state.registers[i], digits);
    if (i % kRegistersInLine == kRegistersInLine - 1 || i + 1 == state.registers.size()) text += '\n';
  }
  text += fmt::format("  {:>9} {:0{}x}", "pc", state.pc, digits);
  constexpr std::uint64_t kFlags[] = {machine::kFlagCarry, machine::kFlagParity, machine::kFlagAdjust,
                                      machine::kFlagZero,  machine::kFlagSign,   machine::kFlagOverflow};
  if (!isa.flag_letters.empty()) {
    text += fmt::format("  {:>9} ", "flags");
    for (std::size_t i = 0; i < isa.flag_letters.size(); ++i) {
      if (isa.flag_letters[i] != '-') text += (state.flags & kFlags[i]) != 0 ? isa.flag_letters[i] : '-';
    }
  }
  text += '\n';
  if (state.fault_address) text += fmt::format("fault address: {:#x}\n", *state.fault_address);
  if (!recent.empty()) text += "last instructions ('>' is the one that was not done):\n";
  for (const machine::RecentInstruction& instruction : recent) {
    const SourceLine place = lines.at(image.index, instruction.pc);
    text +=
        fmt::format("{} {:0{}x}  {}{}\n", instruction.done ? ' ' : '>', instruction.pc, digits,
                    instruction.bytes.empty() ? "(nothing)" : to_hex(instruction.bytes),
                    place.line == 0 ? "" : fmt::format("  {}:{}  {}", place.file, place.line, place.text));
  }
  for (const machine::SeenMemory& seen : state.memory) text += memory_text(seen, digits);
  return text;
}

}  // namespace assay::bootstrap
