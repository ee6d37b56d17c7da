// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Source lines of a program, from the JSON that our assemblers write with --map.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "machine/process/elf.h"

namespace assay::bootstrap {

struct SourceLine {
  std::string file;
  std::uint64_t line = 0;  ///< 0: not known
};

class ProgramMap {
 public:
  /// `json` as command/listing.h documents it. Errors: "bad-map" for anything else; "map-mismatch" if it
  /// does not have exactly the bytes of `program`; "bad-program" if that is no ELF file.
  static Result<ProgramMap> parse(ByteView json, ByteView program);
  /// The line that made the byte loaded at an address.
  [[nodiscard]] SourceLine at(std::uint64_t address) const;

 private:
  struct Entry {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint32_t file = 0;
    std::uint64_t line = 0;
  };
  std::vector<machine::ElfSegment> segments_;
  std::vector<Entry> entries_;  ///< by offset, without gaps
  std::vector<std::string> files_;
};

}  // namespace assay::bootstrap
