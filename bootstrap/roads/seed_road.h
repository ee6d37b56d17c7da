// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seed road: runs the very programs of the tree in the machine, from the seeds on, and says
// which command of the chain each of them is.
#pragma once

#include <functional>
#include <stop_token>

#include "bootstrap/chain/chain.h"
#include "machine/machine.h"

namespace assay::bootstrap {

struct SeedRoadOptions {
  machine::Limits limits;
  machine::EngineKind engine = machine::EngineKind::automatic;
  /// Asked when a step is about to run on `tree`. A value takes the place of the run, and on_end is not
  /// called for the step. May be empty.
  std::function<std::optional<machine::KnownRun>(std::size_t command, const machine::ImageRecord&,
                                                 MemoryTree& tree)>
      known;
  /// Instructions allowed to a command; empty: the machine's limit.
  std::function<std::uint64_t(std::size_t command, const MemoryTree& tree)> budget;
  /// Called for each command that ended, in order of ending, with its program's record (inputs,
  /// outputs, instructions with those of the programs it started). Returning false ends the road.
  std::function<bool(std::size_t command, const machine::ImageRecord&)> on_end;
  /// Fired, it ends the road soon.
  std::stop_token cancel;
};

struct SeedRun {
  /// How the boot program ended; for a tree without one, how the last command did.
  machine::Stop stop = machine::Stop::exited;
  int status = 0;
  std::string message;
  /// Commands that ended, all interpreters included.
  std::size_t commands = 0;
  std::uint64_t instructions = 0;
  std::uint64_t peak_memory = 0;  ///< bytes, largest process
  Bytes standard_output;
  /// The tree as the road leaves it.
  std::shared_ptr<MemoryTree> files;
  /// Where the programs that really ran differ from the chain.
  std::vector<Finding> findings;
};

/// Errors: those of machine::run.
Result<SeedRun> run_seed_road(const Tree& tree, const Chain& chain, const SeedRoadOptions& options);

}  // namespace assay::bootstrap
