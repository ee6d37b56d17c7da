// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which room computes which role: one row a role.
#pragma once

#include <span>
#include <string_view>

#include "bootstrap/chain/chain.h"
#include "core/memory_tree.h"
#include "core/output.h"

namespace assay::bootstrap {

struct RoomRequest {
  const Command& command;
  const Architecture& arch;
  std::span<const Source> sources;  ///< the command's inputs
  /// The road's files, for tools that find further inputs themselves.
  MemoryTree& files;
  bool want_map = false;
  bool want_warnings =
      false;  ///< strict ones; those of hex0, whose sources people read byte by byte, always come
};

struct Room {
  Role role;
  std::uint32_t create_mode;  ///< of the output file, before the umask
  std::uint32_t final_mode;   ///< set at the end, whatever the file had; 0: left alone
  Output (*assemble)(const RoomRequest& request, DiagnosticSink& diagnostics);
};

// mescc_rooms.cpp
Output run_blood_elf(const RoomRequest& request, DiagnosticSink& diagnostics);
Output run_cc(const RoomRequest& request, DiagnosticSink& diagnostics);
Output run_hex2(const RoomRequest& request, DiagnosticSink& diagnostics);
Output run_m1(const RoomRequest& request, DiagnosticSink& diagnostics);
Output run_sha256sum(const RoomRequest& request, DiagnosticSink& diagnostics);

/// Id of the diagnostic of a room that does not know such a command line.
inline constexpr std::string_view kForeignCommandLine{"reference-command-line"};

/// What a command line that the chain's scripts never use comes to here: a failure that names it.
Output not_computed(const RoomRequest& request, DiagnosticSink& diagnostics);

/// The room of a role; nothing if it has none yet.
const Room* find_room(Role role);

}  // namespace assay::bootstrap
