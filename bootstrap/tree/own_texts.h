// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our own hand-written programs (docs/seeds.md): texts that come with assay, for each architecture.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bootstrap/tree/architecture.h"
#include "core/bytes.h"

namespace assay::bootstrap {

/// Paths as filled() reads them.
struct OwnProgram {
  std::string_view name;   ///< of its role: "hex0", "kaem-minimal"
  std::string_view text;   ///< in assay's sources
  std::string_view place;  ///< where stage0-posix has its own text
};

/// hex0, kaem-minimal, hex1, hex2-0, catm, M0: each is assembled by one that stands before it.
std::span<const OwnProgram> own_programs();
/// Null if there is none of that name.
const OwnProgram* find_own_program(std::string_view name);

/// The text of a program; nothing if it is not written for the architecture.
std::optional<ByteView> own_text(const OwnProgram& program, const Architecture& arch);

/// A text in the language of hex0, assembled.
Bytes assembled_seed(ByteView text, const Architecture& arch);

}  // namespace assay::bootstrap
