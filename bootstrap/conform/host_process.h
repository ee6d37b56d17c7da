// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run of a program of the host, in a directory of its own that is removed afterwards.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/conform/target.h"

namespace assay::conform {

/// Runs `argv` (argv[0] is a path) where the situation's files are, with its environment, input and umask.
/// After `seconds` it and all that it started are killed: End::hangs. Safe for several threads. Errors:
/// "bad-command" (it cannot be started), "no-directory", "interrupted" (a signal that HeldSignals holds).
/// A process of root gets a /dev of its own where that is possible.
Result<Observed> run_host_process(const std::vector<std::string>& argv, const Situation& situation,
                                  double seconds);

}  // namespace assay::conform
