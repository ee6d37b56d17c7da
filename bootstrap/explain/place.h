// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Places in a file as users name them: an offset, an address in memory, a label, a line.
#pragma once

#include <optional>

#include "bootstrap/explain/trail.h"

namespace assay::bootstrap {

/// Decimal, or hexadecimal behind 0x; nothing for anything else.
std::optional<std::uint64_t> number_in(std::string_view text);

struct PlaceInFile {
  std::uint64_t offset = 0;
  std::string taken_for;  ///< "offset", "address", "label NAME" or "line N"
};

/// Errors: "explain-no-place", with what may have been meant.
Result<PlaceInFile> place_of(Trail& trail, FileId file, std::string_view words);

/// Address in memory of a byte of an ELF program, where it is loaded.
std::optional<std::uint64_t> address_of(ByteView program, std::uint64_t offset);
/// The other way round.
std::optional<std::uint64_t> offset_of(ByteView program, std::uint64_t address);
/// Bytes of an ELF program's header and program headers, where they stand in front; 0 for other files.
std::uint64_t header_bytes(ByteView program);

}  // namespace assay::bootstrap
