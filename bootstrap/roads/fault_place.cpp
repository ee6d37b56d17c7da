// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/fault_place.h"

#include "bootstrap/tree/program_check.h"
#include "machine/process/elf.h"

namespace assay::bootstrap {
namespace {

/// The offset in an ELF program's file of the byte that is loaded at `address`; nothing if the file does not
/// hold it.
std::optional<std::uint64_t> file_offset_of(ByteView program, std::uint64_t address) {
  const Result<machine::ElfFile> elf = machine::parse_elf(program);
  if (!elf) return std::nullopt;
  for (const machine::ElfSegment& segment : elf->segments) {
    if (address >= segment.address && address - segment.address < segment.file_size) {
      return segment.offset + (address - segment.address);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<SourcePlace> place_of_instruction(const ReferenceRoad& road, const std::string& path,
                                                ByteView program, std::uint64_t address) {
  // A program without an ELF header lies at address 0.
  const std::optional<std::uint64_t> offset = is_elf(program)            ? file_offset_of(program, address)
                                              : address < program.size() ? std::optional(address)
                                                                         : std::nullopt;
  return offset ? road.trace(path, *offset) : std::nullopt;
}

}  // namespace assay::bootstrap
