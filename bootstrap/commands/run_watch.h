// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `assay run` shows of a run while it goes: traces, coverage, breaks; with source lines
// for the programs that have a map.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/commands/program_map.h"
#include "machine/watch.h"

namespace assay::bootstrap {

enum class TraceKind : std::uint8_t { none, instructions, blocks, system_calls };

/// The maps that the user gave, and which image each belongs to.
class SourceLines {
 public:
  explicit SourceLines(ProgramForm form = ProgramForm::elf) : form_(form) {}
  /// The map of a text that another map has for a source: true if it is that. Errors: ProgramMap::look_into.
  Result<bool> add_text(const std::string& name, const std::shared_ptr<ProgramMap>& map);
  /// A map for the program at a path of the tree; an empty path: for the first program.
  void add(std::string path, std::shared_ptr<ProgramMap> map);
  /// Errors: those of ProgramMap::bind, when a program with a map starts; the map is then not used.
  Result<void> started(const machine::ImageRecord& image);
  /// "hex0.hex0:12", or nothing.
  [[nodiscard]] std::string text(std::uint32_t image, std::uint64_t address) const;
  [[nodiscard]] SourceLine at(std::uint32_t image, std::uint64_t address) const;
  /// The map of an image; may be empty.
  [[nodiscard]] const ProgramMap* map_of(std::uint32_t image) const;
  /// Whether a label or a "FILE:LINE" is in any of the maps.
  [[nodiscard]] bool has_place(const std::string& place) const;
  /// Where it is, if that program has been bound.
  [[nodiscard]] std::optional<std::uint64_t> address_of(const std::string& place) const;
  /// The label that is nearest to a place that there is not; may be empty.
  [[nodiscard]] std::string nearest_label(const std::string& place) const;

 private:
  struct Given {
    std::string path;
    std::shared_ptr<ProgramMap> map;
    std::shared_ptr<const Bytes> program;  ///< the last one it was bound to
  };
  ProgramForm form_;
  std::vector<Given> given_;
  std::map<std::uint32_t, std::shared_ptr<const ProgramMap>> by_image_;
};

inline constexpr std::uint64_t kTraceLines = 1'000'000;  ///< default of --trace-limit

struct WatchWishes {
  TraceKind trace = TraceKind::none;
  bool json = false;  ///< trace lines
  std::uint64_t trace_limit = kTraceLines;
  bool coverage = false;
  std::set<std::uint64_t> breaks;         ///< addresses, in every program
  std::vector<std::string> named_breaks;  ///< labels and lines, in the programs whose maps have them
};

/// Writes trace lines to `write` (without the newline) and counts instructions.
class RunWatch final : public machine::Observer {
 public:
  using Write = std::function<void(std::string_view)>;
  RunWatch(const WatchWishes& wishes, const SourceLines& lines, Write write)
      : wishes_(wishes), lines_(lines), write_(std::move(write)) {}

  void started(const machine::ImageRecord& image);
  void system_call(const machine::ImageRecord& image, std::string_view text);

  std::uint64_t unobserved(const machine::ImageRecord& image) override;
  bool before(const machine::Instruction& instruction) override;
  void after(const machine::Instruction& instruction) override;

  [[nodiscard]] const machine::Coverage& coverage() const { return coverage_; }
  /// Where an image breaks.
  [[nodiscard]] const std::set<std::uint64_t>& breaks_of(std::uint32_t image) const;

 private:
  void trace_instruction(const machine::Instruction& instruction);
  void trace_block(const machine::Instruction& instruction);
  void emit(std::string_view line);

  WatchWishes wishes_;
  const SourceLines& lines_;
  Write write_;
  machine::Coverage coverage_;
  std::map<std::uint32_t, std::set<std::uint64_t>> breaks_;  ///< of the images that have named ones too
  std::uint64_t written_ = 0;
  bool cut_ = false;
  std::vector<std::uint64_t> registers_;  ///< before the instruction
  std::uint32_t last_image_ = 0;
  std::uint64_t follows_ = ~std::uint64_t{0};  ///< the address behind the last instruction
};

/// The coverage for people: a line a program, then one for each of its instructions; where there is a map,
/// the lines of which nothing ran.
std::string coverage_text(const machine::Coverage& coverage, const SourceLines& lines);
/// The same as JSON: docs/machine/watching.md.
std::string coverage_json(const machine::Coverage& coverage, const SourceLines& lines);

/// Registers, last instructions and the memory asked for of an image that was stopped.
std::string stop_report(const machine::ImageRecord& image, const machine::StopState& state,
                        const std::vector<machine::RecentInstruction>& recent, const SourceLines& lines);

}  // namespace assay::bootstrap
