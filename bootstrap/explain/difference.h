// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where two files differ, told as a story: the first difference from both sides, all of them by label, and
// the likely cause.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/explain/trail.h"

namespace assay::bootstrap {

/// One of the two.
struct Side {
  std::string name;  ///< as the user wrote it
  std::shared_ptr<const Bytes> bytes;
  Trail* trail = nullptr;  ///< of a tree whose chain makes exactly these bytes, or that they lie in
  FileId file = kNoFile;
};

/// A part of both, by its label.
struct PartChange {
  enum class Kind : std::uint8_t {
    changed,    ///< not the same machine content
    relocated,  ///< the same but for addresses
    only_first,
    only_second,
  };
  std::string name;
  Kind kind = Kind::changed;
  std::uint64_t first = 0, second = 0;  ///< bytes, or tokens of a text
};

struct Difference {
  bool same = true;
  std::string story;              ///< lines
  std::vector<PartChange> parts;  ///< in order
  std::size_t moved = 0;          ///< parts that are the same, elsewhere
  std::string cause;              ///< a line; empty: none is likely
};

/// Two binaries; `architecture` for the disassembler, empty: as their ELF headers say.
Difference compare_binaries(const Side& a, const Side& b, std::string_view architecture);

/// Whether this name is that of a text of machine content (hex0, hex1, hex2, M1), where comments and blanks
/// do not count.
bool is_machine_text(std::string_view name);
Difference compare_texts(const Side& a, const Side& b, bool machine_text);

/// The whole: story, parts, cause.
std::string difference_text(const Difference& difference);

}  // namespace assay::bootstrap
