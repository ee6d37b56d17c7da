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

/// The row of a language's table that a command's program is: its architecture's, or what a description says.
template <class Row>
Row row_of(const RoomRequest& request, const Row* (*find)(std::string_view)) {
  const ProgramDescription* const described = request.command.described;
  const std::string_view name =
      described != nullptr && !described->dialect.empty() ? described->dialect : request.arch.dialect;
  return *find(name);
}

hex1::ByteOrder order_of(bool is_big) { return is_big ? hex1::ByteOrder::big : hex1::ByteOrder::little; }

/// What hex1 and hex2-0 have in common.
template <class Row>
Row row_with_labels(const RoomRequest& request, const Row* (*find)(std::string_view)) {
  Row row = row_of(request, find);
  if (const ProgramDescription* const described = request.command.described) {
    row.base_address = described->base_address.value_or(row.base_address);
    row.references = described->references.value_or(row.references);
    if (described->big_endian) row.byte_order = order_of(*described->big_endian);
  }
  return row;
}

Output run_hex0(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  const hex0::Dialect row = row_of<hex0::Dialect>(request, hex0::find_dialect);
  return hex0::assemble(request.sources.front(),
                        {.dialect = &row, .want_map = request.want_map, .want_warnings = true}, diagnostics);
}

Output run_hex1(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  const auto row = row_with_labels<hex1::Dialect>(request, hex1::find_dialect);
  return hex1::assemble(
      request.sources.front(),
      {.dialect = &row, .want_map = request.want_map, .want_warnings = request.want_warnings}, diagnostics);
}

Output run_hex2_0(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  const auto row = row_with_labels<hex2::Dialect>(request, hex2::find_dialect);
  return hex2::assemble(
      request.sources.front(),
      {.dialect = &row, .want_map = request.want_map, .want_warnings = request.want_warnings}, diagnostics);
}

Output run_m0(const RoomRequest& request, DiagnosticSink& diagnostics) {
  if (request.sources.empty()) return without_input();
  m0::Dialect row = row_of<m0::Dialect>(request, m0::find_dialect);
  if (const ProgramDescription* const described = request.command.described)
    row.word_bits = described->word_bits.value_or(row.word_bits);
  return m0::assemble(request.sources.first(1),
                      {.dialect = &row, .want_map = request.want_map, .want_warnings = request.want_warnings},
                      diagnostics);
}

Output run_catm(const RoomRequest& request, DiagnosticSink& diagnostics) {
  std::vector<catm::Input> inputs;
  for (const Source& source : request.sources) inputs.push_back({source, catm::InputState::readable});
  const catm::Dialect row = row_of<catm::Dialect>(request, catm::find_dialect);
  return catm::concatenate(inputs, {.dialect = &row, .want_map = request.want_map}, diagnostics);
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
