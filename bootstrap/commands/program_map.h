// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Source lines and labels of a program, from the JSON that our assemblers write with --map. Maps compose: the
// text that one of them was made from may have a map of its own, as what catm or M1 wrote has.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "machine/process/elf.h"

namespace assay::bootstrap {

struct SourceLine {
  std::string file;
  std::uint64_t line = 0;  ///< 0: not known
  std::string text;        ///< of the line, printable

  friend bool operator==(const SourceLine& a, const SourceLine& b) {
    return a.line == b.line && a.file == b.file;
  }
};

/// Bytes of a program and the line that made them.
struct MappedBytes {
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  SourceLine line;
};

/// How the file of a program comes into memory.
enum class ProgramForm : std::uint8_t {
  elf,
  memory,  ///< as it is, from address 0
};

class ProgramMap {
 public:
  /// `json` as command/listing.h documents it. Error: "bad-map" for anything else.
  static Result<ProgramMap> parse(ByteView json);

  /// Looks places of the text `file` up in `inner`. False if no such text is a source of this map, or of
  /// those it already looks into. Error: "map-mismatch" if `inner` is the map of another text.
  Result<bool> look_into(const std::string& file, const std::shared_ptr<ProgramMap>& inner);

  /// To be called before at() and bytes(). Errors: "map-mismatch" if the map does not have exactly the bytes
  /// of `program`; "bad-program" if that is no ELF file.
  Result<void> bind(ByteView program, ProgramForm form = ProgramForm::elf);

  /// The line that made the byte loaded at an address.
  [[nodiscard]] SourceLine at(std::uint64_t address) const;
  /// All that is loaded, by address of the file.
  [[nodiscard]] std::vector<MappedBytes> bytes() const;
  /// Where in the file a place is, bytes: a label, or "FILE:LINE". Nothing if there is none.
  [[nodiscard]] std::optional<std::uint64_t> offset_of(const std::string& place) const;
  /// The same in memory; nothing either where that is not loaded. bind() first.
  [[nodiscard]] std::optional<std::uint64_t> address_of(const std::string& place) const;
  /// All that offset_of() knows but the lines.
  [[nodiscard]] std::vector<std::string> labels() const;

 private:
  struct Entry {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint32_t file = 0;
    std::uint64_t line = 0;
    std::uint64_t source_offset = 0;
    std::uint64_t source_length = 0;
  };
  struct Text {
    std::string file;
    std::vector<std::string> lines;
    std::shared_ptr<ProgramMap> inner;  ///< may be empty
  };
  [[nodiscard]] const Entry* entry_at(std::uint64_t offset) const;
  [[nodiscard]] SourceLine line_at(const Entry& entry, std::uint64_t offset) const;

  std::vector<machine::ElfSegment> segments_;
  std::vector<Entry> entries_;  ///< by offset, without gaps
  std::string bytes_;           ///< all of them
  std::vector<Text> texts_;
  std::map<std::string, std::uint64_t> labels_;  ///< offsets
};

}  // namespace assay::bootstrap
