// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which room computes which role: one row a role.
#pragma once

#include <span>
#include <string_view>

#include "bootstrap/chain.h"
#include "core/output.h"

namespace assay::bootstrap {

struct RoomRequest {
  const Command& command;
  std::string_view arch;  ///< the dialect's name
  std::span<const Source> sources;
  bool want_map = false;
};

struct Room {
  Role role;
  std::uint32_t create_mode;  ///< of the output file, before the umask
  Output (*assemble)(const RoomRequest& request, DiagnosticSink& diagnostics);
};

/// The room of a role; nothing if it has none yet.
const Room* find_room(Role role);

}  // namespace assay::bootstrap
