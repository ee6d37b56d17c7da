// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a program does one thing here and another one there: what of all that a kernel leaves open decides it,
// and where in the program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/finding/finding.h"
#include "bootstrap/roads/reference_road.h"
#include "machine/machine.h"

namespace assay::bootstrap {

struct Parting {
  /// A function that runs there, and the instruction that called it.
  struct Call {
    std::uint64_t function = 0;
    std::uint64_t from = 0;
  };
  std::string_view cause;  ///< "where its heap begins"
  std::string change;      ///< "standard output has 33 at byte 90 instead of 35"
  /// The last instruction that both runs have in common, or that which writes another text; nothing if they
  /// take the same way and write the same.
  std::optional<std::uint64_t> address;
  std::vector<Call> calls;  ///< those that have not returned, the innermost first
};

/// Runs a program as it is, then with one thing after the other changed that no kernel promises, on copies of
/// `tree`: the first that makes a difference. Nothing if none does, or if it cannot be run. Programs that
/// take long are not followed to the place.
std::optional<Parting> find_parting(const MemoryTree& tree, const machine::Request& request);

/// "step-relies-on-surroundings", with the names and source lines that can be had. `command`: of `chain`.
Finding finding_of(const Parting& parting, const Chain& chain, std::size_t command, ByteView program,
                   const ReferenceRoad& road);

/// Where a C text defines a function, "src/mkdir.c:41": one of those that the last command up to `builder`
/// names which names any. A prefix that compilers put before its name is left out. Nothing if none does.
std::optional<std::string> definition_of(std::string_view function, const Chain& chain, std::size_t builder,
                                         const FileTree& files);

/// What a compiler says in its text of the line that it compiled there: the last comment at or above `line`
/// that is the name of a file of the tree and a number ("# ./src/mkdir.c 53"). Nothing if there is none near.
std::optional<std::string> line_said_above(const FileTree& files, std::string_view text, std::uint64_t line);

}  // namespace assay::bootstrap
