// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Trails for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "bootstrap/explain/place.h"

namespace assay::bootstrap {

/// The whole story of one byte, the file first, a paragraph a hop.
std::string trail_text(Trail& trail, const ByteTrail& story, std::uint64_t offset);
nlohmann::json trail_json(Trail& trail, const ByteTrail& story, const PlaceInFile& place);

/// How many bytes of a file have a trail to its end.
struct Explained {
  FileId file = kNoFile;
  std::uint64_t bytes = 0;
  std::uint64_t header = 0;     ///< of an ELF program, to the assembler's line
  std::uint64_t assembler = 0;  ///< other bytes, to the assembler's line
  std::uint64_t compiled = 0;   ///< to the line of C
  std::uint64_t tool = 0;       ///< a tool's own
  std::uint64_t unknown = 0;
  std::map<std::string, std::uint64_t> reasons = {};  ///< why they are unknown
};
Explained explained(Trail& trail, FileId file);

std::string explained_text(Trail& trail, std::span<const Explained> files);
nlohmann::json explained_json(Trail& trail, std::span<const Explained> files);

}  // namespace assay::bootstrap
