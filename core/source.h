// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Source text and places in it. Lines and columns are computed only when somebody asks: tools run
// on byte offsets.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace assay {

/// One input of a tool: its name as the user wrote it, and its bytes. Does not own the bytes.
struct Source {
  std::string name;
  ByteView bytes;
};

/// `length` bytes at byte `offset` of the source with index `source` in the list given to the tool.
struct Span {
  std::uint32_t source = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

/// A place as a person names it: both count from 1, columns in bytes.
struct Position {
  std::uint64_t line = 1;
  std::uint64_t column = 1;

  friend bool operator==(const Position&, const Position&) = default;
};

/// The position of byte `offset`; an offset past the end gives the position just after the last byte.
/// Only LF ends a line.
Position position_of(ByteView text, std::uint64_t offset);

/// The line that holds byte `offset`, without its LF.
std::string_view line_of(ByteView text, std::uint64_t offset);

}  // namespace assay
