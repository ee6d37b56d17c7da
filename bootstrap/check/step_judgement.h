// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Judging a step: what the two roads say it did, compared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/roads/reference_road.h"
#include "machine/machine.h"

namespace assay::bootstrap {

std::vector<RoadFile> road_files(const std::vector<machine::FileUse>& uses);

/// How a program's run ended, besides its status.
struct RunEnd {
  machine::Stop stop = machine::Stop::exited;
  std::string fault;      ///< "is stopped at 0x600123 ..."; empty if it exited
  std::string program{};  ///< if it did not: the program that ran last, its bytes, and where it was
  std::shared_ptr<const Bytes> bytes{};
  std::uint64_t address = 0;
};
RunEnd end_of(const machine::ImageRecord& image);
/// "exits with status 1", or the fault.
std::string ending_of(const RunEnd& end, int status);
/// The same, of the reference road.
std::string ending_of(const Computed& computed);
/// Whether this program's own bounds ended it, and not what it did: nothing can be said of such a step. One
/// that goes round for ever is its own fault, but of a program that nobody here knows: it may just be long.
bool is_own_limit(machine::Stop stop, const Command& command);
/// Whether a program asked for what the two roads answer differently on purpose: what it then does is no
/// fault.
bool asked_what_varies(const machine::KnownRun& run);
/// Whether a program ended otherwise than with status 0.
bool ended_badly(const RunEnd& end, int status);

/// The first difference between what a program did on the seed road and on the reference road: its files and
/// their modes, its two output streams, the way it ended, and everything else that is different in the tree
/// afterwards.
std::optional<Divergence> difference(const machine::KnownRun& run, const RunEnd& end,
                                     const Computed& computed);

/// What was done but for these files.
machine::KnownRun without(machine::KnownRun run, const std::vector<std::string>& paths);
Computed without(Computed computed, const std::vector<std::string>& paths);

/// A step's result, for whoever does not run it.
machine::KnownRun run_of(const Computed& computed);
machine::KnownRun run_of(const machine::ImageRecord& image, PathStates changes);

/// Keeps equal contents once.
void keep_once(machine::KnownRun& run, const Computed& computed);

void add_once(std::vector<Finding>& findings, Finding finding);

}  // namespace assay::bootstrap
