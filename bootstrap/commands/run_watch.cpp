// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/run_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

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

void SourceLines::add(std::string path, Bytes json) {
  given_.push_back({std::move(path), std::move(json), nullptr, nullptr});
}

Result<void> SourceLines::started(const machine::ImageRecord& image) {
  for (Given& given : given_) {
    if (given.path.empty() ? image.index != 0 : given.path != image.program) continue;
    if (given.program == nullptr || *given.program != *image.program_bytes) {
      Result<ProgramMap> map = ProgramMap::parse(given.json, *image.program_bytes);
      if (!map) return tl::unexpected<Error>(map.error());
      given.program = image.program_bytes;
      given.map = std::make_shared<const ProgramMap>(std::move(*map));
    }
    by_image_.emplace(image.index, given.map);
  }
  return {};
}

SourceLine SourceLines::at(std::uint32_t image, std::uint64_t address) const {
  const auto found = by_image_.find(image);
  return found == by_image_.end() ? SourceLine{} : found->second->at(address);
}

std::string SourceLines::text(std::uint32_t image, std::uint64_t address) const {
  const SourceLine place = at(image, address);
  return place.line == 0 ? "" : fmt::format("{}:{}", place.file, place.line);
}

void RunWatch::started(const machine::ImageRecord& image) {
  if (wishes_.coverage) coverage_.started(image);
}

std::uint64_t RunWatch::unobserved(const machine::ImageRecord& /*image*/) {
  const bool traces =
      !cut_ && (wishes_.trace == TraceKind::instructions || wishes_.trace == TraceKind::blocks);
  return traces || wishes_.coverage || !wishes_.breaks.empty() ? 0
                                                               : std::numeric_limits<std::uint64_t>::max();
}

bool RunWatch::before(const machine::Instruction& instruction) {
  if (wishes_.trace == TraceKind::instructions && !cut_) {
    const std::uint64_t* const slots = instruction.cpu.slots;
    registers_.assign(slots, slots + instruction.isa.registers.size());
  }
  return !wishes_.breaks.contains(instruction.pc);
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

std::string coverage_text(const machine::Coverage& coverage, const SourceLines& lines) {
  std::string text;
  for (const machine::Coverage::Program& program : coverage.programs()) {
    text += fmt::format("program {} ({}): {} instructions, run {} times in all\n", program.path,
                        program.isa == nullptr ? "not run" : program.isa->name, program.rows.size(),
                        program.count);
    for (const machine::Coverage::Row& row : program.rows) {
      text += fmt::format("{:#x}  {:<16} {:>12}", row.address, to_hex(row.bytes), row.count);
      const SourceLine place = lines.at(program.image, row.address);
      text += place.line == 0 ? "\n" : fmt::format("  {}:{}\n", place.file, place.line);
    }
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
  }
  return Json{{"programs", std::move(programs)}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

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
    const std::string place = lines.text(image.index, instruction.pc);
    text += fmt::format("{} {:0{}x}  {}{}{}\n", instruction.done ? ' ' : '>', instruction.pc, digits,
                        instruction.bytes.empty() ? "(nothing)" : to_hex(instruction.bytes),
                        place.empty() ? "" : "  ", place);
  }
  return text;
}

}  // namespace assay::bootstrap
