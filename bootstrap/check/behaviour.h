// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program does that anybody could see: how it ends, what it prints, what it changes in the tree.
#pragma once

#include <optional>
#include <string>

#include "bootstrap/roads/step_recorder.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// What the commands of a chain did; nothing for interpreters.
using CommandRuns = std::vector<std::optional<machine::KnownRun>>;

struct Behaviour {
  machine::Stop stop = machine::Stop::exited;
  int status = 0;
  Bytes standard_output;
  Bytes standard_error;
  PathStates changes;
};

/// A request for the program of an image, as that began.
machine::Request request_of(const machine::ImageRecord& image);

/// Runs a program on a copy of `tree`. Errors: those of machine::run.
Result<Behaviour> behave(const MemoryTree& tree, const machine::Request& request);

/// The first thing in which `now` is not as `once`, for people: "'out' has 12 at byte 5 instead of 34".
std::optional<std::string> first_change(const Behaviour& once, const Behaviour& now);

}  // namespace assay::bootstrap
