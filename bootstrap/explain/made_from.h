// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One step back: which text of its inputs a command made each byte of a file from.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/explain/products.h"

namespace assay::bootstrap {

/// Bytes [begin, end) were made from `length` bytes at `offset` of `from`; from kNoFile: the tool wrote them
/// of its own accord. `copied`: byte by byte.
struct Piece {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  FileId from = kNoFile;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool copied = false;
  bool unknown = false;  ///< not the tool's own: nobody can say what it was made from
};

struct MadeFrom {
  std::vector<Piece> pieces;       ///< in order, without gaps; empty if it is not known
  std::uint64_t base_address = 0;  ///< of the first byte, where an assembler places it
  std::string why_not;             ///< why it is not known
};

/// By the room of the role that made the file, or by watching the derived program run. Files of the tree are
/// made from nothing.
MadeFrom made_from(Products& products, FileId file);

/// The piece that has a byte; null behind the end.
const Piece* piece_at(const MadeFrom& made, std::uint64_t offset);

}  // namespace assay::bootstrap
