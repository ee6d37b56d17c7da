// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/rooms.h"

#include <algorithm>
#include <array>

#include "M1/m0.h"
#include "hex0/hex0.h"
#include "hex1/hex1.h"
#include "hex2/hex2.h"
#include "linker/catm.h"

namespace assay::bootstrap {
namespace {

/// A command line without an input file: what the tools do then is not worth computing.
Output without_input() {
  Output output;
  output.ending = Ending::hangs;
  return output;
}

Output run_hex0(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  return hex0::assemble(request.sources.front(),
                        {.dialect = hex0::find_dialect(request.arch.dialect),
                         .want_map = request.want_map,
                         .want_warnings = true},
                        diagnostics);
}

Output run_hex1(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  return hex1::assemble(request.sources.front(),
                        {.dialect = hex1::find_dialect(request.arch.dialect),
                         .want_map = request.want_map,
                         .want_warnings = request.want_warnings},
                        diagnostics);
}

Output run_hex2_0(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  return hex2::assemble(request.sources.front(),
                        {.dialect = hex2::find_dialect(request.arch.dialect),
                         .want_map = request.want_map,
                         .want_warnings = request.want_warnings},
                        diagnostics);
}

Output run_m0(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  return m0::assemble(request.sources.first(1),
                      {.dialect = m0::find_dialect(request.arch.dialect),
                       .want_map = request.want_map,
                       .want_warnings = request.want_warnings},
                      diagnostics);
}

Output run_catm(const RoomRequest& request, DiagnosticSink& diagnostics) {
  std::vector<catm::Input> inputs;
  for (const Source& source : request.sources) inputs.push_back({source, catm::InputState::readable});
  return catm::concatenate(
      inputs, {.dialect = catm::find_dialect(request.arch.dialect), .want_map = request.want_map},
      diagnostics);
}

constexpr std::array kRooms{
    Room{Role::hex0, 0700, 0, run_hex0},
    Room{Role::hex1, 0700, 0, run_hex1},
    Room{Role::hex2_0, 0700, 0, run_hex2_0},
    Room{Role::catm, 0600, 0, run_catm},
    Room{Role::m0, 0600, 0, run_m0},
    Room{Role::cc, 0600, 0, run_cc},
    Room{Role::blood_elf, 0600, 0, run_blood_elf},
    Room{Role::m1, 0600, 0, run_m1},
    Room{Role::hex2, 0600, 0750, run_hex2},
    Room{Role::sha256sum, 0600, 0, run_sha256sum},
};

}  // namespace

const Room* find_room(Role role) {
  const auto row =
      std::find_if(kRooms.begin(), kRooms.end(), [role](const Room& room) { return room.role == role; });
  return row == kRooms.end() ? nullptr : &*row;
}

}  // namespace assay::bootstrap
