// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Running programs of the host: never those of a tree.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace assay::bootstrap {

struct HostRun {
  int status = 0;  ///< 128 + N for signal N
  std::string output;
  std::string error;  ///< empty where it went to our own standard error
};

/// Runs a program found by PATH, with nothing on its standard input. `shows_error`: what it writes to
/// standard error is shown as it comes. Errors: "program-not-found".
Result<HostRun> run_host_program(const std::vector<std::string>& argv, bool shows_error);

}  // namespace assay::bootstrap
